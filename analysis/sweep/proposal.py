"""The next experiment: one change to the best run so far, after its verdict."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.sweep.trials import Sweep, Trial, Value, knob_words
from analysis.wording import label_words

RATES = ("learning_rate_multiplier", "learning_rate")
EPOCHS, BATCH = "n_epochs", "batch_size"
RATE_RANGE = (0.1, 2.0)  # of the multiplier: Microsoft's fine-tuning skill, hyperparameters
MAX_EPOCHS = 10.0  # our choice

# What each verdict asks for, the cheapest first: a hyperparameter and what to do with it.
REMEDIES = {
    "overfit_severe": (("epochs", -1), ("rate", -1)),
    "overfit_moderate": (("epochs", -1), ("rate", -1)),
    "overfit_mild": (("epochs", -1), ("rate", -1)),
    "divergence": (("rate", -1), ("batch", 1)),
    "crash_zero": (("rate", -1), ("epochs", -1)),
    "oscillation": (("batch", 1), ("rate", -1)),
    "underfit": (("rate", 1), ("epochs", 1)),
    "both_high": (("rate", 1), ("epochs", 1)),
    "plateau_early": (("epochs", -1), ("rate", -1)),
    "collapse": (("rate", -1), ("batch", 1)),
    "unstable_variance": (("rate", -1), ("batch", 1)),
    "plateau": (("rate", 1), ("epochs", 1)),
    "healthy": (("rate", 1), ("rate", -1), ("epochs", 1)),
}
SOURCE = "Microsoft's fine-tuning skill: change one variable at a time"


@dataclass(frozen=True)
class Proposal:
    """The next experiment.

    Attributes
    ----------
    trial : Trial
        The run to start from; all its other hyperparameters stay.
    knob : str
        What to change.
    old, new : float or str or None
        Its value there, and the one to try; None for a seed of any kind.
    reason : str
        Why, in a sentence.
    """

    trial: Trial
    knob: str
    old: Value | None
    new: Value | None
    reason: str


def proposal(sweep: Sweep) -> Proposal | None:
    """Return the next experiment; None where every single change was tried or nothing is known.

    The best run is the place to start. A setting that was tried is not proposed again; when all
    single changes were, the best setting is repeated with another seed, if it never was.
    """
    best = sweep.best()
    tried = {trial.setting for trial in sweep.trials}
    for knob, new in _changes(best):
        if tuple(sorted({**best.knobs, knob: new}.items())) not in tried:
            return Proposal(best, knob, best.knobs[knob], new, _reason(best, knob, new))
    repeats = sum(trial.setting == best.setting for trial in sweep.trials)
    if repeats > 1 or not best.knobs:
        return None
    reason = "Single changes were tried. Another seed tells how much of the gain is luck."
    return Proposal(best, "seed", best.seed, None, reason)


def _changes(best: Trial) -> Iterator[tuple[str, float]]:
    """Yield what the best run's verdict asks for, as far as its hyperparameters are known."""
    for kind, direction in REMEDIES.get(best.label, ()):
        knob = _knob(best, kind)
        if knob is None:
            continue
        old = float(best.knobs[knob])
        new = _moved(kind, knob, old, direction)
        if new is not None:
            yield knob, new


def _knob(best: Trial, kind: str) -> str | None:
    names = {"rate": RATES, "epochs": (EPOCHS,), "batch": (BATCH,)}[kind]
    return next((name for name in names if isinstance(best.knobs.get(name), int | float)), None)


def _moved(kind: str, knob: str, old: float, direction: int) -> float | None:
    """Return a value one step further: half or double, one epoch; None beyond what is sensible."""
    if kind == "epochs":
        new = old + direction
        return new if 1.0 <= new <= MAX_EPOCHS else None
    new = float(f"{old * 2.0**direction:.3g}")
    if knob == RATES[0] and not RATE_RANGE[0] <= new <= RATE_RANGE[1]:
        return None
    return new


def _reason(best: Trial, knob: str, new: float) -> str:
    old = best.knobs[knob]
    lower = isinstance(old, int | float) and new < old
    less, more = ("fewer", "more") if knob == EPOCHS else ("a lower", "a higher")
    does = "do" if knob == EPOCHS else "does"
    found = f"The verdict on it is {label_words(best.label).lower()}"
    way = f"{less if lower else more} {knob_words(knob)}"
    return f"{found}: find out whether {way} {does} better, everything else as it is."
