"""OpenAI and Azure result files: the CSV a finished fine-tuning job leaves behind."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath

from analysis.canonical import ImportNote
from analysis.errors import SourceError
from analysis.run import Origin, Run, run_from_frame
from analysis.schema import STEP, canonical_name, is_known
from analysis.sources.delimited import frame_of, header_of

AXES = frozenset({STEP, "epoch", "wall_time", "num_tokens", "learning_rate", "grad_norm"})


@dataclass(frozen=True)
class ResultFormat:
    """A result file recognised by its header.

    Attributes
    ----------
    name : str
        Name in reports and JSON.
    title : str
        What it is, in words.
    needs : tuple of str
        Columns that must all be there.
    header : str
        The header as really seen.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    header: str


# The first that fits counts: from the most particular header to the least.
FORMATS = (
    ResultFormat(
        "openai-legacy-results",
        "OpenAI result file of the legacy fine-tuning API",
        ("step", "elapsed_tokens", "training_loss"),
        "step,elapsed_tokens,elapsed_examples,training_loss,training_sequence_accuracy,"
        "training_token_accuracy[,validation_loss,validation_sequence_accuracy,"
        "validation_token_accuracy][,classification/…]",
    ),
    ResultFormat(
        "azure-results",
        "Azure OpenAI SFT result file (results.csv)",
        ("step", "train_loss", "train_mean_token_accuracy"),
        "step,train_loss,train_mean_token_accuracy[,train_error_rate],valid_loss,"
        "valid_mean_token_accuracy[,valid_error_rate],full_valid_loss,"
        "full_valid_mean_token_accuracy[,full_valid_error_rate][,timestamp]",
    ),
    ResultFormat(
        "openai-results",
        "OpenAI SFT result file (step_metrics.csv), plain or still base64",
        ("step", "train_loss", "train_accuracy"),
        "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy"
        "[,full_valid_loss,full_valid_mean_token_accuracy]",
    ),
    ResultFormat(
        "rft-results",
        "RFT result file with one column per metric",
        ("step", "train_mean_reward"),
        "step,train_mean_reward,full_valid_mean_reward,completion_tokens_mean,…",
    ),
    ResultFormat(
        "canonical-table",
        "Table under the canonical names",
        ("step",),
        "step and at least one canonical metric, such as train_loss or valid_loss",
    ),
)


def format_of(text: bytes) -> ResultFormat | None:
    """Return the result format whose columns the header holds, or None."""
    header = {name.lower() for name in header_of(text)}
    known = {canonical_name(name) for name in header}
    if not any(is_known(name) and name not in AXES for name in known):
        return None
    for result_format in FORMATS:
        if header.issuperset(result_format.needs):
            return result_format
    return None


def run_of(
    text: bytes,
    result_format: ResultFormat,
    *,
    path: str,
    content: bytes,
    notes: tuple[ImportNote, ...],
) -> Run:
    """Return the run in a result file.

    Parameters
    ----------
    text : bytes
        Its text, decoded.
    result_format : ResultFormat
        What ``format_of`` said of it.
    path : str
        Path or name as the user gave it; its stem names the run.
    content : bytes
        The file as it was, for its hash.
    notes : tuple of ImportNote
        What decoding noticed.

    Raises
    ------
    SourceError
        If the table cannot be read or holds no metric.
    """
    frame, table_notes = frame_of(text)
    origin = Origin(path=path, format=result_format.name, sha256=sha256(content).hexdigest())
    return run_from_frame(frame, name=name_of(path), origin=origin, notes=(*notes, *table_notes))


def name_of(path: str) -> str:
    """Return the printable stem of a path, at most 80 characters; ``run`` if nothing is left."""
    stem = PurePath(path.replace("\\", "/")).stem
    return "".join(char for char in stem if char.isprintable()).strip()[:80] or "run"


def unknown_table(header: tuple[str, ...]) -> SourceError:
    """Return the error for a table of which no metric column is known."""
    shown = ", ".join(header[:8]) + (", …" if len(header) > 8 else "")
    return SourceError(
        f"No known metric among the columns: {shown}",
        where="line 1",
        remedy="Name the columns as 'python -m analysis formats' lists them",
    )
