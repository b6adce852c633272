"""The runs table: search, verdicts, columns, and what to do with the ticked runs."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from analysis.screening.output import csv_of
from analysis.screening.table import knob_columns, matching, metric_columns, title_of
from analysis.verdict import Status
from analysis.wording import action_words, counted, label_words
from pages.shared import state
from pages.shared.many import Entry
from pages.shared.slots import MAX_SLOTS, Slot, hold
from pages.shared.stops import stops_of
from pages.shared.theme import BADGES, GRAVITY, UNKNOWN

HEIGHT, ROW_HEIGHT = 560, 35  # pixels; more rows scroll
MARKS = {Status.FAIL: "✕", Status.WARN: "!", Status.PASS: "✓"}  # a status is not colour alone
UNKNOWN_STATUS = "?"
LONG = 8  # letters that all names begin with and that are worth leaving out
WORDS, LABELS = "runs-words", "runs-labels"


@st.fragment
def table(entries: Mapping[str, Entry]) -> None:
    """Draw the table with its filters and actions."""
    keys, rows = list(entries), [entry.row for entry in entries.values()]
    words, labels = _filters(rows)
    places = matching(rows, words, labels)
    if not places:
        st.info("No run matches. Take a word or a verdict away.", icon=":material/search_off:")
        return
    shown = _ordered([keys[place] for place in places], entries)
    picked = _drawn(shown, entries, f"{words}-{'-'.join(labels)}")
    _actions([shown[row] for row in picked if row < len(shown)], shown, entries)


def _filters(rows: Sequence[Mapping[str, Any]]) -> tuple[str, list[str]]:
    """Draw the search and the verdicts; return the words and the labels asked for."""
    counts = Counter(str(row["headline"]) for row in rows)
    examples = {str(row["headline"]): row for row in rows}
    words = st.text_input(
        "Search",
        value=state.choice(WORDS, ""),
        key=WORDS,
        placeholder="Names, models, findings, or n_epochs=3",
        label_visibility="collapsed",
        icon=":material/search:",
    )
    gravity = {label: GRAVITY.index(_status(row)) for label, row in examples.items()}
    order = sorted(counts, key=lambda label: (gravity[label], -counts[label]))
    held = [label for label in state.choice(LABELS, ()) if label in counts]
    labels = st.pills(
        "Verdicts",
        order,
        selection_mode="multi",
        default=held,
        format_func=lambda label: f"{_verdict(examples[label])} · {counts[label]:,}",
        key=LABELS,
        label_visibility="collapsed",
    )
    state.hold_choice(WORDS, words or "")
    state.hold_choice(LABELS, tuple(labels))
    return words or "", list(labels)


def _ordered(keys: Sequence[str], entries: Mapping[str, Entry]) -> list[str]:
    """Return the runs, those that need attention first."""
    return sorted(keys, key=lambda key: GRAVITY.index(_status(entries[key].row)))


def _drawn(keys: Sequence[str], entries: Mapping[str, Entry], view: str) -> list[int]:
    """Draw the table and return the ticked places."""
    rows = [entries[key].row for key in keys]
    colours = {_verdict(row): BADGES[_status(row)].colour for row in rows}
    found = st.dataframe(
        _frame(keys, entries),
        hide_index=True,
        placeholder=UNKNOWN,
        height=min(HEIGHT, ROW_HEIGHT * (len(rows) + 1) + 2),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"runs-{view}",
        column_config={
            "Run": st.column_config.TextColumn(pinned=True, width="medium"),
            "Verdict": st.column_config.MultiselectColumn(
                options=list(colours), color=list(colours.values()), width="medium"
            ),
            "Sure": st.column_config.NumberColumn(format="percent", width="small",
                                                  help="Probability that the verdict is right"),
            "Curve": st.column_config.LineChartColumn(
                width="small", help="Validation where it was logged, else training"
            ),
        },
        alt="One row per run, those that need attention first",
    )  # fmt: skip
    places: list[int] = found["selection"]["rows"]
    return places


def _frame(keys: Sequence[str], entries: Mapping[str, Entry]) -> pd.DataFrame:
    rows = [entries[key].row for key in keys]
    columns: dict[str, Any] = {
        "Run": _told_apart([str(row["name"]) for row in rows]),
        "Verdict": [[_verdict(row)] for row in rows],
        "Sure": [round(float(row["confidence"]), 2) for row in rows],
        "What to do": [_action(row) for row in rows],
        "Curve": [entries[key].spark or None for key in keys],
    }
    for name in (*metric_columns(rows), *knob_columns(rows)):
        columns[title_of(name)] = _column([row.get(name) for row in rows])
    columns["method"] = [str(row["method"]).upper() for row in rows]
    columns["base model"] = [row.get("base_model") for row in rows]
    columns["last step"] = [row["last_step"] for row in rows]
    return pd.DataFrame({name: values for name, values in columns.items() if any(_told(values))})


def _told_apart(names: Sequence[str]) -> list[str]:
    """Return names without the words they all begin with, which would fill the column."""
    first, last = min(names), max(names)
    pairs = enumerate(zip(first, last, strict=False))
    alike = next((place for place, (a, b) in pairs if a != b), 0)
    words = re.match(r"(?:.*[-_ ./])?", first[:alike])
    cut = words.end() if words else 0
    return [f"…{name[cut:]}" if cut >= LONG else name for name in names]


def _told(values: Sequence[object]) -> list[bool]:
    return [value is not None for value in values]


def _column(values: Sequence[object]) -> list[object]:
    """Return a column of one kind: numbers, or words where one of them is no number."""
    if all(value is None or isinstance(value, int | float) for value in values):
        return list(values)
    return [None if value is None else str(value) for value in values]


def _action(row: Mapping[str, Any]) -> str:
    step = row.get("step")
    return action_words(str(row["action"]), int(step) if step is not None else None)


def _actions(picked: Sequence[str], shown: Sequence[str], entries: Mapping[str, Entry]) -> None:
    """Draw what can be done with the ticked runs."""
    loaded = [key for key in picked if entries[key].report is not None]
    comparable = 2 <= len(loaded) <= MAX_SLOTS
    with st.container(horizontal=True, vertical_alignment="center"):
        compare = st.button(
            f"Compare {counted(len(loaded), 'run')}" if comparable else "Compare",
            type="primary",
            icon=":material/compare_arrows:",
            disabled=not comparable,
            on_click=hold,
            args=([_slot(key, entries) for key in loaded] if comparable else (),),
        )
        opened = st.button(
            "Open",
            icon=":material/show_chart:",
            disabled=len(loaded) != 1,
            on_click=state.choose_run,
            args=tuple(loaded[:1]),
        )
        st.download_button(
            f"Save {counted(len(shown), 'row')} as CSV",
            lambda: csv_of([entries[key].row for key in shown]),
            file_name="runs.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption(_hint(picked, loaded, len(shown), len(entries)), width="content")
    if compare:
        st.switch_page("pages/compare.py")
    if opened:
        st.switch_page("pages/run.py")


def _hint(picked: Sequence[str], loaded: Sequence[str], shown: int, whole: int) -> str:
    if len(loaded) < len(picked):
        return "Runs of a screening's table have no curves here: open their files to compare them."
    if len(picked) > MAX_SLOTS:
        return f"Tick at most {MAX_SLOTS} to compare."
    known = counted(whole, "run") if shown == whole else f"{shown:,} of {counted(whole, 'run')}"
    return known if picked else f"{known}. Tick two to four to compare."


def _slot(key: str, entries: Mapping[str, Entry]) -> Slot:
    report = entries[key].report
    if report is None:
        raise ValueError("only loaded runs are compared")
    return Slot(key, report.recommendation.step or stops_of(report)[-1])


def _status(row: Mapping[str, Any]) -> Status:
    return Status(row.get("status") or Status.INSUFFICIENT_DATA)


def _verdict(row: Mapping[str, Any]) -> str:
    return f"{MARKS.get(_status(row), UNKNOWN_STATUS)} {label_words(str(row['headline']))}"
