"""Loss curves known exactly: every draw is the course itself, so each threshold is sharp."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace

import numpy as np
import pytest

from analysis import GOLDILOCKS, Status, Thresholds, Verdict, run_from_frame
from analysis.curve.curve import GRID, N_DRAWS, Curve
from analysis.curve.losses import LossCurves
from analysis.curve.readings import Readings
from analysis.run import Origin
from tests.builders import make_frame

LAST_STEP = 200
HAIR = 1e-6
SETTLED_BY = 0.05  # share of the run over which a course holds its start


def _moved(thresholds: Thresholds) -> Thresholds:
    """Return other thresholds, every one of them, so that no rule can go by a number of its own."""
    values = {field.name: getattr(thresholds, field.name) for field in fields(thresholds)}
    return Thresholds(
        **{name: v + 1 if isinstance(v, int) else 0.95 * v for name, v in values.items()}
    )


MOVED = _moved(GOLDILOCKS)
for_all_limits = pytest.mark.parametrize("limits", [GOLDILOCKS, MOVED], ids=["default", "moved"])


def both_sides(found: Status = Status.WARN):
    """Give a test a hair to either side of a threshold, and the status it leads to."""
    sides = [
        pytest.param(HAIR, found, id="just over the line"),
        pytest.param(-HAIR, Status.PASS, id="just short of it"),
    ]
    return pytest.mark.parametrize(("hair", "status"), sides)


def each(builders: Mapping[str, Callable]):
    """Give a test one builder of curves at a time, ``build(limits, hair)``."""
    return pytest.mark.parametrize("build", list(builders.values()), ids=list(builders))


def by_share_of_draws(found: Status = Status.WARN):
    """Give a test counts of draws around both ends of the undecided zone, and their status."""
    few = math.floor((0.5 - GOLDILOCKS.undecided) * N_DRAWS)
    counts = {
        0: Status.PASS,
        few: Status.PASS,
        few + 1: Status.INSUFFICIENT_DATA,
        N_DRAWS // 2: Status.INSUFFICIENT_DATA,
        N_DRAWS - few - 1: Status.INSUFFICIENT_DATA,
        N_DRAWS - few: found,
        N_DRAWS: found,
    }
    return pytest.mark.parametrize(("n_holding", "status"), list(counts.items()))


def by_readings(*needed: str, found: Status = Status.WARN):
    """Give a test ways to thin the readings of the curves a rule needs, and what is then left."""
    cases = []
    for name in needed:
        least = f"min_{name}_readings"
        cases += [
            pytest.param(_never(name), Status.NOT_APPLICABLE, id=f"no {name}"),
            pytest.param(_only(name, least, -1), Status.INSUFFICIENT_DATA, id=f"few {name}"),
            pytest.param(_only(name, least, 0), found, id=f"enough {name}"),
        ]
    if "valid" in needed:
        least = "min_full_readings"
        cases += [
            pytest.param(_only("valid", least, -1), Status.INSUFFICIENT_DATA, id="few full"),
            pytest.param(_only("valid", least, 0), found, id="enough full"),
        ]
    return pytest.mark.parametrize(("thinned", "status"), cases)


def _never(name: str) -> Callable[[LossCurves, Thresholds], LossCurves]:
    return lambda curves, _: replace(curves, **{name: None})


def _only(name: str, least: str, more: int) -> Callable[[LossCurves, Thresholds], LossCurves]:
    full = least == "min_full_readings"
    return lambda curves, limits: thinned_to(curves, name, getattr(limits, least) + more, full=full)


def thinned_to(curves: LossCurves, name: str, n_readings: int, *, full: bool = False) -> LossCurves:
    """Return losses of which one was logged this often, ``full`` passes if so said."""
    curve = getattr(curves, name)
    column = f"{'full_' if full else ''}{name}_loss"
    readings = _readings(column, curve.draws, n_readings)
    return replace(curves, **{name: replace(curve, readings=readings)})


def course(*knots: tuple[float, float]) -> np.ndarray:
    """Return a course through these knots of (share of the run, value), straight between."""
    places, values = zip(*knots, strict=True)
    return np.interp(GRID, places, values)


def via(start: float, middle: float, end: float) -> np.ndarray:
    """Return a course that holds its start, is at ``middle`` half-way, and holds its end."""
    return course((0, start), (SETTLED_BY, start), (0.5, middle), (0.9, end), (1, end))


def level(value: float) -> np.ndarray:
    """Return a course that never moves."""
    return np.full(len(GRID), float(value))


def exact_losses(
    train: np.ndarray | None = None,
    valid: np.ndarray | None = None,
    accuracy: np.ndarray | None = None,
    *,
    passes: float = 2.0,
    passes_known: bool = True,
    lost_from: int | None = None,
    answer_tokens: float | None = None,
    file_format: str = "frame",
    columns: Mapping[str, np.ndarray] | None = None,
) -> LossCurves:
    """Return losses that follow these courses in every draw.

    Parameters
    ----------
    train, valid, accuracy : array, shape (n_grid,), optional
        The courses; None where the metric was never logged.
    passes, passes_known
        Passes over the data in every draw, and whether the file or job states them.
    lost_from, answer_tokens, file_format
        As in ``LossCurves`` and ``Run``.
    columns : mapping of str to array, shape (200,), optional
        What the run's frame holds besides the learning rate.
    """
    frame = make_frame(learning_rate=np.full(LAST_STEP, 1e-5), **(columns or {}))
    origin = Origin(format=file_format)
    run = run_from_frame(frame, "sft", answer_tokens=answer_tokens, origin=origin)
    return LossCurves(
        run=run,
        train=_curve("train_loss", train, 40),
        valid=_curve("valid_loss", valid, 20),
        accuracy=_curve("valid_mean_token_accuracy", accuracy, 20),
        n_epochs=passes if passes_known else None,
        epochs=np.full(N_DRAWS, passes),
        lost_from=lost_from,
    )


def _curve(column: str, values: np.ndarray | None, n_readings: int) -> Curve | None:
    if values is None:
        return None
    draws = np.tile(values, (N_DRAWS, 1))
    return Curve(_readings(column, draws, n_readings), draws, LAST_STEP)


def _readings(column: str, draws: np.ndarray, n_readings: int) -> Readings:
    steps = np.linspace(LAST_STEP, 0, n_readings, endpoint=False)[::-1].round().astype(np.int64)
    return Readings(column, steps, np.interp(steps / LAST_STEP, GRID, np.median(draws, axis=0)))


def mixed(holding: LossCurves, other: LossCurves, n_holding: int) -> LossCurves:
    """Return losses whose first draws are those of one and whose other draws of another."""
    rows = np.arange(N_DRAWS) < n_holding
    curves = {}
    for name in ("train", "valid", "accuracy"):
        one, two = getattr(holding, name), getattr(other, name)
        if one is not None:
            draws = np.where(rows[:, None], one.draws, two.draws)
            curves[name] = replace(one, draws=draws)
    return replace(holding, epochs=np.where(rows, holding.epochs, other.epochs), **curves)


def judged(rule: Callable, curves: LossCurves, limits: Thresholds = GOLDILOCKS) -> Verdict:
    """Return a rule's verdict, after checking what is true of every verdict."""
    verdict = rule(curves, limits)
    assert verdict.rule == rule.__name__
    assert verdict.source
    assert_plain(verdict.statement)
    assert all(verdict.advice)
    json.dumps(verdict.to_dict(), allow_nan=False)
    if verdict.holds is None:
        assert verdict.status in {Status.NOT_APPLICABLE, Status.INSUFFICIENT_DATA}
        assert (verdict.probability, verdict.evidence) == (None, ())
    else:
        assert verdict.holds.shape == (N_DRAWS,)
        assert verdict.probability == verdict.holds.mean()
        assert bool(verdict.advice) == verdict.found
        assert_numbers(verdict)
    if verdict.steps:
        assert verdict.found
        assert 1 <= verdict.steps[0] <= verdict.steps[1] <= LAST_STEP
    return verdict


