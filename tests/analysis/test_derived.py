"""Derived columns: graded reward, error rates and completion from one column set per grader."""

import numpy as np
import pandas as pd
import pytest

from analysis import read, run_from_frame
from analysis.curve.rewards import reward_curves
from analysis.derived import with_reward_columns
from analysis.rules.rft.grader_faults import logic_errors, unresponsive
from analysis.thresholds import GOLDILOCKS
from analysis.verdict import Status
from tests.builders import make_frame
from tests.shared_data import REAL, needs

ERRORS = "errors/graders/python/exact/errors/train_{}_error_{}"
COUNTED = ERRORS.format("other", "count")
ROLLOUTS = 768.0
GRADED = np.array([753.0, 700.0, 668.0, 768.0, 658.0])
GRADED_MEAN = np.array([0.10, 0.35, 0.42, 0.58, 0.71])
REPORTED = (GRADED_MEAN * GRADED - (ROLLOUTS - GRADED)) / ROLLOUTS  # each ungraded one counts -1


def codes(notes) -> list[str]:
    return [note.code for note in notes]


def azure(**columns) -> pd.DataFrame:
    """Return a canonical frame as Azure's: one grader, whose counts are those of its grades."""
    return make_frame(
        train_mean_reward=REPORTED,
        **{"graders/exact/train_reward": GRADED_MEAN, COUNTED: GRADED, **columns},
    )


def test_the_graded_reward_is_that_of_the_only_grader():
    frame, notes = with_reward_columns(azure())
    assert frame["train_graded_reward"].tolist() == GRADED_MEAN.tolist()
    assert "derived_column" in codes(notes)
    assert any("graders/exact/train_reward" in note.message for note in notes)


def test_the_graded_reward_has_the_ungraded_rollouts_taken_out():
    frame, _ = with_reward_columns(azure())
    counted = (frame["train_graded_reward"] * GRADED - (ROLLOUTS - GRADED)) / ROLLOUTS
    assert counted.to_numpy() == pytest.approx(frame["train_mean_reward"].to_numpy())
    assert (frame["train_graded_reward"] >= frame["train_mean_reward"]).all()


def test_the_rules_judge_the_graded_reward_where_there_is_one():
    curves = reward_curves(run_from_frame(azure(), method="rft"))
    assert curves.train.column == "train_graded_reward"
    plain = reward_curves(run_from_frame(make_frame(train_mean_reward=REPORTED), method="rft"))
    assert plain.train.column == "train_mean_reward"


def test_of_several_graders_none_is_taken_for_the_reward():
    frame, notes = with_reward_columns(azure(**{"graders/style/train_reward": GRADED_MEAN}))
    assert "train_graded_reward" not in frame
    assert "rollout_completion_rate" not in frame
    assert notes == ()


def test_a_graded_reward_that_was_logged_is_kept():
    frame, notes = with_reward_columns(azure(train_graded_reward=np.full(5, 0.25)))
    assert frame["train_graded_reward"].tolist() == [0.25] * 5
    assert not any("only grader" in note.message for note in notes)


def test_a_validation_reward_of_the_grader_is_not_taken_for_training():
    frame, _ = with_reward_columns(make_frame(**{"graders/exact/valid_reward": GRADED_MEAN}))
    assert "train_graded_reward" not in frame


def test_the_share_of_graded_rollouts_follows_exactly():
    frame, notes = with_reward_columns(azure())
    assert frame["rollout_completion_rate"].to_numpy() == pytest.approx(GRADED / ROLLOUTS)
    assert any("rollout_completion_rate" in note.message for note in notes)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({COUNTED: None}, "nothing shows that ungraded rollouts are counted"),
        ({"train_mean_reward": None}, "no reported reward"),
        ({"train_mean_reward": GRADED_MEAN}, "every rollout was graded"),
        ({"train_mean_reward": GRADED_MEAN + 0.2}, "the reported reward is the higher one"),
    ],
)
def test_no_share_is_derived_where_none_follows(change, reason):
    columns = {name: values for name, values in change.items() if values is not None}
    frame = azure().assign(**columns).drop(columns=[n for n, v in change.items() if v is None])
    derived, _ = with_reward_columns(frame)
    assert "rollout_completion_rate" not in derived, reason


def test_a_share_that_was_logged_is_kept():
    frame, _ = with_reward_columns(azure(rollout_completion_rate=np.full(5, 0.5)))
    assert frame["rollout_completion_rate"].tolist() == [0.5] * 5


def test_steps_at_which_no_share_follows_stay_blank():
    reported, graded = REPORTED.copy(), GRADED_MEAN.copy()
    reported[1] = graded[1] + 0.3  # more than all were graded
    graded[2] = -1.0  # nothing to divide by
    reported[3] = graded[3] + 1e-7  # all of them, but for rounding
    frame, _ = with_reward_columns(
        azure().assign(**{"train_mean_reward": reported, "graders/exact/train_reward": graded})
    )
    share = frame["rollout_completion_rate"]
    assert share.isna().tolist() == [False, True, True, False, False]
    assert share[3] == 1.0


