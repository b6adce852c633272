"""Low training loss: so low that overfitting is likely."""

from analysis.curve.losses import LossCurves
from analysis.curve.quantities import train_end, visible, visible_factor
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_of
from analysis.thresholds import Thresholds
from analysis.verdict import Verdict, measured

CARD = RuleCard(
    name="low_train_loss",
    source="Protean AI: training loss under 0.2; hidden tokens after the LessWrong measurements",
    good="Training loss is not suspiciously low.",
    close="Training loss ends near the level that suggests overfitting: too noisy to say.",
    advice=(
        "Take it as a hint only: short answers and labels reach such losses in good health",
        "Look at validation loss and at answers to held-out prompts",
    ),
)


def low_train_loss(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether training loss ends below ``low_train_loss``, per visible token where known.

    OpenAI's loss averages over two hidden tokens an answer, which a tuned model predicts surely:
    0.2 reported on one-token answers is 0.6 per visible token.
    """
    train = train_of(curves, thresholds)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    end = visible(train_end(train), curves.run)
    known = " per visible token" if visible_factor(curves.run) > 1.0 else ""
    return CARD.judge(
        end < thresholds.low_train_loss,
        thresholds,
        bad=f"Training loss ends below {thresholds.low_train_loss:g} nats{known}.",
        evidence=(
            measured(
                "train_end",
                end,
                f"Training loss at the end{known}",
                f"over {thresholds.low_train_loss:g} nats per token",
            ),
        ),
        steps=(int(train.readings.steps[0]), curves.run.last_step),
        flips=f"training loss ends on the other side of {thresholds.low_train_loss:g}",
    )
