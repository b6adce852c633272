"""Column conflict: batch and full validation would lead to different verdicts."""

import numpy as np

from analysis.curve.curve import N_DRAWS
from analysis.curve.losses import LossCurves, folded_validation
from analysis.curve.quantities import train_end
from analysis.curve.readings import Readings, finite_readings
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_of
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Status, Verdict

CARD = RuleCard(
    name="column_conflict",
    source="Microsoft fine-tuning skill: full validation is 'more accurate, less frequent'",
    good="Batch and full validation lead to the same verdict.",
    close="Batch and full validation may lead to different verdicts: too noisy to say.",
    advice=("Go by full validation: it covers the whole set, and the verdicts here rest on it",),
)
LATE = 0.15  # share of the run over which the last batches are averaged
SEED = 3


def column_conflict(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether the two validation columns put the final ratio into different bands.

    The mean of the last batches, its error by their spread, against the last full pass.
    """
    train = train_of(curves, thresholds)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    full = finite_readings(curves.run.frame, "full_valid_loss")
    batch = finite_readings(curves.run.frame, "valid_loss")
    if full is None or batch is None:
        statement = "Only one kind of validation was logged."
        return CARD.lacking(Lacking(Status.NOT_APPLICABLE, statement, ""))
    train_readings = finite_readings(curves.run.frame, "train_loss")
    last = _late(folded_validation(batch, train_readings), train.step_at(1 - LATE))
    end = train_end(train)
    batch_ratio = last / np.maximum(end, 1e-9)
    full_ratio = float(full.values[-1]) / np.maximum(end, 1e-9)
    limits = (thresholds.ratio_mild, thresholds.ratio_moderate, thresholds.ratio_severe)
    apart = np.searchsorted(limits, batch_ratio) != np.searchsorted(limits, full_ratio)
    by_batch, by_full = float(np.median(batch_ratio)), float(np.median(full_ratio))
    return CARD.judge(
        apart,
        thresholds,
        bad=(
            f"By single batches validation ends at {by_batch:.2g} times training loss, by the "
            f"full set at {by_full:.2g} times. The full set was used."
        ),
        evidence=(
            Evidence("batch_ratio", by_batch, "Ratio by single batches", "as by the full set"),
            Evidence("full_ratio", by_full, "Ratio by the full set"),
        ),
        steps=(train.step_at(1 - LATE), curves.run.last_step),
        flips="both columns put the ratio into one band",
    )


def _late(batch: Readings, since: int) -> np.ndarray:
    """Return plausible means of the batches after a step, shape (n_draws,)."""
    late = batch.values[batch.steps > since]
    late = late if len(late) else batch.values[-1:]
    spread = float(np.std(late)) if len(late) > 1 else 0.3 * float(late[0])
    normals = np.random.default_rng(SEED).standard_normal(N_DRAWS)
    return np.asarray(np.mean(late) + spread / np.sqrt(len(late)) * normals)
