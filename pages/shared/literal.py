"""Foreign text on the screen: names and cells from files, which nobody may trust."""

import re

from analysis.visible import visible

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:$&^=@/])")
_LINKS = re.compile(r"(https?)(:)|(w)(ww)|(@)", re.IGNORECASE)
ZERO_WIDTH = "\u200b"


def literal(text: str) -> str:
    """Return a text that Streamlit's Markdown shows as it is: no markup, no link, no image.

    Run names, column names and cells are Markdown wherever Streamlit shows a label, and an image
    in one would make the browser call a foreign server.
    """
    parted = _LINKS.sub(_part, visible(text))
    return _MARKUP.sub(r"\\\1", parted)


def _part(match: re.Match[str]) -> str:
    found = match.group(0)
    return found[0] + ZERO_WIDTH + found[1:] if found[0] in "wW" else found + ZERO_WIDTH
