"""Servers to time: the app with a run already judged, its floors, TensorBoard on that run."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from tests.shared_data import ROOT

# The app's Run page for a run that every new session finds loaded and judged.
SEEDED = """
from pathlib import Path
from types import MappingProxyType

import streamlit as st

from analysis import Upload, diagnose, read_uploads
from pages.shared import state


@st.cache_resource
def judged():
    readings = read_uploads([Upload("run.csv", Path({path!r}).read_bytes())], state.mapping(), ())
    return readings, [diagnose(run) for run in readings.runs]


if not state.reports():
    readings, reports = judged()
    state.keep(readings.parts, reports)
exec(compile(Path("pages/run.py").read_text(), "pages/run.py", "exec"))
"""
EMPTY = "import streamlit as st\nst.title('Empty')\n"
TEXT = """
import streamlit as st


@st.fragment
def part():
    step = st.slider("Step", 0, 100, 50)
    st.markdown(f"Here is {step}")


part()
"""
TRACKIO = """
import json, trackio
trackio.init(project="speed", name="run")
for step, loss in zip(*json.load(open("run.json"))):
    trackio.log({"loss": loss}, step=step)
trackio.finish()
"""
# Trackio takes its port from the environment, everything else here as the last argument.
PORT_BY_NAME = """
import os, sys
program, port = sys.argv[1:]
os.environ.update(GRADIO_SERVER_PORT=port, BROWSER="true")
os.execv(program, [program, "show", "--project", "speed"])
"""


@contextlib.contextmanager
def whole_app(*options: str) -> Iterator[tuple[str, int]]:
    """Serve the app as a user would; yield its address and process id."""
    with _streamlit(ROOT / "app.py", *options) as served:
        yield served


@contextlib.contextmanager
def app_with(path: Path, folder: Path) -> Iterator[tuple[str, int]]:
    """Serve the app's Run page with a run; yield its address and process id."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("pages", ".streamlit"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "app.py").write_text(SEEDED.format(path=str(path)))
    with _streamlit(folder / "app.py") as served:
        yield served


def started(server: contextlib.AbstractContextManager[tuple[str, int]]) -> float:
    """Return the seconds until a fresh server answers."""
    start = time.perf_counter()
    with server:
        return time.perf_counter() - start


@contextlib.contextmanager
def trackio_with(
    python: Path, steps: list[int], losses: list[float], folder: Path
) -> Iterator[str]:
    """Serve Trackio, of another environment, with one run."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.json").write_text(json.dumps([steps, losses]))
    more = {"TRACKIO_DIR": str(folder)}
    subprocess.run(
        [python, "-c", TRACKIO], cwd=folder, check=True, env={**os.environ, **more},
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    program = [sys.executable, "-c", PORT_BY_NAME, str(python.with_name("trackio"))]
    with _process(program, folder, "/", more) as (url, _):
        yield f"{url}/?project=speed"


@contextlib.contextmanager
def page_of(script: str, folder: Path) -> Iterator[tuple[str, int]]:
    """Serve a page of one script."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.py").write_text(script)
    (folder / ".streamlit").symlink_to(ROOT / ".streamlit")
    with _streamlit(folder / "app.py") as served:
        yield served


@contextlib.contextmanager
def tensorboard_with(steps: list[int], losses: list[float], folder: Path) -> Iterator[str]:
    """Serve TensorBoard with one run."""
    from tensorboard.compat.proto.event_pb2 import Event  # noqa: PLC0415 - only when it is timed
    from tensorboard.compat.proto.summary_pb2 import Summary  # noqa: PLC0415
    from tensorboard.summary.writer.event_file_writer import EventFileWriter  # noqa: PLC0415

    writer = EventFileWriter(str(folder / "run"))
    for step, loss in zip(steps, losses, strict=True):
        summary = Summary(value=[Summary.Value(tag="loss", simple_value=loss)])
        writer.add_event(Event(step=step, wall_time=1e9 + step, summary=summary))
    writer.close()
    program = shutil.which("tensorboard", path=str(Path(sys.executable).parent)) or "tensorboard"
    with _process([program, "--logdir", str(folder), "--port"], folder, "/") as (url, _):
        yield f"{url}/#timeseries"


@contextlib.contextmanager
def _streamlit(script: Path, *options: str) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    more = [*options, "--server.headless", "true", "--server.port"]
    with _process([*command, *more], script.parent, "/_stcore/health") as served:
        yield served


@contextlib.contextmanager
def _process(
    command: list[str], folder: Path, probe: str, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[str, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*command, str(port)], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT), **more},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://localhost:{port}"
    try:
        _wait(url + probe, server)
        yield url, server.pid
    finally:
        server.terminate()
        server.wait(20)


def _wait(url: str, server: subprocess.Popen) -> None:
    for _ in range(1200):
        if server.poll() is not None:
            raise SystemExit(f"The server at {url} ended")
        with contextlib.suppress(urllib.error.URLError, OSError):
            if urllib.request.urlopen(url, timeout=1).status == 200:  # noqa: S310
                return
        time.sleep(0.05)
    raise SystemExit(f"The server at {url} did not answer within a minute")


def memory_of(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
