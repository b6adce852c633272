"""Tables: result files of OpenAI and Azure, and any table whose columns are known."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.errors import SourceError
from analysis.naming import canonical_names, is_known
from analysis.schema import STEP
from analysis.sources.delimited import frame_of
from analysis.sources.formats.training_logs import AXES
from analysis.sources.mapping import ColumnMapping
from analysis.sources.part import Format, Part, Piece
from analysis.sources.uploads import name_of


@dataclass(frozen=True)
class TableFormat(Format):
    """A table recognised by its header.

    Attributes
    ----------
    needs : tuple of str
        Columns that must all be there, lower case.
    """

    needs: tuple[str, ...] = ()


# The first that fits counts: from the most particular header to the least.
FORMATS = (
    TableFormat(
        "openai-legacy-results",
        "OpenAI result file of the legacy fine-tuning API",
        "step,elapsed_tokens,elapsed_examples,training_loss,training_sequence_accuracy,"
        "training_token_accuracy[,validation_loss,validation_sequence_accuracy,"
        "validation_token_accuracy][,classification/…]",
        ("step", "elapsed_tokens", "training_loss"),
    ),
    TableFormat(
        "azure-results",
        "Azure OpenAI SFT result file (results.csv)",
        "step,train_loss,train_mean_token_accuracy[,train_error_rate],valid_loss,"
        "valid_mean_token_accuracy[,valid_error_rate],full_valid_loss,"
        "full_valid_mean_token_accuracy[,full_valid_error_rate][,timestamp]",
        ("step", "train_loss", "train_mean_token_accuracy"),
    ),
    TableFormat(
        "openai-results",
        "OpenAI SFT result file (step_metrics.csv), plain or still base64",
        "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy"
        "[,full_valid_loss,full_valid_mean_token_accuracy]",
        ("step", "train_loss", "train_accuracy"),
    ),
    TableFormat(
        "rft-results",
        "RFT result file (Azure OpenAI), one column per metric, grader and tool",
        "step,train_mean_reward,full_valid_mean_reward,completion_tokens_mean,"
        "scores/graders/<type>/<name>/train_reward_mean,…",
        ("step", "train_mean_reward"),
    ),
    TableFormat(
        "wandb-history",
        "Weights & Biases run history (CSV)",
        "_step,_runtime,_timestamp,train/loss,eval/loss,…",
        ("_step",),
    ),
    TableFormat(
        "canonical-table",
        "Table under the canonical names (CSV, TSV or Parquet)",
        "step and at least one canonical metric, such as train_loss or valid_loss",
        ("step", "train_loss"),
    ),
    TableFormat(
        "table",
        "Any table with a step and a metric under a known name (CSV, TSV or Parquet)",
        "step or epoch, and loss, eval_loss, reward, …",
    ),
)
_BEST_OF_RUN = re.compile(r"(metrics|params)\..+")  # MLflow's export: one row per run
_POLICY_REWARD = re.compile(r"(.+)_reward_mean", re.IGNORECASE)


def recognises(header: Sequence[str]) -> bool:
    """Return whether a header has something that counts steps and a metric that is known."""
    names = set(canonical_names(header))
    known = any(is_known(name) and name not in AXES for name in names)
    return (known and bool(names & {STEP, "epoch"})) or len(policies_of(header)) > 1


def parts_of(text: bytes, piece: Piece, mapping: ColumnMapping) -> list[Part]:
    """Return the runs in delimited text: one, or one for each policy that learns in it.

    Raises
    ------
    SourceError
        If the table cannot be read.
    """
    frame, notes = frame_of(text)
    piece = Piece(piece.path, piece.sha256, (*piece.notes, *notes))
    return parts_of_frame(mapping.applied_to(frame), piece)


def parts_of_frame(frame: pd.DataFrame, piece: Piece) -> list[Part]:
    """Return the runs in a table that was read."""
    header = [str(name) for name in frame.columns]
    table_format = format_of(header)
    frame = _with_step(frame)
    policies = policies_of(header)
    if len(policies) < 2:
        return [Part(piece, table_format, name=name_of(piece.path), frame=frame)]
    return [
        Part(
            piece,
            table_format,
            name=f"{name_of(piece.path)}, {policy}",
            frame=_of_policy(frame, policy, policies),
            within=policy,
        )
        for policy in policies
    ]


def format_of(header: Sequence[str]) -> TableFormat:
    """Return the most particular format that a header fits."""
    names = {name.lower() for name in header}
    return next(item for item in FORMATS if names.issuperset(item.needs))


def policies_of(header: Sequence[str]) -> list[str]:
    """Return the policies that learn in one table, as in self-play: each has its own reward."""
    matches = (_POLICY_REWARD.fullmatch(name) for name in header)
    found = dict.fromkeys(match[1] for match in matches if match and "/" not in match[1])
    names = [name for name in found if name.lower() not in {"train", "valid"}]
    return names if len(names) > 1 else []


def refuse_one_row_per_run(header: Sequence[str]) -> None:
    """Refuse MLflow's export of runs: it keeps the last value of each metric, no curve.

    Raises
    ------
    SourceError
        If the header is that of such an export.
    """
    if any(_BEST_OF_RUN.fullmatch(name) for name in header) and "step" not in header:
        raise SourceError(
            "MLflow's export of runs holds only the last value of each metric, no curve",
            remedy="Export the metric history (get-history), or zip the run's folder in mlruns",
        )


def _of_policy(frame: pd.DataFrame, policy: str, policies: Sequence[str]) -> pd.DataFrame:
    """Return the columns of one policy and those of none, which all share."""

    def owner(name: str) -> str:
        return max((p for p in policies if name.startswith(f"{p}_")), key=len, default=policy)

    own = frame.loc[:, [owner(str(name)) == policy for name in frame.columns]]
    return own.rename(columns=lambda name: str(name).removeprefix(f"{policy}_"))


def _with_step(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with epochs as steps where it counts nothing else (Keras' CSVLogger)."""
    names = canonical_names([str(name) for name in frame.columns])
    if STEP in names or "epoch" not in names:
        return frame
    return frame.assign(step=frame.iloc[:, names.index("epoch")])
