"""Limits: input that is far larger than it looks is refused, and the reason is said.

The bytes are built small or from one repeated piece; what is checked is the refusal and, where a
limit could be checked too late, that nothing was unfolded before.
"""

import io
import json
import tracemalloc

import pyarrow as pa
import pytest
from pyarrow import parquet

from analysis import SourceError, Upload, read, read_uploads
from analysis.evaluations.reading import read_scores
from analysis.limits import thresholds_of
from analysis.screening.output import rows_in
from analysis.sources import expanding, limits
from analysis.sources.archive import read_archive
from analysis.sources.limits import MAX_LINE, MAX_VALUES, check_json, check_lines
from analysis.sources.mapping import mapping_of
from analysis.sources.scores import scores_of
from analysis.workspace import is_workspace, workspace_of
from tests.analysis.sources.packed import failures, gzipped, zipped

DIGITS = b"9" * 10**8
HEAD = b"step,train_loss,train_accuracy\n"
ROWS = b"1,2.0,0.5\n2,1.0,0.6\n"


def written(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, compression="zstd", store_schema=False)
    return buffer.getvalue()


def refusal(content: bytes) -> str:
    (error,) = failures({"f": content})
    return error


def test_a_million_columns_are_refused_from_the_header_alone():
    header = b"step,train_loss" + b",x" * 10**6
    assert "1,000,002 columns" in refusal(header + b"\n" + b"1," * 10**6 + b"2,1\n")
    assert "columns" in refusal(
        b'[{"step":1' + b"".join(b',"c%d":1' % n for n in range(20_000)) + b"}]"
    )


@pytest.mark.parametrize(
    "content",
    [
        HEAD + b"1,2.0," + DIGITS + b"\n",
        HEAD + DIGITS + b",2.0,0.5\n",
        b"step," + DIGITS + b"\n1,2\n",
        b"step=1 loss=" + DIGITS + b"\n",
        b'[{"step": 1, "loss": ' + DIGITS + b'}, {"step": 2, "loss": 1}]',
        b"x" * 10**8,
        b" " * 10**8 + b"x",
        b"loss=1 step=2 " * 10**7,
        b"QUJD" * 10**7,
        HEAD + b'1,2,"' + b"x" * 10**8,
        HEAD + b'1,2,"' + b"x" * 10**8 + b'"\n',
        b"{" + b"x" * 10**7,
    ],
    ids=["cell", "step", "header", "log", "json", "letters", "blanks", "pairs", "base64",
         "open quote", "quoted", "brace"],
)  # fmt: skip
def test_a_line_without_end_is_refused_with_its_place(content):
    said = refusal(content)
    assert "longer than 1 MiB (line " in said


def test_a_number_of_ten_million_digits_on_a_line_of_json_costs_that_line_only():
    lines = [b'{"step": %d, "loss": %d}' % (n, n) for n in range(9)]
    (run,) = read(b"\n".join([*lines, b'{"step": 9, "loss": ' + b"9" * 10**7 + b"}"]))
    assert len(run.frame) == 9
    assert any("line 10" in note.message for note in run.notes)


def test_the_longest_line_that_is_let_through_is_one_that_the_parser_can_read():
    wide = HEAD.replace(b"\n", b"," + b"n" * (MAX_LINE - len(HEAD) - 1) + b"\n")
    assert len(wide) == MAX_LINE
    assert len(read(wide + b"1,2.0,0.5,0\n2,1.0,0.6,0\n")[0].frame) == 2
    check_lines(b"a\n" + b"x" * (MAX_LINE - 1))
    check_lines(b"a\r" + b"x" * (MAX_LINE - 1) + b"\r" + b"y" * (MAX_LINE - 1))
    with pytest.raises(SourceError, match="line 3"):
        check_lines(b"a\nb\n" + b"x" * MAX_LINE)


@pytest.mark.parametrize("unit", [b"[", b'{"a":', b'[{"a":'])
def test_json_nested_without_end_is_refused(unit):
    assert "nested too deeply" in refusal(unit * 10**6)


def test_a_nest_in_one_row_is_refused_whatever_stands_around_it():
    row = b'{"step": 1, "loss": 1.0, "x": ' + b'{"a":' * 500 + b"1" + b"}" * 501
    assert "nests more than 8 deep" in refusal(row + b'\n{"step": 2, "loss": 1.0}\n')


@pytest.mark.parametrize("unit", [b"[],", b"{},", b"1,", b'"",'])
def test_json_of_more_values_than_memory_holds_is_refused_before_it_is_read(unit):
    text = b"[" + unit * MAX_VALUES + b"1]"
    tracemalloc.start()
    with pytest.raises(SourceError, match="JSON is too large"):
        check_json(text)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()
    assert "JSON is too large" in refusal(text)


