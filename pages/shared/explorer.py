"""The explorer: the checkpoint slider, the charts it marks, and the verdicts beside them."""

import streamlit as st

from analysis import Report
from analysis.standing import standings
from pages.shared import component, looks, panels, state
from pages.shared.board_data import axes_of, board_of
from pages.shared.chart_data import Series, series_of
from pages.shared.literal import literal
from pages.shared.once import once
from pages.shared.stepping import steps_of
from pages.shared.still import still
from pages.shared.stops import stops_of
from pages.shared.views import ChartOf, View, view_of

MAIN = "main"
IN_A_ROW = 2
READING = (
    "Dots: logged values. Gold line: the recommended step. Triangles: saved checkpoints, a click "
    "selects. Dotted: ends of epochs. Drag across to zoom."
)


@st.fragment
def explorer(report: Report) -> None:
    """Draw the slider with the charts it marks, and the verdicts beside them."""
    series = series_of(report)
    view = view_of(report, series.logged)
    curves, verdicts = st.columns([5, 3], gap="medium")
    with curves:
        _stepper(report, view)
        still(report)
        _charts(series, view.main, MAIN)
        for subject in view.missing:
            st.caption(f"{subject} was not logged, so it has no chart.")
        st.caption(READING)
        if view.beside:
            _charts(series, view.beside[:IN_A_ROW], "beside")
    with verdicts:
        panels.decision_card(report)
        panels.verdict_cards(report)
    if view.beside[IN_A_ROW:]:
        _charts(series, view.beside[IN_A_ROW:], "below")


@st.fragment
def _stepper(report: Report, view: View) -> None:
    """Draw the slider; once it rests, what the run says of the step it rests on."""
    run, stops = _name_of(report), stops_of(report)
    columns = view.main[0].columns if view.main else ()
    step = state.chosen_step(stops, report.recommendation.step or stops[-1])
    known = once(report, "steps", lambda: steps_of(report, stops, columns))
    said = component.stepper(
        key=f"step-of-{run}",
        data=known | {"run": run, "step": step},
        on_step_change=lambda: None,
    )
    step = said.step if said.step in stops else step
    state.choose_step(step)
    _standing(report, stops, step)


def _standing(report: Report, stops: tuple[int, ...], step: int) -> None:
    """Draw what the whole run says of deploying a step."""
    found = once(report, "standings", lambda: standings(report, stops))
    standing = found[stops.index(step)]
    with st.container(horizontal=True, vertical_alignment="center"):
        panels.status_badge(standing.status, standing.label)
        st.caption(literal(standing.statement), width="content")
    told = report.recommendation.step in {None, step}  # its name stands in the decision, or none
    if standing.model and not told:
        st.code(standing.model, language=None, wrap_lines=True)


def _charts(series: Series, charts: tuple[ChartOf, ...], place: str) -> None:
    """Draw charts that share pointer, zoom and chosen step with all others of the run."""
    report = series.report
    run = _name_of(report)
    axes = once(report, "axes", lambda: axes_of(series))
    key = f"board-{place}-{run}"
    looks.keep_look(run, key)
    look = looks.look_of(run, axes)
    drawn = once(report, (place, charts, look), lambda: board_of(series, charts, look))
    stops = stops_of(report)
    component.board(
        key=key,
        data=drawn
        | {
            "run": run,
            "axes": axes,
            "look": looks.as_data(look),
            "tools": place == MAIN,
            "columns": 1 if place == MAIN else IN_A_ROW,
            "shaded": drawn["regions"][0]["name"] if drawn["regions"] else None,
            "step": state.chosen_step(stops, report.recommendation.step or stops[-1]),
        },
        on_look_change=lambda: None,
    )


def _name_of(report: Report) -> str:
    """Return what the browser knows a run by: the same run seen as SFT and as RFT are two."""
    return f"{state.run_id_of(report)}-{report.run.method.value}"
