"""Plain tables: a few short cells as markdown, which the browser can draw at once.

Streamlit's own table loads a megabyte of scripts first, in the way of the charts.
"""

from collections.abc import Mapping, Sequence

from pages.shared.literal import literal


def plain_table(rows: Sequence[Mapping[str, str]]) -> str:
    """Return rows that have the same columns as a markdown table; cells are shown as they are."""
    header = [*rows[0]]
    lines = [header, ["---"] * len(header)]
    lines += [[literal(row[name]) for name in header] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
