"""What a session remembers: the loaded runs and the user's choices.

The only user of ``st.query_params``, and with ``settings``, ``api_state`` and ``watch_state`` of
``st.session_state``. Streamlit drops a widget's key when the page changes, so values are kept here
and widgets only mirror them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

import streamlit as st

from analysis import Failure, Report
from analysis.sources.mapping import NO_MAPPING, ColumnMapping
from analysis.sources.part import Part
from pages.shared.stops import nearest, step_in

_REPORTS = "reports"
_FAILURES = "failures"
_UPLOADS = "uploads_seen"
_MAPPING = "mapping"
_PARTS = "parts"
_CHOICES = "choices"
_JUDGED = "judged"
RUN, VIEW, STEP = LINKED = "run", "view", "step"  # the names in the link
MAX_JUDGED = 500  # reports on parts of runs that are kept
ID_LENGTH = 12
T = TypeVar("T")


@dataclass(frozen=True)
class Wanted:
    """A run that the link names but that is not loaded."""

    run_id: str


def run_id_of(report: Report) -> str:
    """Return the run's identity: the start of its content's hash, so a link can name it."""
    origin = report.run.origin
    if origin.within:
        return sha256(f"{origin.sha256}/{origin.within}".encode()).hexdigest()[:ID_LENGTH]
    return (origin.sha256 or report.run.name)[:ID_LENGTH]


def order_of(report: Report) -> int:
    """Return a run's place in the order of loading, from 0: its colour follows from it."""
    return list(reports()).index(run_id_of(report))


def reports() -> Mapping[str, Report]:
    """Return the loaded reports by run id, in the order of loading."""
    found: dict[str, Report] = st.session_state.setdefault(_REPORTS, {})
    return found


def failures() -> tuple[Failure, ...]:
    """Return the inputs that could not be read."""
    return tuple(st.session_state.get(_FAILURES, ()))


def parts() -> tuple[Part, ...]:
    """Return what was read so far, for later files to be joined to."""
    return tuple(st.session_state.get(_PARTS, ()))


def keep(read: Iterable[Part], judged: Iterable[Report], failed: Iterable[Failure] = ()) -> None:
    """Keep everything read so far with its reports, and the inputs that could not be read."""
    st.session_state[_PARTS] = tuple(read)
    st.session_state[_REPORTS] = {run_id_of(report): report for report in judged}
    settled = [failure for failure in failures() if not failure.waits]
    st.session_state[_FAILURES] = (*settled, *failed)


def rejudge(judged: Iterable[Report]) -> None:
    """Take over new reports on the loaded runs."""
    anew = {run_id_of(report): report for report in judged}
    st.session_state[_REPORTS] = {k: anew.get(k, old) for k, old in reports().items()}


def remove(run_id: str) -> None:
    """Forget one run and the files it was read from."""
    origin = reports()[run_id].run.origin
    files = {origin.sha256, *origin.joined}
    st.session_state[_PARTS] = tuple(
        part
        for part in parts()
        if part.piece.sha256 not in files or part.within not in {None, origin.within}
    )
    st.session_state[_REPORTS] = {k: r for k, r in reports().items() if k != run_id}


def dismiss_failures() -> None:
    """Forget the inputs that could not be read, and those that wait for another file."""
    st.session_state[_FAILURES] = ()


def dismiss_failure(failure: Failure) -> None:
    """Forget one input that could not be read."""
    st.session_state[_FAILURES] = tuple(kept for kept in failures() if kept is not failure)


def mapping() -> ColumnMapping:
    """Return what the user said of columns so far."""
    found: ColumnMapping = st.session_state.get(_MAPPING, NO_MAPPING)
    return found


def remember(more: ColumnMapping) -> None:
    """Keep what the user says of columns for the next files of this session."""
    known = {**mapping().columns, **more.columns}
    st.session_state[_MAPPING] = ColumnMapping(known, more.count_rows)


def forget() -> None:
    """Forget everything that the session remembers."""
    st.session_state.clear()


