"""Series that follow from several logged ones: the gap, the ungraded share, the growth."""

import numpy as np
import pytest

from analysis import run_from_frame
from analysis.curve.rewards import reward_curves
from analysis.reward_series import GAP, UNGRADED, gap_curve, growth_at, with_reward_series
from tests.analysis.curve.runs import climbing, named_run, reward_run
from tests.builders import azure_rewards


def test_the_gap_is_logged_where_both_rewards_are_and_its_curve_is_their_difference():
    run = named_run("hacked")
    curves = reward_curves(run)
    gap = gap_curve(curves)
    both = run.frame.dropna(subset=["full_valid_mean_reward"])
    expected = both["train_mean_reward"] - both["full_valid_mean_reward"]
    assert gap.readings.values == pytest.approx(expected.to_numpy())
    assert gap.draws == pytest.approx(curves.train.draws - curves.valid.draws)


@pytest.mark.parametrize("name", ["reward not validated"])
def test_without_validation_there_is_no_gap(name):
    run = named_run(name)
    assert gap_curve(reward_curves(run)) is None
    assert GAP not in with_reward_series(run.frame, None)


def test_the_ungraded_share_is_what_is_left_of_the_graded_one():
    run = run_from_frame(azure_rewards(), "rft")
    frame = with_reward_series(run.frame, gap_curve(reward_curves(run)))
    assert frame[UNGRADED].to_numpy() == pytest.approx(1 - frame["rollout_completion_rate"])
    assert frame[UNGRADED].between(0.01, 0.09).all()
    assert UNGRADED not in run.frame


def test_growth_is_told_against_the_start():
    up = climbing()
    tokens = reward_curves(reward_run(up, up, np.linspace(200.0, 600.0, len(up)))).tokens
    assert growth_at(tokens, 200) == pytest.approx(3.0, rel=0.15)
    assert growth_at(tokens, 3) == pytest.approx(1.0, rel=0.1)
