from math import inf, isnan

import pytest

from analysis import SourceError
from analysis.sources.flattening import finite, flat, number


def test_nested_objects_become_paths_and_graders_are_known_by_type_and_name():
    row = {
        "step": 1,
        "scores": {"graders": [{"name": "a b", "type": "python", "train_reward_mean": 0.4}]},
        "errors": {"graders": [{"name": "x", "n": 1}, "stray", {"type": "no name"}]},
        "plain": [1, 2, 3],
    }
    assert flat(row) == {
        "step": 1.0,
        "scores/graders/python/a b/train_reward_mean": 0.4,
        "errors/graders/grader/x/n": 1.0,
    }


def test_leaves_of_every_type_are_numbers_text_or_blank():
    found = flat({"a": True, "b": None, "c": "x", "d": 10**400, "e": 2})
    assert [found["a"], found["b"], found["c"], found["e"]] == [1.0, None, "x", 2.0]
    assert isnan(found["d"])


def test_an_object_too_deep_or_too_wide_is_refused():
    deep: dict = {}
    for _ in range(20):
        deep = {"a": deep, "b": 1}
    with pytest.raises(SourceError, match="nests more than"):
        flat(deep)
    with pytest.raises(SourceError, match="too large"):
        flat({str(i): i for i in range(10_001)})


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, 1.0), ("2.5", 2.5), (" 3 ", 3.0), ("x", None), ("", None), (None, None), (True, None),
     ([1], None), ({}, None), (10**400, None), ("inf", inf)],
)  # fmt: skip
def test_a_number_is_a_number_or_text_that_spells_one(value, expected):
    assert number(value) == expected
    assert finite(value) == (None if expected == inf else expected)


def test_nan_is_a_number_that_cannot_be_counted_with():
    assert isnan(number("nan"))
    assert finite("nan") is None
