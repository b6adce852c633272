"""Keys and tokens out of texts: what a platform says may quote the key it was sent."""

import re
from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase
from typing import Any

HIDDEN = "[hidden]"
PIECE = 8  # characters; a shorter piece of a key gives nothing away and occurs by chance
LEAST_SECRET = 4  # shorter than this, nothing is a key, and hiding it would blot out whole texts
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
# How keys and tokens look, whole or masked. Ids (`ftjob-`, `file-`, `ft-` and 32 digits) stay.
_LOOKS_SECRET = re.compile(
    r"""
    (?<![A-Za-z0-9])(?:sk|rk|pk|sess)-[\w.*•…-]+      # OpenAI: sk-..., sk-proj-..., sk-ab***wxyz
    | \bBearer\s+[^\s"',;]+                            # an Authorization header
    | (?<![A-Za-z0-9])eyJ[\w-]*(?:\.[\w*•…-]*)*        # a JSON web token, as Entra gives
    | [\w-]*[*•]{2}[\w*•.…-]*                          # anything masked by stars or dots
    | \w+(?:\.{3,}|…)\w+                               # ab...yz
    | (?<![\w-])[0-9A-Fa-f]{32}(?![\w-])               # an older Azure key
    | (?<![A-Za-z0-9])[A-Za-z0-9]{40,}                 # a newer Azure key: 84 letters and digits
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NAMED_SECRET = re.compile(
    r"authorization|.*(api|access|account|subscription)[-_]?(key|token)|.*secret|.*password",
    re.IGNORECASE,
)


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a text without anything that is, or looks like, a key or a token.

    Parameters
    ----------
    text : str
        Foreign text, such as the words of an error.
    secrets : iterable of str
        The session's own keys. They are hidden in any case of letters, whole and in every piece
        of ``PIECE`` characters or more.
    """
    hidden = _LOOKS_SECRET.sub(HIDDEN, without(text, secrets))
    return re.sub(rf"(?:{re.escape(HIDDEN)})+", HIDDEN, hidden)


def without(text: str, secrets: Iterable[str]) -> str:
    """Return a text without these secrets and without their pieces."""
    for secret in secrets:
        text = _without_one(text, secret)
    return text


def without_credentials(document: Any, secrets: Iterable[str]) -> Any:
    """Return a JSON document without these secrets, and without texts that are named secret.

    A grader may call an address of the user's own, with a header to log in.
    """
    known = tuple(secrets)
    if isinstance(document, str):
        return without(document, known)
    if isinstance(document, list):
        return [without_credentials(item, known) for item in document]
    if not isinstance(document, dict):
        return document
    return {
        name: HIDDEN
        if isinstance(value, str) and _NAMED_SECRET.fullmatch(name)
        else without_credentials(value, known)
        for name, value in document.items()
    }


def _without_one(text: str, secret: str) -> str:
    length = min(PIECE, len(secret))
    if length < LEAST_SECRET:
        return text
    folded, key = text.translate(_LOWER), secret.translate(_LOWER)
    pieces = {key[at : at + length] for at in range(len(key) - length + 1)}
    kept: list[str] = []
    hidden_to = 0  # everything before this position is dealt with
    for at in range(len(folded) - length + 1):
        if folded[at : at + length] not in pieces:
            continue
        if at > hidden_to or not kept:
            kept.extend((text[hidden_to:at], HIDDEN))
        hidden_to = at + length
    return "".join(kept) + text[hidden_to:]
