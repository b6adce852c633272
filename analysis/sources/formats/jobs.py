"""Fine-tuning jobs (JSON): what the API says of a job beside its metrics."""

from collections.abc import Mapping
from typing import Any

from analysis.job import Job
from analysis.schema import Method
from analysis.sources.flattening import finite, number
from analysis.sources.part import Format, Part, Piece
from analysis.sources.uploads import printable

JOB = "fine_tuning.job"
FORMAT = Format(
    "fine-tuning-job",
    "Fine-tuning job, or a list of jobs (JSON), as the API returns it",
    f'{{"object": "{JOB}", "id": "ftjob-…", "status": …, "result_files": […], …}}',
)
_METHODS = {
    "supervised": Method.SFT,
    "dpo": Method.DPO,
    "reinforcement": Method.RFT,
}
_UNRESOLVED = frozenset({"auto", -1, -1.0})  # Azure writes -1, OpenAI "auto", until they are known


def recognises(document: Any) -> bool:
    """Return whether a JSON document is a job or a list of jobs."""
    items = _items(document)
    return bool(items) and all(_is_job(item) for item in items)


def parts_of(document: Any, piece: Piece) -> list[Part]:
    """Return what each job in the document says of its run."""
    return [_part(item, piece) for item in _items(document)]


def job_key(job_id: str) -> str:
    """Return the key under which everything of one job is joined."""
    return f"job:{job_id}"


def _items(document: Any) -> list[Any]:
    if isinstance(document, dict) and isinstance(document.get("data"), list):
        return list(document["data"])
    return document if isinstance(document, list) else [document]


def _is_job(item: Any) -> bool:
    return isinstance(item, dict) and item.get("object") == JOB and isinstance(item.get("id"), str)


def _part(item: Mapping[str, Any], piece: Piece) -> Part:
    method = _METHODS.get(_text(_mapping(item.get("method")).get("type")) or "")
    knobs = _hyperparameters(item)
    n_epochs = knobs.get("n_epochs")
    results = item.get("result_files")
    return Part(
        piece,
        FORMAT,
        name=_name(item),
        key=job_key(item["id"]),
        method=method or "auto",
        n_epochs=n_epochs if isinstance(n_epochs, float) and n_epochs > 0 else None,
        hyperparameters=knobs,
        job=_job(item),
        result_files=tuple(str(r) for r in results) if isinstance(results, list) else (),
    )


def _job(item: Mapping[str, Any]) -> Job:
    return Job(
        job_id=item["id"],
        provider=_provider(item),
        status=_text(item.get("status")),
        base_model=_text(item.get("model")),
        fine_tuned_model=_text(item.get("fine_tuned_model")),
        problem=_problem(item.get("error")),
        created_at=finite(item.get("created_at")),
        finished_at=finite(item.get("finished_at")),
        trained_tokens=finite(item.get("trained_tokens")),
    )


def _provider(item: Mapping[str, Any]) -> str:
    """Tell Azure from OpenAI by the model's name, ``model.ft-…``, or a missing organisation."""
    model = _text(item.get("fine_tuned_model"))
    if model:
        return "openai" if model.startswith("ft:") else "azure"
    return "openai" if item.get("organization_id") else "azure"


def _problem(error: Any) -> str | None:
    """Return a job's error in words; None for the ``{}`` that healthy jobs carry."""
    details = _mapping(error)
    return _text(details.get("message")) or _text(details.get("code"))


def _hyperparameters(item: Mapping[str, Any]) -> dict[str, float | str]:
    """Return the resolved hyperparameters: the method's own first, then the job's."""
    method = _mapping(item.get("method"))
    own = _mapping(_mapping(method.get(_text(method.get("type")) or "")).get("hyperparameters"))
    found: dict[str, float | str] = {}
    for name, value in {**_mapping(item.get("hyperparameters")), **own}.items():
        if value is None or isinstance(value, bool | list | dict) or value in _UNRESOLVED:
            continue
        if number(value) is None:
            found[str(name)] = str(value)
        elif (known := finite(value)) is not None:
            found[str(name)] = known
    if (seed := finite(item.get("seed"))) is not None:
        found["seed"] = seed
    return found


def _name(item: Mapping[str, Any]) -> str:
    suffix = _text(item.get("user_provided_suffix")) or _text(item.get("suffix"))
    return printable(f"{suffix} ({item['id'][-6:]})" if suffix else item["id"]) or "job"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
