from pages.shared.plain_table import plain_table


def test_rows_become_a_table_whose_cells_are_text_and_never_markup():
    table = plain_table([{"Step": "1,000", "Why": "**a** | b"}, {"Step": "2", "Why": "c"}])
    assert table.splitlines() == [
        "| Step | Why |",
        "| --- | --- |",
        r"| 1,000 | \*\*a\*\* \| b |",
        "| 2 | c |",
    ]
