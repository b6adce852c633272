"""Task scores: what the user uploaded for each run, and what it says."""

from collections.abc import Iterable, Mapping

from analysis import Report, SourceError
from analysis.evaluations.judging import Evaluation, judge
from analysis.evaluations.reading import read_scores
from analysis.evaluations.scores import Scores
from pages.shared import state

NO_BASE = "none of them"
FILES = "task scores"


def scores_of(run_id: str) -> tuple[Scores, ...]:
    """Return the scores uploaded for a run."""
    found: tuple[Scores, ...] = state.choice(f"scores-{run_id}", ())
    return found


def failures_of(run_id: str) -> tuple[tuple[str, str], ...]:
    """Return the files that could not be read as scores, each with the reason."""
    found: tuple[tuple[str, str], ...] = state.choice(f"score-failures-{run_id}", ())
    return found


def take_scores(
    run_id: str, found: Iterable[Scores], failed: Iterable[tuple[str, str]] = ()
) -> None:
    """Keep scores; those of a label that is there already replace it. Empty the uploader."""
    kept = {each.label: each for each in (*scores_of(run_id), *found)}
    state.hold_choice(f"scores-{run_id}", tuple(kept.values()))
    state.hold_choice(f"score-failures-{run_id}", tuple(failed))
    state.hold_choice(f"score-round-{run_id}", score_round(run_id) + 1)


def take_files(run_id: str, files: Iterable[tuple[str, bytes]]) -> None:
    """Read and keep files of scores; one that cannot be read never takes the others with it."""
    found, failed, read = [], [], {}
    for name, content in files:
        try:
            found.extend(read_scores(name, content))
        except SourceError as error:
            failed.append((name, str(error)))
        else:
            read[f"{FILES}/{run_id}/{name}"] = content
    kept: Mapping[str, bytes] = state.choice(FILES, {})
    state.hold_choice(FILES, {**kept, **read})
    take_scores(run_id, found, failed)


def files() -> Mapping[str, bytes]:
    """Return the files of scores that were read, by a name that tells their run."""
    found: Mapping[str, bytes] = state.choice(FILES, {})
    return found


def restore(found: Mapping[str, bytes]) -> None:
    """Take over files of scores as ``files`` gave them."""
    for name, content in found.items():
        kind, _, rest = name.partition("/")
        run_id, _, file = rest.partition("/")
        if kind == FILES:
            take_files(run_id, [(file, content)])


def forget_scores(run_id: str) -> None:
    """Forget the scores of a run."""
    state.hold_choice(f"scores-{run_id}", ())
    state.hold_choice(f"score-failures-{run_id}", ())
    own = f"{FILES}/{run_id}/"
    state.hold_choice(FILES, {n: c for n, c in files().items() if not n.startswith(own)})


def score_round(run_id: str) -> int:
    """Return how often scores were taken over; part of the uploader's key, to empty it."""
    return state.choice(f"score-round-{run_id}", 0)


def base_of(run_id: str) -> str:
    """Return the label of the base model: the user's choice, else the one that says so."""
    named = next((each.label for each in scores_of(run_id) if each.is_base), NO_BASE)
    return state.choice(f"base-{run_id}", named)


def choose_base(run_id: str, label: str) -> None:
    """Remember which of the scores are the base model's."""
    state.hold_choice(f"base-{run_id}", label)


def evaluation_of(report: Report) -> Evaluation | None:
    """Return what the scores uploaded for a run say; None where there are none."""
    run_id = state.run_id_of(report)
    scores = scores_of(run_id)
    return judge(scores, base_of(run_id)) if scores else None
