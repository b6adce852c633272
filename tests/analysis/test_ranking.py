"""Ranking, Pareto front and prices."""

import numpy as np
import pytest

from analysis import diagnose, run_from_frame
from analysis.pareto import on_front
from analysis.prices import PRESETS, Price, cost_of_answers, preset_for
from analysis.ranking import ranked
from tests.analysis.curve.runs import report_on
from tests.builders import azure_rewards

PRICE = Price("any", 1.0, 10.0, "today")


def test_no_choice_on_the_front_is_beaten_on_both_counts():
    losses = np.array([1.0, 2.0, 1.0, 3.0, 0.5, np.nan])
    costs = np.array([2.0, 1.0, 3.0, 3.0, 9.0, 1.0])
    assert on_front(losses, costs).tolist() == [True, True, False, False, True, False]


def test_equal_choices_share_the_front():
    assert on_front(np.array([1.0, 1.0]), np.array([2.0, 2.0])).all()


def test_a_thousand_answers_cost_their_tokens():
    assert cost_of_answers(500.0, 200.0, PRICE) == pytest.approx(1_000 * (500 * 10 + 200) / 1e6)


@pytest.mark.parametrize(
    ("model", "provider", "name"),
    [
        ("o4-mini-2025-04-16", "azure", "o4-mini, Azure"),
        ("ft:o4-mini-2025-04-16:org::x", "openai", "o4-mini, OpenAI"),
        ("gpt-4.1-mini-2025-04-14.ft-0123456789abcdef", "azure", "gpt-4.1-mini, OpenAI"),
        ("gpt-4o-2024-08-06", None, "gpt-4o, OpenAI"),
        ("", None, PRESETS[0].name),
    ],
)
def test_the_preset_fits_the_model_and_the_platform(model, provider, name):
    assert preset_for(model, provider).name == name


def reward_report():
    run = run_from_frame(azure_rewards(), "rft", checkpoints=[20, 40, 60])
    return diagnose(run)


def test_without_a_weight_on_cost_the_ranking_is_that_of_regret():
    report = reward_report()
    rows = ranked(report, PRICE, 0.0, 0.0)
    assert [row.regret for row in rows] == sorted(row.regret for row in rows)
    assert rows[0].step == report.recommendation.step
    assert {row.step for row in rows} == {20, 40, 60}


def test_a_weight_on_cost_brings_the_cheapest_to_the_top():
    rows = ranked(reward_report(), PRICE, 0.0, 1.0)
    assert [row.cost for row in rows] == sorted(row.cost for row in rows)
    assert rows[0].weighed == 0.0
    assert rows[0].step == 20


def test_losses_are_ranked_without_costs_where_no_tokens_were_logged():
    rows = ranked(report_on("saved"), PRICE, 0.0, 0.7)
    assert rows[0].step == 100
    assert all(np.isnan(row.cost) and row.on_front for row in rows)
    assert rows[0].weighed == rows[0].regret


def test_a_run_without_validation_has_no_ranking():
    assert ranked(report_on("not validated"), PRICE, 0.0, 0.0) == ()
