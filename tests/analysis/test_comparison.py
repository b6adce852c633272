"""Comparison of two checkpoints: the difference, its sign, and when it cannot be told."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import AnalysisError, compare
from analysis.comparison import ENOUGH
from analysis.curve.losses import loss_curves
from tests.analysis.curve.runs import named_run, rebuilt
from tests.builders import falling, make_run, turning


def test_the_difference_is_a_minus_b_in_nats_with_its_interval():
    run = named_run("overfit")
    truth = turning(0.8, 0.6)
    found = compare(run, 300, run, 100)
    gaps = np.subtract(*loss_curves(run).valid.at([300, 100]).T)
    assert found.estimate == pytest.approx(gaps.mean())
    assert found.estimate - found.low == pytest.approx(found.high - found.estimate)
    assert found.high - found.low > 2 * ENOUGH * gaps.std()
    assert found.low < truth[299] - truth[99] < found.high
    assert found.metric == "valid_loss"


def test_of_losses_the_lower_is_the_better():
    run = named_run("overfit")
    found = compare(run, 100, run, 300)
    assert found.verdict == "a_better"
    assert found.estimate < 0
    assert found.probability_a_better > 0.999
    assert found.needed == ""


@pytest.mark.parametrize(("a", "b"), [(100, 300), (110, 120), (5, 300)])
def test_turned_round_the_difference_is_the_same_with_the_other_sign(a, b):
    run = named_run("overfit")
    found, turned = compare(run, a, run, b), compare(run, b, run, a)
    assert turned.estimate == pytest.approx(-found.estimate)
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))
    assert turned.probability_a_better == pytest.approx(1.0 - found.probability_a_better)
    names = {"a_better": "b_better", "b_better": "a_better", "cannot_tell": "cannot_tell"}
    assert turned.verdict == names[found.verdict]


def test_neighbours_on_flat_ground_cannot_be_told_apart_and_the_remedy_is_named():
    run = named_run("healthy")
    found = compare(run, 250, run, 290)
    assert found.verdict == "cannot_tell"
    assert found.low < 0 < found.high
    assert "times the validation data" in found.needed


def test_the_remedy_is_as_many_times_the_data_as_make_the_difference_significant():
    run_a, run_b = make_run(falling(), falling()), make_run(falling(), 1.02 * falling(), seed=9)
    found = compare(run_a, 300, run_b, 300)
    assert found.verdict == "cannot_tell"
    error = (found.high - found.low) / (2 * ENOUGH)
    expected = (ENOUGH * error / abs(found.estimate)) ** 2
    named = float(found.needed.split()[1])
    assert named == pytest.approx(max(expected, 1.1), rel=0.06)


def test_a_step_is_the_same_as_itself():
    run = named_run("healthy")
    found = compare(run, 200, run, 200)
    assert (found.estimate, found.low, found.high) == (0.0, 0.0, 0.0)
    assert found.probability_a_better == 0.5
    assert found.verdict == "cannot_tell"
    assert found.needed.startswith("Nothing")


def test_steps_of_one_run_share_its_errors_and_those_of_two_runs_do_not():
    run, copy = named_run("healthy"), replace(named_run("healthy"), name="copy")
    within, between = compare(run, 280, run, 300), compare(run, 280, copy, 300)
    assert within.high - within.low < 0.7 * (between.high - between.low)


def test_the_better_of_two_runs_is_found():
    good, bad = make_run(falling(), falling(2.0, 0.8)), make_run(falling(), falling(2.0, 1.0))
    found = compare(good, 300, bad, 300)
    assert found.verdict == "a_better"
    assert found.low < falling(2.0, 0.8)[-1] - falling(2.0, 1.0)[-1] < found.high


def test_two_runs_of_equal_truth_are_told_apart_about_as_seldom_as_said():
    apart = 0
    for seed in range(0, 160, 10):
        run_a = make_run(falling(), falling(), seed=seed)
        run_b = make_run(falling(), falling(), seed=seed + 5)
        apart += compare(run_a, 300, run_b, 300).verdict != "cannot_tell"
    assert apart <= 3


def test_batches_against_full_passes_are_named_as_such():
    batch, full = named_run("healthy"), named_run("healthy, full passes")
    assert compare(batch, 300, full, 300).metric == "valid_loss against full_valid_loss"
    assert compare(full, 250, full, 300).metric == "full_valid_loss"


@pytest.mark.parametrize(
    ("name", "other"), [("not validated", "healthy"), ("reward not validated", "rewarded")]
)
def test_a_run_without_validation_cannot_be_compared(name, other):
    run = named_run(name)
    with pytest.raises(AnalysisError, match="no validation"):
        compare(run, 30, named_run(other), 30)
    with pytest.raises(AnalysisError, match="no validation"):
        compare(named_run(other), 30, run, 30)


def test_of_rewards_the_higher_is_the_better():
    run = named_run("rewarded")
    found = compare(run, run.last_step, run, 5)
    assert found.verdict == "a_better"
    assert found.probability_a_better > 0.97
    assert found.estimate > 0
    assert compare(run, 5, run, run.last_step).verdict == "b_better"


def test_reward_is_not_compared_with_loss():
    with pytest.raises(AnalysisError, match="judged by reward"):
        compare(named_run("rewarded"), 30, named_run("healthy"), 30)


@pytest.mark.parametrize("step", [-1, 301])
def test_a_step_outside_its_run_cannot_be_compared(step):
    run = named_run("healthy")
    with pytest.raises(AnalysisError, match="none is"):
        compare(run, 300, run, step)


def test_the_same_comparison_gives_the_same_numbers():
    run, other = named_run("healthy"), named_run("overfit")
    assert compare(run, 300, other, 300) == compare(run, 300, other, 300)


def test_runs_validated_on_the_same_examples_share_their_luck():
    good, bad = (
        make_run(falling(), full=0.8 * falling()),
        make_run(falling(), full=0.84 * falling()),
    )
    apart, shared = compare(good, 300, bad, 300), compare(good, 300, bad, 300, same_validation=True)
    assert shared.estimate == apart.estimate
    assert shared.high - shared.low < 0.9 * (apart.high - apart.low)


def counted_run(examples: int, lead: float = 0.0):
    run = named_run("rewarded")
    reward = run.frame["full_valid_mean_reward"] + lead
    column = "errors/graders/python/a grader/errors/valid_other_error_count"
    counts = np.where(reward.notna(), float(examples), np.nan)
    frame = run.frame.assign(full_valid_mean_reward=reward, **{column: counts})
    return rebuilt(run, frame)


def test_few_validation_examples_leave_a_reward_open_that_many_would_settle():
    few, many = (compare(counted_run(n, 0.05), 150, counted_run(n), 150) for n in (20, 2_000))
    assert few.verdict == "cannot_tell"
    assert many.verdict == "a_better"


def test_the_remedy_is_named_in_examples_where_their_number_can_be_recovered():
    found = compare(counted_run(20, 0.05), 150, counted_run(50), 150)
    assert "validation examples instead of 20" in found.needed


def test_a_checkpoint_that_scatters_off_its_curve_is_met_half_way():
    run = named_run("rewarded")
    frame = run.frame.copy()
    at = frame.index[frame["step"] == 150]
    frame.loc[at, "full_valid_mean_reward"] -= 0.2
    found = compare(rebuilt(run, frame), 150, run, 150)
    assert -0.2 < found.estimate < -0.01
