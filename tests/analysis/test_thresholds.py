"""Thresholds: one frozen record, and presets that differ where they say so."""

from dataclasses import FrozenInstanceError, asdict, fields, replace

import pytest

from analysis import GOLDILOCKS, Thresholds, diagnose
from analysis.thresholds import PRESETS
from tests.analysis.curve.runs import named_run

DIFFERENCES = {
    "goldilocks": set(),
    "microsoft": {"rise_harmful", "reward_gap"},
    "sagemaker": {"ratio_mild", "rise_harmful"},
    "strict": {
        "ratio_mild", "ratio_moderate", "ratio_severe", "rise_harmful", "rise_moderate",
        "reward_gap", "reward_gap_growth", "token_growth", "token_explosion", "unresponsive",
        "deploy_regret",
    },
}  # fmt: skip


def test_the_presets_are_those_that_are_documented():
    assert set(PRESETS) == set(DIFFERENCES)


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_preset_differs_from_the_default_only_where_it_says_so(name):
    preset, default = asdict(PRESETS[name]), asdict(GOLDILOCKS)
    assert {key for key in default if preset[key] != default[key]} == DIFFERENCES[name]


def test_the_default_is_goldilocks():
    assert Thresholds() == GOLDILOCKS == PRESETS["goldilocks"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ratio_mild", 1.2),
        ("ratio_moderate", 1.5),
        ("ratio_severe", 2.0),
        ("rise_harmful", 0.02),
        ("crash_level", 0.05),
        ("low_train_loss", 0.2),
        ("reward_gap", 0.10),
        ("reward_gap_growth", 0.06),
        ("token_explosion", 3.0),
        ("token_growth", 2.0),
        ("unresponsive", 0.10),
        ("parse_errors", 0.15),
        ("low_positive_share", 0.05),
        ("tied_share", 0.9),
        ("deploy_regret", 0.02),
    ],
)
def test_the_default_limits_are_those_of_the_rules(name, value):
    assert getattr(GOLDILOCKS, name) == value


def test_microsoft_and_sagemaker_take_the_sides_their_sources_take():
    assert PRESETS["microsoft"].rise_harmful == 0.2
    assert PRESETS["microsoft"].reward_gap == 0.2
    assert PRESETS["sagemaker"].ratio_mild == 1.1
    assert PRESETS["sagemaker"].rise_harmful == 0.1


def test_strict_is_stricter_in_everything_it_changes():
    for name in DIFFERENCES["strict"]:
        assert getattr(PRESETS["strict"], name) < getattr(GOLDILOCKS, name)


@pytest.mark.parametrize("thresholds", PRESETS.values(), ids=PRESETS)
def test_bands_are_in_order_in_every_preset(thresholds):
    assert 1 < thresholds.ratio_mild < thresholds.ratio_moderate < thresholds.ratio_severe
    assert thresholds.rise_harmful <= thresholds.rise_moderate < thresholds.rise_severe
    assert thresholds.token_growth_unpaid <= thresholds.token_growth < thresholds.token_explosion


def test_a_record_cannot_be_changed_but_copied():
    with pytest.raises(FrozenInstanceError):
        GOLDILOCKS.ratio_mild = 1.0
    assert replace(GOLDILOCKS, ratio_mild=1.1) != GOLDILOCKS


def test_limits_can_only_be_given_by_name():
    with pytest.raises(TypeError):
        Thresholds(1.2)


def test_every_limit_is_documented():
    for field in fields(Thresholds):
        assert f" {field.name}" in Thresholds.__doc__


def test_a_preset_changes_the_verdict_it_speaks_of():
    gap = named_run("overfit")
    rise = {
        name: {
            v.rule: v for v in diagnose(gap, replace(PRESETS[name], rise_harmful=limit)).verdicts
        }
        for name, limit in (("goldilocks", 0.02), ("microsoft", 0.9))
    }
    assert rise["goldilocks"]["validation_rise"].found
    assert not rise["microsoft"]["validation_rise"].found
