"""Figures: a run's curves as SVG, drawn without a library, each with its equivalent in words.

Colours come from the classes in ``figure.css``, which needs --ink, --soft, --line, --accent and one
variable a class. Everything in a figure is a number or one of our
own words; the same curves give the same bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import GRID, Curve
from analysis.curve.losses import LossCurves
from analysis.report import Report
from analysis.reports.axes import Axes, axes_of
from analysis.schema import METRICS, STEP
from analysis.wording import number

Array = NDArray[np.float64]

STYLE = Path(__file__).with_name("figure.css")
BAND = (0.1, 0.9)
MAX_POINTS = 400  # a series; beyond it every n-th is drawn
CLIP = 0.995  # of all points: a few wild batches must not flatten the curves
LOSS = ("train_loss", "valid_loss", "full_valid_loss")
ACCURACY = (
    "train_mean_token_accuracy",
    "valid_mean_token_accuracy",
    "full_valid_mean_token_accuracy",
)
REWARD = ("train_graded_reward", "train_mean_reward", "full_valid_mean_reward")
TOKENS = ("completion_tokens_mean", "reasoning_tokens_mean")
LOOKS = {
    **dict.fromkeys((LOSS[0], ACCURACY[0], REWARD[1], TOKENS[0]), "train"),
    **dict.fromkeys((LOSS[1], ACCURACY[1], TOKENS[1]), "batch"),
    **dict.fromkeys((LOSS[2], ACCURACY[2], REWARD[2]), "full"),
    REWARD[0]: "graded",
}


@dataclass(frozen=True)
class Figure:
    """A drawing with its equivalent in words.

    Attributes
    ----------
    title : str
        What it shows.
    svg : str
        The drawing, styled by classes.
    text : str
        The same in words.
    """

    title: str
    svg: str
    text: str


def figures_of(report: Report) -> tuple[Figure, ...]:
    """Return a run's figures: losses and token accuracies, or rewards and lengths of answers."""
    return tuple(_figures(report))


def first_figure(report: Report) -> Figure | None:
    """Return the first of a run's figures; None for a run that has none."""
    return next(_figures(report), None)


def _figures(report: Report) -> Iterator[Figure]:
    subjects: tuple[tuple[Sequence[str], str], ...]
    if isinstance(report.curves, LossCurves):
        subjects = ((LOSS, "Loss (nats per token)"), (ACCURACY, "Token accuracy"))
    else:
        subjects = ((REWARD, "Reward"), (TOKENS, "Length of answers (tokens)"))
    found = (_figure(report, columns, title) for columns, title in subjects)
    return (figure for figure in found if figure)


def _figure(report: Report, columns: Sequence[str], title: str) -> Figure | None:
    logged = {name: _logged(report, name) for name in columns if report.run.has(name)}
    logged = {name: pair for name, pair in logged.items() if len(pair[0])}
    if not logged:
        return None
    curves = [curve for curve in report.curves.fitted if curve.column in logged]
    values = np.concatenate([pair[1] for pair in logged.values()])
    axes = axes_of(report.run.last_step, float(values.min()), float(np.quantile(values, CLIP)))
    text = _text(report, logged, title)
    parts = [
        f"<title>{escape(title)}</title><desc>{escape(text)}</desc>",
        axes.frame(title),
        *(_points(axes, name, *pair) for name, pair in logged.items()),
        *(_band(axes, curve) for curve in curves),
        *(_line(axes, curve) for curve in curves),
        _saved(axes, report),
        _recommended(axes, report),
        _legend(axes, list(logged)),
    ]
    return Figure(title, axes.svg("".join(parts)), text)


def _logged(report: Report, column: str) -> tuple[Array, Array]:
    frame = report.run.frame
    values = frame[column].to_numpy(dtype=np.float64)
    finite = np.isfinite(values)
    return frame[STEP].to_numpy(dtype=np.float64)[finite], values[finite]


def _points(axes: Axes, column: str, steps: Array, values: Array) -> str:
    stride = -(-len(steps) // MAX_POINTS)
    inside = values[::stride] <= axes.high
    xs, ys = axes.x(steps[::stride][inside]), axes.y(values[::stride][inside])
    dots = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in zip(xs, ys, strict=True))
    return f'<path class="dots {LOOKS[column]}" d="{dots}"/>'


def _within(curve: Curve) -> tuple[Array, NDArray[np.bool_]]:
    """Return the steps of the grid between the curve's first and last reading, and where."""
    steps = GRID * curve.last_step
    first, last = curve.span
    inside = (steps >= first) & (steps <= last)
    return steps[inside], inside


def _band(axes: Axes, curve: Curve) -> str:
    steps, inside = _within(curve)
    low, high = np.quantile(curve.draws[:, inside], BAND, axis=0)
    there = _path(axes, steps, high)
    back = _path(axes, steps[::-1], low[::-1])
    return f'<polygon class="band {LOOKS[curve.column]}" points="{there} {back}"/>'


def _line(axes: Axes, curve: Curve) -> str:
    steps, inside = _within(curve)
    middle = np.median(curve.draws[:, inside], axis=0)
    return f'<polyline class="{LOOKS[curve.column]}" points="{_path(axes, steps, middle)}"/>'


def _path(axes: Axes, steps: Array, values: Array) -> str:
    ys = axes.y(np.minimum(values, axes.high))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(axes.x(steps), ys, strict=True))


def _saved(axes: Axes, report: Report) -> str:
    steps = np.array([float(c.step) for c in report.run.checkpoints])
    marks = "".join(f"M{x - 5:.1f} {axes.bottom}l5 -9l5 9z" for x in axes.x(steps))
    return f'<path class="saved" d="{marks}"/>' if marks else ""


def _recommended(axes: Axes, report: Report) -> str:
    step = report.recommendation.step
    if step is None:
        return ""
    x = float(axes.x(np.array([float(step)]))[0])
    end = "end" if x > axes.middle else "start"
    shift = -7 if end == "end" else 7
    return (
        f'<path class="chosen" d="M{x:.1f} {axes.top}V{axes.bottom}"/>'
        f'<text class="mark" x="{x + shift:.1f}" y="{axes.top + 12}" text-anchor="{end}">'
        f"step {step:,}</text>"
    )


def _legend(axes: Axes, columns: Sequence[str]) -> str:
    entries, x = [], axes.left
    for name in columns:
        label = METRICS[name].label
        entries.append(
            f'<path class="key {LOOKS[name]}" d="M{x} 14h22"/>'
            f'<text x="{x + 28}" y="18">{escape(label)}</text>'
        )
        x += 52 + round(6.4 * len(label))
    return "".join(entries)


def _text(report: Report, logged: dict[str, tuple[Array, Array]], title: str) -> str:
    parts = [
        f"{METRICS[name].label}: first {number(values[0])}, last {number(values[-1])}, "
        f"lowest {number(values.min())} at step {int(steps[values.argmin()]):,}, "
        f"highest {number(values.max())} at step {int(steps[values.argmax()]):,}"
        for name, (steps, values) in logged.items()
    ]
    said = f"{title} over {report.run.last_step:,} steps. {'. '.join(parts)}."
    if report.recommendation.step is not None:
        said += f" Step {report.recommendation.step:,} is marked as recommended."
    return said
