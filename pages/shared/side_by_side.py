"""Side by side: the Compare page below its title, one fragment that a slider redraws."""

from collections.abc import Mapping, Sequence

import streamlit as st

from analysis.axes import TITLES, Axis, Scale
from analysis.candidates import QUANTITIES, At, by_reward, curve_of
from pages.shared import comparing, lineup, state
from pages.shared.literal import literal
from pages.shared.overlay import overlay_chart
from pages.shared.slots import Slot, link

QUANTITY = "curves"  # in the link


@st.fragment
def side_by_side() -> None:
    """Draw the candidates, their curves over one axis, and how they differ."""
    held = lineup.slots()
    link(held)
    candidates = lineup.candidates_of(held)
    lineup.controls(held)
    lineup.cards(held)
    curves, verdicts = st.columns([5, 3], gap="medium")
    with curves:
        _curves(candidates)
    with verdicts:
        comparing.differences(candidates)
    values, settings = st.columns(2, gap="medium")
    with values:
        comparing.values(candidates)
    with settings:
        comparing.settings(candidates)


def _curves(candidates: Sequence[At]) -> None:
    """Draw the curves of the candidates' runs, over the chosen axis; of one kind only."""
    first = candidates[0].report
    for candidate in candidates:
        if by_reward(candidate.report) != by_reward(first):
            kind = "reward" if by_reward(candidate.report) else "loss"
            st.caption(f"{candidate.letter} is not drawn with A: it is judged by {kind}.")
    candidates = [c for c in candidates if by_reward(c.report) == by_reward(first)]
    offered = [
        quantity
        for quantity in QUANTITIES
        if any(curve_of(candidate.report, quantity) is not None for candidate in candidates)
    ]
    if not offered:
        st.info("None of these runs has a curve to draw.", icon=":material/info:")
        return
    quantity, axis = _chooser(offered)
    scales = lineup.scales_of(
        [Slot(state.run_id_of(each.report), each.step) for each in candidates], axis
    )
    drawing = overlay_chart(candidates, quantity, axis, scales)
    st.vega_lite_chart(None, drawing.spec, alt=drawing.text, key="overlay")
    for note in drawing.notes:
        st.caption(note)
    _axis_notes(candidates, quantity, axis, scales)


def _chooser(offered: Sequence[str]) -> tuple[str, Axis]:
    axes = [axis.value for axis in Axis]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        quantity = st.segmented_control(
            "Curves",
            offered,
            default=state.linked_choice(QUANTITY, offered, offered[0]),
            required=True,
            key=f"quantity-{'-'.join(offered)}",
        )
        axis = st.selectbox(
            "Over",
            axes,
            index=axes.index(lineup.axis_chosen()),
            format_func=lambda value: TITLES[Axis(value)],
            key="compare-axis",
            width=220,
            help="Runs of different length or batch size align over epochs, share or examples",
        )
    state.hold_linked(QUANTITY, quantity)
    state.hold_linked(lineup.AXIS, axis)
    return quantity or offered[0], Axis(axis)


def _axis_notes(
    candidates: Sequence[At], quantity: str, axis: Axis, scales: Mapping[str, Scale]
) -> None:
    """Say what is missing in the chart, and what of its axis was derived."""
    for candidate in candidates:
        run_id = state.run_id_of(candidate.report)
        if curve_of(candidate.report, quantity) is None:
            st.caption(f"{candidate.letter} is not drawn: it logged no {quantity.lower()} curve.")
        elif run_id not in scales:
            st.caption(
                f"{candidate.letter} is not drawn: its {TITLES[axis].lower()} is not logged and "
                "cannot be derived."
            )
        elif scales[run_id].derived:
            st.caption(f"{candidate.letter}: {literal(scales[run_id].derived)}.")
