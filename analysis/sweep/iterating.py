"""Iterating: whether runs still get better than the first one, or it is time to stop."""

from dataclasses import dataclass

from analysis.sweep.trials import Sweep, Trial

# Microsoft's skill, iterative training: stop when more than 5 % over the baseline and the last
# three runs gained nothing, or less than 0.1. Its 0.1 is a point of a score from 1 to 5; for a
# metric of another scale it is taken as a tenth of what was gained so far: our reading.
ENOUGH = 0.05
LAST = 3
SMALL = 0.1
SOURCE = "Microsoft's fine-tuning skill, iterative training"


@dataclass(frozen=True)
class Iterating:
    """Where a row of experiments stands.

    Attributes
    ----------
    baseline, best : Trial
        The first run, and the best one.
    gain : float
        How much better the best is than the baseline, as a share of the baseline's value.
    late_gain : float
        How much of that the last three runs added, likewise.
    stop : bool
        Whether to stop.
    statement : str
        That in a sentence.
    """

    baseline: Trial
    best: Trial
    gain: float
    late_gain: float
    stop: bool
    statement: str


def iterating(sweep: Sweep, baseline: Trial) -> Iterating:
    """Return whether more runs are worth it; the trials are taken in the order they stand in."""
    best = sweep.best()
    before = [trial for trial in sweep.trials[:-LAST] if trial.key != baseline.key]
    gain = _gain(sweep, baseline, best)
    early = _gain(sweep, baseline, sweep.best([baseline, *before]))
    late = max(gain - early, 0.0)
    enough_runs = len(sweep.trials) > LAST
    stop = enough_runs and gain > ENOUGH and late < SMALL * gain
    return Iterating(baseline, best, gain, late, stop, _words(gain, late, stop, enough_runs))


def _gain(sweep: Sweep, baseline: Trial, trial: Trial) -> float:
    change = trial.value - baseline.value
    better = change if sweep.higher_is_better else -change
    return better / max(abs(baseline.value), 1e-9)


def _words(gain: float, late: float, stop: bool, enough_runs: bool) -> str:
    if not enough_runs:
        return f"Too few runs to say whether to stop: the rule looks at the last {LAST} of more."
    brought = "nothing" if late <= 0.0 else f"{late:.1%}"
    if stop:
        return (
            f"Stop iterating: the best run is {gain:.1%} better than the baseline, and the last "
            f"{LAST} runs added {brought}."
        )
    if gain <= ENOUGH:
        return (
            f"Go on: the best run is {max(gain, 0.0):.1%} better than the baseline; from "
            f"{ENOUGH:.0%} on, stopping is worth a thought."
        )
    return f"Go on: the last {LAST} runs added {brought} to a gain of {gain:.1%}."