RATES = {
    "grader_error_rate": "other",
    "parse_error_rate": "sample_parse",
    "invalid_variable_rate": "invalid_variable",
}


@pytest.mark.parametrize(("rate", "kind"), RATES.items())
def test_an_error_rate_is_the_highest_of_the_graders_at_each_step(rate, kind):
    second = ERRORS.replace("exact", "a style: strict").format(kind, "mean")
    frame, _ = with_reward_columns(
        make_frame(
            **{
                ERRORS.format(kind, "mean"): [0.1, 0.0, np.nan, np.nan],
                second: [0.0, 0.2, 0.3, np.nan],
            }
        )
    )
    assert frame[rate].tolist()[:3] == [0.1, 0.2, 0.3]
    assert np.isnan(frame[rate][3])
    assert set(RATES) & set(frame) == {rate}


@pytest.mark.parametrize(("rate", "kind"), RATES.items())
def test_an_error_rate_that_was_logged_is_kept(rate, kind):
    frame, _ = with_reward_columns(
        make_frame(**{rate: [0.5, 0.5], ERRORS.format(kind, "mean"): [0.1, 0.1]})
    )
    assert frame[rate].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("kind", RATES.values())
def test_errors_on_validation_prompts_and_counts_are_no_rate(kind):
    validation = ERRORS.replace("train", "valid").format(kind, "mean")
    frame, _ = with_reward_columns(
        make_frame(**{validation: [0.3, 0.3], ERRORS.format(kind, "count"): [753.0, 753.0]})
    )
    assert not set(RATES) & set(frame)


def test_the_error_counts_of_an_azure_file_are_not_counts_of_errors():
    columns = {ERRORS.format(kind, "count"): GRADED for kind in RATES.values()}
    columns |= {ERRORS.format(kind, "mean"): np.zeros(5) for kind in RATES.values()}
    run = run_from_frame(azure(**columns), method="rft")
    assert logic_errors(reward_curves(run), GOLDILOCKS).status is Status.PASS


def test_the_ungraded_rollouts_of_an_azure_file_are_found():
    few = np.full(5, 600.0)
    reported = (GRADED_MEAN * few - (ROLLOUTS - few)) / ROLLOUTS
    run = run_from_frame(azure().assign(train_mean_reward=reported, **{COUNTED: few}), method="rft")
    assert unresponsive(reward_curves(run), GOLDILOCKS).status is Status.WARN


def counts(n_same: int, n_rows: int = 100, base: float = 700.0) -> pd.DataFrame:
    """Return counts of two kinds of errors that agree in so many rows."""
    errors = base + np.arange(n_rows) % 7 * (base > 0)
    other = errors + (np.arange(n_rows) >= n_same)
    return make_frame(
        train_mean_reward=np.full(n_rows, 0.5), grader_error_count=errors, parse_error_count=other
    )


@pytest.mark.parametrize(
    ("frame", "dropped"),
    [
        pytest.param(counts(100), True, id="always the same"),
        pytest.param(counts(96), True, id="the same in just over 95 %"),
        pytest.param(counts(95), False, id="the same in just 95 %"),
        pytest.param(counts(0), False, id="never the same"),
        pytest.param(counts(100, base=0.0), False, id="none of either"),
        pytest.param(counts(100).drop(columns="parse_error_count"), False, id="one kind alone"),
        pytest.param(
            counts(100).assign(parse_error_count=np.nan), False, id="never counted together"
        ),
    ],
)
def test_counts_that_agree_are_one_denominator_and_set_aside(frame, dropped):
    derived, notes = with_reward_columns(frame)
    assert ("grader_error_count" not in derived) is dropped
    assert [(n.code, n.count) for n in notes] == [("count_is_denominator", 2)] * dropped
    assert "train_mean_reward" in derived


def test_without_graders_nothing_changes_and_the_given_frame_never_does():
    plain = make_frame(train_loss=[2.0, 1.0])
    derived, notes = with_reward_columns(plain)
    pd.testing.assert_frame_equal(derived, plain)
    assert notes == ()
    frame = azure()
    before = frame.copy()
    with_reward_columns(frame)
    pd.testing.assert_frame_equal(frame, before)


@needs(REAL)
def test_a_real_azure_file_was_rolled_out_768_times_at_each_of_its_30_steps():
    frame = read(REAL / "098_azure_rft_zava_v5_py90.csv")[0].frame
    graded = next(
        c for c in frame if c.startswith("errors/") and c.endswith("train_other_error_count")
    )
    rollouts = frame[graded] / frame["rollout_completion_rate"]
    assert rollouts.to_numpy() == pytest.approx(np.full(30, 768.0))


def test_a_count_beside_a_rate_of_zero_is_no_count_of_errors():
    frame = make_frame(
        train_mean_reward=[0.5, 0.5],
        grader_error_rate=[0.0, 0.0],
        grader_error_count=[753.0, 700.0],
    )
    found, notes = with_reward_columns(frame)
    assert "grader_error_count" not in found
    assert "count_is_denominator" in codes(notes)
    failing, _ = with_reward_columns(frame.assign(grader_error_rate=[0.0, 0.1]))
    assert "grader_error_count" in failing
