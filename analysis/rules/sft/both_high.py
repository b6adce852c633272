"""Both high: neither loss leaves the level of a model that learned nothing."""

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import Curve
from analysis.curve.losses import LossCurves
from analysis.curve.quantities import (
    late_share,
    train_drop,
    train_drop_after_hidden,
    train_end,
    valid_end,
    visible,
    visible_factor,
)
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import both_from_start
from analysis.run import Run
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Mask, Verdict, measured

CARD = RuleCard(
    name="both_high",
    source="Microsoft fine-tuning skill, training curves: both losses stay high; Protean AI",
    good="The losses do not both stay high.",
    close="Both losses may be staying high: too noisy to say.",
    advice=(
        "The task is too hard as it stands: try a larger base model",
        "Split or simplify the task, or shorten the answers",
    ),
)
ADVICE_GUESSING = (
    "Check that the labels follow from the prompts, and that they are right",
    "Describe the labels in the prompt, or let the model reason before it answers",
    *CARD.advice[:1],
)
LABELS = np.arange(2, 7)  # more of them lie too close together to be told apart
ALL_HIGH = "Both losses stay high: the model has hardly learned anything of the task."
ONE_TOKEN = 1.25  # visible tokens of an answer that is a label; our choice


def both_high(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether training loss barely moved and validation flattened at a high level.

    High is a loss above ``high_level``, as of free text. Answers of one visible token are labels,
    where K of them are guessed at ln K nats: both losses near ln K, for one K of 2 to 6, are as
    high (the label ``guessing``). That can be known of OpenAI's files alone, whose loss counts two
    hidden tokens beside the visible one; as these are learned first, training must have barely
    moved since then. A model that knows how frequent each label is guesses better than ln K, and
    goes unseen.
    """
    both = both_from_start(curves, thresholds)
    if isinstance(both, Lacking):
        return CARD.lacking(both)
    train, valid = both
    level = visible(np.minimum(valid_end(valid), train_end(train)), curves.run)
    drop = train_drop(curves, train)
    still, high = drop < thresholds.barely_moves, level > thresholds.high_level
    flat = late_share(curves, valid) < thresholds.flattened
    n_labels = _guessed(train, valid, curves.run, thresholds)
    guessed = flat & (n_labels > 0)
    holds = (still & high & flat) | guessed
    guessing = bool(2 * guessed.sum() > holds.sum())
    normal = f"under {thresholds.high_level:g} nats per token"
    least_drop = f"over {thresholds.barely_moves:.1%}"
    evidence = [
        measured("level_end", level, "Lower of the two losses at the end", normal),
        measured("train_drop", drop, "Fall of the training loss", least_drop, as_share=True),
    ]
    n_guessed = int(np.median(n_labels[guessed])) if guessing else 0
    if guessing:
        evidence.append(Evidence("labels_guessed", n_guessed, "Labels as if guessed among", "none"))
    return CARD.judge(
        holds,
        thresholds,
        bad=_guess(n_guessed) if guessing else ALL_HIGH,
        evidence=tuple(evidence),
        steps=(int(train.readings.steps[0]), curves.run.last_step),
        flips=f"the losses end on the other side of {thresholds.high_level:g} nats per token",
        label="guessing" if guessing else None,
        advice=ADVICE_GUESSING if guessing else None,
        excluded=_excluded(still, high, flat, ~holds),
    )


def _guess(n_labels: int) -> str:
    return (
        f"Both losses stay at ln {n_labels}, as high as guessing among {n_labels} labels: the "
        "model has not learned to tell them apart."
    )


def _guessed(train: Curve, valid: Curve, run: Run, thresholds: Thresholds) -> NDArray[np.int64]:
    """Return among how many labels the model guesses, shape (n_draws,); 0 where it does not."""
    guessed = np.zeros(len(train.draws), dtype=np.int64)
    if visible_factor(run) == 1.0 or (run.answer_tokens or np.inf) > ONE_TOKEN:
        return guessed
    levels = (visible(train_end(train), run), visible(valid_end(valid), run))
    settled = train_drop_after_hidden(train) < thresholds.barely_moves
    for n_labels in LABELS:
        expected = float(np.log(n_labels))
        reach = thresholds.guessing * expected
        near = np.logical_and.reduce([np.abs(level - expected) < reach for level in levels])
        guessed = np.where(near & settled, n_labels, guessed)
    return guessed


def _excluded(still: Mask, high: Mask, flat: Mask, left: Mask) -> list[tuple[Mask, str]]:
    return [
        (
            left & still & high & ~flat,
            "Both losses are high and training loss barely moves, but validation loss was still "
            "falling late.",
        ),
        (
            left & still & ~high,
            "Training loss barely moves, but the losses are not high: judged as underfitting.",
        ),
        (left & ~still & high, "Both losses end high, but training loss fell clearly."),
    ]
