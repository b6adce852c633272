"""Limits: their ranges, and a file that keeps them."""

from dataclasses import asdict, fields, replace

import pytest

from analysis import GOLDILOCKS, SourceError, Thresholds
from analysis.limits import (
    LIMITS,
    ORDERED,
    bounds_of,
    changed,
    is_thresholds,
    out_of_order,
    preset_of,
    thresholds_of,
    to_toml,
)
from analysis.thresholds import PRESETS


def test_every_threshold_is_a_limit_with_a_meaning():
    assert set(LIMITS) == {field.name for field in fields(Thresholds)}
    for limit in LIMITS.values():
        assert len(limit.meaning) > 20, limit.name


@pytest.mark.parametrize("thresholds", PRESETS.values(), ids=PRESETS)
def test_every_preset_lies_within_the_ranges(thresholds):
    for name, limit in LIMITS.items():
        assert limit.low <= getattr(thresholds, name) <= limit.high


@pytest.mark.parametrize("thresholds", PRESETS.values(), ids=PRESETS)
def test_limits_that_are_saved_are_read_again(thresholds):
    text = to_toml(thresholds).encode()
    assert is_thresholds(text)
    assert thresholds_of(text) == thresholds


def test_a_file_may_name_only_what_it_changes():
    found = thresholds_of(b"[thresholds]\nratio_mild = 1.3\n", PRESETS["microsoft"])
    assert found == replace(PRESETS["microsoft"], ratio_mild=1.3)


def test_a_whole_number_is_taken_for_a_share_but_not_the_other_way_round():
    assert thresholds_of(b"[thresholds]\nratio_severe = 3\n").ratio_severe == 3.0
    with pytest.raises(SourceError, match="not a whole number"):
        thresholds_of(b"[thresholds]\nmin_train_readings = 3.5\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"[thresholds]\nratio_mld = 1.3\n", "no threshold 'ratio_mld'"),
        (b"[thresholds]\nratio_mild = 'high'\n", "not a number"),
        (b"[thresholds]\nratio_mild = true\n", "not a number"),
        (b"[thresholds]\nratio_mild = nan\n", "ratio_mild is nan"),
        (b"[thresholds]\nrise_harmful = -0.1\n", "0 or more"),
        (b"[thresholds]\nmin_valid_readings = 0\n", "1 or more"),
        (b"[thresholds]\nratio_mild = 1.8\n", "ratio_mild lies above ratio_moderate"),
        (b"ratio_mild = 1.8\n", "no table"),
        (b"[thresholds]\n[other]\n", "others beside it"),
        (b"thresholds = 3\n", "no table"),
        (b"[thresholds\n", "no TOML"),
        (b"\xff\xfe", "no TOML"),
    ],
)
def test_a_wrong_file_is_a_clear_error(text, words):
    with pytest.raises(SourceError, match=words):
        thresholds_of(text, where="mine.toml")


def test_limits_out_of_order_are_named():
    assert out_of_order(GOLDILOCKS) == ""
    assert "rise_moderate" in out_of_order(replace(GOLDILOCKS, rise_moderate=0.01))


def test_a_limit_moves_between_its_neighbours():
    for names in ORDERED:
        for name in names:
            for end in bounds_of(name, GOLDILOCKS):
                assert out_of_order(replace(GOLDILOCKS, **{name: end})) == ""
    assert bounds_of("ratio_moderate", GOLDILOCKS) == (1.2, 2.0)


def test_presets_are_recognised_and_changes_named():
    for name, preset in PRESETS.items():
        assert preset_of(preset) == name
    own = replace(GOLDILOCKS, ratio_mild=1.3)
    assert preset_of(own) is None
    assert changed(own) == {"ratio_mild": 1.3}
    assert changed(GOLDILOCKS) == {}
    assert asdict(GOLDILOCKS).keys() == LIMITS.keys()
