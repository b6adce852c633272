"""Debian's packages, for the programs that only the journeys need."""

import os
import shutil
import subprocess


def install(package: str) -> bool:
    """Install a package where that is possible; return whether it is there now."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)
    done = subprocess.run(
        ["apt-get", "install", "-y", "-qq", package], check=False, env=environment
    )
    return done.returncode == 0
