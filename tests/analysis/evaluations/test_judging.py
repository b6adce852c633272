"""What evaluations say: real or noise, better than the base, cheaper, or none."""

import numpy as np
import pytest
from scipy import stats

from analysis.evaluations.judging import _student, difference, judge
from analysis.evaluations.scores import Scores, scores_of_examples


def drawn(label: str, share: float, *, n: int = 200, tokens: float | None = None, seed: int = 0):
    ease = np.random.default_rng(0).random(n)
    own = np.random.default_rng(seed).normal(0.0, 0.1, n)
    values = (ease + own < share).astype(float)
    examples = {str(index): float(value) for index, value in enumerate(values)}
    return scores_of_examples(label, examples, tokens=tokens)


def test_the_best_is_chosen_where_it_beats_base_and_others_by_more_than_noise():
    found = judge([drawn("base", 0.4), drawn("a", 0.6, seed=1), drawn("b", 0.85, seed=2)])
    assert found.chosen.scores.label == "b"
    assert found.chosen.beats_base
    assert not found.candidates[1].tied
    assert "beats the base model by more than noise" in found.statement


def test_none_is_chosen_where_none_beats_the_base():
    found = judge([drawn("base", 0.6), drawn("a", 0.6, seed=1), drawn("b", 0.5, seed=2)])
    assert found.chosen is None
    assert found.statement.startswith("Deploy none")


def test_of_equal_scores_the_one_of_fewer_tokens_is_chosen():
    found = judge(
        [
            drawn("base", 0.3, tokens=200),
            drawn("long", 0.81, seed=1, tokens=900),
            drawn("short", 0.8, seed=2, tokens=400),
            drawn("weak", 0.5, seed=3, tokens=100),
        ]
    )
    assert found.chosen.scores.label == "short"
    assert "fewer tokens" in found.statement or "highest score" in found.statement


def test_without_the_base_model_the_answer_says_what_is_missing():
    found = judge([drawn("a", 0.5), drawn("b", 0.9, seed=1)])
    assert found.base is None
    assert found.chosen.beats_base is None
    assert "evaluate that too" in found.statement


def test_the_base_may_be_called_anything_or_nothing():
    scores = [drawn("o4-mini", 0.3), drawn("a", 0.8, seed=1)]
    assert judge(scores, "o4-mini").base is scores[0]
    assert judge([drawn("base", 0.3), scores[1]], "none of them").base is None


def test_pairing_tells_a_difference_that_separate_samples_do_not():
    a, b = drawn("a", 0.70, seed=1), drawn("b", 0.62, seed=2)
    paired = difference(a, b, 1.0)
    apart = difference(
        Scores("a", a.mean, a.count, a.spread), Scores("b", b.mean, b.count, b.spread), 1.0
    )
    assert paired.paired
    assert not apart.paired
    assert paired.high - paired.low < 0.6 * (apart.high - apart.low)


def test_an_unknown_spread_is_taken_to_be_the_greatest_there_can_be():
    known = difference(Scores("a", 0.9, 100, 0.3), Scores("b", 0.8, 100, 0.4), 1.0)
    bare = difference(Scores("a", 0.9, 100), Scores("b", 0.8, 100), 1.0)
    assert bare.high - bare.low > known.high - known.low


def test_a_handful_of_wins_proves_little():
    few = {str(index): 1.0 for index in range(3)}
    none = dict.fromkeys(few, 0.0)
    found = difference(scores_of_examples("a", few), scores_of_examples("b", none), 1.0)
    assert found.high - found.low > 0.5


def test_noise_is_reckoned_for_as_many_candidates_as_there_are():
    base, one = drawn("base", 0.5), drawn("a", 0.6, seed=1)
    alone = judge([base, one]).candidates[0].above_base
    crowd = judge([base, one, *(drawn(f"c{i}", 0.3, seed=i + 5) for i in range(9))])
    assert crowd.candidates[0].above_base.low < alone.low


def test_the_interval_is_right_as_often_as_it_says():
    held = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        ease = rng.random(40)
        a = dict(enumerate((ease < 0.7).astype(float) * (rng.random(40) < 0.9)))
        b = dict(enumerate((ease < 0.5).astype(float) * (rng.random(40) < 0.9)))
        found = difference(
            scores_of_examples("a", {str(k): float(v) for k, v in a.items()}),
            scores_of_examples("b", {str(k): float(v) for k, v in b.items()}),
            1.0,
        )
        held += found.low <= 0.18 <= found.high
    assert held / 300 > 0.92


def test_a_candidate_that_is_not_there_is_not_judged():
    assert judge([]) is None
    assert judge([drawn("base", 0.5)]) is None


@pytest.mark.parametrize("freedom", [5, 20, 200])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.995])
def test_students_quantile_is_that_of_the_tables(level, freedom):
    expected = stats.t.ppf(0.5 + level / 2, freedom)
    assert _student(level, float(freedom)) == pytest.approx(expected, rel=0.02)
