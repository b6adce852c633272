"""The line-up: two to four candidates, each a run with a slider of its own."""

from collections.abc import Mapping, Sequence
from math import isnan

import streamlit as st

from analysis import AnalysisError, Report, diagnose
from analysis.axes import Axis, Scale, scale_of
from analysis.candidates import VALIDATION, At, Row, by_reward, rows_of
from analysis.schema import Direction
from analysis.up_to import up_to
from analysis.wording import LEAST, label_words, number, probability
from pages.shared import panels, state
from pages.shared.literal import literal
from pages.shared.slots import MAX_SLOTS, Slot, held_slots, hold
from pages.shared.stops import nearest, stops_of
from pages.shared.theme import run_look

LETTERS = "ABCD"
LINKED, AXIS = "linked", "axis"  # choices of the page; the axis stands in the link


def slots() -> tuple[Slot, ...]:
    """Return the candidates, each at a stop of its slider; at first two of those loaded."""
    held = held_slots() or _first_slots()
    if len(held) == 1:
        held = (*held, _at_end(held[0]))
    return tuple(
        Slot(slot.run_id, nearest(stops_of(state.reports()[slot.run_id]), slot.step), slot.moves)
        for slot in held
    )


def _first_slots() -> tuple[Slot, ...]:
    """Return the chosen run and the next one of its kind; its own end where it is alone."""
    chosen = state.chosen_run()
    if not isinstance(chosen, Report):
        return ()
    alike = [
        r for r in state.reports().values() if by_reward(r) == by_reward(chosen) and r is not chosen
    ]
    return tuple(_recommended(report) for report in (chosen, *alike[:1]))


def _recommended(report: Report) -> Slot:
    stops = stops_of(report)
    return Slot(state.run_id_of(report), report.recommendation.step or stops[-1])


def _at_end(slot: Slot) -> Slot:
    return Slot(slot.run_id, stops_of(state.reports()[slot.run_id])[-1])


def candidates_of(held: Sequence[Slot]) -> tuple[At, ...]:
    """Return the candidates with their letters."""
    return tuple(
        At(letter, state.reports()[slot.run_id], slot.step)
        for letter, slot in zip(LETTERS, held, strict=False)
    )


def controls(held: Sequence[Slot]) -> None:
    """Draw the buttons that add and drop a candidate, and the toggle that links the sliders."""
    with st.container(horizontal=True, vertical_alignment="center"):
        linked = st.toggle(
            "Link the sliders",
            value=state.choice(LINKED, default=False),
            key="link-sliders",
            help="Moving one moves the others to the same place on the chart's axis",
        )
        state.hold_choice(LINKED, linked)
        if len(held) < MAX_SLOTS:
            st.button("Add a candidate", icon=":material/add:", on_click=_add, args=(tuple(held),))
        if len(held) > 2:
            last = LETTERS[len(held) - 1]
            st.button(
                f"Drop {last}",
                icon=":material/remove:",
                on_click=hold,
                args=(tuple(held[:-1]),),
            )


def _add(held: tuple[Slot, ...]) -> None:
    used = {slot.run_id for slot in held}
    first = state.reports()[held[0].run_id]
    alike = [r for r in state.reports().values() if by_reward(r) == by_reward(first)]
    free = [report for report in alike if state.run_id_of(report) not in used]
    hold((*held, _recommended(free[0]) if free else _farthest(held)))


def _farthest(held: tuple[Slot, ...]) -> Slot:
    """Return the first candidate's run at the stop that lies farthest from those held of it."""
    run_id = held[0].run_id
    taken = [slot.step for slot in held if slot.run_id == run_id]
    stops = stops_of(state.reports()[run_id])
    return Slot(run_id, max(stops, key=lambda stop: min(abs(stop - step) for step in taken)))


def cards(held: Sequence[Slot]) -> None:
    """Draw a card for each candidate: run, slider, value, and the verdict at that step."""
    candidates = candidates_of(held)
    rows = [row for row in rows_of(candidates) if row.name.startswith(VALIDATION)]
    for index, column in enumerate(st.columns(len(held), gap="small")):
        with column.container(border=True, height="stretch"):
            _choose_run(held, index)
            _slide(held, index)
            _value(rows, index)
            _verdict(candidates[index])


def _choose_run(held: Sequence[Slot], index: int) -> None:
    reports = state.reports()
    slot = held[index]
    ids = list(reports)
    with st.container(horizontal=True, vertical_alignment="center"):
        look = run_look(state.order_of(reports[slot.run_id]))
        st.badge(LETTERS[index], color=look.badge)  # type: ignore[arg-type]
        key = f"run-{index}-{slot.run_id}-{len(ids)}"
        st.selectbox(
            f"Run of candidate {LETTERS[index]}",
            ids,
            index=ids.index(slot.run_id),
            format_func=lambda run_id: reports[run_id].run.name,
            key=key,
            label_visibility="collapsed",
            on_change=_change_run,
            args=(tuple(held), index, key),
        )


