"""Settings: how runs were trained, and where they differ."""

from collections.abc import Sequence

from analysis.run import Run
from analysis.wording import number

UNKNOWN = "not known"


def settings_of(run: Run) -> dict[str, str]:
    """Return what is known of how a run was trained, in words, by name."""
    job = run.job
    known: dict[str, float | str | None] = {
        "method": run.method.upper(),
        "base model": job.base_model if job else None,
        "provider": job.provider if job else None,
        **dict(run.hyperparameters),
        "steps": float(run.last_step),
        "trained tokens": job.trained_tokens if job else None,
    }
    if run.n_epochs is not None:
        known.setdefault("n_epochs", run.n_epochs)
    return {name: _words(value) for name, value in known.items() if value is not None}


def differing(runs: Sequence[Run]) -> dict[str, tuple[str, ...]]:
    """Return the settings in which runs differ: the value of each run, by name.

    A setting that only some of the runs tell is shown too, ``not known`` for the others.
    """
    settings = [settings_of(run) for run in runs]
    names = dict.fromkeys(name for each in settings for name in each)
    rows = {name: tuple(each.get(name, UNKNOWN) for each in settings) for name in names}
    return {name: values for name, values in rows.items() if len(set(values)) > 1}


def _words(value: float | str) -> str:
    return value if isinstance(value, str) else number(float(value))
