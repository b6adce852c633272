"""Payloads of every format in their true shapes, small, for the fuzzer and property tests."""

import io
import json

import pandas as pd
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary

from tests.analysis.sources.packed import as_json, as_lines, gzipped, tarred, zipped
from tests.shared_data import EXAMPLES, REAL, SAMPLES

MAX_SEED = 1 << 20  # bytes of a real file that is still worth mutating


def generated() -> dict[str, bytes]:
    """Return a payload of each format by file name."""
    texts = _texts()
    return {**texts, **_documents(), **_archives(texts), **_binaries()}


def on_disk() -> dict[str, bytes]:
    """Return the samples, and the real files and examples where the machine has them."""
    folders = [folder for folder in (SAMPLES, EXAMPLES, REAL) if folder.is_dir()]
    paths = [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]
    return {p.name: p.read_bytes() for p in paths if p.stat().st_size <= MAX_SEED}


def _texts() -> dict[str, bytes]:
    wandb = '"Step","a - train/loss","a - train/loss__MIN","a - train/loss__MAX"\n'
    texts = {
        "openai.csv": "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n"
        "1,2.5,0.5,,\n2,2,0.6,2.2,0.55\n3,1.5,0.7,,\n",
        "legacy.csv": "step,elapsed_tokens,elapsed_examples,training_loss,"
        "training_sequence_accuracy,training_token_accuracy\n1,9,1,1.9,0,0.3\n2,18,2,1.7,0,0.4\n",
        "azure.csv": "step,train_loss,train_mean_token_accuracy,valid_loss,full_valid_loss\n"
        "1,1.5,0.6,,\n2,1.4,0.7,1.5,1.55\n",
        "canonical.csv": "step,train_loss,valid_loss\n1,2,2.5\n2,1,\n",
        "rft.csv": "step,train_mean_reward,full_valid_mean_reward,completion_tokens_mean,"
        "errors/graders/python/g/errors/train_other_error_mean,"
        "errors/graders/python/g/errors/train_other_error_count,"
        "scores/graders/python/g/train_reward_mean,timestamp\n"
        "1,0.4,0.6,276,0,753,0.44,2026-04-17T15:43:14.2520000Z\n"
        "2,0.5,,281,0,741,0.47,2026-04-17T15:44:14.2520000Z\n",
        "history.csv": "_step,_runtime,_timestamp,train/loss,eval/loss\n1,1,1773000000,2,\n",
        "keras.csv": "epoch,accuracy,loss,val_accuracy,val_loss\n0,0.5,2.1,0.4,2.2\n1,1,1.8,1,2\n",
        "summary.csv": "loss,step,train_runtime,train_loss\n2,1,,\n1,2,,\n,2,60,1.5\n",
        "play.csv": "step,a_reward_mean,b_reward_mean,a_reward_std,lr\n0,-24,24,3,1\n1,-2,2,3,1\n",
        "unknown.csv": "tick;mistake\n1;2,5\n2;2,1\n",
        "wandb.csv": wandb + '"1","2.0","2.0","2.0"\n"2","1.5","1.5","1.5"\n',
        "run-a-tag-train_loss.csv": "Wall time,Step,Value\n1773000631.0,1,2.0\n1773000662,2,1.5\n",
        "nova.csv": "step_number,epoch_number,training_loss\n0,0,1.4\n1,0,1.3\n2,1,1.2\n",
        "runs.csv": "run_id,metrics.loss,params.lr\nabc,0.5,1e-4\n",
        "metrics/train/loss": "1691409746901 2.0 0\n1691409747901 1.5 1\n",
        "params/lr": "0.0001",
        "losses.txt": "2.31\n2.05\nnan\n1.8\n",
        "nova.log": "x global_step=1 - critic/rewards/mean=0.1 - response/aborted_ratio=0.0\n"
        "x global_step=2 - critic/rewards/mean=0.2 - response/aborted_ratio=0.1\n",
        "hf.log": "{'loss': 2.1, 'epoch': 0.3}\n{'eval_loss': 2.0, 'epoch': 0.3}\n",
        "tune.log": "Step 1 | loss:1.23 lr:2e-05\nStep 2 | loss:1.1 lr:2e-05\n",
        "events.log": "Step 1/9: training loss=2.50, validation loss=2.60\n",
    }
    return {name: text.encode() for name, text in texts.items()}


