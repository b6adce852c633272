import io
import zipfile

import pytest

from analysis import Upload
from analysis.errors import SourceError
from analysis.watching.feeds import FileFeed, Sight
from analysis.watching.standing import Phase
from analysis.watching.watched import Watched, seen
from tests.analysis.watching.made import overfit
from tests.builders import csv_of


def content(n_steps: int) -> bytes:
    return csv_of(overfit().run.frame.head(n_steps))


def sight(n_steps: int, **fields) -> Sight:
    return Sight("log.csv", (Upload("log.csv", content(n_steps)),), **fields)


def test_a_watched_run_goes_from_too_early_to_a_verdict_that_stays():
    watched, labels = Watched("log.csv"), []
    for n_steps in range(10, 241, 10):
        watched = seen(watched, sight(n_steps))
        labels.append(watched.standing.label)
    changes = [
        label for before, label in zip(["", *labels], labels, strict=False) if before != label
    ]
    assert labels[0] == ""
    assert len(changes) <= 4, changes
    assert changes[-1].startswith("overfit_")
    assert watched.standing.stop.value is not None


def test_the_same_sight_again_changes_nothing():
    watched = seen(seen(Watched("log.csv"), sight(100)), sight(150))
    again = seen(watched, sight(150))
    assert again.standing is watched.standing
    assert again.look.report is watched.look.report


def test_a_job_met_late_is_judged_as_if_it_had_been_watched():
    watched = seen(Watched("log.csv"), sight(240))
    assert watched.standing.phase is Phase.SO_FAR
    assert watched.standing.label.startswith("overfit_")


def test_an_ended_job_is_final_at_once():
    watched = seen(Watched("log.csv"), sight(240, status="succeeded", ended=True))
    assert watched.standing.phase is Phase.FINAL


def test_a_file_that_nobody_can_read_says_so():
    watched = seen(Watched("x.csv"), Sight("x.csv", (Upload("x.csv", b"a,b\n1,2\n"),)))
    assert watched.look.report is None
    assert watched.problem


def test_a_half_written_line_is_left_out_until_the_file_is_quiet(tmp_path):
    path, time = tmp_path / "log.csv", [0.0]
    path.write_bytes(b"step,train_loss\n1,0.5\n2,0.4")
    feed = FileFeed(path, quiet=10.0, clock=lambda: time[0])
    assert feed.look().uploads[0].content == b"step,train_loss\n1,0.5\n"
    time[0] = 9.9
    assert not feed.look().ended
    time[0] = 10.0
    quiet = feed.look()
    assert quiet.ended
    assert quiet.uploads[0].content.endswith(b"2,0.4")


def test_a_file_that_grows_has_not_ended(tmp_path):
    path, time = tmp_path / "log.json", [0.0]
    path.write_bytes(b"[1")
    feed = FileFeed(path, quiet=10.0, clock=lambda: time[0])
    feed.look()
    time[0] = 9.0
    path.write_bytes(b"[1, 2]")
    assert feed.look().uploads[0].content == b"[1, 2]"
    time[0] = 18.0
    assert not feed.look().ended


def test_a_file_that_is_not_there_yet_is_a_fault_with_a_remedy(tmp_path):
    with pytest.raises(SourceError, match="first step"):
        FileFeed(tmp_path / "none.csv").look()


def test_a_file_of_several_runs_is_not_judged_by_its_first():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a/results.csv", content(200))
        file.writestr("b/results.csv", content(100))
    watched = seen(Watched("x.zip"), Sight("x.zip", (Upload("x.zip", archive.getvalue()),)))
    assert watched.look.report is None
    assert watched.problem == "2 runs in one file: watch one file for each run"
