"""Logs: an unforeseen fault is told by kind and place, and the key in its words is not."""

import logging
import threading

import pytest

from pages.shared import api_work, connect, logs
from tests.pages.app import button, open_app
from tests.pages.test_connect import field, finished
from tests.servers.fine_tuning import OPENAI_KEY


@pytest.fixture
def said():
    """What is logged while a test runs."""
    lines = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    before = logging.getLogRecordFactory(), threading.excepthook
    logs.withhold_words()
    handler = Keep()
    logging.getLogger().addHandler(handler)
    for name in ("streamlit.error_util", "goldilocks"):
        logging.getLogger(name).addHandler(handler)
    yield lines
    for name in (None, "streamlit.error_util", "goldilocks"):
        logging.getLogger(name).removeHandler(handler)
    logging.setLogRecordFactory(before[0])
    threading.excepthook = before[1]


def failing(*_args, **_named):
    try:
        {}[OPENAI_KEY]
    except KeyError as error:
        raise RuntimeError(f"could not log in with {OPENAI_KEY}") from error


def type_in(app):
    field(app, "platform-key").set_value(OPENAI_KEY)
    return button(app, "Connect").click().run()


def test_a_fault_in_the_work_behind_the_page_keeps_the_key_out_of_log_and_page(said, monkeypatch):
    monkeypatch.setattr(api_work, "list_jobs", failing)
    app = finished(type_in(open_app()))
    assert app.error[0].proto.title == "The work ended by a fault of ours"
    told = "\n".join(said)
    assert "KeyError" in told
    assert "RuntimeError" in told
    assert "in failing" in told
    assert OPENAI_KEY not in told
    assert OPENAI_KEY not in str(app.error[0].proto)


def test_a_fault_of_the_page_itself_keeps_the_key_out_of_the_log(said, monkeypatch):
    monkeypatch.setattr(connect, "connect", failing)
    app = open_app()
    said.clear()
    type_in(app)
    told = "\n".join(said)
    assert "in failing" in told
    assert OPENAI_KEY not in told


def test_a_fault_of_any_thread_and_any_library_is_told_without_its_words(said):
    thread = threading.Thread(target=failing)
    thread.start()
    thread.join()
    try:
        failing()
    except RuntimeError:
        logging.getLogger("anything").exception("went wrong: %s", "here")
    assert len(said) >= 2
    assert "went wrong: here" in said[-1]
    assert all("in failing" in line and OPENAI_KEY not in line for line in said)


def test_a_fault_that_is_its_own_cause_ends():
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert logs.trace_of(first).count("ValueError") == 2
