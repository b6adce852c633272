"""Mutations: how a file may be damaged, aware of its shape or not."""

import base64
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

from analysis.sources.expanding import BROKEN
from tests.analysis.sources.packed import gzipped, zipped

ODD_TEXTS = (
    b"", b"NaN", b"inf", b"-1", b"1e400", b"N/A", b'"', b"\xff", b"\x00", b"0x1F", b"1_0", b"-0",
    b"9" * 400, b"\xed\xa0\x80", "٣".encode(), b"\r", b"\n\n", b",,,", b"{", b"}", b"[", b"e" * 999,
    b"1779196193564587000", b"true", b"2025-01-01", b"10:00:00", b"\xef\xbb\xbf",
    b"\x1f\x8b", b"PK\x03\x04",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, "", "x", "NaN", "1e5", "\ud800", "\x00", 0, -1, 2.5, 1e308, float("nan"),
    float("inf"), -float("inf"), 10**400, -(10**30), 2**53, 2**63, 1779196193564587000, [], {}, [1],
    [[]], [{}], {"a": 1}, {"step": 1}, [{"name": "g"}], [{"name": 3}], [None, {}], "step", "auto",
)  # fmt: skip
ODD_NAMES = (
    "step", "loss", "reward", "train_loss", "valid_loss", "epoch", "eval_a_loss", "wall_time",
    "data", "metrics", "object", "log_history", "steps", "config", "method", "train_runtime",
    "total_steps", "", " ", "a/b", "\ud800", "step_number", "key", "value", "Wall time",
    "graders/x/train_reward", "rewards/chosen", "errors/graders/a/b/errors/train_other_error_mean",
    "errors/graders/a/b/errors/train_other_error_count", "response/aborted_ratio", "epoch_number",
    "a - b__MIN", "a - b", "a_reward_mean", "grader_error_count", "parse_error_count",
)  # fmt: skip
Mutation = Callable[[bytes, Random], bytes]


def mutated(content: bytes, rng: Random) -> bytes:
    """Return content with one to four mutations of a kind that fits it, at times packed."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        content = rng.choice(_fitting(content))(content, rng)
    return rng.choice(PACKINGS)(content, rng) if rng.random() < 0.1 else content


def _fitting(content: bytes) -> tuple[Mutation, ...]:
    if content.startswith(b"PK\x03\x04"):
        return (*BYTES, members)
    if content.startswith(b"\x1f\x8b"):
        return (*BYTES, unpacked)
    if content.lstrip()[:1] in (b"{", b"["):
        return (document, document, document, document, *BYTES, *LINES)
    return (*BYTES, *LINES, *LINES, cells, cells, cells, renamed)


def flipped(content: bytes, rng: Random) -> bytes:
    """Return content with a few bytes changed."""
    changed = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(content: bytes, rng: Random) -> bytes:
    """Return content without a piece."""
    start, end = sorted(rng.randint(0, len(content)) for _ in range(2))
    return content[:start] if rng.random() < 0.5 else content[:start] + content[end:]


def inserted(content: bytes, rng: Random) -> bytes:
    """Return content with an odd text in it."""
    place = rng.randint(0, len(content))
    return content[:place] + rng.choice(ODD_TEXTS) + content[place:]


def lines_shuffled(content: bytes, rng: Random) -> bytes:
    """Return content with its lines, all or all but the first, in another order."""
    lines = content.splitlines(keepends=True)
    kept = lines[: rng.randint(0, 1)]
    rest = lines[len(kept) :]
    rng.shuffle(rest)
    return b"".join([*kept, *rest])


def lines_repeated(content: bytes, rng: Random) -> bytes:
    """Return content with a line, or all, once more."""
    lines = content.splitlines(keepends=True)
    again = lines if rng.random() < 0.3 else [rng.choice(lines or [b""])]
    return b"".join([*lines, *again])


def lines_dropped(content: bytes, rng: Random) -> bytes:
    """Return content with only some of its lines."""
    return b"".join(line for line in content.splitlines(keepends=True) if rng.random() < 0.7)


def cells(content: bytes, rng: Random) -> bytes:
    """Return a table with odd cells."""
    lines = content.split(b"\n")
    for _ in range(rng.randint(1, 4)):
        row = rng.randrange(len(lines))
        found = lines[row].split(b",")
        found[rng.randrange(len(found))] = rng.choice(ODD_TEXTS)
        lines[row] = b",".join(found)
    return b"\n".join(lines)


def renamed(content: bytes, rng: Random) -> bytes:
    """Return a table with odd names in its header."""
    header, separator, rest = content.partition(b"\n")
    names = header.split(b",")
    for _ in range(rng.randint(1, 3)):
        odd = rng.choice(ODD_NAMES).encode("utf-8", "replace")
        names[rng.randrange(len(names))] = odd
    return b",".join(names) + separator + rest


def document(content: bytes, rng: Random) -> bytes:
    """Return JSON, or lines of it, with odd values, and names dropped or changed."""
    try:
        return json.dumps(_changed(json.loads(content), rng)).encode()
    except (ValueError, RecursionError):
        lines = content.split(b"\n")
        row = rng.randrange(len(lines))
        try:
            lines[row] = json.dumps(_changed(json.loads(lines[row]), rng)).encode()
        except (ValueError, RecursionError):
            return inserted(content, rng)
        return b"\n".join(lines)


def _changed(value: Any, rng: Random) -> Any:
    """Return a document with one place in it changed; the walk ends anywhere on the way down."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        name = rng.choice(list(value))
        kind = rng.random()
        if kind < 0.08:
            return {key: item for key, item in value.items() if key != name}
        if kind < 0.2:
            return {**value, rng.choice(ODD_NAMES): rng.choice((value[name], *ODD_VALUES))}
        return {**value, name: _changed(value[name], rng)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        place = rng.randrange(len(value))
        changed = _changed(value[place], rng)
        return [*value[:place], changed, *value[place + rng.randint(0, 1) :]]
    return rng.choice(ODD_VALUES)


def members(content: bytes, rng: Random) -> bytes:
    """Return a zip with one of its files damaged or moved."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {info.filename: archive.read(info) for info in archive.infolist()}
    except BROKEN:
        return flipped(content, rng)
    if not files:
        return flipped(content, rng)
    name = rng.choice(list(files))
    body = files.pop(name)
    moved = rng.choice((name, f"../{name}", f"params/{name}", f"ftjob-A1/{name}", f"train/{name}"))
    return zipped({**files, moved: mutated(body, rng)})


def unpacked(content: bytes, rng: Random) -> bytes:
    """Return gzip with what is in it damaged."""
    try:
        return gzipped(mutated(gzip.decompress(content), rng))
    except BROKEN:
        return flipped(content, rng)


BYTES: tuple[Mutation, ...] = (flipped, cut, inserted)
LINES: tuple[Mutation, ...] = (lines_shuffled, lines_repeated, lines_dropped)
PACKINGS: tuple[Mutation, ...] = (
    lambda content, _: gzipped(content),
    lambda content, rng: zipped({f"{rng.choice('ab')}/x.csv": content, "y.json": content}),
    lambda content, _: base64.encodebytes(content),
    lambda content, _: content.decode("utf-8", "replace").encode("utf-16"),
    lambda content, _: content.replace(b",", b"\t"),
    lambda content, _: content.replace(b"\n", b"\r\n"),
)
