"""The next experiment: one change at a time, with why, in the terms of the platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from analysis.advice.knobs import KNOBS
from analysis.advice.platform import Platform
from analysis.advice.remedies import LOSS_REMEDIES, REWARD_REMEDIES, WHY, Remedy
from analysis.report import Report
from analysis.run import Run
from analysis.schema import Method
from analysis.verdict import Verdict

RATES = ("learning_rate_multiplier", "learning_rate", "lr")
BATCHES = ("batch_size", "global_batch_size", "per_device_train_batch_size")


@dataclass(frozen=True)
class Change:
    """One change to try.

    Attributes
    ----------
    remedy : Remedy
        What kind of change it is.
    text : str
        What to do, in the platform's terms.
    why : str
        What it should do.
    specifics : str
        The same with this run's numbers; empty where they are not known.
    rule : str
        The finding it is against.
    """

    remedy: Remedy
    text: str
    why: str
    specifics: str
    rule: str


def changes_for(rule: str, method: Method, platform: Platform) -> tuple[tuple[Remedy, str], ...]:
    """Return the remedies against a finding that the platform has, with its words for them."""
    found = [(remedy, KNOBS[remedy].get(platform)) for remedy in _remedies(method)[rule]]
    return tuple((remedy, words) for remedy, words in found if words)


def next_changes(report: Report, platform: Platform) -> tuple[Change, ...]:
    """Return what to try, the next experiment first, each change once.

    The finding that the headline speaks of comes first, then failures, then warnings: the first
    change of the first finding is the experiment, for two changes at once cannot be told apart.
    """
    changes: dict[Remedy, Change] = {}
    for verdict in _in_order(report):
        for remedy, words in changes_for(verdict.rule, report.run.method, platform):
            if remedy not in changes:
                said = _specifics(remedy, report)
                changes[remedy] = Change(remedy, words, WHY[remedy], said, verdict.rule)
    return tuple(changes.values())


def _remedies(method: Method) -> Mapping[str, tuple[Remedy, ...]]:
    return REWARD_REMEDIES if method is Method.RFT else LOSS_REMEDIES


def _in_order(report: Report) -> list[Verdict]:
    label = report.headline.label
    rule = "overfitting" if label.startswith("overfit_") else label
    return sorted(report.findings, key=lambda verdict: verdict.rule != rule)


def _specifics(remedy: Remedy, report: Report) -> str:
    """Return a change with this run's numbers; empty where they are not known."""
    run, step = report.run, report.recommendation.step
    if remedy in {Remedy.EARLIER_CHECKPOINT, Remedy.PEAK_CHECKPOINT} and step is not None:
        return f"Here: step {step:,} of {run.last_step:,}."
    if remedy is Remedy.FEWER_EPOCHS:
        return _fewer_epochs(report)
    if remedy in {Remedy.LOWER_RATE, Remedy.LOWER_RATE_RFT}:
        return _scaled(run, RATES, 1 / 3)
    if remedy is Remedy.HIGHER_RATE:
        return _scaled(run, RATES, 2.0)
    return _scaled(run, BATCHES, 2.0) if remedy is Remedy.LARGER_BATCH else ""


def _fewer_epochs(report: Report) -> str:
    epochs, best = report.curves.n_epochs, report.recommendation.best_step
    if not epochs or best is None:
        return ""
    passed = best / report.run.last_step * epochs
    enough = max(ceil(passed - 0.25), 1)
    if enough >= epochs:
        return ""
    return f"Here: from {epochs:g} to {enough}, for the best step lies {passed:.1f} epochs in."


def _scaled(run: Run, names: tuple[str, ...], times: float) -> str:
    for name in names:
        value = run.hyperparameters.get(name)
        if isinstance(value, (int, float)) and value > 0:
            return f"Here: {name} from {value:g} to {value * times:.2g}."
    return ""
