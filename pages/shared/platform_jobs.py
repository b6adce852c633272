"""The jobs of a platform that is connected: the list, the choice, and what to do with it."""

from functools import partial

import pandas as pd
import streamlit as st

from analysis.sources.api.address import Provider
from analysis.sources.api.jobs import ListedJob
from analysis.visible import visible
from analysis.wording import counted
from pages.shared import api_state, api_work, watch_state
from pages.shared.api_state import Listed, Packed
from pages.shared.literal import literal
from pages.shared.theme import UNKNOWN

TABLE_HEIGHT, ROW_HEIGHT = 320, 35  # pixels; more jobs scroll
NAMES = {Provider.OPENAI: "OpenAI", Provider.AZURE: "Azure"}


def connected(listed: Listed, *, busy: bool) -> None:
    """Draw the jobs and what can be done with them."""
    connection = listed.connection
    with st.container(horizontal=True, vertical_alignment="center"):
        host = connection.base_url.split("/")[2]
        st.markdown(
            f":material/link: **{NAMES[connection.provider]}** · {literal(host)} · "
            f"{counted(len(listed.jobs), 'job')}",
            width="stretch",
        )
        again = partial(api_work.list_all, connection)
        st.button("List again", icon=":material/refresh:", disabled=busy, on_click=api_state.begin,
                  args=(again,))  # fmt: skip
        st.button("Disconnect", icon=":material/link_off:", on_click=_disconnect)
    if listed.problem:
        st.warning(f"This list may not be whole. {literal(listed.problem)}")
    if not listed.jobs:
        st.info(
            "No fine-tuning jobs here. A key sees only the jobs of its own project or resource: "
            "try the one in which they were trained.",
            icon=":material/search_off:",
        )
        return
    chosen = _table(listed.jobs)
    _actions(listed, chosen, busy=busy)


def _disconnect() -> None:
    """Forget the key everywhere: a watched job has it too."""
    api_state.forget()
    watch_state.stop()


def _table(jobs: tuple[ListedJob, ...]) -> list[str]:
    """Draw the jobs that match the search and return the ids of the chosen ones."""
    words = st.text_input(
        "Search",
        key="platform-search",
        placeholder="Search by name, model, method, status or id",
        label_visibility="collapsed",
        icon=":material/search:",
    )
    found = [job for job in jobs if _matches(job, words or "")]
    if not found:
        st.info("No job matches the search.", icon=":material/search_off:")
        return []
    table = st.dataframe(
        _frame(found),
        hide_index=True,
        placeholder=UNKNOWN,
        height=min(TABLE_HEIGHT, ROW_HEIGHT * (len(found) + 1) + 2),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"platform-jobs-{api_state.table_round()}-{words}",
        column_config={"Created": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")},
        alt="Fine-tuning jobs, newest first",
    )
    rows = table["selection"]["rows"]
    return [found[row].job_id for row in rows if row < len(found)]


def _frame(jobs: list[ListedJob]) -> pd.DataFrame:
    created = pd.to_datetime([job.created_at for job in jobs], unit="s", utc=True)
    return pd.DataFrame(
        {
            "Name": [visible(job.name or job.job_id) for job in jobs],
            "Base model": [visible(job.base_model) for job in jobs],
            "Method": [visible(job.method) for job in jobs],
            "Status": [visible(job.status.replace("_", " ")) for job in jobs],
            "Created": created,
            "Job": [visible(job.job_id) for job in jobs],
        }
    )


def _matches(job: ListedJob, words: str) -> bool:
    text = f"{job.name} {job.base_model} {job.method} {job.status} {job.job_id}".lower()
    return all(word in text for word in words.lower().split())


def _actions(listed: Listed, chosen: list[str], *, busy: bool) -> None:
    """Draw what can be done with the chosen jobs, or with all."""
    every = [job.job_id for job in listed.jobs]
    packed = chosen or every
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Open {counted(len(chosen), 'job')}" if chosen else "Open jobs",
            icon=":material/show_chart:",
            disabled=busy or not chosen,
            on_click=api_state.begin,
            args=(partial(api_work.open_chosen, listed.connection, chosen),),
            key="platform-open",
        )
        st.button(
            "Watch",
            icon=":material/visibility:",
            disabled=len(chosen) != 1,
            on_click=watch_state.begin_job,
            args=(listed.connection, *chosen[:1]),
            key="platform-watch",
            help="Look at a running job again and again: its verdict so far, and whether to stop "
            "it. Tick one job.",
        )
        st.button(
            f"Save {'' if chosen else 'all '}{counted(len(packed), 'job')} as archive",
            icon=":material/archive:",
            disabled=busy,
            on_click=api_state.begin,
            args=(partial(api_work.pack_chosen, listed.connection, packed),),
            key="platform-pack",
            help="One zip with every job's settings, events, checkpoints and result files. It "
            "opens here like the platform itself, and stays when the platform is gone.",
        )
        if not chosen:
            st.caption("Tick the jobs to open.", width="content")


def download(archive: Packed) -> None:
    """Offer the archive, and say what it lacks."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            f"Download {counted(archive.n_jobs, 'job')} ({_size(archive.content)})",
            archive.content,
            file_name=archive.file_name,
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
        )
        missing = counted(len(archive.failures), "part")
        st.caption(
            f"{missing} could not be fetched; the archive says which." if archive.failures
            else "Everything is in it.",
            width="content",
        )  # fmt: skip


def _size(content: bytes) -> str:
    size = len(content)
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
