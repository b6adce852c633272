"""What every run that was read must keep, whatever it was read from."""

import json

import numpy as np

from analysis import Run
from analysis.schema import STEP


def assert_canonical(run: Run) -> None:
    """Assert that a run's frame is canonical and that its texts can be written down."""
    frame = run.frame
    assert len(frame) > 0, "no rows"
    assert frame[STEP].dtype == np.int64, f"step is {frame[STEP].dtype}"
    assert frame[STEP].is_monotonic_increasing, "steps descend"
    assert frame[STEP].is_unique, "steps repeat"
    assert frame.columns.is_unique, "column names repeat"
    metrics = frame.drop(columns=STEP)
    assert metrics.shape[1] > 0, "no metric"
    assert (metrics.dtypes == np.float64).all(), "a column is not float64"
    assert metrics.notna().any().all(), "a column is empty"
    assert run.name.isprintable(), "name cannot be printed"
    assert all(step.step >= 0 for step in run.checkpoints), "negative checkpoint"
    texts = [run.name, *frame.columns, *(note.message for note in run.notes)]
    json.dumps([*texts, dict(run.hyperparameters)], allow_nan=False, ensure_ascii=False).encode()
