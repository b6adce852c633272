"""Write the golden verdicts of sample_data/ again: ``make golden``. Review the difference."""

import json
from typing import Any

from analysis import diagnose, read_uploads
from analysis.sources.uploads import upload_of
from tests.shared_data import ROOT, SAMPLES

GOLDEN = ROOT / "tests" / "golden"


def documents() -> dict[str, dict[str, Any]]:
    """Return what is said of every sample, by its name."""
    readings = read_uploads(upload_of(path) for path in sorted(SAMPLES.glob("*.[cj]s*")))
    if readings.failures:
        raise ValueError(str(readings.failures))
    found = {run.name: diagnose(run).to_dict() for run in readings.runs}
    for document in found.values():
        document["source"].pop("path")
    return found


def main() -> None:
    """Write one file for each sample."""
    for name, document in documents().items():
        text = json.dumps(document, indent=1, ensure_ascii=False)
        (GOLDEN / f"{name}.json").write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
