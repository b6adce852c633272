import importlib.util
import os

import pytest

from analysis import SourceError, read_uploads
from analysis.sources import tracking
from tests.servers.tracking import tracking_server

needs_mlflow = pytest.mark.skipif(
    importlib.util.find_spec("mlflow") is None, reason="mlflow-skinny is not installed"
)


@needs_mlflow
@pytest.mark.filterwarnings("ignore")  # MLflow's own, on import
def test_a_run_on_a_tracking_server_opens_with_its_name_curves_and_parameters():
    with tracking_server() as address:
        readings = read_uploads(tracking.tracked_uploads("abc123", address))
    assert readings.failures == ()
    run = readings.runs[0]
    assert run.name == "icy-otter"
    assert len(run.frame) == 20
    assert {"train_loss", "valid_loss"} <= set(run.frame)
    assert run.hyperparameters == {"learning_rate": 2e-5}


@needs_mlflow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("run_id", "down"), [("none", False), ("abc123", True)])
def test_a_server_without_the_run_says_so(run_id, down):
    with tracking_server(down=down) as address, pytest.raises(SourceError, match="gave no run"):
        tracking.tracked_uploads(run_id, address)


def test_without_an_address_the_variable_is_asked_for(monkeypatch):
    monkeypatch.delenv(tracking.ADDRESS, raising=False)
    with pytest.raises(SourceError, match="No tracking server"):
        tracking.tracked_uploads("abc123")


def test_a_missing_package_is_named(monkeypatch):
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(tracking, "import_module", missing)
    with pytest.raises(SourceError, match="mlflow-skinny"):
        tracking.tracked_uploads("abc123", "http://127.0.0.1:9")


def test_the_users_own_patience_is_kept(monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "3")
    with tracking._patience():
        assert os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] == "3"
        assert os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] == "1"
    assert "MLFLOW_HTTP_REQUEST_MAX_RETRIES" not in os.environ
