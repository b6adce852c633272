"""Runs of every kind, built so that there is no doubt what they are."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from analysis import Report, Run, diagnose, run_from_frame
from tests.builders import N_STEPS, falling, make_frame, make_run, progress, sparse, turning

N_REWARDS = 200
CHECKPOINTS = (100, 200, 300)


def reward_run(
    train: np.ndarray,
    valid: np.ndarray | None = None,
    tokens: np.ndarray | None = None,
    *,
    seed: int = 0,
    checkpoints: Sequence[int] = (),
) -> Run:
    """Return an RFT run: noisy training reward, and validation at step 1 and every tenth."""
    rng = np.random.default_rng(seed)
    steps = np.arange(1, len(train) + 1)
    frame = make_frame(train_mean_reward=train + 0.03 * rng.standard_normal(len(train)))
    if valid is not None:
        scattered = valid + 0.01 * rng.standard_normal(len(valid))
        seen = (steps == 1) | (steps % 10 == 0)
        frame["full_valid_mean_reward"] = np.where(seen, scattered, np.nan)
    if tokens is not None:
        frame["completion_tokens_mean"] = tokens * np.exp(0.05 * rng.standard_normal(len(tokens)))
    return run_from_frame(frame, method="rft", name="rewarded", checkpoints=checkpoints)


def climbing() -> np.ndarray:
    """Return a reward that climbs from 0.3 to nearly 0.8."""
    return 0.3 + 0.5 * (1.0 - np.exp(-3.0 * progress(N_REWARDS)))


def conflicted_run(*, checkpoints: Sequence[int] = ()) -> Run:
    """Return a run whose loss is best at a third, and token accuracy at the end."""
    frame = make_run(falling(2.0, 0.3), turning(0.8, 0.6)).frame
    accuracy = 0.5 + 0.3 * (1.0 - np.exp(-4.0 * progress()))
    accuracy += 0.005 * np.random.default_rng(3).standard_normal(N_STEPS)
    frame = frame.assign(valid_mean_token_accuracy=sparse(accuracy, 5))
    return run_from_frame(frame, name="conflicted", checkpoints=checkpoints)


@cache
def named_run(name: str) -> Run:
    """Return the run of a name; its frame is not to be changed."""
    half = np.minimum(progress(N_REWARDS), 0.35)
    nothing, up = np.zeros(N_REWARDS), climbing()
    makers = {
        "healthy": lambda: make_run(falling(), falling(2.0, 0.85)),
        "healthy, full passes": lambda: make_run(falling(), full=falling(2.0, 0.85)),
        "overfit": lambda: make_run(falling(2.0, 0.3), turning(0.8, 0.6)),
        "saved": lambda: make_run(
            falling(2.0, 0.3), turning(0.8, 0.6), checkpoints=CHECKPOINTS, n_epochs=3
        ),
        "divergent": lambda: make_run(turning(0.8, 2.0), turning(0.85, 2.0)),
        "underfit": lambda: make_run(falling(1.2, 1.12), falling(1.25, 1.17)),
        "both high": lambda: make_run(falling(3.2, 3.0), falling(3.25, 3.05)),
        "crashed": lambda: make_run(falling(2.0, 0.01), falling(2.0, 0.6)),
        "gap": lambda: make_run(falling(), 1.5 * falling(), n_epochs=2),
        "not validated": lambda: make_run(falling()),
        "short": lambda: make_run(falling(n_steps=10), falling(n_steps=10)),
        "still improving": lambda: make_run(2.0 - progress(), 2.05 - progress()),
        "rewarded": lambda: reward_run(up, up - 0.02),
        "levelled": lambda: reward_run(
            *[0.3 + 0.5 * (1.0 - np.exp(-5.0 * progress(N_REWARDS)))] * 2
        ),
        "rising": lambda: reward_run(*[0.3 + 0.4 * progress(N_REWARDS)] * 2),
        "hacked": lambda: reward_run(up, 0.28 + 0.3 * half),
        "no reward": lambda: reward_run(nothing, nothing),
        "collapsed": lambda: reward_run(*[up - 1.5 * np.maximum(progress(N_REWARDS) - 0.6, 0)] * 2),
        "below base": lambda: reward_run(
            np.full(N_REWARDS, 0.5), 0.5 - 0.15 * np.minimum(progress(N_REWARDS) * 20, 1.0)
        ),
        "reward not validated": lambda: reward_run(up),
    }
    return makers[name]()


@cache
def report_on(name: str) -> Report:
    """Return the report on the run of a name."""
    return diagnose(named_run(name))


def rebuilt(run: Run, frame: pd.DataFrame) -> Run:
    """Return the same run from another frame."""
    return run_from_frame(
        frame,
        run.method,
        name=run.name,
        checkpoints=run.checkpoints,
        n_epochs=run.n_epochs,
    )
