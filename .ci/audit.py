"""Audit: known vulnerabilities of every pinned package, by pip-audit.

Ends with 1 where one is known. The index that serves the reports may be out of reach, or a mirror
may not serve them: then this says plainly what was not audited, and ends with 0.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COMMAND = ("-m", "pip_audit", "-r", "constraints.txt", "--disable-pip", "--no-deps",
           "--progress-spinner", "off", "--format", "json")  # fmt: skip
PATIENCE = 300  # seconds


def main() -> int:
    """Run the audit and say what came of it."""
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, *COMMAND], cwd=ROOT, capture_output=True, timeout=PATIENCE, check=False
        )
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return _say("NOT AUDITED: no answer from the index that serves vulnerability reports.")
    return verdict(packages)


def verdict(packages: list[dict[str, Any]]) -> int:
    """Say what was found in pip-audit's packages; return the exit code."""
    skipped = [package for package in packages if "skip_reason" in package]
    known = [
        f"{package['name']} {package['version']}: {flaw['id']}, "
        f"fixed in {', '.join(flaw['fix_versions']) or 'no version yet'}"
        for package in packages
        for flaw in package.get("vulns", ())
    ]
    audited = len(packages) - len(skipped)
    if not audited:
        return _say("NOT AUDITED: this index serves no vulnerability reports for any package.")
    _say(f"{audited} of {len(packages)} pinned packages audited, {len(known)} known flaws.")
    if skipped:
        _say("NOT AUDITED: " + ", ".join(str(package["name"]) for package in skipped))
    return _say("\n".join(known), code=1) if known else 0


def _say(words: str, *, code: int = 0) -> int:
    sys.stdout.write(f"{words}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