def _change_run(held: tuple[Slot, ...], index: int, key: str) -> None:
    slot = _recommended(state.reports()[str(state.value_of(key))])
    hold((*held[:index], slot, *held[index + 1 :]))


def _slide(held: Sequence[Slot], index: int) -> None:
    slot = held[index]
    stops = stops_of(state.reports()[slot.run_id])
    if len(stops) < 2:
        st.caption(f"Step {stops[0]:,}, the only one")
        return
    key = _slider_key(index, slot)
    st.select_slider(
        f"Checkpoint of {LETTERS[index]}",
        stops,
        value=slot.step,
        format_func=lambda stop: f"step {stop:,}",
        key=key,
        on_change=_move,
        args=(index, key),
    )


def _slider_key(index: int, slot: Slot) -> str:
    """Return the slider's key: a new one when something else moved it, to show its new place."""
    return f"step-{index}-{slot.run_id}-{slot.moves}"


def _move(index: int, key: str) -> None:
    """Take over a moved slider; linked ones go to the same place on the axis.

    A slider that has just been replaced may still report its old place: that is not a move.
    """
    held = slots()
    if index >= len(held) or key != _slider_key(index, held[index]):
        return
    moved = held[index]
    step = int(str(state.value_of(key)))
    others = list(held)
    if state.choice(LINKED, default=False):
        others = [_followed(slot, moved, step, axis_chosen()) for slot in held]
    others[index] = Slot(moved.run_id, step, moved.moves)
    hold(others)


def axis_chosen() -> Axis:
    """Return the axis of the chart: the chosen one, or the link's; steps at first."""
    return Axis(state.linked_choice(AXIS, [axis.value for axis in Axis], Axis.STEP.value))


def _followed(slot: Slot, moved: Slot, step: int, axis: Axis) -> Slot:
    """Return a slot moved to where another one's step lies; as it was where that is unknown."""
    own = _scale(slot.run_id, axis)
    other = _scale(moved.run_id, axis)
    if own is None or other is None:
        return slot
    stops = stops_of(state.reports()[slot.run_id])
    place = float(other.at([step])[0])
    closest = min(stops, key=lambda stop: abs(float(own.at([stop])[0]) - place))
    return Slot(slot.run_id, closest, slot.moves + 1)


def _scale(run_id: str, axis: Axis) -> Scale | None:
    return scale_of(state.reports()[run_id].run, axis)


def scales_of(held: Sequence[Slot], axis: Axis) -> Mapping[str, Scale]:
    """Return where the candidates' steps lie on an axis, by run; without those not known."""
    found = {slot.run_id: _scale(slot.run_id, axis) for slot in held}
    return {run_id: scale for run_id, scale in found.items() if scale is not None}


def _value(rows: Sequence[Row], index: int) -> None:
    """Draw validation of a candidate, and how far it lies from the first one's."""
    row = next((row for row in rows if not isnan(row.values[index])), None)
    if row is None:
        st.metric(VALIDATION, "not logged")
        return
    value, delta = row.values[index], row.deltas[index]
    better_low = row.direction is Direction.LOWER
    apart = f"{delta:+.3g} against A" if abs(delta) >= LEAST else "the same as A"
    st.metric(
        row.name,
        number(value),
        None if index == 0 or isnan(delta) else apart,
        delta_color="off" if abs(delta) < LEAST else "inverse" if better_low else "normal",
        delta_arrow="off" if abs(delta) < LEAST else "auto",
        help="On the estimated curve, not one noisy reading",
    )


def _verdict(candidate: At) -> None:
    """Draw the headline that the run would have had, had it ended at the step."""
    run, step = candidate.report.run, candidate.step
    try:
        report = candidate.report
        if step < run.last_step:
            report = state.judged(
                f"{state.run_id_of(report)}-{step}", lambda: diagnose(up_to(run, step))
            )
    except (ValueError, AnalysisError):
        st.caption("Nothing was logged up to this step.")
        return
    headline = report.headline
    with st.container(horizontal=True, vertical_alignment="center"):
        panels.status_badge(headline.status, label_words(headline.label))
        st.caption(probability(headline.confidence), width="content")
    span = f"up to step {step:,}" if step < run.last_step else "over the whole run"
    st.caption(f"Judged {span}: {literal(headline.statement)}")
