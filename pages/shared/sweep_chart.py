"""The sweep's chart: best value of each run against one hyperparameter."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.schema import METRICS
from analysis.sweep.one_at_a_time import series_of
from analysis.sweep.seeds import seed_groups
from analysis.sweep.trials import Sweep, knob_words, value_words
from analysis.verdict import Status
from analysis.wording import label_words
from pages.shared.drawing import letters
from pages.shared.theme import BADGES, NEUTRAL

HEIGHT = 320
MAX_SERIES = 12
LOOKS = {  # colour and shape: never by colour alone
    Status.FAIL: ("#c2403f", "cross"),
    Status.WARN: ("#d9730d", "triangle-up"),
    Status.INSUFFICIENT_DATA: (NEUTRAL, "square"),
    Status.PASS: ("#1a9e77", "circle"),
}


def sweep_chart(sweep: Sweep, knob: str, statuses: Mapping[str, str]) -> dict[str, Any]:
    """Return the chart's specification with its data.

    Parameters
    ----------
    sweep : Sweep
        The runs.
    knob : str
        The hyperparameter along the axis.
    statuses : mapping of str to str
        How grave each run's verdict is, by its identity.
    """
    values = sweep.values(knob)
    in_numbers = not any(isinstance(value, str) for value in values)
    x = {
        "field": "knob",
        "type": "quantitative" if in_numbers else "nominal",
        "title": knob_words(knob),
        **({"scale": {"zero": False, "padding": 24}, "axis": {"values": values[:12]}}
           if in_numbers else {"sort": [value_words(value) for value in values]}),
    }  # fmt: skip
    rows = {
        "lines": _along(_lines(sweep, knob), in_numbers=in_numbers),
        "seeds": _along(_seeds(sweep, knob), in_numbers=in_numbers),
        "runs": _along(_runs(sweep, knob, statuses), in_numbers=in_numbers),
    }
    layers = _layers(x, METRICS[sweep.metric].label, knob_words(knob))
    return {
        "height": HEIGHT,
        "config": letters(),
        "layer": [layers[name] for name, frame in rows.items() if len(frame)],
        "datasets": rows,
    }


def _layers(x: Mapping[str, Any], metric: str, setting: str) -> dict[str, dict[str, Any]]:
    """Return how the rows of each data set are drawn."""
    y = {"field": "value", "type": "quantitative", "title": metric, "scale": {"zero": False}}
    line = {"type": "line", "color": NEUTRAL, "opacity": 0.8}
    bar = {"type": "rule", "color": NEUTRAL, "size": 5, "opacity": 0.8}
    point = {"type": "point", "filled": True, "size": 90, "opacity": 0.9}
    encodings = {
        "lines": (line, {"y": y, "detail": {"field": "series"}}),
        "seeds": (bar, {"y": {**y, "field": "low"}, "y2": {"field": "high"}}),
        "runs": (point, {"y": y, **_marks(metric, setting)}),
    }
    return {
        name: {"data": {"name": name}, "mark": mark, "encoding": {"x": x, **encoding}}
        for name, (mark, encoding) in encodings.items()
    }


def _marks(metric: str, setting: str) -> dict[str, Any]:
    words = [BADGES[status].word for status in LOOKS]
    colours, shapes = zip(*LOOKS.values(), strict=True)
    legend = {"orient": "top"}
    verdict = {"field": "verdict", "type": "nominal", "title": "Verdict", "legend": legend}
    return {
        "color": {**verdict, "scale": {"domain": words, "range": colours}},
        "shape": {**verdict, "scale": {"domain": words, "range": shapes}},
        "tooltip": [
            {"field": "run", "title": "Run"},
            {"field": "label", "title": "Verdict"},
            {"field": "value", "title": metric, "format": ".4g"},
            {"field": "setting", "title": setting},
        ],
    }


def _along(frame: pd.DataFrame, *, in_numbers: bool) -> pd.DataFrame:
    """Return rows whose setting is of one kind: where some are words, all are."""
    if in_numbers:
        return frame
    return frame.assign(knob=[value_words(value) for value in frame["knob"]])


def _runs(sweep: Sweep, knob: str, statuses: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        {
            "knob": trial.knobs[knob],
            "setting": value_words(trial.knobs[knob]),
            "value": trial.value,
            "run": trial.name,
            "label": label_words(trial.label),
            "verdict": _look(statuses[trial.key]),
        }
        for trial in sweep.trials
        if knob in trial.knobs
    ]
    return pd.DataFrame(rows, columns=["knob", "setting", "value", "run", "label", "verdict"])


def _lines(sweep: Sweep, knob: str) -> pd.DataFrame:
    """Return the mean of each value's runs along the series that change this setting alone."""
    wanted = [series for series in series_of(sweep) if series.knob == knob][:MAX_SERIES]
    rows = [
        {
            "knob": value,
            "value": sum(trial.value for trial in group) / len(group),
            "series": place,
        }
        for place, series in enumerate(wanted)
        for value, group in series.groups.items()
    ]
    return pd.DataFrame(rows, columns=["knob", "value", "series"])


def _seeds(sweep: Sweep, knob: str) -> pd.DataFrame:
    rows = [
        {
            "knob": group.trials[0].knobs[knob],
            "low": group.mean - group.sd,
            "high": group.mean + group.sd,
        }
        for group in seed_groups(sweep)
        if len(group.trials) > 1 and knob in group.trials[0].knobs
    ]
    return pd.DataFrame(rows, columns=["knob", "low", "high"])


def _look(status: str) -> str:
    known = Status(status) if status in set(Status) else Status.INSUFFICIENT_DATA
    return BADGES[known if known in LOOKS else Status.INSUFFICIENT_DATA].word
