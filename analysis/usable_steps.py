"""Usable steps: which steps of a run can be chosen, and by what name they are deployed."""

import numpy as np
from numpy.typing import NDArray

from analysis.choices import Choices
from analysis.run import Run
from analysis.schema import STEP

BASE_MODEL_STEP = 1  # an evaluation at step 0 or 1 shows the model before it learned anything
VALIDATION = ("valid_loss", "full_valid_loss")


def evaluated_steps(run: Run) -> NDArray[np.int64]:
    """Return the evaluated steps and the last one, which is the model the job delivers.

    The first ones are left out: an evaluation at step 0 or 1 shows the base model.
    """
    columns = [column for column in VALIDATION if column in run.frame]
    steps = run.frame.dropna(subset=columns, how="all")[STEP].to_numpy(dtype=np.int64)
    return np.unique([*steps[steps > BASE_MODEL_STEP], run.last_step]).astype(np.int64)


def saved_steps(run: Run) -> NDArray[np.int64]:
    """Return the saved steps that lie within the run, ascending."""
    within = [c.step for c in run.checkpoints if c.step <= run.last_step]
    return np.array(within, dtype=np.int64)


def before(steps: NDArray[np.int64], lost_from: int | None) -> NDArray[np.int64]:
    """Return the steps before the loss became infinite for good: from there nothing is usable."""
    return steps if lost_from is None else steps[steps < lost_from]


def model_of(run: Run, step: int) -> str | None:
    """Return the name a step's checkpoint is deployed by, as the platform gave it."""
    return next((c.model for c in run.checkpoints if c.step == step), None)


def role_of_last(run: Run, choices: Choices) -> str:
    """Return what the latest choice is called: it need not be the run's last step."""
    return "last step" if choices.steps[-1] == run.last_step else "latest saved step"


def waiting(run: Run) -> str:
    """Return why more steps may come, as a sentence; empty when the job is over or unknown."""
    if run.job is None or not run.job.unfinished:
        return ""
    return f"The job is not finished ({run.job.status}): wait for what is to come."
