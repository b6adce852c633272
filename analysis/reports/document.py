"""The JSON document on several runs, which others script against."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import analysis
from analysis.report import Report
from analysis.sources.reading import Failure
from analysis.thresholds import GOLDILOCKS

SCHEMA = "goldilocks/1"


def document_of(reports: Sequence[Report], failures: Sequence[Failure]) -> str:
    """Return the JSON document on several runs, ending with a line end."""
    limits = reports[0].thresholds if reports else GOLDILOCKS
    document = {
        "schema": SCHEMA,
        "version": analysis.__version__,
        "thresholds": asdict(limits),
        "runs": [report.to_dict() for report in reports],
        "failed": [{"source": f.source, "error": f.error} for f in failures],
    }
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