def upload_round() -> int:
    """Return how often uploads were taken over; part of the uploader's key, to empty it."""
    return int(st.session_state.get(_UPLOADS, 0))


def end_upload_round() -> None:
    """Empty the uploader: its files are runs now."""
    st.session_state[_UPLOADS] = upload_round() + 1


def choose_run(run_id: str) -> None:
    """Make a run the one that the Run page shows."""
    if st.session_state.get(RUN) != run_id:
        st.session_state.pop(STEP, None)
        st.session_state.pop(VIEW, None)
    st.session_state[RUN] = run_id
    _mirror()


def chosen_run() -> Report | Wanted | None:
    """Return the run to show: the chosen one, else the link's, else the first; None if none."""
    wanted = st.session_state.get(RUN) or st.query_params.get(RUN)
    if wanted and wanted in reports():
        st.session_state[RUN] = wanted
        return reports()[wanted]
    if wanted and not reports():
        return Wanted(str(wanted))
    first = next(iter(reports().values()), None)
    if first is not None:
        st.session_state[RUN] = run_id_of(first)
    return first


def chosen_view(default: str) -> str:
    """Return the view (sft or rft) that was chosen for this run, or the link's, or the default."""
    return str(st.session_state.get(VIEW) or st.query_params.get(VIEW) or default)


def choose_view(view: str) -> None:
    """Remember the view."""
    st.session_state[VIEW] = view
    _mirror()


def chosen_step(options: tuple[int, ...], default: int) -> int:
    """Return the chosen step, or the link's, moved to the nearest option; else the default."""
    kept: int | None = st.session_state.get(STEP)
    if kept is None:
        kept = step_in(linked(STEP))
    return nearest(options, default if kept is None else kept)


def choice(name: str, default: T) -> T:
    """Return a choice of one page by name, or the default."""
    choices: dict[str, T] = st.session_state.setdefault(_CHOICES, {})
    return choices.get(name, default)


def hold_choice(name: str, value: object) -> None:
    """Remember a choice of one page."""
    st.session_state[_CHOICES] = {**st.session_state.get(_CHOICES, {}), name: value}


def value_of(key: str) -> object:
    """Return the value of a widget that was just moved: for its callback."""
    return st.session_state[key]


def said_by(key: str) -> Mapping[str, Any]:
    """Return what a component in the browser said last; nothing before it did."""
    said = st.session_state.get(key)
    return said if isinstance(said, Mapping) else {}


def linked_choice(name: str, options: Collection[T], default: T) -> T:
    """Return a choice of one page by its name in the link: the chosen one, else the link's."""
    kept = choice(name, None)
    if kept in options:
        return kept
    return next((option for option in options if str(option) == linked(name)), default)


def hold_linked(name: str, value: object) -> None:
    """Remember a choice of one page, here and in the address."""
    hold_choice(name, value)
    link(name, str(value))


def linked(name: str) -> str:
    """Return a value of the address; empty where there is none."""
    return str(st.query_params.get(name, ""))


def link(name: str, value: str) -> None:
    """Write a value into the address, unless it stands there."""
    if linked(name) != value:
        st.query_params[name] = value


def judged(key: str, make: Callable[[], Report]) -> Report:
    """Return a report that is expensive to make, from this session's memory where it is there."""
    known: dict[str, Report] = st.session_state.setdefault(_JUDGED, {})
    if key not in known:
        if len(known) >= MAX_JUDGED:
            known.clear()
        known[key] = make()
    return known[key]


def choose_step(step: int) -> None:
    """Remember the step."""
    st.session_state[STEP] = step
    _mirror()


def _mirror() -> None:
    """Write the choices into the address, so that a link restores them."""
    chosen = view()
    for name in LINKED:
        if name in chosen:
            st.query_params[name] = chosen[name]
        else:
            st.query_params.pop(name, None)


def view() -> dict[str, str]:
    """Return what is chosen, by its name in the link."""
    chosen = {name: st.session_state.get(name) for name in LINKED}
    return {name: str(value) for name, value in chosen.items() if value is not None}
