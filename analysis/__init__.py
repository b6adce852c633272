"""Verdicts on fine-tuning runs: is it healthy, and which checkpoint to deploy.

The library behind Goldilocks. It knows nothing of the screen and works in a notebook:

>>> import analysis
>>> run = analysis.read("sample_data/overfit.csv")[0]
>>> analysis.diagnose(run).headline.label
'overfit_severe'
"""

from analysis.canonical import ImportNote
from analysis.comparison import Difference, compare
from analysis.diagnose import diagnose
from analysis.errors import AnalysisError, SourceError
from analysis.report import Report
from analysis.run import Checkpoint, Run, run_from_frame
from analysis.schema import Method
from analysis.sources.reading import Failure, Readings, read, read_uploads
from analysis.sources.uploads import Upload
from analysis.thresholds import GOLDILOCKS, Thresholds
from analysis.verdict import Status, Verdict

__version__ = "0.1.0"

__all__ = [
    "GOLDILOCKS",
    "AnalysisError",
    "Checkpoint",
    "Difference",
    "Failure",
    "ImportNote",
    "Method",
    "Readings",
    "Report",
    "Run",
    "SourceError",
    "Status",
    "Thresholds",
    "Upload",
    "Verdict",
    "compare",
    "diagnose",
    "read",
    "read_uploads",
    "run_from_frame",
]
