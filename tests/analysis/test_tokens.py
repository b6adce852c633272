"""Hidden tokens: the table of the source, and refusals where its assumption fails."""

from dataclasses import replace
from math import exp, log

import pytest

from analysis import diagnose, run_from_frame
from analysis.run import Origin
from analysis.tokens import (
    HiddenTokensError,
    guessing_floor,
    visible_figures,
    with_answer_tokens,
)
from tests.builders import falling, make_frame, make_run

OPENAI = Origin(format="openai-results")


@pytest.mark.parametrize(
    ("labels", "accuracy", "loss"),
    [(2, 0.833, 0.231), (3, 0.778, 0.366), (5, 0.733, 0.536), (6, 0.722, 0.597)],
)
def test_guessing_among_labels_gives_the_published_floors(labels, accuracy, loss):
    floor = guessing_floor(labels)
    assert floor.accuracy == pytest.approx(accuracy, abs=5e-4)
    assert floor.loss == pytest.approx(loss, abs=5e-4)


@pytest.mark.parametrize("labels", [2, 3, 5, 6])
@pytest.mark.parametrize("tokens", [1.0, 2.0])
def test_a_floor_is_even_odds_over_the_visible_tokens(labels, tokens):
    floor = guessing_floor(labels, tokens)
    found = visible_figures(tokens, loss=floor.loss, accuracy=floor.accuracy)
    assert found.loss == pytest.approx(log(labels) / tokens)
    assert found.accuracy == pytest.approx((tokens - 1 + 1 / labels) / tokens)
    assert found.perplexity == pytest.approx(exp(log(labels) / tokens))


def test_coin_flipping_is_83_per_cent():
    found = visible_figures(1, accuracy=5 / 6)
    assert found.accuracy == pytest.approx(0.5)
    assert found.loss is None
    assert found.perplexity is None
    assert any("hypothesis" in line for line in found.rests_on)


def test_long_answers_are_hardly_changed():
    found = visible_figures(2000, loss=0.5, accuracy=0.9)
    assert found.loss == pytest.approx(0.5005)
    assert found.accuracy == pytest.approx(0.8999)


@pytest.mark.parametrize("accuracy", [0.66, 0.5, 0.0])
def test_an_accuracy_that_contradicts_the_hidden_tokens_is_refused_not_clamped(accuracy):
    with pytest.raises(HiddenTokensError, match="hidden tokens alone"):
        visible_figures(1, accuracy=accuracy)


def test_a_rounded_two_thirds_is_no_contradiction():
    assert visible_figures(1, accuracy=0.6666).accuracy == 0.0


@pytest.mark.parametrize(
    ("tokens", "figures"),
    [
        (0, {"loss": 1.0}),
        (-1, {"loss": 1.0}),
        (float("nan"), {"loss": 1.0}),
        (1, {"loss": -0.1}),
        (1, {"loss": float("inf")}),
        (1, {"accuracy": 1.1}),
        (1, {"accuracy": float("nan")}),
    ],
)
def test_impossible_figures_are_refused(tokens, figures):
    with pytest.raises(HiddenTokensError):
        visible_figures(tokens, **figures)


def test_one_label_is_nothing_to_guess():
    with pytest.raises(HiddenTokensError, match="two labels"):
        guessing_floor(1)


def test_a_run_that_knows_its_answers_is_judged_by_visible_tokens():
    run = replace(make_run(falling(1.0, 0.15), falling(1.0, 0.16)), origin=OPENAI)
    before = {v.rule: v for v in diagnose(run).verdicts}["low_train_loss"]
    after = {v.rule: v for v in diagnose(with_answer_tokens(run, 1)).verdicts}["low_train_loss"]
    assert before.found
    assert not after.found
    assert after.evidence[0].value == pytest.approx(3 * before.evidence[0].value)


def test_a_run_whose_accuracy_contradicts_the_hidden_tokens_is_refused():
    frame = make_frame(train_loss=falling(), train_mean_token_accuracy=[0.5] * 300)
    run = run_from_frame(frame, origin=OPENAI)
    with pytest.raises(HiddenTokensError, match="hidden tokens alone"):
        with_answer_tokens(run, 1)
    assert with_answer_tokens(run, 20).answer_tokens == 20


def test_early_steps_may_be_below_what_learned_hidden_tokens_give():
    accuracy = [0.2] * 100 + [0.9] * 200
    frame = make_frame(train_loss=falling(), train_mean_token_accuracy=accuracy)
    assert with_answer_tokens(run_from_frame(frame, origin=OPENAI), 1).answer_tokens == 1


def test_a_run_of_another_platform_is_refused():
    with pytest.raises(HiddenTokensError, match="OpenAI's supervised jobs only"):
        with_answer_tokens(make_run(falling(), falling()), 1)
