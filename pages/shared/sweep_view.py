"""The sweep: what each hyperparameter does, how sure that is, and the next experiment."""

from collections.abc import Mapping
from math import isnan

import pandas as pd
import streamlit as st

from analysis import AnalysisError, Difference
from analysis.comparison import compare_curves
from analysis.schema import METRICS
from analysis.sweep import iterating as iterations
from analysis.sweep import proposal as proposals
from analysis.sweep.iterating import iterating
from analysis.sweep.one_at_a_time import series_of, unattributed
from analysis.sweep.proposal import Proposal, proposal
from analysis.sweep.seeds import BAND, seed_groups, seed_noise
from analysis.sweep.trials import Sweep, Trial, knob_words, setting_words, sweep_of, value_words
from analysis.wording import counted, number, probability
from pages.shared import state
from pages.shared.literal import literal
from pages.shared.many import Entry
from pages.shared.sweep_chart import sweep_chart

KNOB, BASELINE = "sweep-knob", "sweep-baseline"
MAX_NAMED = 5


def sweep(entries: Mapping[str, Entry]) -> None:
    """Draw what the runs say of their hyperparameters."""
    found = sweep_of({key: entry.row for key, entry in _in_order(entries).items()})
    if found is None:
        st.info(
            "A sweep needs two runs with the same metric. Open more runs of one task.",
            icon=":material/tune:",
        )
        return
    if not found.varied:
        _unvaried(found)
        return
    knob = _chooser(found)
    chart, cards = st.columns([3, 2], gap="medium")
    with chart:
        _chart(found, knob, entries)
        _one_at_a_time(found)
    with cards:
        _baseline(found, entries)
        _next(found)
        _seeds(found)


