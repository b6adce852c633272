"""Still: a drawing of the curves that stands in the charts' place until they live.

The browser draws it with what it has already; the live charts need a script first, and hide it
when they come. Where that script cannot run, it stays.
"""

import time
from base64 import b64encode

import streamlit as st

from analysis import Report
from analysis.reports.figures import STYLE, first_figure
from pages.shared import state
from pages.shared.once import once
from pages.shared.theme import ACCENT, FULL, GRADED, NEUTRAL, TRAIN, VALID

KEY = "still"  # board.js hides what has it
SHOWN = "still_shown"  # a choice of the session
BREATH = 0.03  # seconds; see ``_breathe``
COLOURS = {
    "ink": NEUTRAL,
    "soft": NEUTRAL,
    "line": f"{NEUTRAL}55",
    "accent": ACCENT,
    "train": TRAIN.colour,
    "batch": VALID.colour,
    "full": FULL.colour,
    "graded": GRADED.colour,
}


def still(report: Report) -> None:
    """Draw the run's first figure as a picture; nothing for a run that has none."""
    drawn = once(report, "still", lambda: _drawn(report))
    if drawn:
        with st.container(key=KEY):
            st.markdown(drawn)
        _breathe()


def _breathe() -> None:
    """Let the browser draw verdict and curve before the rest of a session's first page comes.

    What arrives while it works on its first picture is drawn with that picture: without a pause
    the first thing to be seen is everything, a fifth of a second later. The charts are not later
    for it, they still wait for their script.
    """
    if not state.choice(SHOWN, False):
        state.hold_choice(SHOWN, True)
        time.sleep(BREATH)


def _drawn(report: Report) -> str | None:
    """Return the picture, in colours that suit the light and the dark page, with its text.

    It is an image in markdown because that is what the browser can draw first: every other
    element waits for a script of its own. It holds numbers and our own words, no data text.
    """
    figure = first_figure(report)
    if figure is None:
        return None
    colours = "".join(f"--{name}:{colour};" for name, colour in COLOURS.items())
    style = f"<style>:root{{{colours}}}{STYLE.read_text(encoding='utf-8')}</style>"
    opening, body = figure.svg.split(">", 1)
    picture = b64encode(f"{opening}>{style}{body}".encode()).decode()
    return f"![{figure.text}](data:image/svg+xml;base64,{picture})"
