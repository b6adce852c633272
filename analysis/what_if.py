"""What if a limit were another: where the verdicts of a run would turn."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from analysis.diagnose import DPO_RULES, RFT_RULES, SFT_RULES
from analysis.limits import bounds_of, with_limits
from analysis.report import Report
from analysis.schema import Method
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict

RULES: dict[Method, tuple[Callable[..., Verdict], ...]] = {
    Method.SFT: SFT_RULES,
    Method.RFT: RFT_RULES,
    Method.DPO: DPO_RULES,
}
HALVINGS = 12  # of the range in which a limit turns a verdict: four digits of it
# How sure one must be and how much must be logged are no limits on what a run shows.
NO_LIMITS = frozenset({"undecided", "min_train_readings", "min_valid_readings"}) | {
    "min_full_readings"
}


@dataclass(frozen=True)
class Flip:
    """Where a limit turns a verdict.

    Attributes
    ----------
    rule : str
        The rule whose verdict it is.
    limit : str
        The threshold that is moved; all others stay.
    value : float
        Where it stands.
    at : float
        Where the verdict turns, the nearest such place.
    becomes : Status
        What the verdict is beyond it.
    """

    rule: str
    limit: str
    value: float
    at: float
    becomes: Status

    @property
    def distance(self) -> float:
        """How far the limit would have to move, as a share of where it stands."""
        return abs(self.at - self.value) / max(abs(self.value), 1e-9)


class _Watched(Thresholds):
    """Thresholds that remember which of them were looked at."""

    def __getattribute__(self, name: str) -> object:
        if not name.startswith("_"):
            object.__getattribute__(self, "__dict__").setdefault("_seen", set()).add(name)
        return object.__getattribute__(self, name)


def limits_of(report: Report, rule: Callable[..., Verdict]) -> tuple[str, ...]:
    """Return the limits that a rule looked at when it judged this run, in the record's order."""
    watched = _Watched(**asdict(report.thresholds))
    rule(report.curves, watched)
    seen = watched.__dict__.get("_seen", frozenset())
    return tuple(name for name in asdict(report.thresholds) if name in seen - NO_LIMITS)


def flips(report: Report) -> tuple[Flip, ...]:
    """Return where each verdict of a run turns, by each limit that can turn it alone.

    A verdict that gave way to another finding is left out: its own rule says otherwise. In the
    order of the rules; the nearest limit of a rule first.
    """
    said = {verdict.rule: verdict.status for verdict in report.verdicts}
    found: list[Flip] = []
    for rule in RULES[report.run.method]:
        verdict = rule(report.curves, report.thresholds)
        if verdict.holds is None or said.get(verdict.rule) is not verdict.status:
            continue
        turns = [_turn(report, rule, verdict, limit) for limit in limits_of(report, rule)]
        found.extend(sorted((turn for turn in turns if turn), key=lambda turn: turn.distance))
    return tuple(found)


def _turn(
    report: Report, rule: Callable[..., Verdict], verdict: Verdict, limit: str
) -> Flip | None:
    """Return the nearest place at which moving one limit turns a verdict; None if none does."""
    value = getattr(report.thresholds, limit)

    def status(moved: float) -> Status:
        return rule(report.curves, with_limits(report.thresholds, {limit: moved})).status

    turns = []
    for end in bounds_of(limit, report.thresholds):
        beyond = status(end)
        if beyond is not verdict.status:
            at, becomes = _between(status, value, end, verdict.status)
            turns.append(Flip(verdict.rule, limit, value, at, becomes))
    return min(turns, key=lambda turn: turn.distance, default=None)


def _between(
    status: Callable[[float], Status], value: float, end: float, now: Status
) -> tuple[float, Status]:
    """Return where the status turns between a limit and the end of its range, and to what."""
    inside, outside = value, end
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        if status(middle) is now:
            inside = middle
        else:
            outside = middle
    return outside, status(outside)
