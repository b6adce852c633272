"""The watch panel: a running job's status, its verdict so far, and what can be done about it."""

import time
from math import isnan

import streamlit as st

from analysis import SourceError
from analysis.sources.api.calls import calling
from analysis.sources.api.connection import Connection
from analysis.sources.api.jobs import Change, change_job
from analysis.watching.course import Course, TrainingPrice, course_of
from analysis.watching.standing import Phase
from analysis.watching.watched import Watched
from analysis.wording import counted, label_words, probability
from pages.shared import loading, panels, state, watch_state
from pages.shared.literal import literal
from pages.shared.watch_state import Watching

TICK = 1.0  # seconds from one look at the clock to the next
INTERVALS = (5, 15, 30, 60, 300)
EARLY = {
    Phase.WAITING: "Nothing is logged yet.",
    Phase.TOO_EARLY: "Too early for a verdict: one is said once it has held for several looks.",
    Phase.FINAL: "The job has ended without metrics: there is nothing to judge.",
}
ASKED = {
    Change.PAUSE: ("Pause the job", ":material/pause_circle:",
                   "The platform stops training and keeps a checkpoint that can be deployed. The "
                   "job can be resumed."),
    Change.RESUME: ("Resume the job", ":material/play_circle:", "Training goes on, and so do its "
                    "costs."),
    Change.CANCEL: ("Cancel the job", ":material/cancel:",
                    "Training ends for good. What it has cost so far is billed."),
}  # fmt: skip
PER_HOUR, PER_MILLION = "watch-per-hour", "watch-per-million"


def panel() -> None:
    """Draw the job that is watched, if one is."""
    current = watch_state.advance()
    if current is None:
        return
    with st.container(border=True, key="watch-panel"):
        ticking = not current.paused and not current.ended
        st.fragment(_live, run_every=TICK if ticking else None)(_drawn(current))
        _verdict(current.last.watched)
        _actions(current)


def _drawn(current: Watching) -> tuple[object, ...]:
    """Return what is drawn of a job beside its clock: when it changes, the page is drawn anew."""
    watched = current.last.watched
    stop = watched.standing.stop.value
    return (
        current.name, watched.look.status, watched.look.ended, watched.standing.phase,
        watched.standing.label, stop.rule if stop else "", watched.problem,
    )  # fmt: skip


def _live(drawn: tuple[object, ...]) -> None:
    """Draw the job's status and the time of the last look; take the next look when it is due."""
    current = watch_state.advance()
    if current is None or _drawn(current) != drawn:
        st.rerun()
    look = current.last.watched.look
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/visibility: **{literal(current.name)}**", width="content")
        if look.status:
            st.badge(literal(look.status.replace("_", " ")), color=_colour(current))
        st.caption(_place(current), width="stretch")
        st.caption(_clock(current), width="content")
    if current.last.watched.look.share is not None and not current.ended:
        st.progress(current.last.watched.look.share)
    if current.error:
        wait = max(current.due - time.monotonic(), 0.0)
        st.caption(
            f":material/cloud_off: The last look failed: {literal(current.error.problem)}. "
            f"The next one is in {wait:.0f} s."
        )


def _colour(current: Watching) -> str:
    look = current.last.watched.look
    if look.failed:
        return "red"
    return "green" if current.ended else "blue"


def _place(current: Watching) -> str:
    look = current.last.watched.look
    if look.step is None:
        return "no step yet"
    of = f" of {look.planned:,}" if look.planned else ""
    return f"step {look.step:,}{of}"


def _clock(current: Watching) -> str:
    if current.updated is None:
        return "looking…"
    when = time.strftime("%H:%M:%S", time.localtime(current.updated))
    if current.ended:
        return f"ended; last look {when}"
    return f"updated {when}, paused" if current.paused else f"updated {when}"


def _verdict(watched: Watched) -> None:
    """Draw the verdict so far, and the advice to stop."""
    headline, phase = watched.standing.headline, watched.standing.phase
    if headline is None:
        words = watched.problem or EARLY.get(phase, EARLY[Phase.TOO_EARLY])
        st.markdown(f":material/hourglass_top: {literal(words)}")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        panels.status_badge(headline.status, label_words(headline.label))
        so_far = "" if phase is Phase.FINAL else "so far · "
        st.caption(f"{so_far}{probability(headline.confidence)}", width="content")
    st.markdown(f"**{literal(headline.statement)}**")
    stop = watched.standing.stop.value
    if stop:
        st.warning(literal(stop.statement), icon=":material/front_hand:")
    _course(watched)


