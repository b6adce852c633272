"""The app under Streamlit's own test harness."""

import json

from streamlit.testing.v1 import AppTest

from tests.shared_data import ROOT


def open_app(**query: str) -> AppTest:
    """Return the app after its first run, on the Overview."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Drop files on the Overview."""
    app.file_uploader[0].set_value([(name, content, "text/csv") for name, content in files])
    return app.run()


def open_samples(app: AppTest) -> AppTest:
    """Press the button that opens the samples."""
    return button(app, "Open the samples").click().run()


def button(app: AppTest, label: str):
    """Return the first button of this label."""
    return next(item for item in app.button if item.label == label)


def texts(app: AppTest) -> str:
    """Return all text on the page, one element a line."""
    headings = (app.title, app.header, app.subheader)
    elements = (*headings, app.markdown, app.caption, app.error, app.info, app.text)
    return "\n".join(str(element.value) for kind in elements for element in kind)


def component(app: AppTest, name: str, order: int = 0) -> dict:
    """Return what a component of the page was given: the charts, or the slider."""
    found = [
        item.proto
        for item in app.get("bidi_component")
        if item.proto.component_name == f"goldilocks_{name}"
    ]
    return json.loads(found[order].json)


def say(app: AppTest, key: str, **values: object) -> AppTest:
    """Let the browser's part of a component tell the page something."""
    app.session_state[key] = values
    return app.run()
