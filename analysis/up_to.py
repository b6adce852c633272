"""Up to a step: a run as it stood when a checkpoint was saved."""

from dataclasses import replace

from analysis.run import Run
from analysis.schema import STEP


def up_to(run: Run, step: int) -> Run:
    """Return the run as it would be had it ended at a step; itself where it did.

    Its epochs shorten with it. The job's end is not known then, so there is none.

    Raises
    ------
    ValueError
        If the run logged nothing up to that step.
    """
    if step >= run.last_step:
        return run
    frame = run.frame[run.frame[STEP] <= step].reset_index(drop=True)
    if frame.drop(columns=STEP).notna().to_numpy().sum() == 0:
        raise ValueError(f"{run.name} logged nothing up to step {step:,}")
    n_epochs = run.n_epochs
    if n_epochs is not None:
        n_epochs = n_epochs * step / max(run.last_step, 1)
    saved = tuple(checkpoint for checkpoint in run.checkpoints if checkpoint.step <= step)
    return replace(run, frame=frame, checkpoints=saved, n_epochs=n_epochs, job=None)
