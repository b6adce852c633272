import pytest

from analysis import SourceError
from analysis.commands.inputs import uploads_of
from analysis.sources.searching import files_at


def test_a_folder_gives_what_is_named_like_metrics_and_nothing_hidden(tmp_path):
    for name in ("a.csv", "weights.bin", ".hidden.csv", "metrics/loss", "events.out.tfevents.1"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
    found = [path.removeprefix(f"{tmp_path}/") for path in files_at(str(tmp_path))]
    assert found == ["a.csv", "events.out.tfevents.1", "metrics/loss"]


def test_a_name_that_nothing_has_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="No file here has this name"):
        files_at(str(tmp_path / "none.csv"))


def test_a_file_that_cannot_be_opened_does_not_take_its_folder_with_it(tmp_path):
    (tmp_path / "a.csv").write_text("step,train_loss\n1,2\n")
    (tmp_path / "b.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "c.csv").write_text("step,train_loss\n1,2\n")
    uploads, failures = uploads_of(
        [str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), str(tmp_path)]
    )
    assert len(uploads) == 3
    assert [failure.source for failure in failures] == [str(tmp_path / "b.csv")]
