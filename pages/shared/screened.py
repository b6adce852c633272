"""Screened: the table that the command ``screen`` wrote, for more runs than a session can hold."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analysis import SourceError
from analysis.screening.output import rows_in
from analysis.visible import visible
from analysis.wording import counted
from pages.shared import state
from pages.shared.literal import literal
from pages.shared.many import SCREENED, Entry

_ROUND, _ERROR = "screened-round", "screened-error"


def loader() -> None:
    """Draw the way to open a screening's table, and to put it away."""
    known = state.choice(SCREENED, {})
    error: str = state.choice(_ERROR, "")
    with st.expander("Thousands of runs: open a table of the command line", expanded=bool(error)):
        st.caption("Judge them on all cores, then open the table here:")
        st.code(
            "python -m analysis screen FOLDER --format csv --out runs.csv", language=None,
            wrap_lines=True,
        )  # fmt: skip
        if error:
            st.error(literal(error), icon=":material/error:")
        file = st.file_uploader(
            "Table of a screening", type=["csv", "json", "parquet"],
            key=f"screened-{state.choice(_ROUND, 0)}", label_visibility="collapsed",
        )  # fmt: skip
        if file is not None:
            _open(file.name, file.getvalue())
            st.rerun()
        if known:
            st.button(
                f"Put {counted(len(known), 'run')} of the table away",
                icon=":material/close:",
                on_click=state.hold_choice,
                args=(SCREENED, {}),
            )


def _open(name: str, content: bytes) -> None:
    state.hold_choice(_ROUND, state.choice(_ROUND, 0) + 1)
    try:
        rows = rows_in(content, name)
    except SourceError as error:
        state.hold_choice(_ERROR, str(error))
        return
    state.hold_choice(_ERROR, "")
    entries = {f"{name}/{place}": Entry(_shown(row), [], None) for place, row in enumerate(rows)}
    state.hold_choice(SCREENED, {**state.choice(SCREENED, {}), **entries})


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row in whose names and words everything can be seen."""
    return {
        visible(name): visible(value) if isinstance(value, str) else value
        for name, value in row.items()
    }
