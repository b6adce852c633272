"""From the bytes of an upload to UTF-8 bytes of text: base64, byte order marks, binary files."""

import base64
import binascii
import codecs

from analysis.canonical import ImportNote
from analysis.errors import SourceError

MAX_BYTES = 1 << 30  # our choice: ten times the largest result file met, and a bound on memory
HEAD = 4096
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = b",;\t|{[ "


def decoded(content: bytes) -> tuple[bytes, tuple[ImportNote, ...]]:
    """Return the text inside an uploaded file as UTF-8 bytes without a byte order mark.

    OpenAI delivers a result file as base64 text of the CSV (``files.content``), and people save
    just that; it is recognised by having no delimiter and decoding to something that has one.

    Raises
    ------
    SourceError
        If the content is empty, too large, binary, or not in a known text encoding.
    """
    if len(content) > MAX_BYTES:
        size = f"{len(content) / (1 << 30):.1f} GiB"
        raise SourceError(f"The file is too large ({size})", remedy="Split it; the limit is 1 GiB")
    text = _as_utf8(content)
    if not text or text.isspace():
        raise SourceError("The file is empty", remedy="Download or save it again")
    inner = _from_base64(text)
    if inner is None:
        return text, ()
    return inner, (ImportNote("base64", "The file was base64 text: decoded", 1),)


def _as_utf8(content: bytes) -> bytes:
    if content.startswith(_UTF16):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError as error:
            raise _not_text(f"byte {getattr(error, 'start', 0)}") from error
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\0" in content[:HEAD]:
        raise _not_text(f"byte {content.index(0)}")
    if not content.isascii():
        try:
            content.decode()
        except UnicodeDecodeError as error:
            raise _not_text(f"byte {error.start}") from error
    return content


def _not_text(where: str) -> SourceError:
    return SourceError(
        "The file is not text in UTF-8",
        where=where,
        remedy="Upload the result file itself (CSV), or save it as UTF-8",
    )


def _from_base64(text: bytes) -> bytes | None:
    head = text[:HEAD].strip()
    if any(byte in _DELIMITERS for byte in head.replace(b"\r", b"").replace(b"\n", b"")):
        return None
    joined = b"".join(text.split())
    if len(joined) % 4 == 1:  # no text encodes to this length: it breaks off
        joined = joined[:-1]
    try:
        padded = joined + b"=" * (-len(joined) % 4)
        inner = _as_utf8(base64.b64decode(padded, validate=True))
    except (binascii.Error, SourceError):
        return None
    return inner if any(byte in _DELIMITERS for byte in inner[:HEAD]) else None