def _documents() -> dict[str, bytes]:
    job = {
        "object": "fine_tuning.job", "id": "ftjob-A1", "status": "running", "created_at": 1.0,
        "model": "m", "fine_tuned_model": None, "result_files": ["file-1"], "error": {}, "seed": 1,
        "hyperparameters": {"n_epochs": 3, "batch_size": "auto"},
        "method": {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.1, "n_epochs": 2}}},
    }  # fmt: skip
    event = {
        "object": "fine_tuning.job.event", "id": "e1", "created_at": 1.0, "level": "info",
        "message": "Step 1/9: training loss=2.5", "type": "metrics",
        "data": {
            "step": 1, "total_steps": 9, "train_mean_reward": 0.4,
            "scores": {"graders": [{"name": "g", "type": "python", "train_reward_mean": 0.4}]},
        },
    }  # fmt: skip
    checkpoint = {
        "object": "fine_tuning.job.checkpoint", "step_number": 1, "fine_tuning_job_id": "ftjob-A1",
        "fine_tuned_model_checkpoint": "ft:m:o::x", "metrics": {"step": 1.0, "train_loss": 2.5},
    }  # fmt: skip
    history = [
        {"loss": 2.0, "grad_norm": float("inf"), "epoch": 0.5, "step": 5},
        {"eval_loss": 1.9, "eval_runtime": 2.1, "epoch": 0.5, "step": 5},
        {"eval_a_loss": 1.9, "eval_b_loss": float("nan"), "epoch": 1.0, "step": 10},
        {"train_runtime": 60.0, "train_loss": 1.75, "epoch": 1.0, "step": 10},
    ]
    grpo = [{"loss": -0.1, "reward": 0.3, "rewards/f/mean": 0.3, "completion_length": 9, "step": 1}]
    reference = {
        "config": {"method": "dpo", "args": {"lr": 0.1}},
        "steps": [{"step": 1, "loss": 2}],
    }
    mlflow = [{"key": "loss", "value": 2.0, "timestamp": 1e12, "step": s} for s in (1, 2)]
    factory = [{"current_steps": 1, "total_steps": 9, "loss": 0.6, "accuracy": 0.5, "lr": 1e-6}]
    verl = [{"step": 1, "data": {"critic/score/mean": 0.1, "actor/ppo_kl": 0.0}}]
    tinker = [{"step": 0, "split": "test", "metrics": {"nll": 1.5}}]
    saved = [{"name": "a", "step": 0, "state_path": "t", "sampler_path": "s"}]
    together = [{"timestamp": 1779196193564587000, "train/global_step": 1, "train/loss": 2.4}]
    return {
        "job.json": as_json(job),
        "jobs.json": as_json({"object": "list", "data": [job]}),
        "events.json": as_json({"object": "list", "data": [event, {**event, "data": None}]}),
        "checkpoints.json": as_json({"object": "list", "data": [checkpoint]}),
        "trainer_state.json": as_json({"max_steps": 10, "log_history": history}),
        "log_history.json": json.dumps(history, indent=1).encode(),
        "grpo.json": as_json({"log_history": grpo}),
        "reference.json": as_json(reference),
        "history.json": as_json({"metrics": mlflow}),
        "manifest.json": as_json({"checkpoint_s3_bucket": "s3://x/1"}),
        "together.json": as_json(together),
        **{
            f"{name}.jsonl": as_lines(rows * 2)
            for name, rows in (
                ("trainer_log", factory), ("verl", verl), ("tinker", tinker), ("saved", saved),
                ("events", [event]), ("log", [{"step": 1, "loss": 2.0, "lr": 1e-5}]),
            )
        },
    }  # fmt: skip


def _archives(texts: dict[str, bytes]) -> dict[str, bytes]:
    nova = {"step_wise_training_metrics.csv": texts["nova.csv"], "manifest.json": b"{}"}
    job = {f"jobs/ftjob-A1/{name}": body for name, body in _documents().items() if "j" in name}
    return {
        "all.zip": zipped(texts),
        "job.zip": zipped(job),
        "output.tar.gz": gzipped(tarred(nova)),
        "nested.zip": zipped({"a/output.tar.gz": gzipped(tarred(nova))}),
        "plain.tar": tarred(texts),
        "csv.gz": gzipped(texts["openai.csv"]),
    }


def _binaries() -> dict[str, bytes]:
    records = [Event(file_version="brain.Event:2")]
    for step in range(3):
        values = [Summary.Value(tag=tag, simple_value=2.0 - step) for tag in ("loss", "val/loss")]
        records.append(Event(step=step, wall_time=1e9, summary=Summary(value=values)))
    framed = [record.SerializeToString() for record in records]
    table = io.BytesIO()
    frame = pd.DataFrame({"step": [1, 2], "loss": [2.0, 1.0], "note": ["a", "b"]})
    frame.to_parquet(table)
    return {
        "events.out.tfevents": b"".join(
            len(record).to_bytes(8, "little") + bytes(4) + record + bytes(4) for record in framed
        ),
        "table.parquet": table.getvalue(),
    }