def _in_order(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return the runs in the order in which their jobs were made; as loaded where unknown."""
    made = {
        key: entry.report.run.job.created_at if entry.report and entry.report.run.job else None
        for key, entry in entries.items()
    }
    if any(when is None for when in made.values()):
        return dict(entries)
    return dict(sorted(entries.items(), key=lambda item: made[item[0]] or 0.0))


def _unvaried(found: Sweep) -> None:
    known = any(trial.knobs for trial in found.trials)
    if known:
        st.info(
            "All runs have the same hyperparameters: nothing was varied.", icon=":material/tune:"
        )
        _seeds(found)
        return
    st.info(
        "These files do not say their hyperparameters. Drop each job's JSON with its result file, "
        "which the job's or the file's id must name, or open the jobs from the platform.",
        icon=":material/tune:",
    )


def _chooser(found: Sweep) -> str:
    series = series_of(found)
    first = series[0].knob if series else found.varied[0]
    held = state.choice(KNOB, first)
    knob = st.segmented_control(
        "Hyperparameter",
        found.varied,
        default=held if held in found.varied else first,
        required=True,
        format_func=lambda name: literal(knob_words(name)),
        key=KNOB,
    )
    state.hold_choice(KNOB, knob)
    return str(knob)


def _chart(found: Sweep, knob: str, entries: Mapping[str, Entry]) -> None:
    statuses = {trial.key: str(entries[trial.key].row.get("status")) for trial in found.trials}
    spec = sweep_chart(found, knob, statuses)
    metric = METRICS[found.metric].label.lower()
    st.vega_lite_chart(
        spec, width="stretch", key="sweep-chart", alt=f"Best {metric} of each run by {knob}"
    )
    without = sum(knob not in trial.knobs for trial in found.trials) + found.left_out
    said = f" {counted(without, 'run')} without this setting or metric left out." if without else ""
    st.caption(
        f"Each mark is a run's best logged value. Lines join runs that differ in nothing else; "
        f"bars are {BAND}.{said}"
    )


def _one_at_a_time(found: Sweep) -> None:
    """Say which runs show what a setting does, and which cannot."""
    with st.container(border=True):
        st.header("One change at a time?", anchor=False)
        for knob in found.varied:
            runs = {t.key for s in series_of(found) if s.knob == knob for t in s.trials}
            name = literal(knob_words(knob))
            if runs:
                st.markdown(
                    f":material/check: {name}: {counted(len(runs), 'run')} differ in it alone"
                )
            else:
                st.markdown(
                    f":material/close: {name}: never changed alone, so its effect is unknown"
                )
        several = unattributed(found)
        if several:
            names = ", ".join(literal(trial.name) for trial in several[:MAX_NAMED])
            more = f" and {len(several) - MAX_NAMED:,} more" if len(several) > MAX_NAMED else ""
            st.caption(f"Differ from every other run in several settings: {names}{more}.")


def _baseline(found: Sweep, entries: Mapping[str, Entry]) -> None:
    """Say whether the best run beats the baseline by more than noise, and whether to stop."""
    with st.container(border=True):
        st.header("Beaten the baseline by more than noise?", anchor=False)
        by_key = {trial.key: trial for trial in found.trials}
        first = found.trials[0].key
        held = state.choice(BASELINE, first)
        key = st.selectbox(
            "Baseline",
            list(by_key),
            index=list(by_key).index(held if held in by_key else first),
            format_func=lambda each: by_key[each].name,
            key=BASELINE,
        )
        state.hold_choice(BASELINE, key)
        known = iterating(found, by_key[key])
        st.markdown(_beaten(known.baseline, known.best, entries))
        st.markdown(f"{':material/stop_circle:' if known.stop else ':material/repeat:'} "
                    f"{literal(known.statement)}")  # fmt: skip
        st.caption(f"Runs in the order they were made or loaded. Rule after: {iterations.SOURCE}.")


def _beaten(baseline: Trial, best: Trial, entries: Mapping[str, Entry]) -> str:
    if best.key == baseline.key:
        return ":material/close: The baseline is the best run."
    name, values = literal(best.name), f"{number(best.value)} against {number(baseline.value)}"
    difference = _difference(entries[best.key], entries[baseline.key])
    if difference is None:
        return f"Best run **{name}**: {values}. Without its curves, noise cannot be judged."
    sure = probability(difference.probability_a_better)
    if difference.verdict == "a_better":
        return f":material/check: Yes: **{name}**, {values} ({sure})."
    if difference.verdict == "b_better":
        return (
            f":material/close: No: **{name}** has the best single value ({values}), but on its "
            "curve the baseline is better."
        )
    needed = f" {literal(difference.needed)}." if difference.needed else ""
    return f":material/help: Cannot tell: **{name}**, {values} ({sure}).{needed}"


def _difference(a: Entry, b: Entry) -> Difference | None:
    """Return how the runs differ at their recommended steps; None where that is not known."""
    if a.report is None or b.report is None:
        return None
    steps = [r.recommendation.step or r.run.last_step for r in (a.report, b.report)]
    try:
        return compare_curves(a.report.curves, steps[0], b.report.curves, steps[1],
                              same_validation=True)  # fmt: skip
    except AnalysisError:
        return None


def _next(found: Sweep) -> None:
    with st.container(border=True):
        st.header("Next experiment, if you go on", anchor=False)
        proposed = proposal(found)
        if proposed is None:
            st.markdown(
                "Every single change to the best run was tried, or its settings are unknown."
            )
            return
        st.markdown(_experiment(proposed))
        st.markdown(literal(proposed.reason))
        st.caption(f"Rule after: {proposals.SOURCE}.")


def _experiment(proposed: Proposal) -> str:
    name, knob = literal(proposed.trial.name), literal(knob_words(proposed.knob))
    if proposed.new is None or proposed.old is None:
        return f":material/science: Repeat **{name}** with another {knob}."
    old, new = literal(value_words(proposed.old)), literal(value_words(proposed.new))
    return f":material/science: **{name}** with {knob} **{new}** instead of {old}."


def _seeds(found: Sweep) -> None:
    """Draw the settings that were repeated, with their spread."""
    repeated = [group for group in seed_groups(found) if len(group.trials) > 1]
    with st.container(border=True):
        st.header("Seeds", anchor=False)
        if not repeated:
            st.caption("No setting was run twice: how much of a gain is luck cannot be seen here.")
            return
        noise = seed_noise(found)
        if not isnan(noise):
            st.caption(f"Runs of one setting scatter by {number(noise, digits=2)} (pooled SD).")
        st.dataframe(
            pd.DataFrame(
                {
                    "Mean": [group.mean for group in repeated],
                    "SD": [group.sd for group in repeated],
                    "Runs": [len(group.trials) for group in repeated],
                    "Setting": [setting_words(g.trials[0].knobs, found.varied) or "the same"
                                for g in repeated],
                }
            ),
            hide_index=True,
            column_config={name: st.column_config.NumberColumn(format="%.4g")
                           for name in ("Mean", "SD")},
            alt="Settings that were run more than once",
        )  # fmt: skip
