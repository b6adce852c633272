"""An app server of its own, in folders of its own: what it writes can be searched."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.app import free_port, running_app


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


@contextmanager
def app_served(
    folder: Path, options: Sequence[str] = (), environment: Mapping[str, str] | None = None,
    port: int | None = None,
) -> Iterator[Served]:  # fmt: skip
    """Serve the app, everything it writes kept in a folder."""
    port = port or free_port()
    home, log = folder / "home", folder / "log.txt"
    home.mkdir()
    places = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), str(home))
    more = {**places, "OPENAI_LOG": "debug", **(environment or {})}
    with running_app(port, log, *options, **more):
        yield Served(f"http://localhost:{port}", port, home, log)
    assert "Traceback" not in log.read_text()
