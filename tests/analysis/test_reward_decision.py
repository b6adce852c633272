"""The decision on RFT runs: candidates to test, or none; no reward is good enough to deploy on."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import Checkpoint, run_from_frame
from analysis.curve.rewards import RewardCurves, reward_curves
from analysis.headline import Headline
from analysis.job import UNFINISHED, Job
from analysis.recommendation import Action, Recommendation
from analysis.reward_decision import CHEAPEST, EQUAL, HIGHEST, MIDDLE, recommend_by_reward
from analysis.reward_headline import FAILURES, ORDER
from analysis.rules.rft.below_base import below_base
from analysis.rules.rft.grader_faults import logic_errors
from analysis.rules.rft.still_improving import still_improving
from analysis.thresholds import GOLDILOCKS
from analysis.verdict import Status
from tests.analysis.rules.exact_rewards import (
    HALF,
    NEAR,
    exact_rewards,
    level,
    logging,
    mixed,
    of_steps,
)
from tests.builders import make_frame, progress

LAST, LAST_SAVED = "last step", "latest saved step"
RETRAIN = ["flat_zero", "always_negative", "too_lenient", "logic_errors"]
TEST = [label for label in (*ORDER, "healthy", "unclear") if label not in RETRAIN]


def decided(curves: RewardCurves, label: str = "healthy") -> Recommendation:
    """Return the decision beside this headline."""
    headline = Headline(label, f"The run is {label}.", 0.9, Status.PASS)
    rules = (below_base, logic_errors, still_improving)
    verdicts = {rule.__name__: rule(curves, GOLDILOCKS) for rule in rules}
    return recommend_by_reward(curves, headline, verdicts, GOLDILOCKS)


def roles(decision: Recommendation) -> dict[int, str]:
    return {candidate.step: candidate.role for candidate in decision.candidates}


PEAKED = of_steps({1: 0.3, 20: 0.5, 40: 0.8, 60: 0.7, 80: 0.6, 100: 0.4})


def test_the_step_of_highest_expected_reward_comes_first_and_the_last_step_is_tested_too():
    decision = decided(exact_rewards(valid=PEAKED))
    assert decision.action is Action.EVALUATE
    assert decision.step == decision.best_step == 40
    assert list(roles(decision).items())[:2] == [(40, HIGHEST), (100, LAST)]
    assert decision.expected_regret == pytest.approx(0.0)
    assert decision.tied_steps == (40,)
    assert all(words in decision.statement for words in ("evaluated steps", "step 40", "step 100"))
    assert not decision.choices.deployable


def test_one_step_that_is_both_highest_and_last_is_one_candidate():
    decision = decided(exact_rewards(valid=of_steps({1: 0.3, 100: 0.9}), valid_steps=(1, 50, 100)))
    assert roles(decision)[100] == f"{HIGHEST}, {LAST}"


def test_regret_is_what_a_step_loses_on_average_against_the_best_of_each_curve():
    early = of_steps({1: 0.1, 20: 0.8, 40: 0.4, 100: 0.4})
    late = of_steps({1: 0.1, 20: 0.6, 60: 0.7, 100: 0.4})
    curves = exact_rewards(valid=mixed(64, early, late), valid_steps=(1, 20, 60, 100))
    decision = decided(curves)
    regret = dict(zip(decision.choices.steps.tolist(), decision.choices.regret, strict=True))
    assert regret == pytest.approx({20: 0.75 * 0.1, 60: 0.25 * 0.4, 100: 0.25 * 0.4 + 0.75 * 0.3})
    assert decision.step == 20  # least regret, though step 60 is the best in three of four curves
    assert decision.expected_regret == pytest.approx(0.075)
    best = {c.step: c.probability_best for c in decision.candidates}
    assert best == pytest.approx({20: 0.25, 60: 0.75, 100: 0.0})
    assert decision.tied_steps == (20, 60)


def test_the_tied_set_is_the_smallest_that_reaches_its_share():
    early, late = of_steps({20: 0.8, 40: 0.4}), of_steps({20: 0.6, 60: 0.7, 100: 0.4})
    nine_tenths = exact_rewards(valid=mixed(25, early, late))
    assert decided(nine_tenths).tied_steps == (60,)
    one_draw_less = exact_rewards(valid=mixed(26, early, late))
    assert decided(one_draw_less).tied_steps == (20, 60)


def test_the_base_model_is_no_choice_however_good():
    decision = decided(exact_rewards(valid=of_steps({1: 0.9, 20: 0.3, 60: 0.5, 100: 0.2})))
    assert 1 not in decision.choices.steps
    assert decision.best_step == 60


def test_the_last_step_is_a_choice_though_it_was_never_validated():
    decision = decided(exact_rewards(valid=PEAKED, valid_steps=(1, 20, 40, 60)))
    assert decision.choices.steps.tolist() == [20, 40, 60, 100]


SHRINKING = of_steps({20: 900, 40: 800, 60: 300, 80: 500, 100: 600})


@pytest.mark.parametrize(
    ("behind", "span", "tested"),
    [
        pytest.param(0.0, 1.0, True, id="the same reward"),
        pytest.param(EQUAL - NEAR, 1.0, True, id="just within what counts as equal"),
        pytest.param(EQUAL + NEAR, 1.0, False, id="just beyond what counts as equal"),
        pytest.param(10 * EQUAL - NEAR, 10.0, True, id="just within it for a wider range"),
        pytest.param(10 * EQUAL + NEAR, 10.0, False, id="just beyond it for a wider range"),
    ],
)
def test_equal_reward_at_fewer_tokens_is_tested_too(behind, span, tested):
    valid = of_steps({1: 0.0, 20: 0.1, 40: 0.8, 60: 0.8 - behind, 80: 0.3, 100: 0.2})
    decision = decided(exact_rewards(valid=valid, tokens=SHRINKING, span=span))
    assert decision.step == 40
    assert (CHEAPEST in roles(decision).get(60, "")) is tested


def test_what_the_noise_cannot_tell_apart_is_equal():
    up = of_steps({1: 0.0, 20: 0.1, 40: 0.7, 60: 0.9, 80: 0.3, 100: 0.2})
    down = of_steps({1: 0.0, 20: 0.1, 40: 0.9, 60: 0.6, 80: 0.3, 100: 0.2})
    decision = decided(exact_rewards(valid=mixed(HALF, up, down), tokens=SHRINKING))
    assert decision.step == 40
    assert roles(decision)[60] == CHEAPEST  # behind by 0.05 on average, but by 0.25 of noise


def test_of_several_equal_rewards_the_cheapest_is_tested():
    valid = of_steps({1: 0.0, 20: 0.795, 40: 0.8, 60: 0.795, 80: 0.795, 100: 0.2})
    decision = decided(exact_rewards(valid=valid, tokens=SHRINKING))
    assert roles(decision) == {40: HIGHEST, 100: LAST, 60: CHEAPEST}


def test_fewer_tokens_than_the_best_are_needed_to_count_as_cheaper():
    valid = of_steps({1: 0.0, 20: 0.1, 40: 0.795, 60: 0.8, 80: 0.795, 100: 0.2})
    decision = decided(exact_rewards(valid=valid, tokens=SHRINKING))
    assert decision.step == 60
    assert not any(CHEAPEST in role for role in roles(decision).values())


def test_a_last_step_that_is_also_the_cheapest_is_one_candidate():
    valid = of_steps({1: 0.0, 20: 0.1, 40: 0.8, 60: 0.3, 80: 0.3, 100: 0.79})
    decision = decided(exact_rewards(valid=valid, tokens=of_steps({40: 500, 100: 200})))
    assert roles(decision)[100] == f"{LAST}, {CHEAPEST}"


def test_without_a_cheaper_one_the_third_candidate_adds_most_where_the_others_fail():
    usual = of_steps({1: 0.1, 20: 0.4, 40: 0.8, 60: 0.5, 80: 0.4, 100: 0.3})
    other = of_steps({1: 0.1, 20: 0.4, 40: 0.2, 60: 0.5, 80: 0.6, 100: 0.3})
    rare = of_steps({1: 0.1, 20: 0.9, 40: 0.2, 60: 0.5, 80: 0.5, 100: 0.3})
    decision = decided(exact_rewards(valid=mixed(8, rare, mixed(168, usual, other))))
    assert roles(decision) == {40: HIGHEST, 100: LAST, 80: MIDDLE}


@pytest.mark.parametrize("tokens", [None, SHRINKING], ids=["without tokens", "with tokens"])
@pytest.mark.parametrize("valid_steps", [(1, 100), (1, 50, 100), (1, 20, 40, 60, 80, 100)])
def test_candidates_are_different_steps_and_three_at_most(tokens, valid_steps):
    decision = decided(exact_rewards(valid=PEAKED, tokens=tokens, valid_steps=valid_steps))
    steps = [candidate.step for candidate in decision.candidates]
    assert 1 <= len(steps) == len(set(steps)) <= 3
    assert set(steps) <= set(valid_steps)
    assert steps[0] == decision.step


BELOW = of_steps({1: 0.6, 20: 0.4, 60: 0.5, 100: 0.3})


@pytest.mark.parametrize("valid", [PEAKED, BELOW, None], ids=["gains", "below base", "unknown"])
@pytest.mark.parametrize("label", RETRAIN)
def test_a_run_that_taught_nothing_is_trained_again_whatever_validation_says(label, valid):
    assert decided(exact_rewards(level(0.5), valid), label).action is Action.RETRAIN


def test_the_reason_to_train_again_is_the_headline():
    statement = decided(exact_rewards(valid=PEAKED), "flat_zero").statement
    assert "The run is flat_zero." in statement


@pytest.mark.parametrize("label", TEST)
def test_any_other_run_is_tested_and_never_deployed_on_its_reward_alone(label):
    assert decided(exact_rewards(valid=PEAKED), label).action is Action.EVALUATE


def test_where_nothing_beats_the_base_nothing_is_deployed():
    decision = decided(exact_rewards(valid=BELOW, run=logging(checkpoints=[20, 60])))
    assert decision.action is Action.NONE
    assert decision.step is None
    assert decision.model is None
    assert decision.best_step == 60
    assert "none" in decision.statement.lower()


def test_where_it_is_too_close_to_call_whether_anything_beats_the_base_it_is_tested():
    assert decided(exact_rewards(valid=mixed(HALF, BELOW, PEAKED))).action is Action.EVALUATE


def test_only_saved_checkpoints_are_named_under_the_names_the_platform_gave():
    saved = [Checkpoint(20, "ft:a"), Checkpoint(60, "ft:b"), Checkpoint(90)]
    run = logging(checkpoints=saved)
    decision = decided(exact_rewards(valid=PEAKED, tokens=SHRINKING, run=run))
    assert decision.choices.deployable
    assert decision.choices.steps.tolist() == [20, 60, 90]
    assert (decision.step, decision.model) == (60, "ft:b")
    models = {candidate.step: candidate.model for candidate in decision.candidates}
    assert models == {60: "ft:b", 90: None}  # on exact curves 20 could add nothing
    assert roles(decision)[90] == LAST_SAVED
    assert decision.best_step == 40  # the best one, though it was not saved
    assert "saved checkpoints" in decision.statement


def test_optimism_is_how_far_the_highest_reading_lies_above_the_curves():
    readings = np.array([0.3, 0.5, 0.75, 0.95, 0.6, 0.4])
    valid = mixed(HALF, PEAKED, lambda shares: PEAKED(shares) - 0.1)
    decision = decided(exact_rewards(valid=valid, valid_values=readings))
    assert decision.optimism == pytest.approx(0.3)
    assert decision.step == 40  # not the lucky reading at 60


def test_a_lucky_peak_among_noisy_evaluations_is_drawn_to_its_neighbours():
    share = progress(200)
    truth = 0.2 + 0.5 * share
    noise = 0.03 * np.random.default_rng(3).standard_normal(200)
    valid = np.where(np.arange(1, 201) % 10 == 0, truth + noise, np.nan)
    valid[99] = truth[99] + 0.4  # by far the highest, at step 100
    frame = make_frame(train_mean_reward=truth + noise[::-1], full_valid_mean_reward=valid)
    decision = decided(reward_curves(run_from_frame(frame, method="rft")))
    assert 0.2 < decision.optimism < 0.45
    assert decision.step >= 150


@pytest.mark.parametrize(
    ("curves", "reason"),
    [
        (exact_rewards(level(0.5)), ": validation reward was never logged."),
        (
            exact_rewards(level(0.5), level(0.5), valid_steps=(50,)),
            ": validation reward was logged",
        ),
    ],
    ids=["no validation", "one validation"],
)
def test_without_validation_no_step_is_recommended_and_the_last_one_is_to_be_tested(curves, reason):
    decision = decided(curves)
    assert decision.action is Action.EVALUATE
    assert (decision.step, decision.model, decision.choices) == (None, None, None)
    assert [candidate.step for candidate in decision.candidates] == [100]
    assert reason in decision.statement


def test_without_validation_the_last_three_checkpoints_are_to_be_tested():
    saved = [Checkpoint(25), Checkpoint(50), Checkpoint(75, "ft:c"), Checkpoint(100)]
    decision = decided(exact_rewards(level(0.5), run=logging(checkpoints=saved)))
    named = [(candidate.step, candidate.model) for candidate in decision.candidates]
    assert named == [(100, None), (75, "ft:c"), (50, None)]


@pytest.mark.parametrize("valid", [PEAKED, None], ids=["validated", "not validated"])
def test_a_broken_grader_is_mended_before_anything_else_whatever_the_headline(valid):
    run = logging(grader_error_rate=0.5)
    decision = decided(exact_rewards(level(0.5), valid, run=run), "collapse")
    assert decision.action is Action.RETRAIN
    assert "rain again" in decision.statement
    assert "Test them on your task" not in decision.statement


RISING = of_steps({1: 0.3, 50: 0.4, 80: 0.6, 95: 0.7, 100: 0.7})


@pytest.mark.parametrize("label", ["healthy", "unclear", "unstable_variance"])
def test_a_reward_that_still_rises_is_waited_for_unless_a_fault_was_found(label):
    decision = decided(exact_rewards(valid=RISING), label)
    expected = Action.EVALUATE if label in FAILURES else Action.WAIT
    assert decision.action is expected
    assert decision.step == 100
    assert "step 100" in decision.statement
    assert ("still rising" in decision.statement) == (expected is Action.WAIT)


def going_on(curves: RewardCurves, status: str = "running") -> RewardCurves:
    return replace(curves, run=replace(curves.run, job=Job(status=status)))


@pytest.mark.parametrize("status", sorted(UNFINISHED))
def test_while_the_job_goes_on_its_best_step_so_far_is_named_and_the_rest_waited_for(status):
    decision = decided(going_on(exact_rewards(valid=PEAKED), status))
    assert decision.action is Action.WAIT
    assert decision.step == 40
    assert f"The job is not finished ({status})" in decision.statement
    assert "step 40 (highest expected reward" in decision.statement


@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_a_job_that_is_over_is_not_waited_for(status):
    assert decided(going_on(exact_rewards(valid=PEAKED), status)).action is Action.EVALUATE


def test_a_job_that_goes_on_may_still_beat_the_base_but_not_mend_its_grader():
    assert decided(going_on(exact_rewards(valid=BELOW))).action is Action.WAIT
    assert decided(going_on(exact_rewards(valid=PEAKED)), "flat_zero").action is Action.RETRAIN
    broken = exact_rewards(valid=PEAKED, run=logging(grader_error_rate=0.1))
    assert decided(going_on(broken)).action is Action.RETRAIN


def test_a_job_that_goes_on_without_validation_is_waited_for_too():
    decision = decided(going_on(exact_rewards(level(0.5))))
    assert (decision.action, decision.step) == (Action.WAIT, None)
    assert "The job is not finished (running)" in decision.statement
