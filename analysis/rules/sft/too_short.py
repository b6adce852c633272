"""Too short: fewer points than the other rules need."""

from analysis.curve.curve import N_DRAWS
from analysis.curve.losses import LossCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import MORE_READINGS, needed_valid, train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Status, Verdict

CARD = RuleCard(
    name="too_short",
    source="Goldilocks: with fewer points one noisy batch decides the verdict",
    good="There are points enough of what was logged.",
    close="",
    advice=(MORE_READINGS,),
)

NO_LOSS = Lacking(Status.NOT_APPLICABLE, "No loss was ever logged.", "Log the losses")


def too_short(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether the losses that were logged have points enough to judge."""
    if curves.train is None and curves.valid is None:
        return CARD.lacking(NO_LOSS)
    sought = (
        train_of(curves, thresholds) if curves.train is not None else None,
        valid_of(curves, thresholds) if curves.valid is not None else None,
    )
    lacking = [found for found in sought if isinstance(found, Lacking)]
    reasons = " ".join(found.statement for found in lacking)
    return CARD.fact(
        found=bool(lacking),
        bad=f"Too short to judge. {reasons}",
        evidence=_counts(curves, thresholds),
        flips="the missing points are logged",
        n_draws=N_DRAWS,
    )


def _counts(curves: LossCurves, thresholds: Thresholds) -> tuple[Evidence, ...]:
    counts = []
    if curves.train:
        normal = f"{thresholds.min_train_readings} or more"
        n_train = len(curves.train.readings)
        counts.append(Evidence("n_train_readings", n_train, "Training points", normal))
    if curves.valid:
        normal = f"{needed_valid(curves.valid, thresholds)} or more"
        n_valid = len(curves.valid.readings)
        counts.append(Evidence("n_valid_readings", n_valid, "Validation points", normal))
    return tuple(counts)
