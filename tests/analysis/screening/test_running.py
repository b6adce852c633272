import os
import signal
import time
from pathlib import Path

import pytest

from analysis import SourceError
from analysis.screening import running
from analysis.screening.judging import Settings, Task, judge
from analysis.screening.running import judged_by_dask, judged_here
from analysis.screening.units import Unit, units_of
from tests.shared_data import SAMPLES


def tasks() -> list[Task]:
    return [Task(unit) for unit in units_of([str(SAMPLES / "*.csv")])]


def test_two_processes_give_the_results_of_one_in_the_same_order():
    assert list(judged_here(tasks(), 2)) == list(judged_here(tasks(), 1))


def test_a_task_that_kills_its_process_is_one_failure_and_the_others_go_on(monkeypatch):
    monkeypatch.setattr(running, "judge", deadly)
    found = list(judged_here([Task(Unit((name,))) for name in ("a", "die", "b")], 2))
    assert [judged.unit for judged in found] == ["a", "die", "b"]
    assert "the process ended" in found[1].failures[0]["error"]
    assert found[0].failures == found[2].failures == ()


def deadly(task: Task):
    if task.unit.name == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return running.Judged(task.unit.name)


def test_a_known_digest_is_not_judged_again():
    first = judge(tasks()[0])
    again = judge(Task(tasks()[0].unit, known=first.digest))
    assert again.kept
    assert not again.rows
    other = judge(Task(tasks()[0].unit, Settings(method="rft"), known=first.digest))
    assert not other.kept


def test_a_file_that_is_gone_is_a_failure(tmp_path):
    judged = judge(Task(Unit((str(tmp_path / "none.csv"),))))
    assert "cannot be opened" in judged.failures[0]["error"]


@pytest.mark.filterwarnings("ignore")  # the cluster's own, when a worker is killed
def test_a_cluster_gives_the_same_results_though_a_worker_is_killed_half_way(tmp_path):
    distributed = pytest.importorskip("distributed", reason="dask[distributed] is not installed")
    many = [copy for i in range(8) for copy in copies(tmp_path / str(i))]
    alone = list(judged_here(many, 1))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
    ) as cluster:
        results = judged_by_dask(many, cluster.scheduler_address)
        together = [next(results)]
        victim = next(iter(cluster.workers.values()))
        os.kill(victim.pid, signal.SIGKILL)
        together.extend(results)
    assert together == alone


def copies(folder: Path) -> list[Task]:
    folder.mkdir()
    for path in SAMPLES.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    return [Task(unit) for unit in units_of([str(folder)])]


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_is_not_there_says_so():
    pytest.importorskip("distributed", reason="dask[distributed] is not installed")
    started = time.monotonic()
    with pytest.raises(SourceError, match="cannot be reached"):
        list(judged_by_dask(tasks(), "tcp://127.0.0.1:9"))
    assert time.monotonic() - started < 60


def test_a_missing_package_is_named(monkeypatch):
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(running, "import_module", missing)
    with pytest.raises(SourceError, match="dask"):
        list(judged_by_dask(tasks(), "tcp://127.0.0.1:9"))
