"""Files of task scores: every form is read, and what is broken is said to be."""

import json

import pytest

from analysis import SourceError
from analysis.evaluations.reading import read_scores


def by_label(name: str, text: str):
    return {each.label: each for each in read_scores(name, text.encode())}


def test_a_row_for_each_example_and_candidate():
    found = by_label(
        "s.csv",
        "candidate,example,score,tokens\nstep 70,a,1,100\nstep 70,b,0,300\nbase,a,0,50\nbase,b,,\n",
    )
    assert found["step 70"].by_example == {"a": 1.0, "b": 0.0}
    assert found["step 70"].tokens == 200.0
    assert found["base"].count == 1
    assert found["base"].is_base
    assert not found["step 70"].is_base


def test_a_column_for_each_candidate():
    found = by_label("s.csv", "id;base;step 70\nq1;0;0,5\n".replace(",", ".") + "q2;true;1\n")
    assert found["step 70"].by_example == {"q1": 0.5, "q2": 1.0}
    assert found["base"].by_example["q2"] == 1.0


def test_only_means():
    found = by_label("s.csv", "label,mean,n,sd\nstep 70,0.8,100,0.4\nbase,0.7,100,\n")
    assert (found["step 70"].mean, found["step 70"].count) == (0.8, 100)
    assert found["step 70"].error == pytest.approx(0.04)
    assert found["base"].error is None


def test_the_labs_form_by_checkpoint():
    document = {
        "step 95": {"model": "m:ckpt-step-95", "avg": 0.5, "pass_90": 0.4, "scores": [1, 0]},
        "base": {"model": "m", "avg": 0.4, "n": 50},
    }
    found = by_label("s.json", json.dumps(document))
    assert found["step 95"].model == "m:ckpt-step-95"
    assert found["step 95"].by_example == {"0": 1.0, "1": 0.0}
    assert (found["base"].mean, found["base"].count) == (0.4, 50)


def output_item(model: str, item: int, *scores: float) -> dict:
    return {
        "object": "eval.run.output_item",
        "datasource_item_id": item,
        "run_id": "evalrun_1",
        "results": [{"name": "g", "passed": s > 0.5, "score": s} for s in scores],
        "sample": {"model": model, "usage": {"completion_tokens": 100 + item}},
    }


def items() -> list[dict]:
    return [output_item(m, i, s, 1.0) for m, s in (("tuned", 1.0), ("o4", 0.0)) for i in range(3)]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(items()),
        json.dumps({"object": "list", "data": items(), "has_more": False}),
        json.dumps([{"data": items()[:2]}, {"data": items()[2:]}]),
        "\n".join(json.dumps(item) for item in items()),
    ],
)
def test_output_items_of_an_eval_run_as_list_page_pages_or_lines(text):
    found = by_label("s.json", text)
    assert found["tuned"].mean == 1.0
    assert found["o4"].mean == 0.5
    assert found["o4"].tokens == 101.0
    assert set(found["tuned"].by_example) == {"0", "1", "2"}


def test_an_item_sampled_several_times_counts_its_mean():
    found = by_label("s.json", json.dumps([output_item("m", 7, s) for s in (1.0, 0.0)]))
    assert found["m"].by_example == {"7": 0.5}


def test_an_item_that_failed_is_left_out():
    broken = {**output_item("m", 1), "results": []}
    found = by_label("s.json", json.dumps([output_item("m", 0, 1.0), broken]))
    assert found["m"].count == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00", "not text"),
        (b"candidate,example,score\na,b,lots\n", "'lots' is not a score"),
        (b"candidate,example,score\na,b,nan\n", "'nan' is not a score"),
        (b"candidate,mean,n\na,1,0\n", "0 examples"),
        (b"candidate,example,score\n", "No scores"),
        (b"{}", "No scores"),
        (b'{"a": 1}\n{broken', "broken"),
        (b'{"a": {"scores": ["x"]}}', "'x' is not a score"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_what_cannot_be_read_is_said_to_be(content, words):
    with pytest.raises(SourceError, match=words):
        read_scores("s.csv", content)


def test_an_error_names_the_line_and_the_column():
    with pytest.raises(SourceError, match="column score, line 3"):
        read_scores("s.csv", b"candidate,example,score\na,1,1\na,2,?\n")
