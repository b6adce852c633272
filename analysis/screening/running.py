"""Running: tasks over this machine's cores or a Dask cluster, results in the order of the tasks."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from multiprocessing import get_context
from typing import Any

from analysis.errors import SourceError
from analysis.screening.judging import Judged, Task, judge

AHEAD = 16  # tasks per worker that are handed out before the first comes back: bounds memory
RETRIES = 3  # of a task whose worker died, by Dask


def judged_here(tasks: Iterable[Task], workers: int) -> Iterator[Judged]:
    """Yield what came of each task, in order, judged by this machine's cores.

    A task that kills its worker (memory, a fault in a library) is one failure; the others go on.

    Parameters
    ----------
    tasks : iterable of Task
        Taken as they are needed.
    workers : int
        Processes; 1 works in this one.
    """
    if workers == 1:
        yield from map(judge, tasks)
        return
    waiting = iter(tasks)
    again: deque[Task] = deque()
    while True:
        try:
            yield from _until_broken(waiting, again, workers)
        except BrokenProcessPool:
            yield _alone(again.popleft())  # the first that did not come back
            continue
        return


def judged_by_dask(tasks: Iterable[Task], address: str) -> Iterator[Judged]:
    """Yield what came of each task, in order, judged by the workers of an existing Dask cluster.

    The workers must see the same paths. A task whose worker dies is tried again elsewhere.

    Raises
    ------
    SourceError
        If Dask is not installed or the cluster cannot be reached.
    """
    client = _client(address)
    with client:
        ahead = AHEAD * max(1, len(client.scheduler_info()["workers"]))

        def submit(task: Task) -> Any:
            return client.submit(judge, task, pure=False, retries=RETRIES)

        for task, future in _windowed(iter(tasks), submit, ahead):
            try:
                yield future.result()
            except Exception as error:  # noqa: BLE001 - what a cluster raises is open
                yield _lost(task, type(error).__name__)


def _until_broken(waiting: Iterator[Task], again: deque[Task], workers: int) -> Iterator[Judged]:
    """Yield results until a worker dies; ``again`` then holds what did not come back."""
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        pending: deque[tuple[Task, Future[Judged]]] = deque()
        repeated = deque(again)
        again.clear()

        def hand_out() -> None:
            while len(pending) < AHEAD * workers:
                task = repeated.popleft() if repeated else next(waiting, None)
                if task is None:
                    return
                again.append(task)
                pending.append((task, pool.submit(judge, task)))

        hand_out()
        while pending:
            _, future = pending.popleft()
            result = future.result()
            again.popleft()
            yield result
            hand_out()


def _windowed(
    tasks: Iterator[Task], submit: Callable[[Task], Any], ahead: int
) -> Iterator[tuple[Task, Any]]:
    pending: deque[tuple[Task, Any]] = deque()
    for task in tasks:
        pending.append((task, submit(task)))
        if len(pending) >= ahead:
            yield pending.popleft()
    yield from pending


def _alone(task: Task) -> Judged:
    """Judge a task that may have killed its worker in a process of its own."""
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            return pool.submit(judge, task).result()
    except BrokenProcessPool:
        return _lost(task, "the process ended, perhaps for want of memory")


def _lost(task: Task, reason: str) -> Judged:
    error = SourceError(f"Judging it failed: {reason}", remedy="Open it in the app, or split it")
    return Judged(task.unit.name, failures=({"source": task.unit.name, "error": str(error)},))


def _client(address: str) -> Any:
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise SourceError(
            "A cluster needs a package that is not installed",
            where="dask[distributed]",
            remedy="Run pip install 'dask[distributed]' here and on the workers",
        ) from None
    try:
        return distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise SourceError(
            "The Dask cluster cannot be reached",
            where=address[:80],
            remedy="Check the scheduler's address, such as tcp://host:8786",
        ) from error
