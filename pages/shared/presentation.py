"""The presentation view: one message a screen, large, in plain words, by keyboard."""

import streamlit as st

from analysis import Report
from analysis.reports.contents import redacted
from analysis.schema import METRICS
from analysis.story import Screen, story_of
from pages.shared import run_view, state
from pages.shared.curve_chart import Look, curve_chart
from pages.shared.literal import literal
from pages.shared.theme import BADGES

SCREEN, REDACT = "screen", "redact"  # the screen stands in the link
HEIGHT, LETTERS = 420, 16  # of the chart, in pixels
PLAIN = {"train": "examples it learned from", "valid": "examples kept aside"}
PLAIN_REWARD = {"train": "marks in training", "valid": "marks on tasks kept aside"}


def present(report: Report) -> None:
    """Draw one screen of the run's story with the ways to the others."""
    chooser, toggle = st.columns([5, 3], gap="medium", vertical_alignment="bottom")
    with chooser:
        if not hidden():
            run_view.picker(report)
    with toggle:
        hide = st.toggle(
            "Hide names and ids", hidden(), key="redact",
            help="Of runs, files, jobs and models; in the files below too",
        )  # fmt: skip
        if hide != hidden():
            state.hold_choice(REDACT, hide)
            st.rerun()
    screens = story_of(report)
    place = _place(report, len(screens))
    with st.container(border=True):
        _screen(report, screens[place], hide=hide)
        _ways(report, place, len(screens))


def hidden() -> bool:
    """Return whether names and ids are to be hidden."""
    return state.choice(REDACT, default=False)


def _place(report: Report, n_screens: int) -> int:
    """Return which screen is shown: the one turned to, or the link's; counted from 0."""
    screens = [str(screen) for screen in range(1, n_screens + 1)]
    linked = state.linked(SCREEN)
    entered = screens.index(linked) if linked in screens and not state.choice(SCREEN, "") else 0
    place = min(state.choice(_name(report), entered), n_screens - 1)
    state.hold_choice(_name(report), place)
    state.hold_choice(SCREEN, screens[place])  # from now on the link follows the screens
    state.link(SCREEN, screens[place])
    return place


def _name(report: Report) -> str:
    return f"{SCREEN}-{state.run_id_of(report)}"


def _screen(report: Report, screen: Screen, *, hide: bool) -> None:
    badge = BADGES[report.headline.status]
    named = "This run" if hide else literal(report.run.name)
    st.caption(f"{badge.icon} {badge.word} · {named}")
    st.title(literal(screen.title), anchor=False)
    if screen.chart:
        _chart(report, marked=screen.marked)
    for words in screen.words:
        if screen.chart:
            st.markdown(literal(words))
        else:
            st.header(literal(words), anchor=False)


def _chart(report: Report, *, marked: bool) -> None:
    fitted = report.curves
    in_reward = "reward" in (fitted.valid or fitted.train).column if fitted.fitted else False
    names = PLAIN_REWARD if in_reward else PLAIN
    curves = {
        names[kind]: curve
        for kind, curve in (("train", fitted.train), ("valid", fitted.valid))
        if curve is not None
    }
    if not curves:
        st.info("No curve could be drawn from what was logged.", icon=":material/info:")
        return
    step = report.recommendation.step
    marks = {f"step {step:,}": step} if marked and step is not None else {}
    title = "Marks (higher is better)" if in_reward else "Mistakes (lower is better)"
    spec = curve_chart(curves, Look(title, HEIGHT, LETTERS), marks=marks)
    columns = ", ".join(METRICS[curve.column].label.lower() for curve in curves.values())
    text = f"Curves of {columns} over {report.run.last_step:,} steps. {story_of(report)[0].title}"
    key = f"story-{'marked' if marked else 'plain'}-{state.run_id_of(report)}"
    st.vega_lite_chart(None, spec, alt=text, key=key)


def _ways(report: Report, place: int, n_screens: int) -> None:
    back, where, forth = st.columns([2, 3, 2], vertical_alignment="center")
    with back:
        st.button(
            "Back", icon=":material/arrow_back:", shortcut="Left", disabled=place == 0,
            key="screen-back", on_click=state.hold_choice, args=(_name(report), place - 1),
        )  # fmt: skip
    with where:
        st.caption(f"{place + 1} of {n_screens} · arrow keys turn the pages")
    with forth:
        st.button(
            "Next", icon=":material/arrow_forward:", shortcut="Right",
            disabled=place == n_screens - 1, key="screen-next",
            on_click=state.hold_choice, args=(_name(report), place + 1),
        )  # fmt: skip


def for_others(reports: tuple[Report, ...]) -> tuple[Report, ...]:
    """Return the reports as they may be shown: without names and ids where that was asked."""
    return redacted(reports) if hidden() else reports
