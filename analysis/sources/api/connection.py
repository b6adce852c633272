"""Connections: an address and a credential, and the client made of them and nothing else."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from analysis.errors import SourceError
from analysis.sources.api.address import Provider, base_url_of
from analysis.sources.api.allowed import check_allowed, staying_at
from analysis.sources.api.explanations import AccessError
from analysis.sources.api.later import openai

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

V1_VERSIONS = frozenset({"", "v1", "latest", "preview"})
SCOPE = "https://ai.azure.com/.default"
LEGACY_SCOPE = "https://cognitiveservices.azure.com/.default"
_API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-preview)?")
_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")


@dataclass(frozen=True)
class Limits:
    """How long and how much one call may take, so that no server can hold us.

    Attributes
    ----------
    connect, read : float
        Seconds until there is a connection, and from one byte of the answer to the next.
    answer : float
        Seconds for a whole answer: a server may dribble.
    size : int
        Bytes of an answer, as they travel.
    """

    connect: float = 5.0
    read: float = 20.0
    answer: float = 120.0
    size: int = 1 << 28


USUAL = Limits()


@dataclass(frozen=True)
class Connection:
    """How to call a platform.

    Attributes
    ----------
    provider : Provider
        Whose API it is.
    base_url : str
        Its address; for a dated API version, the root of the resource.
    credential : str or None
        A key or an Entra token, never shown; None: Azure's own sign-in on this machine.
    api_version : str or None
        A dated version of Azure's API; None: v1, which needs none.
    """

    provider: Provider
    base_url: str
    credential: str | None = field(default=None, repr=False)
    api_version: str | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may quote."""
        return (self.credential,) if self.credential else ()


def connect(
    provider: Provider, address: str = "", credential: str | None = None, api_version: str = ""
) -> Connection:
    """Return a connection, after checking its parts; nothing is called yet.

    Parameters
    ----------
    provider : Provider
        Whose API it is.
    address : str
        As people paste it; may be empty for OpenAI.
    credential : str or None
        A key or an Entra token; None asks for Azure's sign-in on this machine.
    api_version : str
        Azure only: a dated version; empty for v1.

    Raises
    ------
    SourceError
        If a part is missing or cannot be what it should be, or the address is not allowed here.
    """
    version = api_version.strip()
    if version in V1_VERSIONS or provider is Provider.OPENAI:
        version = ""
    elif not _API_VERSION.fullmatch(version):
        raise SourceError(
            "The API version is no date",
            remedy="Leave it empty, or write it like 2025-04-01-preview",
        )
    base_url = base_url_of(provider, address, legacy=bool(version))
    check_allowed(base_url)
    if credential is None and provider is Provider.OPENAI:
        raise SourceError("The key is missing", remedy="Paste a key of the OpenAI project")
    key = None if credential is None else _clean_key(credential)
    return Connection(provider, base_url, key, version or None)


def client_of(connection: Connection, limits: Limits = USUAL) -> openai.OpenAI:
    """Return the client for a connection; close it after use.

    It never waits long and never tries again by itself. Nothing of the process's environment
    (``OPENAI_ORG_ID``, ``OPENAI_CUSTOM_HEADERS`` and their like) goes along, but its proxies.

    Raises
    ------
    SourceError
        If Azure's sign-in is asked for and its package is not installed.
    """
    from analysis.sources.api.bound_body import BoundBody  # noqa: PLC0415 - only when calling

    def bound_body(response: httpx2.Response) -> None:
        response.stream = BoundBody(response.stream, limits.answer, limits.size)

    timeout = openai.Timeout(limits.read, connect=limits.connect)
    common: dict[str, Any] = {
        "timeout": timeout,
        "max_retries": 0,
        "http_client": openai.DefaultHttpx2Client(
            timeout=timeout,
            event_hooks={
                "request": [staying_at(connection.base_url)],
                "response": [bound_body],
            },
        ),
    }
    key: Any = connection.credential or _token_provider(connection)
    if connection.api_version:
        login = _legacy_login(key)
        client: openai.OpenAI = openai.AzureOpenAI(
            azure_endpoint=connection.base_url, api_version=connection.api_version,
            **login, **common,
        )  # fmt: skip
    else:
        client = openai.OpenAI(base_url=connection.base_url, api_key=key, **common)
    client.organization = client.project = client.admin_api_key = client.webhook_secret = None
    client._custom_headers = {}
    return client


def credential_in_environment(provider: Provider) -> str | None:
    """Return the key or token that the environment holds for a provider.

    Raises
    ------
    SourceError
        If OpenAI's is missing; without Azure's, this machine's sign-in is used.
    """
    if provider is Provider.AZURE:
        token = os.environ.get("AZURE_OPENAI_AD_TOKEN")
        return token or os.environ.get("AZURE_OPENAI_API_KEY") or None
    key = os.environ.get("OPENAI_API_KEY")
    if not key:
        raise SourceError(
            "There is no key in the environment", remedy="Set OPENAI_API_KEY and call again"
        )
    return key


def _clean_key(pasted: str) -> str:
    key = re.sub(r"^bearer\s+", "", pasted.strip().strip("\"'").strip(), flags=re.IGNORECASE)
    if not key:
        raise SourceError("The key is missing", remedy="Paste a key or an Entra token")
    if not all("!" <= char <= "~" for char in key):
        raise SourceError(
            "The key holds blanks or characters that no key has",
            remedy="Copy it again, whole and alone; a key that is shown masked cannot be used",
        )
    return key


def _legacy_login(key: str | Callable[[], str]) -> dict[str, Any]:
    if callable(key):
        return {"azure_ad_token_provider": key}
    return {"azure_ad_token": key} if _TOKEN.fullmatch(key) else {"api_key": key}


def _token_provider(connection: Connection) -> Callable[[], str]:
    """Return what gives a fresh Entra token by Azure's own sign-in on this machine."""
    try:
        identity, core = import_module("azure.identity"), import_module("azure.core.exceptions")
    except ImportError:
        raise SourceError(
            "Signing in with Entra needs a package that is not installed",
            where="azure-identity",
            remedy="Run pip install azure-identity, or use a key or an Entra token",
        ) from None
    scope = LEGACY_SCOPE if connection.api_version else SCOPE
    fresh = identity.get_bearer_token_provider(identity.DefaultAzureCredential(), scope)

    def token() -> str:
        try:
            return str(fresh())
        except core.ClientAuthenticationError:
            raise AccessError(
                "This machine is not signed in to Azure",
                remedy="Sign in (az login) and try again, or use a key or an Entra token",
            ) from None

    return token
