"""Trials: the runs of a sweep, each by its hyperparameters and one value to compare them by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from analysis.schema import METRICS, Direction

KNOB = "hyperparameters/"
SEED = "seed"
BASE = "base_model"  # counted among the hyperparameters: it is varied like one
# The value to compare runs by: the most trustworthy that most of them have.
COMPARED = (
    "full_valid_mean_reward",
    "full_valid_loss",
    "valid_loss",
    "train_mean_reward",
)

Value = float | str


@dataclass(frozen=True)
class Trial:
    """A run of a sweep.

    Attributes
    ----------
    key : str
        Identity of the run.
    name : str
        Its name.
    knobs : mapping of str to float or str
        Its hyperparameters and its base model, but not its seed.
    seed : float or str or None
        Its seed; None when unknown.
    label : str
        Its verdict.
    value : float
        The best logged value of the metric compared.
    """

    key: str
    name: str
    knobs: Mapping[str, Value]
    seed: Value | None
    label: str
    value: float

    @property
    def setting(self) -> tuple[tuple[str, Value], ...]:
        """Its hyperparameters in order: equal for runs that differ in their seed only."""
        return tuple(sorted(self.knobs.items()))


@dataclass(frozen=True)
class Sweep:
    """Runs that can be compared.

    Attributes
    ----------
    metric : str
        The metric compared.
    trials : tuple of Trial
        In the order given.
    left_out : int
        Runs without that metric.
    """

    metric: str
    trials: tuple[Trial, ...]
    left_out: int = 0

    @property
    def higher_is_better(self) -> bool:
        """Which way the metric improves."""
        return METRICS[self.metric].direction is Direction.HIGHER

    @property
    def varied(self) -> tuple[str, ...]:
        """The hyperparameters that at least two of the runs have at different values."""
        names = sorted({name for trial in self.trials for name in trial.knobs})
        return tuple(name for name in names if len(self.values(name)) > 1)

    def values(self, knob: str) -> list[Value]:
        """Return the values of a hyperparameter, ascending, words after numbers."""
        found = {trial.knobs[knob] for trial in self.trials if knob in trial.knobs}
        return sorted(found, key=_order)

    def best(self, trials: Iterable[Trial] | None = None) -> Trial:
        """Return the trial with the best value, the first of equals."""
        sign = -1.0 if self.higher_is_better else 1.0
        return min(self.trials if trials is None else trials, key=lambda t: sign * t.value)


def sweep_of(rows: Mapping[str, Mapping[str, Any]]) -> Sweep | None:
    """Return the runs that share a metric; None where fewer than two do.

    Parameters
    ----------
    rows : mapping of str to dict
        Rows as ``analysis.screening.judging.row_of`` makes them, by the run's identity.
    """
    counts = {name: sum(_has(row, name) for row in rows.values()) for name in COMPARED}
    metric = max(COMPARED, key=lambda name: counts[name])
    if counts[metric] < 2:
        return None
    trials = tuple(_trial(key, row, metric) for key, row in rows.items() if _has(row, metric))
    return Sweep(metric, trials, len(rows) - len(trials))


def _has(row: Mapping[str, Any], metric: str) -> bool:
    value = row.get(f"{metric}/best")
    return isinstance(value, int | float) and isfinite(value)


def _trial(key: str, row: Mapping[str, Any], metric: str) -> Trial:
    knobs = {
        name.removeprefix(KNOB): value
        for name, value in row.items()
        if name.startswith(KNOB) and _is_known(value)
    }
    seed = knobs.pop(SEED, None)
    if row.get(BASE):
        knobs[BASE] = str(row[BASE])
    value = float(row[f"{metric}/best"])
    return Trial(key, str(row["name"]), knobs, seed, str(row["headline"]), value)


def _is_known(value: Any) -> bool:  # noqa: ANN401 - a cell of a table
    return isinstance(value, str) or (isinstance(value, int | float) and isfinite(value))


def _order(value: Value) -> tuple[bool, float, str]:
    if isinstance(value, str):
        return True, 0.0, value
    return False, float(value), ""


def setting_words(knobs: Mapping[str, Value], names: Sequence[str]) -> str:
    """Return some hyperparameters in words, such as ``epochs 3, batch size 4``."""
    return ", ".join(
        f"{knob_words(name)} {value_words(knobs[name])}" for name in names if name in knobs
    )


def knob_words(knob: str) -> str:
    """Return a hyperparameter's name in words."""
    return knob.removeprefix("n_").replace("_", " ")


def value_words(value: Value) -> str:
    """Return a hyperparameter's value in words."""
    return value if isinstance(value, str) else f"{value:g}"
