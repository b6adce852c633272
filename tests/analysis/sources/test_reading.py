import base64
import codecs
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import SourceError, Upload, read, read_uploads
from tests.builders import csv_of, falling, make_frame
from tests.shared_data import EXAMPLES, REAL, SAMPLES, TINY, needs

MODERN = (
    b"step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n"
    b"1,2.5,0.5,,\n2,2,0.6,2.2,0.55\n"
)
LEGACY = (
    b"step,elapsed_tokens,elapsed_examples,training_loss,training_sequence_accuracy,"
    b"training_token_accuracy\n1,9,1,1.9,0.0,0.3\n2,18,2,1.7,0.0,0.4\n"
)
AZURE = (
    b"step,train_loss,train_mean_token_accuracy,train_error_rate,valid_loss,"
    b"valid_mean_token_accuracy,valid_error_rate,full_valid_loss,full_valid_mean_token_accuracy,"
    b"full_valid_error_rate,timestamp\n1,1.5,0.6,,1.6,0.58,,,,,2025-10-01T10:00:00.1234567Z\n"
    b"2,1.4,0.62,,1.5,0.6,,1.55,0.59,,2025-10-01T10:00:05.0000000Z\n"
)


@pytest.mark.parametrize(
    ("content", "format_name"),
    [(MODERN, "openai-results"), (LEGACY, "openai-legacy-results"), (AZURE, "azure-results")],
)
def test_each_result_format_is_recognised_by_its_header(content, format_name):
    run = read(content)[0]
    assert run.origin.format == format_name
    assert run.method == "sft"
    assert len(run.frame) == 2
    assert run.has("train_loss")


@pytest.mark.parametrize(
    "wrap",
    [
        base64.b64encode,
        base64.encodebytes,
        lambda content: codecs.BOM_UTF8 + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.rstrip(b"\n"),
        lambda content: b"\n\n" + content,
        lambda content: content.decode().encode("utf-16"),
        lambda content: content.replace(b",", b";"),
        lambda content: content.replace(b",", b"\t"),
        lambda content: content.replace(b",", b";").replace(b".", b","),
    ],
    ids=["base64", "base64 lines", "BOM", "CRLF", "no final newline", "blank lines", "UTF-16",
         "semicolons", "tabs", "decimal commas"],
)  # fmt: skip
def test_the_wrapping_of_a_file_does_not_change_its_numbers(wrap):
    plain, wrapped = read(MODERN)[0].frame, read(wrap(MODERN))[0].frame
    assert plain.equals(wrapped)


def test_a_loss_written_as_nan_is_infinite_and_a_blank_one_is_not_logged():
    content = b"step,train_loss,train_accuracy\n1,2.5,0.5\n2,NaN,0.6\n3,,0.6\n4,x,0.6\n5,nan,0.6\n"
    run = read(content)[0]
    assert run.frame["train_loss"].tolist()[:2] == [2.5, np.inf]
    assert np.isnan(run.frame["train_loss"][2])
    assert np.isinf(run.frame["train_loss"][4])
    assert "loss_not_finite" in [note.code for note in run.notes]


def test_a_row_unlike_the_header_is_left_out_and_named_by_its_line():
    rows = b"".join(b"%d,1.0,0.5\n" % step for step in range(1, 20))
    run = read(b"step,train_loss,train_accuracy\n\n" + rows + b"20,1.0\n21,1.0,0.5\n")[0]
    assert len(run.frame) == 20
    note = next(note for note in run.notes if note.code == "malformed_row")
    assert "line 22" in note.message


def test_a_bad_cell_is_named_by_its_line_in_the_file():
    rows = b"".join(b"%d,1.0,0.5\n" % step for step in range(1, 20))
    run = read(b"step,train_loss,train_accuracy\n" + rows + b"\n20,oops,0.5\n")[0]
    note = next(note for note in run.notes if note.code == "not_a_number")
    assert "line 22" in note.message


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"\x00\x01\x02", "not text"),
        (b"\xff\xfe\x00", "not text"),
        (b"step,train_loss\n1,\xe9\n", "not text"),
        (b"hello", "No line of the text holds a metric"),
        (b"step,train_loss,train_accuracy\n", "no whole number"),
        (b"step,a,b\n1,2,3\n", "No known metric with a step"),
        (b"step,train_loss,x\n1,2\n2,3\n3,4\n", "another number of cells"),
        (b'{"a": 1}', "no metrics that are known"),
        (b"[" * 100_000, "nested too deeply"),
        (json.dumps({"log_history": []}).encode(), "No step column"),
    ],
)
def test_what_cannot_be_read_says_what_is_wrong_and_what_to_do(content, problem):
    with pytest.raises(SourceError, match=problem) as caught:
        read(content)
    assert caught.value.remedy


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(SourceError, match="cannot be opened"):
        read(tmp_path / "none.csv")


def test_one_bad_file_does_not_take_the_good_ones_with_it():
    readings = read_uploads(
        [Upload("a.csv", MODERN), Upload("b.csv", b"\x00"), Upload("c.csv", LEGACY)]
    )
    assert [run.name for run in readings.runs] == ["a", "c"]
    assert [failure.source for failure in readings.failures] == ["b.csv"]


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["x/results.csv", "y/results.csv"], ["x/results", "y/results"]),
        (["x/results.csv", "y/x/results.csv"], ["x/results", "x/results (2)"]),
        (["results.csv", "results.csv"], ["results", "results (2)"]),
        (["x/results.csv", "y/other.csv"], ["results", "other"]),
    ],
)
def test_runs_of_one_name_are_told_apart_by_folder_else_by_number(paths, names):
    files = [Upload(path, content) for path, content in zip(paths, (MODERN, LEGACY), strict=True)]
    assert [run.name for run in read_uploads(files).runs] == names