def test_a_parquet_text_that_is_kept_once_and_meant_often_is_refused_before_it_is_unfolded():
    often = pa.DictionaryArray.from_arrays(pa.array([0] * 10**5, pa.int32()), ["x" * 10**7])
    table = {"step": range(10**5), "loss": [1.0] * 10**5, "note": often}
    buffer = io.BytesIO()
    parquet.write_table(pa.table(table), buffer, compression="zstd")
    assert len(buffer.getvalue()) < 1 << 20
    pool = pa.default_memory_pool()
    before = max(pool.max_memory(), 1 << 28)
    assert "more than 256 MiB of text" in refusal(buffer.getvalue())
    assert pool.max_memory() <= before


def test_parquet_texts_without_an_arrow_schema_are_counted_too(monkeypatch):
    monkeypatch.setattr("analysis.sources.columnar.MAX_TEXT", 10**5)
    table = pa.table({"step": range(200), "loss": [1.0] * 200, "note": ["x" * 1000] * 200})
    assert "of text" in refusal(written(table))
    assert len(read(written(table.slice(0, 90)))[0].frame) == 90


def test_lists_in_a_parquet_file_are_never_unfolded():
    table = pa.table({"step": [1, 2], "loss": [2.0, 1.0], "l": [[0.0] * 10**6] * 2})
    (run,) = read(written(table))
    assert run.frame["train_loss"].tolist() == [2.0, 1.0]


def test_zips_in_zips_that_grow_at_each_level_are_refused():
    core = gzipped(bytes(1 << 22))
    assert "expands beyond" in refusal(zipped({f"{n}.gz": core for n in range(3)}))
    deep = b"x"
    for _ in range(40):
        deep = zipped({"a.zip": deep, "b.zip": deep[:64]})
    readings = read_uploads([Upload("f", deep)])
    assert not readings.runs
    assert any("nest more than 3 deep" in failure.error for failure in readings.failures)


def test_a_zip_of_endless_names_is_refused_wherever_a_zip_is_opened(monkeypatch):
    content = zipped({f"{n}.csv": b"" for n in range(4)})
    monkeypatch.setattr(expanding, "MAX_ENTRIES", 3)
    assert not is_workspace(content)
    for opened in (read_archive, workspace_of, read):
        with pytest.raises(SourceError, match="expands beyond"):
            opened(content)


SCORE_FILES = {
    "nested": b"[" * 10**6,
    "nested line": b'{"a": 1}\n{"a":' + b"[" * 10**6 + b"\n",
    "digits": b"[" + b"9" * 10**6 + b"]",
    "columns": b"candidate" + b",x" * 10**6 + b"\n" + b"a,1\n",
    "lines": b"1\n" * (limits.MAX_EXAMPLES + 2),
    "bytes": b"x" * (limits.MAX_SCORES + 1),
    "cell": b'candidate,score\na,"' + b"x" * 10**6 + b'"\n',
}


@pytest.mark.parametrize("content", SCORE_FILES.values(), ids=SCORE_FILES)
@pytest.mark.parametrize("reader", [scores_of, lambda c, n: read_scores(n, c)])
def test_files_of_scores_have_limits_of_their_own(reader, content):
    with pytest.raises(SourceError, match=r"mine|1,000,001 columns"):
        reader(content, "mine")


@pytest.mark.parametrize(
    "document",
    [{"base": {"scores": [1, 10**400]}}, {"base": {"avg": 10**400, "n": 3}}, [{"a": 1}, 2]],
)
def test_scores_that_are_no_numbers_are_a_clear_error_or_missing(document):
    content = json.dumps(document).encode()
    with pytest.raises(SourceError):
        read_scores("mine", content)
    frame = None
    try:
        frame = scores_of(content)
    except SourceError:
        return
    assert frame.notna().sum().sum() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.json", b"[" * 10**6),
        ("r.json", b'{"runs":' * 10**5),
        ("r.json", b"[" + b"1," * MAX_VALUES + b"1]"),
        ("r.csv", b"name,headline" + b",x" * 10**6 + b"\n1,2\n"),
        ("r.csv", b"name,headline\n" + b",\n" * MAX_VALUES),
        ("r.parquet", b"PAR1"),
        ("r.parquet", written(pa.table({"name": ["x" * 10**6] * 300, "headline": ["x"] * 300}))),
    ],
    ids=["nest", "nested runs", "values", "columns", "rows", "broken", "dictionary"],
)
def test_a_table_of_a_screening_has_limits(name, content):
    with pytest.raises(SourceError) as caught:
        rows_in(content, name)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [b"[thresholds]\nratio_mild = " + b"[" * 10**5, b"[columns]\na" + b".a" * 10**5 + b" = 1",
     b"[thresholds]\nratio_mild = " + b"9" * 10**5, b"#" * (1 << 21)],
    ids=["nest", "dots", "digits", "size"],
)  # fmt: skip
@pytest.mark.parametrize("reader", [thresholds_of, mapping_of])
def test_small_files_of_the_app_are_small(reader, text):
    with pytest.raises(SourceError):
        reader(text)
