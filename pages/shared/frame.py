"""The frame every page begins with: title, menu, logo, and what the keyboard needs to be seen."""

from pathlib import Path

import streamlit as st

from analysis import Report
from pages.shared import garbage, loading, logs, sign_in, state, way_back

LOGO = Path(__file__).with_name("logo.svg")
STYLE = Path(__file__).with_name("frame.css")
MENU_WIDTH = 210  # pixels
MENU = (
    ("app.py", "Overview", ":material/home:"),
    ("pages/run.py", "Run", ":material/show_chart:"),
    ("pages/compare.py", "Compare", ":material/compare_arrows:"),
    ("pages/decide.py", "Decide", ":material/rocket_launch:"),
    ("pages/runs.py", "Runs", ":material/table_rows:"),
    ("pages/metrics.py", "Metrics", ":material/calculate:"),
    ("pages/grader.py", "Grader", ":material/rule:"),
    ("pages/report.py", "Report", ":material/slideshow:"),
)


def open_page(title: str) -> None:
    """Set up the page, let in who may see it, draw the menu; every page calls it first."""
    garbage.set_aside()
    logs.withhold_words()
    st.set_page_config(
        page_title=f"{title} · Goldilocks",
        page_icon="🥣",
        layout="wide",
        initial_sidebar_state=MENU_WIDTH,
    )
    st.html(STYLE)
    st.logo(str(LOGO), size="large")
    sign_in.require()
    with st.sidebar:
        for page, label, icon in MENU:
            st.page_link(page, label=label, icon=icon)
        sign_in.menu()


def loaded_run(purpose: str, title: str) -> Report | None:
    """Return the run to show; without one, say so under a title and offer the way on."""
    report = state.chosen_run()
    if isinstance(report, Report):
        return report
    st.title(title)
    offer_start(purpose)
    return None


def offer_start(purpose: str) -> None:
    """Say that nothing is loaded, what the page would show, and offer the way on, or back.

    Back is where a link led whose runs are not loaded.
    """
    missing = way_back.missing_runs()
    with st.container(border=True):
        st.markdown(purpose)
        if missing:
            way_back.draw(missing)
            return
        st.header("No run yet", anchor=False)
        st.markdown("Drop a result file on the Overview, or look around with the samples.")
        with st.container(horizontal=True, vertical_alignment="center"):
            loading.offer_samples()
            st.page_link("app.py", label="To the Overview", icon=":material/home:")
