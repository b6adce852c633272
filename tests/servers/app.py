"""The app in a process of its own, at a port of this machine, to be stopped and started again."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.shared_data import ROOT


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def running_app(
    port: int, log: Path, *options: str, **environment: str
) -> Iterator[subprocess.Popen]:
    """Run the app as a user would, with Streamlit's options; yield its process once it answers."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    with log.open("ab") as file:
        server = subprocess.Popen(
            [*command, "--server.port", str(port), *options],
            cwd=ROOT, stdout=file, stderr=subprocess.STDOUT, env={**os.environ, **environment},
        )  # fmt: skip
    try:
        wait_for_health(f"http://localhost:{port}", server)
        yield server
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for_health(url: str, server: subprocess.Popen) -> None:
    """Return when the server answers; fail when it ends or a minute has passed."""
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        with contextlib.suppress(urllib.error.URLError, OSError):
            if urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).status == 200:  # noqa: S310
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start within a minute")
