"""Deploying: the commands for the chosen checkpoint, ready to be copied."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from analysis import Report
from analysis.deploying import AZURE, TIERS, Deployment, Tier, deployment_of, model_name
from analysis.ranking import Ranked
from analysis.recommendation import Action
from pages.shared import state, task_scores
from pages.shared.literal import literal

TIER = "tier"


def deploy(report: Report, rows: Sequence[Ranked]) -> None:
    """Draw the choice of a checkpoint, and the commands that put it to use."""
    st.header("Deploy it", anchor=False)
    steps = _steps(report, rows)
    _caution(report)
    chooser, tiers = st.columns([3, 5], gap="medium")
    with chooser:
        step = st.selectbox(
            "Checkpoint",
            steps,
            index=steps.index(_preset(report, steps)),
            format_func=lambda each: _named(report, each),
            key=f"deploy-{state.run_id_of(report)}-{_preset(report, steps)}",
        )
    tier, today = TIERS[0], datetime.now(tz=UTC).date()
    found = deployment_of(report.run, step, tier, today)
    if found.provider == AZURE and found.model:
        with tiers:
            tier = _tier()
        found = deployment_of(report.run, step, tier, today)
    _commands(found)


def _caution(report: Report) -> None:
    """Warn where the decision is to deploy none of these."""
    evaluation = task_scores.evaluation_of(report)
    by_curves = evaluation is None and report.recommendation.action is Action.NONE
    if by_curves or (evaluation is not None and evaluation.chosen is None):
        source = "The validation reward" if by_curves else "Your evaluation"
        st.warning(
            f"{source} says to deploy none of these. The commands are for testing them.",
            icon=":material/block:",
        )


def _steps(report: Report, rows: Sequence[Ranked]) -> list[int]:
    """Return the steps that can be chosen: saved ones, the ranked ones, and the last."""
    saved = [checkpoint.step for checkpoint in report.run.checkpoints]
    return sorted({*saved, *(row.step for row in rows), report.run.last_step})


def _preset(report: Report, steps: Sequence[int]) -> int:
    """Return the step whose commands are shown first: the chosen evaluation's, else ours."""
    evaluation = task_scores.evaluation_of(report)
    chosen = evaluation.chosen.scores if evaluation is not None and evaluation.chosen else None
    if chosen is not None:
        names = {chosen.model, chosen.label}
        for step in steps:
            if model_name(report.run, step) in names or f"step {step}" == chosen.label.lower():
                return step
    wanted = report.recommendation.step
    return wanted if wanted in steps else steps[-1]


def _named(report: Report, step: int) -> str:
    saved = {checkpoint.step for checkpoint in report.run.checkpoints}
    word = "" if not saved else " (saved)" if step in saved else " (not saved)"
    return f"step {step:,}{word}"


def _tier() -> Tier:
    names = [tier.name for tier in TIERS]
    name = st.segmented_control(
        "Kind of deployment",
        names,
        default=state.choice(TIER, names[0]),
        required=True,
        key="azure-tier",
    )
    state.hold_choice(TIER, name)
    return TIERS[names.index(name or names[0])]


def _commands(found: Deployment) -> None:
    if found.warning:
        if found.model:
            st.warning(literal(found.warning), icon=":material/warning:")
        else:
            st.info(literal(found.warning), icon=":material/info:")
    if found.model and not found.snippets:
        st.code(found.model, language=None, wrap_lines=True)
    if not found.snippets:
        return
    tabs = st.tabs([snippet.title for snippet in found.snippets])
    for tab, snippet in zip(tabs, found.snippets, strict=True):
        with tab:
            st.code(snippet.text, language=snippet.language, wrap_lines=True)
            if snippet.note:
                st.caption(literal(snippet.note))
