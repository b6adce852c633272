"""Visible text: without what cannot be seen and yet changes what is seen."""


def visible(text: str) -> str:
    """Return foreign text with a space for every character that does not print.

    Those are control characters, line ends, marks that turn the direction of writing (with them
    ``exe.csv`` can read as ``csv.exe``), and blanks of no width.
    """
    return "".join(char if char.isprintable() else " " for char in text)
