"""Real files and tiny trained runs, where the machine has them; they are never copied here."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("GOLDILOCKS_SHARED", ROOT.parent / "shared"))
REAL = SHARED / "data" / "real"
TINY = SHARED / "data" / "tiny" / "runs"
EXAMPLES = SHARED / "examples"
SAMPLES = ROOT / "sample_data"


def needs(folder: Path) -> pytest.MarkDecorator:
    """Skip, visibly, where a folder of real data is not there."""
    return pytest.mark.skipif(not folder.is_dir(), reason=f"no {folder.name} data on this machine")
