"""The way back: a link names runs that this session does not have, or has no longer.

Sessions live in memory, so a reload, another browser and a restart of the server all begin empty;
the address still says what was shown.
"""

from hashlib import sha256

import streamlit as st

from pages.shared import loading, overview, slots, state


def missing_runs() -> tuple[str, ...]:
    """Return the runs that the link names, by identity, where no run is loaded."""
    if state.reports():
        return ()
    named = [state.linked(state.RUN), *(slot.run_id for slot in slots.linked_slots())]
    return tuple(dict.fromkeys(run_id for run_id in named if run_id))


def draw(run_ids: tuple[str, ...]) -> None:
    """Say what is missing, and draw what brings the view back: the samples, or an uploader."""
    several = len(run_ids) > 1
    if set(run_ids) <= _samples():
        what = "samples" if several else "one of the samples"
        st.header(f"This link shows {what}", anchor=False)
        st.markdown("Open the samples, and this view comes back.")
        loading.offer_samples()
        return
    runs = "runs that are" if several else "a run that is"
    st.header(f"This link names {runs} not loaded", anchor=False)
    st.markdown(
        "Runs stay in your session's memory and are never stored: a reload, another browser or a "
        f"restart of the server begins empty. Drop the same {'files' if several else 'file'} or a "
        "saved workspace here, and this view comes back."
    )
    loading.load_uploads()
    overview.failures()


def _samples() -> set[str]:
    """Return the identities of the sample runs."""
    paths = loading.SAMPLES.glob("*.csv")
    return {sha256(path.read_bytes()).hexdigest()[: state.ID_LENGTH] for path in paths}
