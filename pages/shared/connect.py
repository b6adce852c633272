"""Connect: jobs of OpenAI or Azure, listed, opened as runs, or kept in an archive."""

from functools import partial
from typing import Any

import streamlit as st

from analysis import SourceError
from analysis.sources.api.address import Provider
from analysis.sources.api.allowed import allowed_origins
from analysis.sources.api.connection import connect
from analysis.sources.api.explanations import StoppedError
from analysis.sources.api.progress import Progress
from pages.shared import api_state, api_work, loading, platform_jobs, state
from pages.shared.api_state import Listed, Opened, Packed
from pages.shared.errand import Errand
from pages.shared.literal import literal

LOOK = 0.5  # seconds from one look at an errand to the next
KEY_HELP = {
    Provider.OPENAI: "A project key with read access to Fine-tuning and Files.",
    Provider.AZURE: "A key of the resource, or an Entra token: how to get one is under More.",
}
PRIVACY = (
    "The key stays in this session's memory and is sent to this address only. "
    "Disconnect forgets it."
)
CLOSING = (
    "OpenAI ends fine-tuning: no new jobs after 6 January 2027. Save your jobs as an archive, and "
    "their history stays yours."
)

STOPPED = StoppedError("Stopped before there was an answer", remedy="Start again when you like")
SIGN_IN = "az account get-access-token --resource https://ai.azure.com --query accessToken -o tsv"


def panel() -> None:
    """Draw the way to a platform's jobs, in whatever state it is."""
    _take_over()
    platform = api_state.platform()
    if platform.error:
        _error(platform.error)
    if platform.listed:
        platform_jobs.connected(platform.listed, busy=platform.errand is not None)
    else:
        _way_in(busy=platform.errand is not None)
    if platform.errand:
        _watch()
    elif platform.archive:
        platform_jobs.download(platform.archive)


def _error(error: SourceError) -> None:
    where = f"\n\n:small[{literal(error.where)}]" if error.where else ""
    said, title = f"{literal(error.remedy)}.{where}", literal(error.problem)
    if isinstance(error, StoppedError):
        st.info(said, title=title, icon=":material/stop_circle:")
    else:
        st.error(said, title=title, icon=":material/error:")


def _way_in(*, busy: bool) -> None:
    """Draw the form, unless whoever runs the app allows no address."""
    try:
        allowed = allowed_origins()
    except SourceError as error:
        _error(error)
        return
    if allowed == ():
        st.info("Connecting is switched off here: load files.", icon=":material/link_off:")
    else:
        _form(allowed, busy=busy)


def _form(allowed: tuple[str, ...] | None, *, busy: bool) -> None:
    """Draw what a connection needs; what was typed stays when it fails."""
    provider = st.segmented_control(
        "Platform",
        list(Provider),
        default=Provider.OPENAI,
        format_func=platform_jobs.NAMES.__getitem__,
        required=True,
        key="platform-provider",
        label_visibility="collapsed",
        disabled=busy,
    )
    azure = provider is Provider.AZURE
    with st.form("platform-form", border=False):
        key_column, address_column = st.columns(2)
        key = key_column.text_input(
            "Key or Entra token" if azure else "API key",
            type="password",
            autocomplete="off",
            key="platform-key",
            help=KEY_HELP[provider or Provider.OPENAI],
        )
        address = address_column.text_input(
            "Address of the resource or project" if azure else "Address",
            key=f"platform-address-{provider}",
            placeholder="https://NAME.openai.azure.com" if azure else "https://api.openai.com/v1",
            help="The endpoint on the resource's overview; a portal link will often do."
            if azure
            else "Only for another region or a proxy.",
        )
        if allowed:
            st.caption(f"Allowed here: {', '.join(literal(origin) for origin in allowed)}")
        version, by_machine = _azure_choices(shared=allowed is not None) if azure else ("", False)
        with st.container(horizontal=True, vertical_alignment="center"):
            pressed = st.form_submit_button("Connect", icon=":material/link:", disabled=busy)
            st.caption(PRIVACY, width="stretch")
    if not azure:
        st.caption(CLOSING)
    if pressed:
        _connect(provider or Provider.OPENAI, address, None if by_machine else key, version)


def _azure_choices(*, shared: bool) -> tuple[str, bool]:
    """Draw what few need; return the API version and whether this machine's sign-in is used.

    Where the app is shared, the machine's sign-in is not the visitor's and is not offered.
    """
    with st.expander("More: Entra token, sign-in, API version"):
        st.caption("This command gives an Entra token, to be used like a key for about an hour:")
        st.code(SIGN_IN, language=None, wrap_lines=True)
        version = st.text_input(
            "API version",
            key="platform-version",
            placeholder="v1",
            help="Only for a resource without the v1 API: a date such as 2025-04-01-preview.",
        )
        by_machine = not shared and st.checkbox(
            "Use this machine's Azure sign-in in place of a key",
            key="platform-machine",
            help="az login and its like; needs the package azure-identity.",
        )
    return version, by_machine


def _connect(provider: Provider, address: str, key: str | None, version: str) -> None:
    try:
        connection = connect(provider, address, key, version)
    except SourceError as error:
        api_state.change(error=error)
    else:
        api_state.begin(partial(api_work.list_all, connection))
    st.rerun()


@st.fragment(run_every=LOOK)
def _watch() -> None:
    """Draw how far the errand is, and the way to stop it."""
    errand = api_state.platform().errand
    if errand is None or not errand.running:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        _progress(errand.progress)
        if st.button("Stop fetching", icon=":material/stop_circle:", key="platform-stop"):
            _stop(errand)
            st.rerun()


def _progress(progress: Progress) -> None:
    words = " · ".join(dict.fromkeys(filter(None, (progress.part, progress.message))))
    if progress.share is None:
        st.markdown(f":material/hourglass_top: {literal(words)}…", width="stretch")
    else:
        st.progress(progress.share, text=literal(words))


def _stop(errand: Errand[Any]) -> None:
    """End the errand; what it has not handed over by then is left."""
    errand.stop()
    if errand.running:
        api_state.change(errand=None, error=STOPPED)


def _take_over() -> None:
    """Turn the outcome of an errand that has ended into jobs, runs or an archive."""
    errand = api_state.platform().errand
    if errand is None or errand.running:
        return
    api_state.change(errand=None, error=errand.error)
    outcome = errand.outcome
    if isinstance(outcome, Listed):
        api_state.change(listed=outcome)
        api_state.begin_round()
    elif isinstance(outcome, Opened):
        _replace(outcome)
        api_state.begin_round()
    elif isinstance(outcome, Packed):
        api_state.change(archive=outcome)
        loading.load((), outcome.failures)


def _replace(opened: Opened) -> None:
    """Open jobs as runs; a job that was open already is shown as it is now."""
    for run_id, report in list(state.reports().items()):
        if report.run.job and report.run.job.job_id in opened.job_ids:
            state.remove(run_id)
    loading.load(opened.uploads, opened.failures)
