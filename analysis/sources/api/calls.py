"""Calls: one question to the platform, its answer as a document or as bytes."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from analysis.errors import SourceError
from analysis.sources.api.address import Provider
from analysis.sources.api.connection import USUAL, Connection, Limits, client_of
from analysis.sources.api.explanations import (
    AccessError,
    StoppedError,
    explained,
    out_of_quota,
    retry_after,
)
from analysis.sources.api.later import openai
from analysis.sources.api.progress import Progress
from analysis.sources.api.redaction import without_credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ATTEMPTS = 3
MAX_WAIT = 60.0  # seconds; a longer wait is said, not waited
FIRST_WAIT = 0.5  # seconds, doubled each time, where the platform does not say
_PAGE = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml")


class Answer(Protocol):
    """What the client gives back when asked for the raw answer."""

    @property
    def content(self) -> bytes:
        """The body."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers."""


@dataclass(frozen=True)
class Caller:
    """An open client, and what every call through it shares.

    Attributes
    ----------
    client : OpenAI
        As ``client_of`` makes it.
    connection : Connection
        What it was made of.
    progress : Progress
        Where waiting is told, and whose wish to stop is heeded before every call.
    """

    client: openai.OpenAI
    connection: Connection
    progress: Progress

    def document(
        self, what: str, call: Callable[[], Answer], *, attempts: int = ATTEMPTS
    ) -> dict[str, Any]:
        """Return the JSON object in the answer, as it was sent, without credentials.

        Raises
        ------
        SourceError
            If the call fails or its answer is no JSON object; ``what`` names it.
        """
        answer = self._answer(what, call, attempts)
        if _is_page(answer):
            raise self._no_api()
        try:
            found = without_credentials(json.loads(answer.content), self.connection.secrets)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise SourceError(
                "The answer is none that the fine-tuning API gives",
                where=what,
                remedy="Check the address, and try again",
            )
        return found

    def content(self, what: str, call: Callable[[], Answer]) -> bytes:
        """Return the answer's bytes, exactly as they came.

        Raises
        ------
        SourceError
            If the call fails or is answered with a web page.
        """
        answer = self._answer(what, call, ATTEMPTS)
        if _is_page(answer):
            raise self._no_api()
        return answer.content

    def _answer(self, what: str, call: Callable[[], Answer], attempts: int) -> Answer:
        for attempt in range(1, attempts + 1):
            if self.progress.stopped:
                raise StoppedError("Stopped", where=what, remedy="Start again for the rest")
            try:
                return call()
            except openai.OpenAIError as error:
                wait = _wait(error, attempt)
                if wait is None or attempt == attempts:
                    known = self.connection
                    raise explained(error, known.provider, what, known.secrets) from None
            self.progress.say(f"The platform asks to wait {wait:.0f} s ({what})")
            self.progress.wait(wait)
        raise AssertionError("the last attempt returns or raises")

    def _no_api(self) -> SourceError:
        azure = self.connection.provider is Provider.AZURE
        example = "https://NAME.openai.azure.com" if azure else "https://api.openai.com/v1"
        return AccessError(
            "This address answers with a web page: it is no API",
            where=str(self.client.base_url.host),
            remedy=f"Use the API's own address, such as {example}",
        )


@contextmanager
def calling(
    connection: Connection, progress: Progress | None = None, limits: Limits = USUAL
) -> Iterator[Caller]:
    """Open a client for some calls, and close it after them.

    Raises
    ------
    SourceError
        If Azure's sign-in is asked for and its package is not installed.
    """
    with client_of(connection, limits) as client:
        yield Caller(client, connection, progress or Progress())


def _is_page(answer: Answer) -> bool:
    head = answer.content[:64].lstrip().lower()
    return "html" in answer.headers.get("content-type", "") or head.startswith(_PAGE)


def _wait(error: openai.OpenAIError, attempt: int) -> float | None:
    """Return how long to wait before asking again; None where asking again is no use."""
    by_itself = FIRST_WAIT * 2 ** (attempt - 1)
    if isinstance(error, openai.APIStatusError):
        passing = error.status_code in {429, 503} or error.status_code >= 500
        if not passing or out_of_quota(error):
            return None
        asked = retry_after(error)
        wait = by_itself if asked is None else asked
        return wait if wait <= MAX_WAIT else None
    if isinstance(error, openai.APITimeoutError) or not isinstance(
        error, openai.APIConnectionError
    ):
        return None
    return by_itself if attempt == 1 else None