def assert_plain(statement: str) -> None:
    """Check that a statement is a sentence without names from the code or unprintable numbers."""
    assert re.fullmatch(r"[A-Z0-9].*\.", statement), statement
    assert not re.search(r"[_`*#<>{}|]|\bnan\b|\binf\b", statement), statement


def assert_numbers(verdict: Verdict) -> None:
    """Check that there is evidence, finite, named once, and within its own interval."""
    assert verdict.evidence
    assert len({item.name for item in verdict.evidence}) == len(verdict.evidence)
    for item in verdict.evidence:
        assert item.label
        assert math.isfinite(item.value)
        if item.low is not None:
            assert item.low <= item.value <= item.high


def assert_held_in_first(verdict: Verdict, n_holding: int, status: Status) -> None:
    """Check that the rule holds in these draws, which decide probability and status."""
    assert verdict.holds.tolist() == [True] * n_holding + [False] * (N_DRAWS - n_holding)
    assert verdict.probability == n_holding / N_DRAWS
    assert verdict.status is status


def numbers(verdict: Verdict) -> dict[str, float]:
    """Return the evidence by name."""
    return {item.name: item.value for item in verdict.evidence}


def begun_late(curves: LossCurves) -> LossCurves:
    """Return the same losses of a file whose first fifth of the steps is missing."""
    late = {
        name: replace(curve, first_step=LAST_STEP // 5)
        for name in ("train", "valid", "accuracy")
        if (curve := getattr(curves, name)) is not None
    }
    return replace(curves, **late)
