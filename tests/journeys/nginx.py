"""Run nginx as ``deploy/nginx.conf`` says, or install it: ``python -m tests.journeys.nginx``."""

import contextlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.journeys import debian
from tests.servers.app import wait_for_health
from tests.shared_data import ROOT

CONFIGURATION = ROOT / "deploy" / "nginx.conf"


def installed() -> str | None:
    """Return the path of an installed nginx; None if there is none."""
    return shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


@contextlib.contextmanager
def proxy_of(ports: Sequence[int], folder: Path, own: int) -> Iterator[str]:
    """Run the proxy at its own port before apps at these ports of this machine; yield its address.

    Only the addresses differ from the file: which replica is where, its own port and folder.
    """
    text = CONFIGURATION.read_text().replace("listen 8080", f"listen 127.0.0.1:{own}")
    for number, port in enumerate(ports, 1):
        text = text.replace(f"goldilocks-{number}:{8500 + number}", f"127.0.0.1:{port}")
        text = text.replace(f"~:{8500 + number}$", f"~:{port}$")
    path = folder / "nginx.conf"
    path.write_text(re.sub(r"(pid|_path) +/\w+", rf"\1 {folder}", text))
    log = folder / "nginx.log"
    with log.open("wb") as file:
        nginx = subprocess.Popen(
            [installed() or "nginx", "-c", str(path), "-g", "daemon off;"],
            stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        wait_for_health(f"http://localhost:{own}", nginx)
        yield f"http://localhost:{own}"
    finally:
        nginx.terminate()
        nginx.wait(timeout=20)


if __name__ == "__main__":
    if installed() is None:
        debian.install("nginx-light")
    sys.stdout.write(f"nginx: {installed()}\n")
