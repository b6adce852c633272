"""Jobs, events, checkpoints and result files in the shapes the platforms send."""

import base64
import json
from functools import cache

from tests.builders import csv_of, falling, make_frame, noisy, sparse, turning

N_STEPS = 120


def openai_job(job_id: str = "ftjob-done1", status: str = "succeeded", **fields) -> dict:
    """Return a job as OpenAI sends it: ``error`` an empty object, method spelled out."""
    done = status == "succeeded"
    job = {
        "object": "fine_tuning.job",
        "id": job_id,
        "model": "gpt-4.1-mini-2025-04-14",
        "created_at": 1_773_000_000,
        "finished_at": 1_773_003_600 if done else None,
        "fine_tuned_model": f"ft:gpt-4.1-mini-2025-04-14:acme:tickets:{job_id}" if done else None,
        "organization_id": "org-EXAMPLE",
        "result_files": [f"file-of-{job_id}"] if done else [],
        "status": status,
        "validation_file": "file-valid",
        "training_file": "file-train",
        "hyperparameters": {"n_epochs": 3, "batch_size": 4, "learning_rate_multiplier": 1.8},
        "trained_tokens": 412_380 if done else None,
        "error": {},
        "user_provided_suffix": "tickets",
        "seed": 105,
        "integrations": [],
        "method": {
            "type": "supervised",
            "supervised": {"hyperparameters": {"n_epochs": 3, "batch_size": "auto"}},
        },
    }
    return job | fields


def azure_job(job_id: str = "ftjob-0a1", status: str = "succeeded", **fields) -> dict:
    """Return a job as Azure sends it: nulls, -1 before it is resolved, no method."""
    done = status == "succeeded"
    job = {
        "id": job_id,
        "created_at": 1_773_000_000,
        "error": None,
        "fine_tuned_model": f"gpt-4o-mini-2024-07-18.ft-{'0' * 32}-tickets" if done else None,
        "hyperparameters": {"n_epochs": -1, "batch_size": -1, "learning_rate_multiplier": 1},
        "model": "gpt-4o-mini-2024-07-18",
        "object": "fine_tuning.job",
        "organization_id": None,
        "result_files": [f"file-of-{job_id}"] if done else None,
        "status": status,
        "integrations": None,
    }
    return job | fields


@cache
def results(seed: int = 1) -> bytes:
    """Return a result file of a run that trained too long."""
    train = noisy(falling(2.0, 0.4, N_STEPS), 0.05, seed)
    valid = sparse(noisy(turning(0.8, 0.4, N_STEPS), 0.02, seed + 1), 5)
    return csv_of(make_frame(train_loss=train, valid_loss=valid))


def as_openai_sends(content: bytes) -> bytes:
    """Return a result file in base64, as OpenAI's API gives it."""
    return base64.b64encode(content)


def events(n_steps: int = 90) -> list[dict]:
    """Return metrics events, newest first, and a message before them."""
    loss = falling(2.0, 0.8, n_steps)
    metrics = [
        {
            "object": "fine_tuning.job.event",
            "id": f"ftevent-{step:05d}",
            "created_at": 1_773_000_000 + step,
            "level": "info",
            "message": f"Step {step}/{n_steps}: training loss={loss[step - 1]:.2f}",
            "data": {"step": float(step), "train_loss": float(loss[step - 1])},
            "type": "metrics",
        }
        for step in range(n_steps, 0, -1)
    ]
    message = {
        "object": "fine_tuning.job.event",
        "id": "ftevent-done",
        "created_at": 1_773_003_600,
        "level": "info",
        "message": "The job has successfully completed",
        "data": {},
        "type": "message",
    }
    return [message, *metrics]


def checkpoints(job_id: str, steps: tuple[int, ...] = (40, 80, 120)) -> list[dict]:
    """Return checkpoints, newest first; the last one has no suffix, the others ids of their own."""
    return [
        {
            "object": "fine_tuning.job.checkpoint",
            "id": f"ftckpt-{job_id}-{step}",
            "created_at": 1_773_000_000 + step,
            "fine_tuned_model_checkpoint": "ft:gpt-4.1-mini-2025-04-14:acme:tickets:"
            + (job_id if step == max(steps) else f"X{step}:ckpt-step-{step}"),
            "metrics": {"step": float(step)},
            "fine_tuning_job_id": job_id,
            "step_number": step,
        }
        for step in sorted(steps, reverse=True)
    ]


def document(content: bytes) -> dict:
    """Return a JSON file's document."""
    found = json.loads(content)
    assert isinstance(found, dict)
    return found
