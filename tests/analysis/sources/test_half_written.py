"""Files that were not written to their end: said, or judged as far as they came; never guessed."""

import base64
import gzip
import io
import json

import numpy as np
import pytest

from analysis import Upload, diagnose, read, read_uploads
from analysis.sources.cut_end import without_cut_row
from tests.analysis.sources.packed import tarred, zipped
from tests.benchmarks.speed_engine import run_of
from tests.shared_data import SAMPLES

FRAME = run_of(120).assign(valid_loss=lambda frame: (frame["train_loss"] + 0.1).round(5))
TABLES = {
    "loss last": FRAME[["step", "train_loss", "valid_loss"]],
    "one metric": FRAME[["step", "train_loss"]],
    "exponents": FRAME[["step", "train_loss", "valid_loss"]] * [1, 1e-6, 1e-6],
    "below zero": FRAME[["step", "train_loss", "valid_loss"]] * [1, 1, -1],
    "seldom": FRAME[["step", "train_loss"]].assign(
        valid_loss=FRAME["valid_loss"].where(FRAME["step"] % 10 == 0)
    ),
}  # fmt: skip
DOCUMENT = json.dumps({
    "log_history": [
        {"step": step, "epoch": step / 100, "loss": loss}
        for step, loss in zip(FRAME["step"].tolist(), FRAME["train_loss"].tolist(), strict=True)
    ],
    "global_step": 120, "max_steps": 120,
}).encode()  # fmt: skip


def verdict_of(content: bytes) -> tuple[str, int | None]:
    report = diagnose(read(content)[0])
    return report.headline.label, report.recommendation.step


@pytest.mark.parametrize("name", TABLES)
def test_a_table_cut_anywhere_in_a_row_is_judged_by_its_whole_rows(name):
    content = TABLES[name].to_csv(index=False).encode()
    ends = [place for place, byte in enumerate(content) if byte == ord("\n")]
    before, end = ends[-3] + 1, ends[-2]
    allowed = {verdict_of(content[:before]), verdict_of(content[: end + 1])}
    for cut in range(before + 1, end):
        assert verdict_of(content[:cut]) in allowed, content[before:cut]


def test_base64_cut_anywhere_is_read_as_far_as_it_came():
    content = TABLES["loss last"].to_csv(index=False).encode()
    encoded = base64.b64encode(content)
    for cut in range(len(encoded) - 40, len(encoded)):
        came = content[: cut * 6 // 8]
        assert verdict_of(encoded[:cut]) == verdict_of(came)
        assert len(read(encoded[:cut])[0].frame) == len(read(came)[0].frame)


def test_a_row_that_breaks_off_in_its_last_cell_is_left_out_and_said():
    content = TABLES["loss last"].to_csv(index=False).encode()
    run = read(content[:-6])[0]
    assert len(run.frame) == 119
    assert [note.message for note in run.notes if note.code == "cut_row"] == [
        "The file breaks off within its last row, which was left out"
    ]


@pytest.mark.parametrize(
    "ending",
    [b"7,0.51234,0.61234", b"7,0.51234,0.612", b"7,0.51234,", b"7,0.5,0.61234\n", b"7,0.5,0.6\r\n"],
)  # fmt: skip
def test_a_last_row_that_is_whole_is_kept(ending):
    rows = b"".join(b"%d,0.51234,0.6123%d\n" % (step, step) for step in range(1, 7))
    text = b"step,train_loss,valid_loss\n" + rows + ending
    cut = ending == b"7,0.51234,0.612"  # two digits short
    assert without_cut_row(text, ",") == (text[: -len(ending)] if cut else text, cut)


@pytest.mark.parametrize("last", [b"done", b'"0.1"'])
def test_words_and_quoted_cells_are_never_taken_for_cut_numbers(last):
    text = b"step,loss,x\n" + b"1,2.0,0.61234567\n" * 9 + b"1,2.0," + last
    assert without_cut_row(text, ",") == (text, False)


def test_whole_numbers_grow_short_and_nothing_is_cut():
    text = b"step,loss,tokens\n" + b"1,2.0,1024\n" * 9 + b"1,2.0,7"
    assert without_cut_row(text, ",") == (text, False)


def whole_files() -> dict[str, bytes]:
    table = TABLES["loss last"]
    parquet = io.BytesIO()
    table.to_parquet(parquet)
    lines = b"".join(json.dumps(row).encode() + b"\n" for row in table.to_dict("records"))
    plain = table.to_csv(index=False).encode()
    return {
        "parquet": parquet.getvalue(), "document": DOCUMENT, "lines": lines,
        "gzip": gzip.compress(plain), "zip": zipped({"a.csv": plain}),
        "tar.gz": gzip.compress(tarred({"a.csv": plain})),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["parquet", "document", "lines", "gzip", "zip", "tar.gz"])
def test_half_of_any_file_is_an_error_or_a_run_with_a_note_of_what_is_missing(kind):
    content = whole_files()[kind]
    whole = verdict_of(content)
    middles = np.random.default_rng(7).integers(20, len(content), 12).tolist()
    for cut in [len(content) - 1, len(content) // 2, *middles]:
        readings = read_uploads([Upload(f"run.{kind}", content[:cut])])
        if readings.failures:
            assert readings.failures[0].error.endswith(".")
        elif readings.runs:
            run = readings.runs[0]
            told = {note.code for note in run.notes} & {"malformed_row", "cut_row"}
            complete = kind == "lines" and content[cut : cut + 1] == b"\n"
            assert told or complete or verdict_of(content[:cut]) == whole, cut
        else:
            raise AssertionError("neither read nor said")


def test_a_half_written_file_leaves_the_ones_beside_it_alone():
    good = (SAMPLES / "overfit.csv").read_bytes()
    half = gzip.compress(good)[:400]
    readings = read_uploads([Upload("half.csv.gz", half), Upload("overfit.csv", good)])
    assert [run.name for run in readings.runs] == ["overfit"]
    assert "broken" in readings.failures[0].error
