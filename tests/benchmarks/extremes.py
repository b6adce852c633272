"""Extremes: inputs that are huge, deep, wide, or far larger than they look."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator

from tests.analysis.sources.packed import as_json, as_lines, gzipped, tarred, zipped

ROW = b"step,train_loss,train_accuracy\n1,2.0,0.5\n"


def extremes() -> Iterator[tuple[str, bytes]]:
    """Yield inputs by name, one at a time: some are large."""
    yield from _numbers()
    yield from _shapes()
    yield from _bombs()


def _numbers() -> Iterator[tuple[str, bytes]]:
    digits = b"9" * 10**8
    yield "digits.csv", b"step,train_loss\n1," + digits + b"\n"
    yield "digits.json", b'[{"step": 1, "loss": ' + digits + b"}]"
    yield "digits.jsonl", b'{"step": 1, "loss": ' + digits + b'}\n{"step": 2, "loss": 1}\n'
    yield "digits.log", b"step=1 loss=" + digits + b"x\n"
    yield "digits.txt", digits
    yield "quoted digits.json", b'[{"step": 1, "loss": "' + digits[: 10**7] + b'"}]'


def _shapes() -> Iterator[tuple[str, bytes]]:
    yield "columns.csv", b",".join(b"c%d" % i for i in range(10**6)) + b"\n" + b"1," * 10**6
    yield "wide.csv", b"step,loss" + b",x" * 9_990 + b"\n" + (b"1,2" + b",3" * 9_990 + b"\n") * 50
    yield "keys.json", as_json([{"step": 1, "loss": 1.0} | {f"k{i}": i for i in range(10**5)}])
    yield "sparse.jsonl", as_lines({"step": i, "loss": 1, f"k{i}": i} for i in range(9_900))
    yield "spread.json", as_json([{"key": f"k{i}", "value": 1, "step": i} for i in range(9_000)])
    yield "deep.json", b'{"log_history": [' + b'{"a":' * 10**6
    yield "deep list.json", b"[" * 10**6 + b"]" * 10**6
    yield "deep row.json", b'[{"step": 1, "loss": 1, "x": ' + b"[" * 500 + b"]" * 500 + b"}]"
    yield "line.txt", b"loss=1 step=2 " * 10**7
    yield "commas.txt", b"," * 10**8
    yield "blank.txt", b" " * 10**8
    yield "newlines.csv", ROW + b"\n" * 10**7
    yield "prose.log", b"and so it went on: no end in sight, no number either\n" * 200_000
    yield "message.json", as_json([{"message": "Step 1: " + "a " * 10**7, "level": "info"}])
    yield "name.csv", b"step,train_loss," + b"x" * 10**6 + b"\n1,2,3\n"
    yield "rows.csv", b"step,train_loss\n" + b"1,2\n" * 10**6
    yield "base64.txt", b"QUJD" * 10**7


def _bombs() -> Iterator[tuple[str, bytes]]:
    zeros = gzipped(bytes(1 << 28))
    yield "bomb.gz", zeros
    yield "bomb.csv.gz", gzip.compress(ROW + b"\n" * (1 << 28), 9)
    yield "bomb in bomb.gz", gzipped(zeros)
    yield "bomb.zip", zipped({f"{i}.csv": bytes(1 << 24) for i in range(20)})
    yield "bomb.tar.gz", gzipped(tarred({"a.csv": bytes(1 << 28)}))
    yield "members.zip", _stored({f"{i}.csv": ROW for i in range(20_000)})
    yield "too many.zip", _stored({f"{i}": b"x" for i in range(30_000)})
    yield (
        "store.zip",
        _stored({f"r{i}/metrics/loss": b"1691409746901 2.0 0\n" for i in range(2_000)}),
    )
    yield "nested.zip", _nested(b"x", 40)
    yield "names.zip", zipped({"../up.csv": ROW, "/root.csv": ROW, "C:\\x.csv": ROW, "a.csv": ROW})


def _stored(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _nested(content: bytes, depth: int) -> bytes:
    for _ in range(depth):
        content = zipped({"inner.zip": content, "note.json": json.dumps({}).encode()})
    return content
