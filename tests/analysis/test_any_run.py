"""Any run: whatever frame becomes a run gets a report, in JSON that any parser reads."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import Method, Report, Run, SourceError, diagnose, run_from_frame
from analysis.job import Job
from analysis.run import Origin
from analysis.schema import LOSSES, REWARDS
from analysis.thresholds import PRESETS
from tests.analysis.rules.exact import assert_plain

COLUMNS = (
    *LOSSES, *REWARDS, "train_graded_reward", "valid_mean_token_accuracy",
    "full_valid_mean_token_accuracy", "rewards/margins", "rewards/accuracies",
    "completion_tokens_mean", "kl", "entropy", "parse_error_rate", "grader_error_rate",
    "grader_error_count", "rollout_completion_rate", "mean_unresponsive_rewards",
    "positive_reward_share", "tools/find/calls", "valid_tools/find/calls", "epoch",
    "learning_rate",
)  # fmt: skip
JUDGED = [name for name in COLUMNS if name != "learning_rate"]
NUMBERS = st.one_of(
    st.floats(0.0, 3.0),
    st.sampled_from([0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, 1e-300, 1e12, -1e12]),
)


@st.composite
def columns(draw: st.DrawFn, n_rows: int) -> np.ndarray:
    """Draw a column: anything at all, one value throughout, mostly blank, or a noisy course."""
    kind = draw(st.sampled_from(["anything", "constant", "sparse", "course"]))
    if kind == "constant":
        return np.full(n_rows, draw(NUMBERS))
    if kind == "course":
        rng = np.random.default_rng(draw(st.integers(0, 99)))
        size = draw(st.sampled_from([1e-6, 0.5, 1e9]))
        return size * (np.linspace(1, draw(st.floats(-1, 3)), n_rows) + rng.normal(0, 0.1, n_rows))
    values = np.array(draw(st.lists(NUMBERS, min_size=n_rows, max_size=n_rows)))
    if kind == "sparse":
        values[: draw(st.integers(0, n_rows - 1))] = np.nan
    return values


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Draw a canonical frame: few rows or some, steps from anywhere, any columns."""
    n_rows = draw(st.one_of(st.integers(1, 5), st.integers(6, 40)))
    first = draw(st.sampled_from([-7, 0, 1, 2, 200, 10**6, 2**53 - 10_000]))
    gaps = draw(st.lists(st.integers(1, 9), min_size=n_rows, max_size=n_rows))
    names = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=6, unique=True))
    made = {name: draw(columns(n_rows)) for name in names}
    return pd.DataFrame({"step": first + np.cumsum(gaps), **made})


def made_run(frame: pd.DataFrame, method: str, **known: object) -> Run | None:
    """Return the run of a frame; None where the import refuses it, with an error of its own."""
    try:
        return run_from_frame(frame, method, **known)
    except SourceError:
        return None


def check(report: Report) -> None:
    """Check that the report is strict JSON, in sentences, with shares for probabilities."""
    document = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert 0.0 <= document["headline"]["confidence"] <= 1.0
    assert document["headline"]["statement"]
    for verdict in report.verdicts:
        assert_plain(verdict.statement)
        assert verdict.probability is None or 0.0 <= verdict.probability <= 1.0
        assert len(verdict.steps) in {0, 2}
    regret = document["recommendation"]["expected_regret"]
    assert regret is None or regret >= 0.0


KNOWN = st.fixed_dictionaries(
    {
        "answer_tokens": st.sampled_from([None, 0.0, 1.0, 30.0]),
        "n_epochs": st.sampled_from([None, 0.5, 1.0, 3.0, 50.0, 1e9]),
        "checkpoints": st.lists(st.integers(0, 60), max_size=3),
        "job": st.sampled_from([None, Job(status="running"), Job(status="succeeded")]),
    }
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    frame=frames(),
    method=st.sampled_from(list(Method)),
    preset=st.sampled_from(list(PRESETS)),
    known=KNOWN,
)
def test_no_run_that_was_read_is_too_odd_to_judge(frame, method, preset, known):
    run = made_run(frame, method, origin=Origin(format="openai-results"), **known)
    if run is not None:
        check(diagnose(run, PRESETS[preset]))


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("n_rows", [1, 2, 3, 4, 12])
@pytest.mark.parametrize("value", [0.0, 0.5, -0.5, 1e9, np.inf])
def test_constant_columns_of_any_length_get_a_report(method, n_rows, value):
    frame = pd.DataFrame({"step": np.arange(1, n_rows + 1)}).assign(**dict.fromkeys(JUDGED, value))
    run = made_run(frame, method)
    assert run is not None
    check(diagnose(run))


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("n_valid", [1, 2, 3])
@pytest.mark.parametrize("first", [-5, 0, 1, 500])
def test_a_handful_of_validations_without_any_spread_gets_a_report(method, n_valid, first):
    n_rows = 20
    valid = np.where(np.arange(n_rows) >= n_rows - n_valid, 0.5, np.nan)
    names = ("valid_loss", "full_valid_loss", "full_valid_mean_reward")
    frame = pd.DataFrame({"step": np.arange(n_rows) + first}).assign(**dict.fromkeys(names, valid))
    noise = np.random.default_rng(0).normal(0.5, 0.1, n_rows)
    for train in (None, noise):
        whole = frame if train is None else frame.assign(train_loss=train, train_mean_reward=train)
        check(diagnose(run_from_frame(whole, method)))
