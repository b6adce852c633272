"""Story: plain sentences for every label, and no jargon in them."""

import pytest

from analysis.headline import STATUS, UNCLEAR
from analysis.recommendation import Action
from analysis.reward_headline import ORDER
from analysis.story import HAPPENED, MEANS, story_of, where_best
from tests.analysis.curve.runs import report_on

JARGON = ("loss", "epoch", "overfit", "validation", "regret", "token", "gradient", "hyperparameter")
NAMES = ("healthy", "overfit", "underfit", "divergent", "not validated", "short", "hacked", "saved")


def test_every_label_of_a_headline_has_a_plain_sentence():
    assert {*STATUS, *ORDER, UNCLEAR, "no_validation", "saturated"} <= set(HAPPENED)
    assert set(MEANS) == set(Action)


@pytest.mark.parametrize("name", NAMES)
def test_a_story_says_what_happened_what_to_do_how_sure_and_what_next(name):
    screens = story_of(report_on(name))
    assert len(screens) == 4
    for screen in screens:
        assert screen.title.endswith(".")
        assert "{" not in screen.title
        assert len(screen.title) < 100
        assert screen.words
    assert screens[0].chart
    assert screens[1].marked


@pytest.mark.parametrize("name", NAMES)
def test_the_first_three_screens_use_no_jargon(name):
    said = " ".join(
        " ".join((screen.title, *screen.words)) for screen in story_of(report_on(name))[:3]
    ).lower()
    assert not [word for word in JARGON if word in said]


def test_the_overfit_run_is_understood_by_a_newcomer():
    report = report_on("saved")
    happened, decision, sure, following = story_of(report)
    assert happened.title == (
        "The model learned the data in the first of 3 passes and then started memorising it."
    )
    assert decision.title == "Use the version saved at step 100."
    assert sure.title == "We are sure."
    assert following.title == "Next time, change one thing."
    assert where_best(report_on("overfit")).endswith("of 300 steps")


def test_a_run_that_cannot_be_judged_is_not_called_good():
    happened, decision, *_ = story_of(report_on("not validated"))
    assert happened.title.startswith("Nobody can tell yet")
    assert "Use the version" not in decision.title