def test_a_hostile_name_loses_what_cannot_be_printed():
    name = "..\\..\\" + "\u202e" + "a\nb" * 60 + ".csv"
    run = read_uploads([Upload(name, MODERN)]).runs[0]
    assert run.name.isprintable()
    assert len(run.name) <= 80


def checkpoint_list(*steps: int, loss: float | None = None) -> bytes:
    items = [
        {
            "object": "fine_tuning.job.checkpoint",
            "step_number": step,
            "fine_tuned_model_checkpoint": f"ft:m:o::x{step}",
            "metrics": {"step": float(step)} | ({"train_loss": loss} if loss else {}),
        }
        for step in steps
    ]
    return json.dumps({"object": "list", "data": items}).encode()


def test_a_checkpoint_list_joins_the_run_that_logged_its_values_whatever_the_names():
    other = csv_of(make_frame(train_loss=falling(n_steps=20), train_accuracy=np.full(20, 0.5)))
    readings = read_uploads(
        [
            Upload("one.csv", MODERN),
            Upload("two.csv", other),
            Upload("list.json", checkpoint_list(2, 1)),
            Upload("unrelated.json", checkpoint_list(2, loss=99.0)),
        ]
    )
    assert [failure.source for failure in readings.failures] == ["list.json"]
    assert [run.name for run in readings.runs] == ["one", "two", "unrelated"]
    assert not readings.runs[0].checkpoints
    matching = read_uploads(
        [
            Upload("one.csv", MODERN),
            Upload("two.csv", other),
            Upload("list.json", checkpoint_list(2, loss=2.0)),
        ]
    )
    assert matching.failures == ()
    assert [c.model for c in matching.runs[0].checkpoints] == ["ft:m:o::x2"]
    assert matching.runs[1].checkpoints == ()


def test_the_file_name_decides_where_several_runs_fit():
    readings = read_uploads(
        [
            Upload("one.csv", MODERN),
            Upload("two.csv", MODERN),
            Upload("two.checkpoints.json", checkpoint_list(1, 2)),
        ]
    )
    assert [len(run.checkpoints) for run in readings.runs] == [0, 2]


def test_a_checkpoint_list_alone_says_what_it_lacks():
    with pytest.raises(SourceError, match="checkpoint list"):
        read(checkpoint_list(1))


def test_a_checkpoint_without_a_step_is_an_error_of_its_file_only():
    broken = checkpoint_list(1).replace(b'"step_number": 1', b'"step_number": null')
    readings = read_uploads([Upload("a.csv", MODERN), Upload("b.json", broken)])
    assert len(readings.runs) == 1
    assert "step_number" in readings.failures[0].error


@needs(REAL)
@pytest.mark.parametrize("number", ["001", "003", "016", "017", "018", "019", "021", "098", "104"])
def test_every_real_openai_and_azure_file_loads_with_all_its_rows(number):
    path = next(REAL.glob(f"{number}_*"))
    rows = {item["id"]: item["rows"] for item in json.loads((REAL / "manifest.json").read_text())}
    assert len(read(path)[0].frame) == rows[number]


@needs(TINY)
def test_every_tiny_run_loads_with_its_checkpoints():
    uploads = [Upload(path.name, path.read_bytes()) for path in sorted(TINY.iterdir())]
    readings = read_uploads(uploads)
    assert readings.failures == ()
    assert len(readings.runs) == len(list(TINY.glob("*.csv")))
    assert all(run.checkpoints for run in readings.runs)


@needs(EXAMPLES)
def test_the_example_still_in_base64_equals_the_plain_one():
    plain = read(EXAMPLES / "openai_result_sft.csv")[0]
    coded = read(EXAMPLES / "openai_result_sft.base64.txt")[0]
    assert plain.frame.equals(coded.frame)
    assert "base64" in [note.code for note in coded.notes]


def assert_run_or_source_error(content: bytes) -> None:
    try:
        runs = read(content)
    except SourceError:
        return
    for run in runs:
        assert len(run.frame)
        assert run.frame["step"].is_monotonic_increasing
        assert run.frame["step"].is_unique


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_run_or_a_clear_error(content):
    assert_run_or_source_error(content)


CELLS = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(repr),
    st.sampled_from(
        ["", "NaN", "inf", "-1", "1e400", "N/A", '"', "x,y", "٣", "\u202e", "0x1F", "1_0"]
    ),
    st.text(max_size=6),
)


@given(
    header=st.lists(
        st.sampled_from(["step", "train_loss", "valid_loss", "train_accuracy", "x", "", "step"]),
        min_size=1, max_size=5,
    ),
    rows=st.lists(st.lists(CELLS, max_size=5), max_size=8),
    delimiter=st.sampled_from([",", ";", "\t"]),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_any_table_gives_a_run_or_a_clear_error(header, rows, delimiter):
    lines = [delimiter.join(row) for row in [header, *rows]]
    assert_run_or_source_error("\n".join(lines).encode("utf-8", "surrogatepass"))


@given(flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_damaged_result_file_gives_a_run_or_a_clear_error(flips):
    content = bytearray((SAMPLES / "healthy.csv").read_bytes()[:3000])
    for place, value in flips:
        content[place % len(content)] = value
    assert_run_or_source_error(bytes(content))


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["object", "data", "step_number", "metrics", "log_history", "type"]),
            inner | st.just("fine_tuning.job.checkpoint"), max_size=3,
        ),
        max_leaves=12,
    )
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_any_json_gives_a_clear_error(document):
    assert_run_or_source_error(json.dumps(document).encode())
