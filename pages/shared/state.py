"""What a session remembers: the loaded runs and the user's choices.

The only user of ``st.session_state`` and ``st.query_params``. Streamlit drops a widget's key when
the page changes, so values are kept here and widgets only mirror them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import streamlit as st

from analysis import Failure, Report

_REPORTS = "reports"
_FAILURES = "failures"
_UPLOADS = "uploads_seen"
_STEPS = "steps"
RUN, VIEW, STEP = "run", "view", "step"  # the names in the link

ID_LENGTH = 12


@dataclass(frozen=True)
class Wanted:
    """A run that the link names but that is not loaded."""

    run_id: str


def run_id_of(report: Report) -> str:
    """Return the run's identity: the start of its content's hash, so a link can name it."""
    return (report.run.origin.sha256 or report.run.name)[:ID_LENGTH]


def reports() -> Mapping[str, Report]:
    """Return the loaded reports by run id, in the order of loading."""
    found: dict[str, Report] = st.session_state.setdefault(_REPORTS, {})
    return found


def failures() -> tuple[Failure, ...]:
    """Return the inputs that could not be read."""
    return tuple(st.session_state.get(_FAILURES, ()))


def add(new: Iterable[Report], failed: Iterable[Failure] = ()) -> None:
    """Keep reports; a file loaded again replaces itself."""
    kept = dict(reports())
    kept.update({run_id_of(report): report for report in new})
    st.session_state[_REPORTS] = kept
    st.session_state[_FAILURES] = (*failures(), *failed)


def remove(run_id: str) -> None:
    """Forget one run."""
    st.session_state[_REPORTS] = {k: r for k, r in reports().items() if k != run_id}


def dismiss_failures() -> None:
    """Forget the inputs that could not be read."""
    st.session_state[_FAILURES] = ()


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
    kept = st.session_state.get(STEP)
    linked = st.query_params.get(STEP, "")
    if kept is None and linked.isdecimal() and len(linked) < 16:
        kept = int(linked)
    if kept is None:
        kept = default
    return min(options, key=lambda option: abs(option - kept))


def choose_step(step: int) -> None:
    """Remember the step."""
    st.session_state[STEP] = step
    _mirror()


def _mirror() -> None:
    """Write the choices into the address, so that a link restores them."""
    for name in (RUN, VIEW, STEP):
        value = st.session_state.get(name)
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = str(value)
