"""What a session remembers beside its runs and choices: limits, files, and evaluations.

Like ``state``, whose words on widgets hold here too: values live here, widgets only mirror them.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

import streamlit as st

from analysis import GOLDILOCKS, Thresholds, Upload
from analysis.diagnose import judge
from analysis.limits import LIMITS, out_of_order, with_limits
from analysis.sources.scores import scores_of
from analysis.thresholds import PRESETS
from pages.shared import state, task_scores

if TYPE_CHECKING:
    import pandas as pd

_ADOPTED = "thresholds"
_TRIED = "tried_thresholds"
_LOADED = "limits_loaded"
_UPLOADS = "uploads"

SCORES = "scores"  # of the Grader page

NO_SCORES: "pd.DataFrame | None" = None


def thresholds() -> Thresholds:
    """Return the limits that every run of the session is judged by."""
    found: Thresholds = st.session_state.get(_ADOPTED, GOLDILOCKS)
    return found


def tried() -> Thresholds:
    """Return the limits that are being tried on the run in view."""
    found: Thresholds = st.session_state.get(_TRIED, thresholds())
    return found


def set_anew(limits: Thresholds) -> None:
    """Try a whole set of limits; the sliders that mirror them start again from it."""
    st.session_state[_TRIED] = limits
    st.session_state[_LOADED] = n_sets() + 1


def try_out_moved() -> None:
    """Try the limits as the sliders stand, unless they contradict each other."""
    limits = with_limits(tried(), moved())
    if not out_of_order(limits):
        st.session_state[_TRIED] = limits


def moved() -> dict[str, float]:
    """Return where the drawn sliders stand, by limit."""
    keys = {name: slider_key(name) for name in LIMITS}
    return {name: st.session_state[key] for name, key in keys.items() if key in st.session_state}


def slider_key(name: str) -> str:
    """Return the key of a limit's slider."""
    return f"limit-{name}-{n_sets()}"


def try_preset(key: str) -> None:
    """Try the preset that a widget stands on."""
    preset = PRESETS.get(st.session_state[key])
    if preset is not None:
        set_anew(preset)


def n_sets() -> int:
    """Return how often a whole set was taken over; part of the sliders' keys."""
    return int(st.session_state.get(_LOADED, 0))


def adopt(limits: Thresholds) -> None:
    """Judge every run of the session by these limits, and those that come later."""
    set_anew(limits)
    st.session_state[_ADOPTED] = limits
    state.rejudge(judge(report.curves, limits) for report in state.reports().values())


def uploads() -> tuple[Upload, ...]:
    """Return the files that the session's runs were read from, in the order of loading."""
    return tuple(st.session_state.get(_UPLOADS, {}).values())


def keep_uploads(files: Iterable[Upload]) -> None:
    """Keep files for the workspace file; one that comes again replaces itself."""
    kept: dict[tuple[str, str], Upload] = dict(st.session_state.get(_UPLOADS, {}))
    kept.update({(f.name, sha256(f.content).hexdigest()): f for f in files})
    st.session_state[_UPLOADS] = kept


def evaluations() -> dict[str, bytes]:
    """Return the user's own evaluations by name: scores of a grader, task scores of runs."""
    scores = state.choice(SCORES, NO_SCORES)
    graded = {} if scores is None else {SCORES: scores.to_csv(index=False).encode()}
    return {**graded, **task_scores.files()}


def keep_evaluations(found: Mapping[str, bytes]) -> None:
    """Take over evaluations as ``evaluations`` gave them."""
    if SCORES in found:
        state.hold_choice(SCORES, scores_of(found[SCORES], SCORES))
    task_scores.restore(found)