def _course(watched: Watched) -> None:
    """Draw how long the job takes and what it costs, as far as that is known."""
    report, look = watched.look.report, watched.look
    if report is None:
        return
    hour = float(state.choice(PER_HOUR, 0.0))
    million = float(state.choice(PER_MILLION, 0.0))
    price = TrainingPrice(hour or None, million or None)
    words = _course_words(course_of(report.run, look.planned, price), ended=look.ended)
    with st.container(horizontal=True, vertical_alignment="center"):
        if words:
            st.caption(words, width="content")
        if not look.ended:
            with st.popover("Price", icon=":material/payments:", type="tertiary"):
                _price(PER_HOUR, "Dollars for an hour of training", hour)
                _price(PER_MILLION, "Dollars for a million training tokens", million)
                st.caption("RFT is billed by the hour (o4-mini: 100, October 2026), SFT and DPO "
                           "by the token; tokens are known where the log counts them.")  # fmt: skip


def _price(name: str, label: str, value: float) -> None:
    given = st.number_input(label, min_value=0.0, value=value, key=f"{name}-field")
    state.hold_choice(name, given)


def _course_words(course: Course, *, ended: bool) -> str:
    parts = []
    if not isnan(course.seconds):
        parts.append(f"{_duration(course.seconds)} so far")
    if not isnan(course.seconds_left) and not ended:
        parts.append(f"about {_duration(course.seconds_left)} to go")
    if not isnan(course.dollars):
        left = "" if isnan(course.dollars_left) or ended else f", {course.dollars_left:,.2f} to go"
        parts.append(f"{course.dollars:,.2f} dollars{left}")
    return " · ".join(parts)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 90:
        return counted(minutes, "minute")
    return f"{seconds / 3600:.1f} hours"


def _actions(current: Watching) -> None:
    """Draw what can be done with the watch and with the job."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if current.last.watched.look.report is not None and st.button(
            "Open the curves", icon=":material/show_chart:", key="watch-open"
        ):
            _open(current)
        if not current.ended:
            _looking(current)
            if current.connection is not None:
                _changes(current, current.connection)
        st.button("Stop watching", icon=":material/close:", type="tertiary",
                  on_click=watch_state.stop, key="watch-stop")  # fmt: skip


def _looking(current: Watching) -> None:
    paused = current.paused
    st.button(
        "Refresh again" if paused else "Pause refreshing",
        icon=":material/sync:" if paused else ":material/sync_disabled:",
        on_click=watch_state.pause,
        kwargs={"paused": not paused},
        key="watch-refreshing",
    )
    st.selectbox(
        "Refresh every",
        sorted({*INTERVALS, current.every}),
        index=sorted({*INTERVALS, current.every}).index(current.every),
        format_func=lambda seconds: f"every {seconds} s",
        key="watch-every",
        on_change=watch_state.look_every,
        args=("watch-every",),
        label_visibility="collapsed",
        width=140,
    )


def _changes(current: Watching, connection: Connection) -> None:
    """Draw what can be asked of the platform, each behind a question."""
    halted = current.last.watched.look.status == "paused"
    for change in (Change.RESUME if halted else Change.PAUSE, Change.CANCEL):
        words, icon, _ = ASKED[change]
        if st.button(words, icon=icon, key=f"watch-job-{change}"):
            title = st.dialog(words, icon=icon)
            title(_question)(current.name, connection, change)


def _question(job_id: str, connection: Connection, change: Change) -> None:
    """Ask once more, and do it."""
    words, icon, told = ASKED[change]
    st.markdown(f"{told}")
    st.caption(literal(job_id))
    if not st.button(f"Yes, {words.lower()}", icon=icon, type="primary", key="watch-yes"):
        return
    try:
        with calling(connection) as caller:
            change_job(caller, job_id, change)
    except SourceError as error:
        st.error(f"{literal(error.remedy)}.", title=literal(error.problem), icon=":material/error:")
        return
    watch_state.look_now()
    st.rerun()


def _open(current: Watching) -> None:
    """Open the run as it stands now on its page."""
    report = current.last.watched.look.report
    for run_id, loaded in list(state.reports().items()):
        same_job = loaded.run.job and loaded.run.job.job_id == current.name
        if same_job or loaded.run.origin.path == current.name:
            state.remove(run_id)
    before = set(state.reports())
    loading.load(current.last.sight.uploads)
    fresh = [run_id for run_id in state.reports() if run_id not in before]
    if report is not None and fresh:
        state.choose_run(fresh[0])
        st.switch_page("pages/run.py")
