"""JSON of task scores: scores by label, and the output items of OpenAI's and Azure's evals."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.errors import SourceError
from analysis.evaluations.scores import Scores, scores_of_examples
from analysis.sources.flattening import finite

OUTPUT_ITEM = "eval.run.output_item"
COUNTS = ("n", "count", "num_examples")


def scores_in_document(document: Any, name: str) -> tuple[Scores, ...]:  # noqa: ANN401 - JSON
    """Return the scores in a JSON document; none where it has no known form.

    Raises
    ------
    SourceError
        If a score is not a number.
    """
    if isinstance(document, dict):
        items = document.get("data")
        if isinstance(items, list):
            return scores_in_document(items, name)
        if document.get("object") == OUTPUT_ITEM:
            return _output_items([document], name)
        return _by_label(document, name)
    if isinstance(document, list):
        pages = [page for page in document if _is_page(page)]
        if pages:
            return _output_items([item for page in pages for item in page["data"]], name)
        return _output_items(document, name)
    return ()


def _is_page(document: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(document, dict) and isinstance(document.get("data"), list)


def _by_label(document: Mapping[str, Any], name: str) -> tuple[Scores, ...]:
    """Return ``{label: {"model": ..., "avg": ..., "scores": [...]}}`` as scores.

    Scores without names are taken to be of the same examples in the same order.
    """
    found = []
    for label, held in document.items():
        entry = {"scores": held} if isinstance(held, list) else held
        if not isinstance(entry, dict):
            continue
        model, values = _text(entry.get("model")), entry.get("scores")
        tokens = _known(entry.get("tokens", entry.get("completion_tokens")))
        if isinstance(values, list) and values:
            by_example = {
                str(index): _score(value, f"{name}, {label}, score {index + 1}")
                for index, value in enumerate(values)
                if value is not None
            }
            found.append(scores_of_examples(label, by_example, model=model, tokens=tokens))
            continue
        mean = _known(entry.get("avg", entry.get("mean")))
        count = next((n for key in COUNTS if (n := _known(entry.get(key)))), None)
        if mean is not None and count is not None and count >= 1:
            spread = _known(entry.get("sd", entry.get("std")))
            found.append(Scores(label, mean, int(count), spread=spread, model=model, tokens=tokens))
    return tuple(found)


def _output_items(items: Sequence[Any], name: str) -> tuple[Scores, ...]:
    """Return the output items of eval runs as scores by model, or by run where that is missing.

    An item's score is the mean over its graders; an item sampled several times counts its mean.
    """
    scores: dict[str, dict[str, list[float]]] = {}
    tokens: dict[str, list[float]] = {}
    for index, item in enumerate(items):
        if not isinstance(item, dict) or not isinstance(item.get("results"), list):
            continue
        values = [
            _score(result.get("score", result.get("passed")), f"{name}, item {index + 1}")
            for result in item["results"]
            if isinstance(result, dict) and result.get("score", result.get("passed")) is not None
        ]
        if not values:
            continue
        found = item.get("sample")
        sample: dict[str, Any] = found if isinstance(found, dict) else {}
        label = _text(sample.get("model")) or _text(item.get("run_id")) or "candidate"
        example = str(item.get("datasource_item_id", index))
        scores.setdefault(label, {}).setdefault(example, []).append(sum(values) / len(values))
        usage = sample.get("usage")
        length = _known(usage.get("completion_tokens")) if isinstance(usage, dict) else None
        if length is not None:
            tokens.setdefault(label, []).append(length)
    return tuple(
        scores_of_examples(
            label,
            {example: sum(each) / len(each) for example, each in kept.items()},
            model=label,
            tokens=sum(tokens[label]) / len(tokens[label]) if label in tokens else None,
        )
        for label, kept in scores.items()
    )


def _text(value: Any) -> str | None:  # noqa: ANN401 - JSON
    return value if isinstance(value, str) and value else None


def _known(value: Any) -> float | None:  # noqa: ANN401 - JSON
    """Return a finite number; None for anything else."""
    return None if isinstance(value, str) else finite(value)


def _score(value: Any, where: str) -> float:  # noqa: ANN401 - JSON
    number = float(value) if isinstance(value, bool) else _known(value)
    if number is None:
        raise SourceError(f"{str(value)[:40]!r} is not a score", where=where, remedy="Give numbers")
    return number
