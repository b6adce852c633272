"""An app server of its own, in folders of its own: what it writes can be searched."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.conftest import wait_for_health
from tests.shared_data import ROOT


@dataclass(frozen=True)
class Served:
    """A running app.

    Attributes
    ----------
    url : str
        Its address.
    port : int
        Its port.
    home : Path
        Its home folder, with its temporary files and caches.
    log : Path
        What it prints.
    """

    url: str
    port: int
    home: Path
    log: Path

    def written(self) -> str:
        """Return everything that the server has printed or put into a file of its home."""
        files = [self.log, *(path for path in self.home.rglob("*") if path.is_file())]
        return "\n".join(f"{path}\n{path.read_bytes().decode(errors='replace')}" for path in files)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def app_served(
    folder: Path, options: Sequence[str] = (), environment: Mapping[str, str] | None = None,
    port: int | None = None,
) -> Iterator[Served]:  # fmt: skip
    """Serve the app, everything it writes kept in a folder."""
    port = port or free_port()
    home, log = folder / "home", folder / "log.txt"
    home.mkdir()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    places = {name: str(home) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    with log.open("wb") as file:
        server = subprocess.Popen(
            [*command, "--server.port", str(port), *options],
            cwd=ROOT, stdout=file, stderr=subprocess.STDOUT,
            env={**os.environ, **places, "OPENAI_LOG": "debug", **(environment or {})},
        )  # fmt: skip
        try:
            wait_for_health(f"http://localhost:{port}", server)
            yield Served(f"http://localhost:{port}", port, home, log)
        finally:
            server.terminate()
            server.wait(timeout=20)
    assert "Traceback" not in log.read_text()
