"""The command ``watch``: look at a running job until it ends, and tell when a verdict is grave."""

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.commands.fetch import connection_of
from analysis.commands.inputs import mapping_at, thresholds_at
from analysis.errors import SourceError
from analysis.sources.api.calls import calling
from analysis.sources.api.jobs import checked_id
from analysis.thresholds import PRESETS
from analysis.watching.alerts import (
    Alert,
    alert_of,
    checked_webhook,
    is_at,
    post,
    run_command,
    words_of,
)
from analysis.watching.feeds import Feed, FileFeed, JobFeed
from analysis.watching.keeping import Fault, kept
from analysis.watching.standing import Phase
from analysis.watching.watched import Settings, Watched
from analysis.wording import probability

ENDED_WELL, FOUND, NOT_WATCHED = 0, 1, 2


def watch_command(options: argparse.Namespace) -> int:
    """Watch until the job ends and return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _check(options)
        thresholds = thresholds_at(options.thresholds, PRESETS[options.preset])
        settings = Settings(thresholds, mapping_at(options.mapping))
        with _feed(options) as (name, feed):
            return _watch(feed, name, settings, options)
    except SourceError as error:
        _say(str(error))
    except KeyboardInterrupt:
        _say("Stopped before the job ended")
    return NOT_WATCHED


def _check(options: argparse.Namespace) -> None:
    """Check all words before anything is waited for."""
    if options.job and not options.provider:
        raise SourceError("Whose job is it?", remedy="Add --provider openai or azure")
    if options.exec:
        words_of(options.exec)
    if options.webhook:
        checked_webhook(options.webhook)


@contextmanager
def _feed(options: argparse.Namespace) -> Iterator[tuple[str, Feed]]:
    if options.file:
        yield str(options.file), FileFeed(Path(options.file), quiet=options.quiet)
        return
    job_id = checked_id(options.job)
    with calling(connection_of(options)) as caller:
        yield job_id, JobFeed(caller, job_id)


def _watch(feed: Feed, name: str, settings: Settings, options: argparse.Namespace) -> int:
    before = Watched(name)
    for news in kept(feed, name, options.every, time.sleep, settings):
        if isinstance(news, Fault):
            _say(f"{_now()}  {news.reason} Next look in {news.wait:.0f} s.")
            continue
        if _line(news) != _line(before):
            _say(f"{_now()}  {_line(news)}")
        alert = alert_of(before, news, options.on)
        if alert:
            _tell(alert, options)
        before = news
    return FOUND if is_at(before, options.on) else ENDED_WELL


def _tell(alert: Alert, options: argparse.Namespace) -> None:
    """Tell an alert everywhere it is wanted; where that fails, the watch goes on."""
    failures = []
    if options.exec:
        failures.append(run_command(options.exec, alert))
    if options.webhook:
        failures.append(post(options.webhook, alert))
    for failure in filter(None, failures):
        _say(f"{_now()}  Not told: {failure}")


def _line(watched: Watched) -> str:
    """Return what is known in a line; it changes only when that does."""
    look, standing = watched.look, watched.standing
    place = f"step {look.step:,}" if look.step is not None else "no step yet"
    if look.planned and look.step is not None:
        place += f" of {look.planned:,}"
    parts = [look.status or "", place, _verdict(watched)]
    if standing.stop.value:
        parts.append(standing.stop.value.statement)
    return " · ".join(part for part in parts if part)


def _verdict(watched: Watched) -> str:
    headline, phase = watched.standing.headline, watched.standing.phase
    if headline is None:
        too_early = "too early for a verdict" if phase is Phase.TOO_EARLY else ""
        return watched.problem or too_early
    word = "" if phase is Phase.FINAL else "so far: "
    return f"{word}{headline.statement} ({probability(headline.confidence)})"


def _now() -> str:
    return time.strftime("%H:%M:%S")


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
