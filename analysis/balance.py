"""Balance of loss and token accuracy: where they disagree, and what each priority would pick."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.curve.curve import Curve
from analysis.curve.losses import LossCurves
from analysis.decision import recommend
from analysis.report import Report
from analysis.rules.card import Lacking
from analysis.rules.sft.preconditions import accuracy_of, valid_of

PRIORITIES = tuple(round(0.1 * tenth, 1) for tenth in range(11))


@dataclass(frozen=True)
class Pick:
    """What a priority picks.

    Attributes
    ----------
    priority : float
        Weight of token accuracy against loss, 0 to 1.
    step : int
        The step of least weighed regret.
    loss : float
        Validation loss there, nats per token, on the middle of the curves.
    accuracy : float
        Validation token accuracy there, 0 to 1, likewise.
    """

    priority: float
    step: int
    loss: float
    accuracy: float


@dataclass(frozen=True, eq=False)
class Balance:
    """Both curves of a run, and where each is best.

    Attributes
    ----------
    loss, accuracy : Curve
        Validation loss and token accuracy.
    by_loss, by_accuracy : int
        Steps at which each is best.
    """

    loss: Curve
    accuracy: Curve
    by_loss: int
    by_accuracy: int

    @property
    def accuracy_holds(self) -> bool:
        """Whether accuracy is best only after loss was: right as often, but too sure."""
        return self.by_accuracy > self.by_loss

    def cost(self) -> tuple[float, float]:
        """Return what going from the best loss to the best accuracy gains and costs.

        Absolute points of accuracy, and loss as a share.
        """
        steps = [self.by_loss, self.by_accuracy]
        losses, accuracies = self.loss.middle(steps), self.accuracy.middle(steps)
        lost = float(losses[1] / max(float(losses[0]), 1e-9) - 1.0)
        return float(accuracies[1] - accuracies[0]), lost


def balance_of(report: Report) -> Balance | str:
    """Return both curves of a run, or why they cannot be weighed, in one sentence."""
    curves = report.curves
    if not isinstance(curves, LossCurves):
        return "This run was judged by rewards: it has no loss to weigh token accuracy against."
    loss = valid_of(curves, report.thresholds)
    accuracy = accuracy_of(curves, report.thresholds)
    if isinstance(loss, Lacking):
        return loss.statement
    if isinstance(accuracy, Lacking):
        return accuracy.statement
    return Balance(loss, accuracy, loss.step_of_least(), accuracy.step_of_greatest())


def picks(report: Report, priorities: Iterable[float] = PRIORITIES) -> tuple[Pick, ...]:
    """Return what each priority would pick; empty where nothing can be recommended."""
    curves, balance = report.curves, balance_of(report)
    if isinstance(balance, str) or not isinstance(curves, LossCurves):
        return ()
    verdicts = {verdict.rule: verdict for verdict in report.verdicts}
    found = []
    for priority in priorities:
        step = recommend(curves, report.headline, verdicts, report.thresholds, priority).step
        if step is not None:
            loss, accuracy = balance.loss.middle([step])[0], balance.accuracy.middle([step])[0]
            found.append(Pick(priority, step, float(loss), float(accuracy)))
    return tuple(found)
