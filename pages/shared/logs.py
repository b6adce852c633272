"""Logs: an unforeseen fault is logged by its kind and place, never by its words.

The words of an exception may quote what a user typed or loaded: a key, a name, a cell. The log
belongs to whoever runs the app, not to the user.
"""

import logging
import sys
import threading
import traceback

import streamlit as st

from analysis.sources.api.redaction import redacted

WITHHELD = "its words are withheld: they may quote what a user typed"
# Asked to by OPENAI_LOG, these log what a platform answers: headers, where it may quote a key.
_CLIENTS = ("openai", "httpx2", "httpcore2")
_log = logging.getLogger("goldilocks")


def withhold_words() -> None:
    """Let no log of this process hold the words of an exception, or what looks like a key.

    Called again, it changes nothing.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "withholds", False):
        return

    def record(*args: object, **named: object) -> logging.LogRecord:
        made = make(*args, **named)
        told = made.exc_info if isinstance(made.exc_info, tuple) else None
        if told is not None and told[1] is not None:
            made.msg, made.args = f"{made.getMessage()}\n{trace_of(told[1])}", ()
            made.exc_info = made.exc_text = None
        if made.name.startswith(_CLIENTS):
            made.msg, made.args = redacted(made.getMessage()), ()
        return made

    record.withholds = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(record)
    st.set_option("logger.enableRich", False)  # Rich prints past every log
    threading.excepthook = lambda thrown: log_fault(thrown.exc_value)
    sys.unraisablehook = lambda thrown: log_fault(thrown.exc_value)


def log_fault(fault: BaseException | None) -> None:
    """Log a fault that nobody foresaw."""
    if fault is not None:
        _log.error("A fault of ours\n%s", trace_of(fault))


def trace_of(fault: BaseException) -> str:
    """Return where a fault came from, and what it came of, without a word of it."""
    known: list[BaseException] = []
    here: BaseException | None = fault
    while here is not None and here not in known:
        known.append(here)
        here = here.__cause__ or here.__context__
    return "\n".join(
        f"{''.join(traceback.format_tb(each.__traceback__))}{type(each).__name__} ({WITHHELD})"
        for each in reversed(known)
    )
