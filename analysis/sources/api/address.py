"""Addresses of the API: from whatever people paste to the one the client needs."""

import re
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urlsplit

from analysis.errors import SourceError

OPENAI_ADDRESS = "https://api.openai.com/v1/"
V1 = "openai/v1/"
_PORTALS = frozenset({"ai.azure.com", "oai.azure.com", "portal.azure.com", "ml.azure.com"})
_RESOURCE_HOSTS = (".azure.com", ".azure.us", ".azure.cn", ".microsoft.com")
_OPENAI_PAGES = frozenset({"platform.openai.com", "openai.com", "chatgpt.com", "api.openai.com"})
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
# A resource's id, as the portals carry it in their own addresses.
_ACCOUNT = re.compile(r"/accounts/(?P<account>[\w-]+)(?:/projects/(?P<project>[\w.-]+))?")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class Provider(StrEnum):
    """Whose API it is."""

    OPENAI = "openai"
    AZURE = "azure"


def base_url_of(provider: Provider, pasted: str, *, legacy: bool = False) -> str:
    """Return the address that the client needs, ending with a slash.

    Parameters
    ----------
    provider : Provider
        Whose API it is.
    pasted : str
        An endpoint, a resource's or project's address, a portal's page, a resource's name; for
        OpenAI it may be empty.
    legacy : bool
        Azure only: the root of the resource, for a client that adds ``/openai`` and an
        ``api-version`` by itself, in place of the v1 address.

    Raises
    ------
    SourceError
        If it is no address of an API, would send the key unencrypted, or holds a password.
    """
    text = pasted.strip().strip("\"'<>").strip()
    if provider is Provider.OPENAI:
        return _openai(text)
    if not text:
        raise _unclear("The address of the Azure resource is missing")
    if _NAME.fullmatch(text) and text not in _THIS_MACHINE:
        text = f"{text}.openai.azure.com"
    parts = _parts(_with_scheme(text))
    if parts.hostname in _PORTALS:
        parts = _of_portal(parts)
    return f"{_scheme(parts)}://{parts.netloc}/{_path(parts, legacy=legacy)}"


def _openai(text: str) -> str:
    if not text:
        return OPENAI_ADDRESS
    parts = _parts(_with_scheme(text))
    if (parts.hostname or "").removeprefix("www.") in _OPENAI_PAGES:
        return OPENAI_ADDRESS
    path = _joined(_segments(parts)) or "v1/"
    return f"{_scheme(parts)}://{parts.netloc}/{path}"


def _with_scheme(text: str) -> str:
    if _SCHEME.match(text):
        return text
    here = re.split(r"[:/]", text)[0] in _THIS_MACHINE
    return f"http://{text}" if here else f"https://{text}"


def _parts(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        named = parts.hostname or ""
        _ = parts.port  # a port that is no number raises only here
    except ValueError:
        raise _unclear("This is no address") from None
    if parts.username is not None or parts.password is not None:
        raise SourceError(
            "The address holds a user name or a password",
            remedy="Leave them out: the key has a field of its own",
        )
    if parts.scheme.lower() not in {"http", "https"} or not _HOST.fullmatch(named):
        raise _unclear("This is no address of a web service")
    host = f"[{named}]" if ":" in named else named
    port = f":{parts.port}" if parts.port is not None else ""
    return parts._replace(scheme=parts.scheme.lower(), netloc=host + port)


def _of_portal(parts: SplitResult) -> SplitResult:
    found = _ACCOUNT.search(unquote(f"{parts.path}?{parts.query}#{parts.fragment}"))
    if not found:
        raise SourceError(
            "This is a page of the portal, not the API's address",
            where=str(parts.hostname),
            remedy="Copy the endpoint from the resource's overview; it looks like "
            "https://NAME.openai.azure.com or https://NAME.services.ai.azure.com/api/projects/P",
        )
    account, project = found["account"].lower(), found["project"]
    host = f"{account}.services.ai.azure.com" if project else f"{account}.openai.azure.com"
    path = f"/api/projects/{project}" if project else ""
    return SplitResult("https", host, path, "", "")


def _scheme(parts: SplitResult) -> str:
    """Return the scheme to call by: never a plain one, unless it stays on this machine."""
    host = parts.hostname or ""
    if parts.scheme == "https" or host in _THIS_MACHINE:
        return parts.scheme
    if host.endswith(_RESOURCE_HOSTS):
        return "https"
    raise SourceError(
        "This address would send the key unencrypted",
        where=f"http://{host}",
        remedy="Use the address that starts with https://",
    )


def _segments(parts: SplitResult) -> list[str]:
    return [segment for segment in parts.path.split("/") if segment not in {"", ".", ".."}]


def _path(parts: SplitResult, *, legacy: bool) -> str:
    """Return the path that the client needs, from one that may lead past it or stop before it."""
    segments = _segments(parts)
    while [segment.lower() for segment in segments[-2:]] == ["api", "projects"]:
        segments = segments[:-2]  # the project's name was not copied
    lowered = [segment.lower() for segment in segments]
    project = _project(lowered)
    if project and not legacy:
        return _joined(segments[: project + 1]) + V1
    ends = [lowered.index("openai")] if "openai" in lowered else []
    if project:
        ends.append(project - 2)  # without v1 there are no projects
    on_resource = (parts.hostname or "").endswith(_RESOURCE_HOSTS)
    kept = [] if on_resource else segments[: min(ends, default=len(segments))]
    whole = bool(kept) and kept == segments and lowered[-1] == "v1"
    return _joined(kept) if legacy or whole else _joined(kept) + V1


def _joined(segments: list[str]) -> str:
    return "".join(f"{segment}/" for segment in segments)


def _project(segments: list[str]) -> int:
    """Return the position of a project's name in ``api/projects/NAME``; 0 where there is none."""
    for at in range(2, len(segments)):
        if segments[at - 2 : at] == ["api", "projects"]:
            return at
    return 0


def _unclear(problem: str) -> SourceError:
    return SourceError(
        problem,
        remedy="Paste the endpoint from the resource's overview in the Azure portal, such as "
        "https://NAME.openai.azure.com",
    )
