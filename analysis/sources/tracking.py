"""A live MLflow tracking server: a run's metric histories and parameters, as uploads."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from analysis.errors import SourceError
from analysis.sources.uploads import Upload

ADDRESS = "MLFLOW_TRACKING_URI"  # MLflow's own variable
# MLflow waits two minutes and tries eight times; nobody should have to.
_PATIENCE = {"MLFLOW_HTTP_REQUEST_TIMEOUT": "20", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1"}


def tracked_uploads(run_id: str, address: str | None = None) -> list[Upload]:
    """Return what a tracking server holds of a run: metric histories, then parameters.

    Parameters
    ----------
    run_id : str
        The run.
    address : str, optional
        The server; by default what ``MLFLOW_TRACKING_URI`` names. Credentials come from MLflow's
        own variables.

    Raises
    ------
    SourceError
        If the optional package mlflow-skinny is not installed, no server is named, or the run
        cannot be had.
    """
    server = address or os.environ.get(ADDRESS)
    if not server:
        raise SourceError("No tracking server is named", where=run_id, remedy=f"Set {ADDRESS}")
    tracking, problem = _mlflow()
    with _patience():
        try:
            client = tracking.MlflowClient(server)
            run = client.get_run(run_id)
            history = [
                {"key": m.key, "value": m.value, "timestamp": m.timestamp, "step": m.step}
                for key in run.data.metrics
                for m in client.get_metric_history(run_id, key)
            ]
        except problem as error:
            raise SourceError(
                f"The tracking server gave no run: {_first_line(error)}",
                where=run_id[:80],
                remedy=f"Check the run's id and {ADDRESS}",
            ) from None
    name = run.info.run_name or run_id
    document = {"run_id": run_id, "run_name": name, "metrics": history}
    return [
        Upload(f"{run_id}/history.json", json.dumps(document).encode()),
        *_parameters(run_id, run.data.params),
    ]


def _parameters(run_id: str, params: Mapping[str, str]) -> Iterator[Upload]:
    for name, value in params.items():
        yield Upload(f"{run_id}/params/{name}", str(value).encode())


def _mlflow() -> tuple[Any, type[Exception]]:
    try:
        return import_module("mlflow"), import_module("mlflow.exceptions").MlflowException
    except ImportError:
        raise SourceError(
            "Reading from a tracking server needs a package that is not installed",
            where="mlflow-skinny",
            remedy="Run pip install mlflow-skinny, or zip the run's folder and load that",
        ) from None


@contextmanager
def _patience() -> Iterator[None]:
    """Keep MLflow from waiting for minutes, unless the user set his own patience."""
    ours = {name: value for name, value in _PATIENCE.items() if name not in os.environ}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            os.environ.pop(name, None)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:120]
