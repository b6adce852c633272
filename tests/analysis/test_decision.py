"""The decision on a checkpoint: which steps can be chosen, how sure it is, and what to do."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import (
    GOLDILOCKS,
    Checkpoint,
    Method,
    Status,
    Verdict,
    diagnose,
    run_from_frame,
)
from analysis.decision import BALANCED, recommend
from analysis.headline import Headline
from analysis.job import Job
from analysis.recommendation import Action, Recommendation
from analysis.run import Origin
from analysis.usable_steps import evaluated_steps, model_of
from tests.analysis.curve.made import column_frame
from tests.analysis.curve.runs import (
    CHECKPOINTS,
    N_REWARDS,
    climbing,
    conflicted_run,
    named_run,
    report_on,
    reward_run,
)
from tests.analysis.rules.exact import LAST_STEP, course, exact_losses, level, mixed
from tests.builders import falling, make_run, progress, sparse, turning

VALIDATED = (
    "healthy", "healthy, full passes", "overfit", "saved", "divergent", "underfit", "crashed",
    "still improving", "rewarded", "hacked", "collapsed", "no reward",
)  # fmt: skip


def decided(name: str) -> Recommendation:
    return report_on(name).recommendation


def test_only_saved_checkpoints_can_be_chosen_where_there_are_some():
    found = decided("saved")
    assert found.choices.deployable
    assert tuple(found.choices.steps) == CHECKPOINTS
    assert found.step == 100
    assert set(found.tied_steps) <= set(CHECKPOINTS)
    assert {candidate.step for candidate in found.candidates} == set(CHECKPOINTS)


def test_a_better_step_that_was_not_saved_is_named():
    found = diagnose(make_run(falling(2.0, 0.3), turning(0.8, 0.6), checkpoints=[30, 250, 300]))
    best = found.recommendation.best_step
    assert 90 <= best <= 130
    assert found.recommendation.step == 250
    assert f"{best}, was not saved." in found.recommendation.statement


def test_without_saved_checkpoints_the_evaluated_steps_and_the_last_are_the_choices():
    run = named_run("healthy, full passes")
    found = decided("healthy, full passes")
    logged = run.frame.loc[run.frame["full_valid_loss"].notna(), "step"]
    assert not found.choices.deployable
    assert found.choices.steps.tolist() == sorted({*logged, run.last_step})
    assert "Which steps were saved as checkpoints is not known." in found.statement


def test_evaluations_of_the_base_model_are_no_choice_but_the_last_step_always_is():
    frame = column_frame(train_loss=np.ones(30), valid_loss=sparse(np.ones(30), 7))
    frame.loc[0, "valid_loss"] = 0.5
    frame.loc[29, "valid_loss"] = np.nan
    assert evaluated_steps(run_from_frame(frame)).tolist() == [7, 14, 21, 28, 30]


@pytest.mark.parametrize("name", VALIDATED)
def test_regret_is_never_negative_and_least_for_the_recommended_step(name):
    found = decided(name)
    regret = dict(zip(found.choices.steps.tolist(), found.choices.regret, strict=True))
    assert min(regret.values()) >= 0
    assert found.expected_regret == regret[found.step] == min(regret.values())
    for candidate in found.candidates:
        assert candidate.expected_regret == regret[candidate.step]


@pytest.mark.parametrize("name", VALIDATED)
def test_the_tied_steps_hold_the_best_with_nine_tenths_and_none_could_be_spared(name):
    found = decided(name)
    chance = dict(zip(found.choices.steps.tolist(), found.choices.probability_best, strict=True))
    held = [chance[step] for step in found.tied_steps]
    assert sum(held) >= 0.9 - 1e-9
    assert sum(held) - min(held) < 0.9


@pytest.mark.parametrize("name", VALIDATED)
def test_the_recommended_step_leads_the_candidates_and_the_last_is_among_them(name):
    found = decided(name)
    steps = [candidate.step for candidate in found.candidates]
    assert steps[0] == found.step
    assert found.choices.steps[-1] in steps
    assert len(steps) == len(set(steps)) <= 5


@pytest.mark.parametrize("seed", range(5))
def test_the_chosen_step_is_truly_near_the_best_however_noisy_the_batches(seed):
    truth = turning(0.8, 0.6)
    run = make_run(falling(2.0, 0.3), truth, noise=0.25, seed=100 * seed)
    step = diagnose(run).recommendation.step
    assert truth[step - 1] / truth.min() - 1 < 0.05
    assert truth[-1] / truth.min() - 1 > 0.4


def test_a_lucky_evaluation_does_not_win_by_its_luck_and_its_optimism_is_told():
    frame = make_run(falling(), falling(2.0, 0.85), noise=0.03).frame
    frame.loc[frame["step"] == 60, "valid_loss"] = 0.5
    found = diagnose(run_from_frame(frame)).recommendation
    assert found.step > 150
    assert 60 not in found.tied_steps
    assert found.optimism == pytest.approx(falling(2.0, 0.85)[59] - 0.5, abs=0.1)


def test_the_optimism_of_rewards_is_how_far_a_lucky_peak_lies_above_the_curve():
    run = reward_run(climbing(), climbing() - 0.02)
    frame = run.frame.copy()
    frame.loc[frame["step"] == 100, "full_valid_mean_reward"] = 0.97
    found = diagnose(run_from_frame(frame)).recommendation
    assert found.optimism > 0.15
    assert found.step > 100


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("healthy", Action.DEPLOY),
        ("saved", Action.DEPLOY),
        ("gap", Action.DEPLOY),
        ("divergent", Action.RETRAIN),
        ("underfit", Action.RETRAIN),
        ("both high", Action.RETRAIN),
        ("crashed", Action.EVALUATE),
        ("not validated", Action.EVALUATE),
        ("short", Action.EVALUATE),
        ("still improving", Action.WAIT),
        ("levelled", Action.EVALUATE),
        ("rising", Action.WAIT),
        ("hacked", Action.EVALUATE),
        ("no reward", Action.RETRAIN),
        ("below base", Action.NONE),
        ("reward not validated", Action.EVALUATE),
    ],
)
def test_the_action_follows_from_what_the_run_is(name, action):
    assert decided(name).action is action
    assert decided(name).to_dict()["action"] == action.value


@pytest.mark.parametrize(("share", "action"), [(0.99, Action.EVALUATE), (1.01, Action.DEPLOY)])
def test_a_choice_is_deployed_only_while_it_may_cost_less_than_the_limit(share, action):
    limit = share * decided("healthy").expected_regret
    found = diagnose(named_run("healthy"), replace(GOLDILOCKS, deploy_regret=limit))
    assert found.recommendation.action is action


def test_under_heavy_noise_with_few_validations_the_choice_is_tested_first():
    run = make_run(falling(), turning(0.8, 0.3), noise=0.5, every=40, seed=10)
    found = diagnose(run).recommendation
    assert found.expected_regret > GOLDILOCKS.deploy_regret
    assert found.action is Action.EVALUATE
    assert len(found.tied_steps) > 2


@pytest.mark.parametrize("name", ["not validated", "short", "reward not validated"])
def test_where_validation_cannot_rank_no_step_is_recommended_and_it_is_said(name):
    found = decided(name)
    assert (found.step, found.expected_regret, found.choices) == (None, None, None)
    assert found.tied_steps == ()
    assert found.statement.startswith("No checkpoint can be recommended: ")
    assert all(candidate.probability_best is None for candidate in found.candidates)


def test_too_few_validations_are_counted_in_the_reason():
    assert "2 of the 4 steps needed" in decided("short").statement


def test_without_validation_the_latest_saved_checkpoints_are_to_be_tested():
    found = diagnose(make_run(falling(), checkpoints=range(30, 301, 30))).recommendation
    assert [candidate.step for candidate in found.candidates] == [300, 270, 240, 210, 180]


@pytest.mark.parametrize("checkpoints", [(), CHECKPOINTS])
def test_priority_moves_the_choice_from_the_loss_minimum_to_the_accuracy_maximum(checkpoints):
    run = conflicted_run(checkpoints=checkpoints)
    steps = [
        diagnose(run, priority=priority).recommendation.step
        for priority in (0.0, BALANCED, 0.5, 0.8, 1.0)
    ]
    assert 95 <= steps[0] <= 120
    assert steps == sorted(steps)
    assert steps[-1] == 300


def test_the_conflict_names_both_steps_and_the_price():
    found = diagnose(conflicted_run(checkpoints=CHECKPOINTS)).recommendation
    assert found.conflict.startswith("Loss is best at step 100, token accuracy at step 300: ")
    assert found.conflict.endswith("more loss.")


def test_no_conflict_is_named_where_there_is_none():
    assert decided("healthy").conflict == ""
    frame = named_run("healthy").frame.assign(
        valid_mean_token_accuracy=sparse(0.5 + 0.3 * progress(), 5)
    )
    found = diagnose(run_from_frame(frame, checkpoints=[100, 200, 300])).recommendation
    assert found.conflict == ""


def test_without_token_accuracy_priority_changes_nothing():
    run = named_run("overfit")
    assert (
        diagnose(run, priority=1.0).recommendation.to_dict()
        == diagnose(run, priority=0.0).recommendation.to_dict()
    )


def test_the_name_to_deploy_comes_with_the_step():
    saved = [Checkpoint(100, "ft:a"), Checkpoint(200), Checkpoint(300, "ft:c")]
    run = run_from_frame(named_run("overfit").frame, checkpoints=saved)
    found = diagnose(run).recommendation
    assert (found.step, found.model) == (100, "ft:a")
    assert model_of(run, 200) is None
    assert model_of(run, 250) is None
    assert {c.step: c.model for c in found.candidates} == {100: "ft:a", 200: None, 300: "ft:c"}


def test_of_equal_rewards_the_one_at_fewer_tokens_is_a_candidate():
    share = progress(N_REWARDS)
    reward = 0.3 + 0.5 * (1.0 - np.exp(-12.0 * share))
    found = diagnose(reward_run(reward, reward - 0.02, 200.0 * 2.5**share)).recommendation
    cheap = [c for c in found.candidates if "equal reward at fewer tokens" in c.role]
    assert len(cheap) == 1
    assert cheap[0].step < found.step
    assert cheap[0].expected_regret < 0.05


def test_where_nothing_beats_the_base_model_nothing_is_to_be_deployed():
    found = decided("below base")
    assert found.step is None
    assert found.model is None
    assert found.statement.startswith("Deploy none of these")


def test_regret_near_zero_loss_is_weighed_by_visible_tokens_where_these_are_known():
    run = make_run(falling(1.0, 0.01), turning(0.01, 0.6), checkpoints=[100, 300])
    one_token = replace(run, answer_tokens=1.0, origin=Origin(format="openai-results"))
    raw, visible = (diagnose(r).recommendation.choices.regret.max() for r in (run, one_token))
    assert visible > 2 * raw > 0


def going_on(name: str, status: str = "running") -> Recommendation:
    return diagnose(replace(named_run(name), job=Job(status=status))).recommendation


@pytest.mark.parametrize("name", ["healthy", "overfit", "underfit", "both high", "crashed"])
def test_while_the_job_goes_on_its_best_step_so_far_is_named_and_the_rest_waited_for(name):
    found, over = going_on(name), decided(name)
    assert found.action is Action.WAIT
    assert found.step == over.step
    assert "The job is not finished (running)" in found.statement
    assert f"step {found.step} " in found.statement


def test_what_shows_so_far_is_said_of_a_job_that_goes_on():
    assert report_on("overfit").headline.statement in going_on("overfit").statement
    assert report_on("healthy").headline.statement not in going_on("healthy").statement


def test_a_job_that_diverged_is_not_waited_for():
    assert going_on("divergent").action is Action.RETRAIN


def test_a_job_that_is_over_is_not_waited_for():
    assert going_on("healthy", "succeeded").action is Action.DEPLOY


def test_preferences_and_runs_without_validation_are_waited_for_too():
    found = going_on("not validated")
    assert (found.action, found.step) == (Action.WAIT, None)
    assert "not finished (running)" in found.statement
    run = replace(named_run("healthy"), method=Method.DPO, job=Job(status="queued"))
    assert diagnose(run).recommendation.action is Action.WAIT


@pytest.mark.parametrize(("first", "action"), [(100, Action.DEPLOY), (99, Action.EVALUATE)])
def test_steps_that_tie_over_more_than_half_of_the_run_are_tested_first(first, action):
    falling_a_little, rising_a_little = (
        exact_losses(level(1), course((0, 1 + tilt), (1, 1))) for tilt in (0.01, -0.01)
    )
    curves = mixed(falling_a_little, rising_a_little, 128)
    run = replace(curves.run, checkpoints=(Checkpoint(first), Checkpoint(LAST_STEP)))
    headline = Headline("healthy", "Healthy.", 1.0, Status.PASS)
    passing = {"still_improving": Verdict("still_improving", Status.PASS, "No.")}
    found = recommend(replace(curves, run=run), headline, passing, GOLDILOCKS)
    assert found.tied_steps == (first, LAST_STEP)
    assert found.expected_regret < GOLDILOCKS.deploy_regret
    assert found.action is action
