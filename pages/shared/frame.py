"""The frame every page begins with: title, menu, logo."""

from pathlib import Path

import streamlit as st

from pages.shared import garbage, loading, logs, sign_in, state

LOGO = Path(__file__).with_name("logo.svg")
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
    st.logo(str(LOGO), size="large")
    sign_in.require()
    with st.sidebar:
        for page, label, icon in MENU:
            st.page_link(page, label=label, icon=icon)
        sign_in.menu()


def offer_start(purpose: str) -> None:
    """Say that nothing is loaded, what the page would show, and offer the way on."""
    wanted = state.chosen_run()
    with st.container(border=True):
        st.markdown(purpose)
        if isinstance(wanted, state.Wanted):
            st.header("This link names a run that is not loaded", anchor=False)
            st.markdown(
                "Runs stay in your session and are never stored. Drop the same file again on the "
                "Overview, and this view comes back."
            )
        else:
            st.header("No run yet", anchor=False)
            st.markdown("Drop a result file on the Overview, or look around with the samples.")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Open the samples",
                icon=":material/play_circle:",
                on_click=loading.load_samples,
            )
            st.page_link("app.py", label="To the Overview", icon=":material/home:")
