"""Components: the charts and the slider that live in the browser, of the sources in ``board/``."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

SOURCES = Path(__file__).with_name("board")


def _script(names: Sequence[str]) -> str:
    """Return several sources as one module: the last one exports it."""
    return "\n".join((SOURCES / f"{name}.js").read_text(encoding="utf-8") for name in names)


def _component(name: str, parts: Sequence[str]) -> ComponentRenderer:
    return st.components.v2.component(
        f"goldilocks_{name}",
        html=f'<div class="{name}"></div>',
        css=(SOURCES / f"{name}.css").read_text(encoding="utf-8"),
        js=_script([*parts, name]),
    )


board = _component("board", ("wire", "scales", "smoothing", "plot", "pointing", "saving", "tools"))
stepper = _component("stepper", ("wire", "scales"))
