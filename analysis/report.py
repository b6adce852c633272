"""The report on one run: headline, verdicts and recommendation, as records and as JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from analysis.curve.losses import LossCurves
from analysis.curve.rewards import RewardCurves
from analysis.headline import Headline
from analysis.recommendation import Recommendation
from analysis.run import Run
from analysis.schema import STEP
from analysis.thresholds import GOLDILOCKS, Thresholds
from analysis.verdict import Status, Verdict

JUDGED = frozenset({Status.PASS, Status.WARN, Status.FAIL})


@dataclass(frozen=True, eq=False)
class Report:
    """Everything the analysis says of one run.

    Attributes
    ----------
    run : Run
        The run.
    curves : LossCurves or RewardCurves
        The curves the verdicts rest on.
    headline : Headline
        One label for the run.
    verdicts : tuple of Verdict
        One for each rule, in the order of the rules.
    recommendation : Recommendation
        Which checkpoint, and what to do.
    thresholds : Thresholds
        The limits it was judged by.
    """

    run: Run
    curves: LossCurves | RewardCurves
    headline: Headline
    verdicts: tuple[Verdict, ...]
    recommendation: Recommendation
    thresholds: Thresholds = GOLDILOCKS

    @property
    def findings(self) -> tuple[Verdict, ...]:
        """The verdicts that warn or fail, failures first."""
        failed = [v for v in self.verdicts if v.status is Status.FAIL]
        return (*failed, *(v for v in self.verdicts if v.status is Status.WARN))

    @property
    def passed(self) -> tuple[Verdict, ...]:
        """The verdicts that found nothing wrong."""
        return tuple(v for v in self.verdicts if v.status is Status.PASS)

    @property
    def not_judged(self) -> tuple[Verdict, ...]:
        """The verdicts of rules that could not judge."""
        return tuple(v for v in self.verdicts if v.status not in JUDGED)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as one entry of ``runs`` in the JSON document."""
        run = self.run
        return {
            "name": run.name,
            "method": run.method.value,
            "source": {
                "path": run.origin.path,
                "job_id": run.origin.job_id,
                "format": run.origin.format,
                "sha256": run.origin.sha256,
            },
            "rows": len(run.frame),
            "first_step": int(run.frame[STEP].iloc[0]),
            "last_step": run.last_step,
            "import_notes": [asdict(note) for note in run.notes],
            "headline": self.headline.to_dict(),
            "verdicts": [verdict.to_dict() for verdict in self.verdicts],
            "recommendation": self.recommendation.to_dict(),
        }
