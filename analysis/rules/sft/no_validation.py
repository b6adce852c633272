"""No validation: nothing was held out, so nothing can be called healthy."""

from analysis.curve.curve import N_DRAWS
from analysis.curve.losses import LossCurves
from analysis.rules.card import RuleCard
from analysis.rules.sft.preconditions import ADD_VALIDATION
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Verdict

CARD = RuleCard(
    name="no_validation",
    source="Microsoft fine-tuning skill, training curves: overfitting shows on validation loss",
    good="Validation loss was logged.",
    close="",
    advice=(ADD_VALIDATION,),
)


def no_validation(curves: LossCurves, thresholds: Thresholds) -> Verdict:  # noqa: ARG001
    """Judge whether any validation loss was logged."""
    n_readings = 0 if curves.valid is None else len(curves.valid.readings)
    return CARD.fact(
        found=curves.valid is None,
        bad=(
            "No validation loss was logged, so the training curve alone cannot show whether "
            "the model generalises."
        ),
        evidence=(Evidence("n_valid_readings", n_readings, "Validation readings", "10 or more"),),
        flips="the first validation values are logged",
        n_draws=N_DRAWS,
    )
