"""What is said of every sample is what was reviewed; ``make golden`` writes it again."""

import json
from typing import Any

import pytest

from tests.golden.regenerate import GOLDEN, documents
from tests.shared_data import SAMPLES

NAMES = sorted(path.stem for path in SAMPLES.glob("*.csv"))
TRUTH = {  # what README.md of sample_data/ promises: headline, action, step
    "healthy": ("healthy", "deploy", 360),
    "overfit": ("overfit_severe", "deploy", 200),
    "underfit": ("underfit", "retrain", 200),
    "noisy_tiny_batch": ("healthy", "deploy", 450),
    "no_validation": ("no_validation", "evaluate", None),
    "hacked_grader": ("reward_hacking", "evaluate", 70),
}


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Any]]:
    return documents()


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_is_judged_as_reviewed(name, found):
    golden = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    _assert_same(found[name], golden, name)


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_shows_what_its_readme_promises(name, found):
    recommendation = found[name]["recommendation"]
    label, action, step = TRUTH[name]
    assert found[name]["headline"]["label"] == label
    assert (recommendation["action"], recommendation["step"]) == (action, step)


def _assert_same(ours: object, golden: object, where: str) -> None:
    """Compare documents: words exactly, numbers to a thousandth, for processors differ."""
    if isinstance(golden, dict):
        assert isinstance(ours, dict), where
        assert ours.keys() == golden.keys(), where
        for key, value in golden.items():
            _assert_same(ours[key], value, f"{where}.{key}")
    elif isinstance(golden, list):
        assert isinstance(ours, list), where
        assert len(ours) == len(golden), where
        for index, value in enumerate(golden):
            _assert_same(ours[index], value, f"{where}[{index}]")
    elif isinstance(golden, float):
        assert ours == pytest.approx(golden, rel=1e-3, abs=1e-4), where
    else:
        assert ours == golden, where
