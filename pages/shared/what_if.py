"""What if: limits on sliders, the verdicts they would turn, and files that keep them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from analysis import Report, SourceError, Thresholds
from analysis.diagnose import judge
from analysis.limits import (
    LIMITS,
    changed,
    out_of_order,
    preset_of,
    thresholds_of,
    to_toml,
    with_limits,
)
from analysis.thresholds import PRESETS
from analysis.what_if import Flip, flips
from analysis.wording import label_words, number
from pages.shared import settings
from pages.shared.literal import literal
from pages.shared.theme import BADGES

OWN = "your own"
PRESET_NAMES = {
    "goldilocks": "Goldilocks",
    "microsoft": "Microsoft's skill as written",
    "sagemaker": "SageMaker Debugger",
    "strict": "Strict",
    OWN: "Your own",
}
FINE = ((0.25, 0.001), (10.0, 0.005))  # ranges up to so much move in such strides
COARSE = 0.1
FILE = "thresholds.toml"
TITLE = "What if the limits were others?"


def tried(report: Report) -> Report:
    """Return the report as the limits that are being tried would have it."""
    limits = settings.tried()
    return report if limits == report.thresholds else judge(report.curves, limits)


def what_if(report: Report) -> None:
    """Draw the limits on sliders; what turns a verdict stands beside each."""
    limits = report.thresholds
    panel = st.expander(TITLE, icon=":material/tune:", key="what-if", on_change="rerun")
    if not panel.open:
        return
    with panel:
        _sets(limits)
        _differences(report)
        turns = flips(report)
        _turning_points(turns)
        telling = {turn.limit for turn in turns} | set(changed(limits))
        _sliders(limits, [name for name in LIMITS if name in telling], turns)
        problem = out_of_order(with_limits(limits, settings.moved()))
        if problem:
            st.warning(literal(problem), icon=":material/warning:")
        if st.toggle("Show the limits that turn nothing here by themselves", key="other-limits"):
            _sliders(limits, [name for name in LIMITS if name not in telling], ())


def _sets(limits: Thresholds) -> None:
    """Draw the presets, and the ways to keep a set and to get it back."""
    current = preset_of(limits) or OWN
    names = [*PRESETS] if current in PRESETS else [*PRESETS, OWN]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"preset-{settings.n_sets()}-{current}"
        st.selectbox(
            "Limits of",
            names,
            index=names.index(current),
            format_func=lambda name: PRESET_NAMES[name],
            key=key,
            on_change=settings.try_preset,
            args=(key,),
            width=260,
        )
        st.download_button(
            "Save limits",
            to_toml(limits),
            file_name=FILE,
            icon=":material/download:",
            on_click="ignore",
            help="A TOML file: load it here again, or give it to the command line: --thresholds",
        )
        with st.popover("Load limits", icon=":material/upload:"):
            _load()
        st.button(
            "Judge all runs by these",
            icon=":material/done_all:",
            on_click=settings.adopt,
            args=(limits,),
            disabled=limits == settings.thresholds(),
            help="Until then they are tried on the run in view only",
        )


def _load() -> None:
    file = st.file_uploader("A file of limits", type="toml", key=f"limits-{settings.n_sets()}")
    if file is None:
        return
    try:
        limits = thresholds_of(file.getvalue(), where=file.name)
    except SourceError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    settings.set_anew(limits)
    st.rerun()


def _differences(report: Report) -> None:
    """Say which verdicts the tried limits turn, against those all runs are judged by."""
    adopted = settings.thresholds()
    if report.thresholds == adopted:
        st.caption(
            "Move a limit: the verdicts above follow at once. The curves stay as fitted; only the "
            "rules run again. Each line says where a verdict would turn if one limit moved alone."
        )
        return
    before = judge(report.curves, adopted)
    was = {verdict.rule: verdict.status for verdict in before.verdicts}
    turned = [
        f"**{label_words(v.rule)}**: {BADGES[was[v.rule]].word} → {BADGES[v.status].word}"
        for v in report.verdicts
        if was.get(v.rule) is not v.status
    ]
    if before.headline.label != report.headline.label:
        old, new = label_words(before.headline.label), label_words(report.headline.label)
        turned.insert(0, f"**The run**: {old} → {new}")
    st.info(
        " · ".join(turned) or "These limits turn no verdict of this run.",
        icon=":material/swap_horiz:",
    )


def _turning_points(turns: Sequence[Flip]) -> None:
    """Draw for each verdict the nearest limit that turns it."""
    nearest: dict[str, Flip] = {}
    for turn in turns:
        nearest.setdefault(turn.rule, turn)
    if not nearest:
        st.caption("No single limit turns a verdict of this run within its range.")
        return
    rows = [
        {
            "Verdict": label_words(turn.rule),
            "Limit": LIMITS[turn.limit].label,
            "Now": number(turn.value, digits=3),
            "Turns at": number(turn.at, digits=3),
            "Becomes": BADGES[turn.becomes].word,
        }
        for turn in sorted(nearest.values(), key=lambda turn: turn.distance)
    ]
    st.table(rows, hide_index=True, border="horizontal", alt="Where each verdict turns")


def _sliders(limits: Thresholds, names: Sequence[str], turns: Sequence[Flip]) -> None:
    """Draw a slider for each limit, three beside each other."""
    by_limit: Mapping[str, list[Flip]] = defaultdict(list)
    for turn in turns:
        by_limit[turn.limit].append(turn)
    for start in range(0, len(names), 3):
        columns = st.columns(3, gap="medium")
        for column, name in zip(columns, names[start : start + 3], strict=False):
            with column:
                _slider(name, getattr(limits, name))
                for turn in by_limit[name]:
                    st.caption(f"{label_words(turn.rule)} turns at {number(turn.at, digits=3)}")


def _slider(name: str, value: float) -> None:
    limit = LIMITS[name]
    kind: Callable[[float], float] = int if limit.whole else float
    span = limit.high - limit.low
    stride = next((stride for most, stride in FINE if span <= most), COARSE)
    st.slider(
        limit.label,
        kind(limit.low),
        kind(limit.high),
        kind(value),
        step=1 if limit.whole else stride,
        format="%d" if limit.whole else "%.3f",
        key=settings.slider_key(name),
        help=literal(limit.meaning),
        on_change=settings.try_out_moved,
    )
