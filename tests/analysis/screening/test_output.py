import json

import pytest

from analysis import SourceError, diagnose, read
from analysis.screening.judging import row_of
from analysis.screening.output import Record, csv_of, document, earlier_records, rows_in
from tests.shared_data import SAMPLES


@pytest.fixture(scope="module")
def report():
    return diagnose(read(SAMPLES / "overfit.csv")[0])


@pytest.mark.parametrize("name", ["=1+1", "@x", "-a", "NA", "null", "'=x", "a,b\n"])
def test_a_table_gives_its_names_back_whatever_they_are(report, name):
    content = csv_of([{**row_of(report), "name": name}])
    assert not any(line.startswith(("=", "@", "-")) for line in content.decode().splitlines())
    assert rows_in(content, "runs.csv")[0]["name"] == name


def test_a_unit_that_looks_like_a_formula_is_known_again(report, tmp_path):
    out = tmp_path / "out.csv"
    row = {**row_of(report), "unit": "@runs/a.csv", "digest": "d"}
    out.write_bytes(b"".join(document([Record("@runs/a.csv", "d", (row,))], "csv")))
    found = earlier_records(out, "csv")
    assert list(found) == ["@runs/a.csv"]
    assert b"".join(document(found.values(), "csv")) == out.read_bytes()


def test_the_json_of_a_screening_gives_rows_too(report):
    content = json.dumps({"schema": "goldilocks/1", "runs": [report.to_dict()]}).encode()
    (row,) = rows_in(content, "runs.json")
    assert (row["headline"], row["status"]) == ("overfit_severe", "fail")


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.csv", b"a,b\n1,2\n"), ("x.json", b"[]"), ("x.json", b"{"), ("x.txt", b"a"),
     ("x.txt", b""), ("x.csv", b"")],
)  # fmt: skip
def test_anything_else_is_refused_with_a_remedy(name, content):
    with pytest.raises(SourceError, match="screen PATH"):
        rows_in(content, name)
