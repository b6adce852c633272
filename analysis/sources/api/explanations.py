"""What went wrong with a call, in words that say what to do."""

from __future__ import annotations

import email.utils
import math
import time
from typing import Any

from analysis.errors import SourceError
from analysis.sources.api.address import Provider
from analysis.sources.api.later import openai
from analysis.sources.api.redaction import redacted

MAX_QUOTE = 200  # characters of the platform's own words
_KEY = {
    Provider.OPENAI: "Check that the whole key was pasted, that it was not revoked, and that it "
    "belongs to the project of the jobs",
    Provider.AZURE: "Check that the key belongs to this resource; an Entra token ends after about "
    "an hour (az account get-access-token gives a new one)",
}
_RIGHTS = {
    Provider.OPENAI: "Give the key read access to Fine-tuning and Files (platform.openai.com, API "
    "keys), or use another one",
    Provider.AZURE: "Ask for the role Cognitive Services OpenAI Contributor or Azure AI User on "
    "the resource, or call from a network that it allows",
}
_MISSING = {
    Provider.OPENAI: "Check the job's id, and that the key belongs to the project in which it was "
    "trained",
    Provider.AZURE: "Check the job's id and the address: the resource (or project) in which it was "
    "trained; with an API version, events need 2024-08-01-preview or later",
}


class AccessError(SourceError):
    """A failure that every further call would meet as well."""


class StoppedError(AccessError):
    """Somebody asked to stop."""


def explained(
    error: openai.OpenAIError, provider: Provider, what: str, secrets: tuple[str, ...]
) -> SourceError:
    """Return the error that tells a user what happened and what to do next.

    Parameters
    ----------
    error : OpenAIError
        As the client raised it.
    provider : Provider
        Whose API it is.
    what : str
        What was asked for, such as ``events of ftjob-1``.
    secrets : tuple of str
        The session's keys, to be hidden wherever the platform quotes them.
    """
    if isinstance(error, openai.APIStatusError):
        return _of_status(error, provider, what, secrets)
    if isinstance(error, openai.APITimeoutError):
        return SourceError(
            "The platform did not answer in time",
            where=what,
            remedy="Try again; if it stays so, check the address and the network",
        )
    if isinstance(error, openai.APIConnectionError):
        return _of_connection(error, what)
    words = redacted(str(error), secrets)[:MAX_QUOTE]
    return SourceError(f"The call could not be made: {words}", where=what, remedy="Connect again")


def retry_after(error: openai.APIStatusError) -> float | None:
    """Return how many seconds the platform asks to wait; None where it does not say."""
    headers = error.response.headers
    for name, seconds in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            wait = float(headers.get(name, "")) * seconds
        except ValueError:
            continue
        if math.isfinite(wait):
            return max(wait, 0.0)
    try:
        until = email.utils.parsedate_to_datetime(headers.get("retry-after", ""))
        return max(until.timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def out_of_quota(error: openai.APIStatusError) -> bool:
    """Return whether the account's money is used up: no waiting helps."""
    return error.code == "insufficient_quota" or error.type == "insufficient_quota"


def _of_connection(error: openai.APIConnectionError, what: str) -> SourceError:
    cause = type(error.__cause__).__name__
    if cause in {"ConnectError", "UnsupportedProtocol", "ProxyError", "InvalidURL"}:
        return AccessError(
            "The address cannot be reached",
            where=str(error.request.url.host),
            remedy="Check the address, the network and the proxy; where a company reads along, "
            "set SSL_CERT_FILE to its certificates",
        )
    return SourceError(
        "The connection broke off before the answer was whole", where=what, remedy="Try again"
    )


def _of_status(
    error: openai.APIStatusError, provider: Provider, what: str, secrets: tuple[str, ...]
) -> SourceError:
    kind, problem, remedy = _words(error, provider)
    quote = _quote(error.body, secrets)
    request = redacted(error.request_id or "", secrets)[:MAX_QUOTE]
    where = [
        what,
        f'the platform says "{quote}"' if quote else "",
        f"request {request}" if request else "",
    ]
    return kind(problem, where="; ".join(part for part in where if part), remedy=remedy)


def _words(error: openai.APIStatusError, provider: Provider) -> tuple[type[SourceError], str, str]:
    """Return the kind of error, what is wrong, and the remedy."""
    status = error.status_code
    if status == 429:
        return _too_many(error)
    if status == 401:
        return AccessError, "The key was not accepted", _KEY[provider]
    if status >= 500:
        problem = f"The platform has a fault of its own (status {status})"
        return SourceError, problem, f"Try again {_later(retry_after(error))}"
    known = {
        403: ("This key may not do that", _RIGHTS[provider]),
        404: ("The platform knows nothing under this address", _MISSING[provider]),
        409: ("The state of the job does not allow that", "Read its status again"),
    }
    refused = f"The platform refused the call (status {status})"
    return SourceError, *known.get(status, (refused, "Check the id, address and API version"))


def _too_many(error: openai.APIStatusError) -> tuple[type[SourceError], str, str]:
    if out_of_quota(error):
        remedy = "Check plan and billing of the account; waiting does not help"
        return AccessError, "The account's quota is used up", remedy
    return SourceError, "Too many calls in a short time", f"Try again {_later(retry_after(error))}"


def _later(seconds: float | None) -> str:
    if seconds is None:
        return "in a few minutes"
    if seconds < 90:
        return f"in {math.ceil(max(seconds, 1.0))} seconds"
    return f"in {math.ceil(seconds / 60):,} minutes"


def _quote(body: Any, secrets: tuple[str, ...]) -> str:
    """Return the platform's own words; none where it answered with a page or nothing."""
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(message, str):
        return ""
    words = " ".join(redacted(message, secrets).split()).rstrip(".")
    return words if len(words) <= MAX_QUOTE else f"{words[: MAX_QUOTE - 1]}…"
