"""Seeds: runs of one setting together, their mean and their spread."""

from dataclasses import dataclass
from math import nan, sqrt
from statistics import fmean, stdev

from analysis.sweep.trials import Sweep, Trial

BAND = "mean ± SD over seeds"  # the band's name wherever it is drawn or told


@dataclass(frozen=True)
class SeedGroup:
    """Runs with the same hyperparameters.

    Attributes
    ----------
    trials : tuple of Trial
        The runs.
    mean, sd : float
        Of their best values; the standard deviation of a single run is NaN.
    """

    trials: tuple[Trial, ...]
    mean: float
    sd: float


def seed_groups(sweep: Sweep) -> tuple[SeedGroup, ...]:
    """Return the runs by setting, the best mean first."""
    alike: dict[object, list[Trial]] = {}
    for trial in sweep.trials:
        alike.setdefault(trial.setting, []).append(trial)
    groups = [_group(trials) for trials in alike.values()]
    sign = -1.0 if sweep.higher_is_better else 1.0
    return tuple(sorted(groups, key=lambda group: sign * group.mean))


def seed_noise(sweep: Sweep) -> float:
    """Return how far runs of one setting scatter: the pooled SD over all; NaN without repeats."""
    repeated = [group for group in seed_groups(sweep) if len(group.trials) > 1]
    freedom = sum(len(group.trials) - 1 for group in repeated)
    if not freedom:
        return nan
    return sqrt(sum(group.sd**2 * (len(group.trials) - 1) for group in repeated) / freedom)


def _group(trials: list[Trial]) -> SeedGroup:
    values = [trial.value for trial in trials]
    return SeedGroup(tuple(trials), fmean(values), stdev(values) if len(values) > 1 else nan)
