"""Reward curves that are known exactly, and what must be true of every verdict on them."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pytest

from analysis import Run, Thresholds, run_from_frame
from analysis.curve.curve import GRID, N_DRAWS, Curve
from analysis.curve.readings import Readings
from analysis.curve.rewards import RewardCurves
from analysis.thresholds import GOLDILOCKS
from analysis.verdict import Status, Verdict
from tests.builders import make_frame

LAST_STEP = 100
STEPS = np.arange(1, LAST_STEP + 1)
VALID_STEPS = np.array([1, 20, 40, 60, 80, 100])
NEAR = 1e-6  # how far from a threshold its two sides are tried
HALF = N_DRAWS // 2

PASS, WARN, FAIL = Status.PASS, Status.WARN, Status.FAIL
NEVER, TOO_LITTLE = Status.NOT_APPLICABLE, Status.INSUFFICIENT_DATA

# Every threshold of the RFT rules moved: a rule that forgets to read one fails its table here.
MOVED = replace(
    GOLDILOCKS,
    reward_zero=0.05,
    reward_lenient=0.75,
    reward_lenient_range=0.1,
    reward_mastered=0.9,
    reward_collapse=0.2,
    reward_collapse_share=0.5,
    reward_gap=0.2,
    reward_gap_growth=0.12,
    reward_gap_watch=0.08,
    reward_gap_gaming=0.3,
    reward_valid_fall=0.1,
    reward_train_fall=0.08,
    reward_plateau=0.04,
    reward_plateau_top=0.7,
    reward_plateau_low=0.25,
    reward_climb=0.05,
    token_explosion=4.0,
    token_growth_unpaid=2.0,
    variance_growth=2.5,
    unresponsive=0.2,
    parse_errors=0.3,
    low_positive_share=0.1,
    entropy_collapse=0.4,
    kl_growth=20.0,
    undecided=0.2,
)

Shape = Callable[[np.ndarray], np.ndarray]  # from shares of the run to values
Build = Callable[[Thresholds], RewardCurves]
Rule = Callable[[RewardCurves, Thresholds], Verdict]


def line(*points: tuple[float, float]) -> Shape:
    """Return the curve through these places and values, level before and after them."""
    places, values = zip(*points, strict=True)
    return lambda shares: np.interp(shares, places, values)


def of_steps(values: dict[int, float]) -> Shape:
    """Return the curve through these values at these steps of a hundred."""
    return line(*((step / LAST_STEP, value) for step, value in values.items()))


def level(value: float) -> Shape:
    """Return a curve that never moves."""
    return line((0.0, value))


def ramp(start: float, end: float) -> Shape:
    """Return a curve that is level over the first tenth and the last 15 %, and moves between."""
    return line((0.1, start), (0.85, end))


def mixed(n_first: int, first: Shape, second: Shape) -> Shape:
    """Return the first curve in so many of the 256 draws, the second in all others."""
    rows = (np.arange(N_DRAWS) < n_first)[:, None]
    return lambda shares: np.where(rows, first(shares), second(shares))


def exact_curve(
    shape: Shape,
    column: str,
    steps: Iterable[int] = STEPS,
    values: np.ndarray | None = None,
    last_step: int = LAST_STEP,
) -> Curve:
    """Return a curve whose draws have this shape; its readings lie on their median unless given."""
    steps = np.asarray(steps, dtype=np.int64)
    draws = np.broadcast_to(shape(GRID), (N_DRAWS, len(GRID))).copy()
    if values is None:
        values = np.median(np.atleast_2d(shape(steps / last_step)), axis=0)
    return Curve(Readings(column, steps, values), draws, last_step)


def exact_rewards(
    train: Shape | None = None,
    valid: Shape | None = None,
    tokens: Shape | None = None,
    *,
    span: float = 1.0,
    train_steps: Iterable[int] = STEPS,
    valid_steps: Iterable[int] = VALID_STEPS,
    valid_values: np.ndarray | None = None,
    run: Run | None = None,
) -> RewardCurves:
    """Return the curves of an RFT run of a hundred steps, each exactly as given."""
    return RewardCurves(
        run=logging() if run is None else run,
        train=exact_curve(train, "train_mean_reward", train_steps) if train else None,
        valid=exact_curve(valid, "full_valid_mean_reward", valid_steps, valid_values)
        if valid
        else None,
        tokens=exact_curve(tokens, "completion_tokens_mean") if tokens else None,
        range=span,
    )


def logging(*, checkpoints: Iterable = (), **columns: float | np.ndarray) -> Run:
    """Return an RFT run of a hundred steps that logged these columns."""
    filled = {name: np.broadcast_to(values, LAST_STEP) for name, values in columns.items()}
    frame = make_frame(learning_rate=np.full(LAST_STEP, 1e-5)).assign(
        **{name.replace("__", "/"): values for name, values in filled.items()}
    )
    return run_from_frame(frame, method="rft", checkpoints=checkpoints)


def table(*cases: tuple[str, Build, Status]) -> pytest.MarkDecorator:
    """Return the table of a rule: cases in words, what was logged, and the status it must get."""
    return pytest.mark.parametrize(
        ("build", "status"), [pytest.param(build, status, id=name) for name, build, status in cases]
    )


by_default_and_moved = pytest.mark.parametrize(
    "thresholds", [GOLDILOCKS, MOVED], ids=["default", "moved"]
)


def judged(rule: Rule, curves: RewardCurves, thresholds: Thresholds = GOLDILOCKS) -> Verdict:
    """Return a rule's verdict, after checking what must be true of every verdict."""
    verdict = rule(curves, thresholds)
    assert verdict.rule == rule.__name__
    assert verdict.statement.strip(), "a verdict says nothing"
    assert verdict.source, "a verdict without a source"
    assert all(verdict.advice), "advice without words"
    if verdict.holds is None:
        _check_lacking(verdict)
    else:
        _check_judged(verdict, curves.run)
    return verdict


def _check_lacking(verdict: Verdict) -> None:
    assert verdict.status in {NEVER, TOO_LITTLE}
    assert verdict.probability is None
    assert verdict.evidence == ()
    assert verdict.steps == ()


def _check_judged(verdict: Verdict, run: Run) -> None:
    assert verdict.holds.shape == (N_DRAWS,)
    assert verdict.probability == np.mean(verdict.holds)
    assert verdict.evidence, "a verdict without evidence"
    for item in verdict.evidence:
        assert np.isfinite(item.value), f"{item.name} is {item.value}"
        if item.low is not None:
            assert item.low <= item.value <= item.high, f"{item.name} outside its interval"
    assert bool(verdict.advice) == verdict.found, "advice exactly when found"
    assert bool(verdict.steps) == verdict.found, "steps exactly when found"
    if verdict.found:
        first, last = verdict.steps
        assert run.frame["step"].iloc[0] <= first <= last <= run.last_step
        assert verdict.flips, "a finding that nothing could turn"


def value_of(verdict: Verdict, name: str) -> float:
    """Return the piece of evidence of this name."""
    return next(item.value for item in verdict.evidence if item.name == name)


def begun_late(curves: RewardCurves) -> RewardCurves:
    """Return the same curves of a file whose first fifth of the steps is missing."""
    first = LAST_STEP // 5
    late = {
        name: replace(curve, first_step=first)
        for name in ("train", "valid", "tokens")
        if (curve := getattr(curves, name)) is not None
    }
    return replace(curves, **late)
