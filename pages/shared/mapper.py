"""The column mapper: what the columns of a table that is not known mean."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analysis.schema import METRICS, STEP
from analysis.sources.mapping import ColumnMapping, guesses_for
from analysis.sources.reading import Failure
from analysis.visible import visible
from pages.shared import loading
from pages.shared.literal import literal

KEPT = "Keep, not judged"
MEANINGS = {STEP: "Step", **{name: metric.label for name, metric in METRICS.items()}}
NAMES = {label: name for name, label in MEANINGS.items()}
MAX_VALUES = 3  # first values shown beside a column's name


def mapper(failure: Failure, key: str) -> None:
    """Draw the columns of an unknown table with a guess for each; open it as the user says."""
    table = failure.table
    if table is None or failure.unmapped is None:
        return
    guess = guesses_for(table.columns, table.head)
    rows = pd.DataFrame(
        {
            "Column": [visible(name) for name in table.columns],
            "First values": [", ".join(_values(table.head, name)) for name in table.columns],
            "Meaning": [MEANINGS.get(guess.columns.get(n, ""), KEPT) for n in table.columns],
        }
    )
    title = f"{literal(failure.source)}: say what its columns mean"
    with st.expander(title, icon=":material/edit_note:", expanded=True):
        edited = st.data_editor(
            rows,
            hide_index=True,
            disabled=["Column", "First values"],
            column_config={
                "Meaning": st.column_config.SelectboxColumn(
                    options=[KEPT, *NAMES], required=True, help="A guess: choose another to correct"
                )
            },
            key=f"mapping-{key}",
        )
        mapping = _mapping(table.columns, edited)
        problem = _problem(edited)
        if problem:
            st.warning(problem, icon=":material/warning:")
        elif mapping.count_rows:
            st.caption("No column counts steps: the rows will be counted instead.")
        with st.container(horizontal=True):
            if st.button(
                "Open with these meanings",
                disabled=bool(problem),
                key=f"map-{key}",
                icon=":material/check:",
            ):
                loading.open_with(mapping, failure)
                st.rerun()
            st.download_button(
                "Save the mapping",
                mapping.to_toml(),
                file_name="mapping.toml",
                icon=":material/download:",
                key=f"save-{key}",
                disabled=bool(problem),
                help="Drop it beside the next files, or give it to the command line: --mapping",
                on_click="ignore",
            )


def _values(head: pd.DataFrame, column: str) -> list[str]:
    values = head[column]
    first = values.iloc[:, 0] if isinstance(values, pd.DataFrame) else values
    return [visible(str(value))[:12] for value in first.head(MAX_VALUES)]


def _mapping(own: Sequence[str], edited: pd.DataFrame) -> ColumnMapping:
    """Return what the user says of a table's own columns, in their order."""
    pairs = zip(own, edited["Meaning"], strict=True)
    columns = {name: NAMES[label] for name, label in pairs if label != KEPT}
    return ColumnMapping(columns, count_rows=STEP not in columns.values())


def _problem(edited: pd.DataFrame) -> str | None:
    chosen = edited.loc[edited["Meaning"] != KEPT, "Meaning"]
    if chosen.duplicated().any():
        twice = chosen[chosen.duplicated()].iloc[0]
        return f"Two columns mean {twice}: choose one, keep the other."
    if chosen.isin([MEANINGS[STEP]]).sum() == len(chosen):
        return "Choose a meaning for at least one metric."
    return None
