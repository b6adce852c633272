"""Allowed addresses: which platforms may be called from here, and never another one.

On somebody's own machine every address is that person's choice. Who runs the app for others names
the allowed ones in the environment variable ``GOLDILOCKS_ALLOWED_BASE_URLS``, separated by commas:

    GOLDILOCKS_ALLOWED_BASE_URLS="https://api.openai.com, https://acme.openai.azure.com"

Scheme, host and port must be the same; there are no wildcards and a path is no part of it. A
variable that is set and empty allows none: nothing can be connected. One that cannot be read allows
none either.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from analysis.errors import SourceError
from analysis.sources.api.explanations import AccessError

if TYPE_CHECKING:
    import httpx2

VARIABLE = "GOLDILOCKS_ALLOWED_BASE_URLS"
_PORTS = {"https": 443, "http": 80}


def allowed_origins() -> tuple[str, ...] | None:
    """Return the allowed origins, such as ``https://api.openai.com``; None where all are.

    Raises
    ------
    SourceError
        If the setting holds something else than addresses.
    """
    listed = os.environ.get(VARIABLE)
    if listed is None:
        return None
    origins = (origin_of(entry.strip()) for entry in listed.split(",") if entry.strip())
    return tuple(dict.fromkeys(origins))


def check_allowed(base_url: str) -> None:
    """Refuse an address that the setting does not allow.

    Raises
    ------
    SourceError
        If its origin is not among the allowed ones, or the setting cannot be read.
    """
    allowed = allowed_origins()
    if allowed is None or origin_of(base_url) in allowed:
        return
    raise SourceError(
        "This address may not be called from here",
        where=origin_of(base_url),
        remedy=f"Use one of these: {', '.join(allowed)}" if allowed
        else "Load files: whoever runs this app has switched connecting off",
    )  # fmt: skip


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address, the port only where it is not the usual one.

    Raises
    ------
    SourceError
        If it is no http or https address, or holds a user name or a password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _unreadable() from None
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc or "*" in host:
        raise _unreadable()
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}" + (
        "" if port in {None, _PORTS[parts.scheme]} else f":{port}"
    )


def staying_at(base_url: str) -> Callable[["httpx2.Request"], None]:
    """Return a check for every request of a client, those after a redirect included.

    A client drops some headers when it is sent elsewhere, but not Azure's ``api-key``.
    """
    home = origin_of(base_url)

    def check(request: "httpx2.Request") -> None:
        if origin_of(str(request.url)) != home:
            raise AccessError(
                "The platform sends the call on to another address: it was not followed, so the "
                "key stays where it belongs",
                where=str(request.url.host)[:120],
                remedy="Use the API's own address",
            )

    return check


def _unreadable() -> SourceError:
    return SourceError(
        f"The setting {VARIABLE} is no list of addresses",
        remedy="Name them like https://api.openai.com, https://acme.openai.azure.com",
    )
