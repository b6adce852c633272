"""Stepping: what the checkpoint slider shows at each of its stops, computed once for all."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pandas as pd

from analysis import Method, Report
from analysis.curve.curve import Curve
from analysis.curve.rewards import RewardCurves
from analysis.reward_series import growth_at
from analysis.schema import STEP
from analysis.wording import number
from pages.shared.theme import lines_of

READ_ON = "On the estimated curve, not one noisy reading"
GROWTH = "Reasoning included. Twice the start is normal, three times is too much."
Note = tuple[str, str]  # its text, and its tone: good, bad, plain


def steps_of(report: Report, stops: Sequence[int], columns: Sequence[str]) -> dict[str, Any]:
    """Return the slider's stops with the values at each, ready to be shown.

    ``columns`` are those of which the logged values are told. ``same`` stays the same as long as
    all the rest does.
    """
    found: dict[str, Any] = {
        "stops": list(stops),
        "saved": sorted({checkpoint.step for checkpoint in report.run.checkpoints}),
        "advised": report.recommendation.step,
        "tiles": _tiles(report, stops),
        "logged": _logged(report.run.frame, stops, columns),
    }
    return found | {"same": sha256(json.dumps(found).encode()).hexdigest()[:12]}


def _tiles(report: Report, stops: Sequence[int]) -> list[dict[str, Any]]:
    fitted, tiles = report.curves, []
    word = "reward" if report.run.method is Method.RFT else "loss"
    if fitted.valid:
        notes = _against_best(report, fitted.valid, stops)
        tiles.append(_tile(f"Validation {word}", _numbers(fitted.valid, stops), READ_ON, notes))
    if fitted.train:
        tiles.append(_tile(f"Training {word}", _numbers(fitted.train, stops), READ_ON))
    if isinstance(fitted, RewardCurves) and fitted.tokens:
        tiles.append(_length(fitted.tokens, stops))
    if fitted.n_epochs:
        last = report.run.last_step
        epochs = [f"{stop / last * fitted.n_epochs:.1f} of {fitted.n_epochs:g}" for stop in stops]
        tiles.append(_tile("Epoch", epochs))
    known = {checkpoint.step for checkpoint in report.run.checkpoints}
    saved = ["yes" if stop in known else "no" if known else "not known" for stop in stops]
    tiles.append(_tile("Saved", saved))
    return tiles


def _tile(
    name: str, values: list[str], words: str = "", notes: list[Note] | None = None
) -> dict[str, Any]:
    return {"name": name, "values": values, "help": words, "notes": notes}


def _numbers(curve: Curve, stops: Sequence[int]) -> list[str]:
    return [number(float(value)) for value in curve.middle(list(stops))]


def _against_best(report: Report, valid: Curve, stops: Sequence[int]) -> list[Note]:
    """Return how far validation lies from the recommended step's, at each stop."""
    best = report.recommendation.step
    if best is None:
        return [("", "")] * len(stops)
    there = float(valid.middle([best])[0])
    in_reward = report.run.method is Method.RFT
    notes: list[Note] = []
    for stop, here in zip(stops, valid.middle(list(stops)), strict=True):
        apart = f"{here - there:+.3f}" if in_reward or there <= 0 else f"{here / there - 1.0:+.1%}"
        tone = "good" if (here > there) == in_reward else "bad"
        notes.append(("", "") if stop == best else (f"{apart} against step {best:,}", tone))
    return notes


def _length(tokens: Curve, stops: Sequence[int]) -> dict[str, Any]:
    """Return the length of answers at each stop, and how far it has grown since the start."""
    lengths = [f"{length:,.0f}" for length in tokens.middle(list(stops))]
    grown = [growth_at(tokens, stop) for stop in stops]
    notes = [("" if pd.isna(g) else f"{g:.2g} times the start", "plain") for g in grown]
    return _tile("Answer tokens", lengths, GROWTH, notes)


def _logged(frame: pd.DataFrame, stops: Sequence[int], columns: Sequence[str]) -> list[str]:
    """Return the values logged at each stop, in words."""
    lines = lines_of(columns)
    rows = frame.set_index(STEP).reindex(list(stops))[list(columns)]
    return [
        ", ".join(
            f"{lines[column].name} {number(float(value))}"
            for column, value in zip(columns, row, strict=True)
            if pd.notna(value)
        )
        or "nothing"
        for row in rows.itertuples(index=False)
    ]
