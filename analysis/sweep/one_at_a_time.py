"""One variable at a time: which runs show what a hyperparameter does, and which cannot."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.sweep.trials import Sweep, Trial, Value


@dataclass(frozen=True)
class Series:
    """Runs that differ in one hyperparameter only, and in their seed.

    Attributes
    ----------
    knob : str
        The hyperparameter.
    groups : mapping of float or str to tuple of Trial
        The runs of each of its values.
    """

    knob: str
    groups: Mapping[Value, tuple[Trial, ...]]

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All of its runs."""
        return tuple(trial for group in self.groups.values() for trial in group)


def series_of(sweep: Sweep) -> tuple[Series, ...]:
    """Return every series, those with the most runs first.

    A run that does not say a hyperparameter is in no series of it.
    """
    found: list[Series] = []
    for knob in sweep.varied:
        alike: dict[tuple[tuple[str, Value], ...], dict[Value, list[Trial]]] = {}
        for trial in sweep.trials:
            if knob in trial.knobs:
                rest = tuple(pair for pair in trial.setting if pair[0] != knob)
                alike.setdefault(rest, {}).setdefault(trial.knobs[knob], []).append(trial)
        found.extend(
            Series(knob, {value: tuple(group) for value, group in groups.items()})
            for groups in alike.values()
            if len(groups) > 1
        )
    return tuple(sorted(found, key=lambda series: -len(series.trials)))


def unattributed(sweep: Sweep) -> tuple[Trial, ...]:
    """Return the runs that differ from every other one in several hyperparameters.

    What made them better or worse cannot be told. A run with an equal twin of another seed is not
    among them only when some run differs from it in one hyperparameter.
    """
    told = {trial.key for series in series_of(sweep) for trial in series.trials}
    several = len({trial.setting for trial in sweep.trials}) > 1
    return tuple(trial for trial in sweep.trials if several and trial.key not in told)
