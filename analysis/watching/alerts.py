"""Alerts: when a verdict is worth telling, and telling it to a command or a web address."""

import json
import os
import shlex
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from analysis.errors import SourceError
from analysis.verdict import Status, rounded
from analysis.watching.watched import Watched

SCHEMA = "goldilocks-alert/1"
COMMAND_TIME, POST_TIME = 60.0, 10.0  # seconds
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
LEVELS = {"warn": {Status.WARN, Status.FAIL}, "fail": {Status.FAIL}}


@dataclass(frozen=True)
class Alert:
    """What is told.

    Attributes
    ----------
    job : str
        The job's id, or the file's path.
    job_status : str or None
        In the platform's word; None for a file.
    verdict, previous : str
        Label of the verdict, and of the one before; empty where there is none.
    status : Status
        How grave the verdict is.
    statement : str
        The verdict, or how the job ended, in a sentence.
    confidence : float or None
        Probability that the verdict is right.
    step, planned : int or None
        The last logged step, and how many there will be.
    stop : str
        The advice to stop the job; empty where it had better run on.
    final : bool
        Whether the job has ended.
    """

    job: str
    job_status: str | None
    verdict: str
    previous: str
    status: Status
    statement: str
    confidence: float | None = None
    step: int | None = None
    planned: int | None = None
    stop: str = ""
    final: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the alert as JSON; ``text`` is what chat services show."""
        return {
            "schema": SCHEMA,
            "text": f"{self.job}: {self.statement} {self.stop}".strip(),
            "job": self.job,
            "job_status": self.job_status,
            "verdict": self.verdict,
            "previous": self.previous,
            "status": self.status.value,
            "statement": self.statement,
            "confidence": rounded(self.confidence),
            "step": self.step,
            "planned_steps": self.planned,
            "stop": self.stop,
            "final": self.final,
        }


def alert_of(before: Watched, now: Watched, level: str) -> Alert | None:
    """Return what is to be told after a look; None where nothing is.

    A verdict at or above the level is told once, when it is first said; a job that fails is told
    once as well, whatever the level.
    """
    alert = _alert(before, now)
    if now.look.failed and not before.look.failed:
        return alert
    changed = before.standing.label != now.standing.label
    return alert if changed and alert.status in LEVELS[level] else None


def is_at(watched: Watched, level: str) -> bool:
    """Return whether a job failed, or what is said of it is at or above a level."""
    headline = watched.standing.headline
    return watched.look.failed or (headline is not None and headline.status in LEVELS[level])


def _alert(before: Watched, now: Watched) -> Alert:
    headline, stop = now.standing.headline, now.standing.stop.value
    statement = headline.statement if headline else "No verdict."
    if now.look.failed:
        statement = f"The job has ended: {now.look.status}. {statement}"
    graver = Status.FAIL if now.look.failed else Status.INSUFFICIENT_DATA
    return Alert(
        now.name,
        now.look.status,
        now.standing.label,
        before.standing.label,
        headline.status if headline and not now.look.failed else graver,
        statement,
        headline.confidence if headline else None,
        now.look.step,
        now.look.planned,
        stop.statement if stop else "",
        now.look.ended,
    )


def run_command(command: str, alert: Alert) -> str:
    """Run a command with the alert on its standard input and return why that failed, or nothing.

    No shell is involved and nothing of the alert becomes part of the command's words: besides the
    JSON there are ``GOLDILOCKS_JOB``, ``_VERDICT``, ``_STATUS`` and ``_STATEMENT`` in its
    environment.
    """
    told = {
        "GOLDILOCKS_JOB": alert.job,
        "GOLDILOCKS_VERDICT": alert.verdict,
        "GOLDILOCKS_STATUS": alert.status.value,
        "GOLDILOCKS_STATEMENT": alert.statement,
    }
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, and no shell
            words_of(command),
            input=json.dumps(alert.to_dict()).encode(),
            env={**os.environ, **{k: v.replace("\0", " ") for k, v in told.items()}},
            timeout=COMMAND_TIME,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the command took longer than {COMMAND_TIME:.0f} s and was ended"
    except OSError as error:
        return f"the command could not be run: {error.strerror}"
    return f"the command ended with {done.returncode}" if done.returncode else ""


def words_of(command: str) -> list[str]:
    """Return a command's words, as a shell would part them.

    Raises
    ------
    SourceError
        If there are none, or a quote is open.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise SourceError(
            f"The command cannot be read: {error}", remedy="Close the quote"
        ) from None
    if not words:
        raise SourceError("The command is empty", remedy="Name a program to run")
    return words


def checked_webhook(url: str) -> str:
    """Return a web address to post to.

    Raises
    ------
    SourceError
        If it is neither https nor on this machine.
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL)
    if not safe or not host:
        raise SourceError(
            "The webhook is no address to post to",
            remedy="Give an https address; http only on this machine",
        )
    return url.strip()


def post(url: str, alert: Alert) -> str:
    """Post an alert as JSON and return why that failed, or nothing; the address is never quoted."""
    request = urllib.request.Request(  # noqa: S310 - checked_webhook lets https and localhost pass
        checked_webhook(url),
        data=json.dumps(alert.to_dict()).encode(),
        headers={"Content-Type": "application/json", "User-Agent": "goldilocks"},
        method="POST",
    )
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=POST_TIME):
            return ""
    except urllib.error.HTTPError as error:
        return f"the webhook answered with status {error.code}"
    except (urllib.error.URLError, OSError) as error:
        cause = getattr(error, "reason", error)
        return f"the webhook could not be reached ({type(cause).__name__})"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for a failure: it may lead anywhere."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""
