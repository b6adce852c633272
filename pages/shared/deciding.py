"""Deciding: the decision, the ranking by weights that are shown, and what each choice costs."""

from collections.abc import Sequence
from dataclasses import replace
from math import isnan

import streamlit as st

from analysis import Method, Report, diagnose
from analysis.candidates import by_reward
from analysis.curve.losses import LossCurves
from analysis.decision import BALANCED
from analysis.deploying import model_name, provider_of
from analysis.prices import PRESETS, Price, preset_for
from analysis.ranking import FORMULA, Ranked, ranked
from analysis.wording import number, regret
from pages.shared import panels, state, task_scores
from pages.shared.front import front_chart
from pages.shared.literal import literal

PRIORITY = "priority"  # the Metrics page moves the same one
WEIGHT, PRESET, PROMPT = "cost_weight", "price", "prompt_tokens"
KEPT_BY_OPENAI = 3  # OpenAI keeps the three checkpoints of highest validation reward
MAX_ROWS = 10


def banner(report: Report) -> None:
    """Draw the decision: by the user's own evaluation where there is one, else by the curves."""
    evaluation = task_scores.evaluation_of(report)
    with st.container(border=True):
        if evaluation is not None:
            st.caption("By your own evaluation, which outranks every curve")
            icon = ":material/rocket_launch:" if evaluation.chosen else ":material/block:"
            st.header(f"{icon} {literal(evaluation.statement)}", anchor=False)
            return
        st.caption("By the curves alone: your own evaluation below outranks them")
        st.header(panels.action_words(report), anchor=False)
        st.markdown(literal(report.recommendation.statement))


def weights(report: Report) -> tuple[Report, Price, float, float]:
    """Draw what the user weighs; return the report so weighed, price, prompt and weight."""
    with st.container(border=True):
        st.header("What matters to you", anchor=False)
        weighed = _priority(report)
        if not (by_reward(report) and report.run.has("completion_tokens_mean")):
            st.caption("No completion tokens were logged, so answers cannot be priced.")
            return weighed, PRESETS[0], 0.0, 0.0
        weight = st.slider(
            "Quality (0) against cost (1)",
            0.0,
            1.0,
            state.choice(WEIGHT, 0.0),
            0.05,
            key="cost-weight",
            help=f"The ranking goes by {FORMULA}, smaller first. Extra cost is against the "
            "cheapest choice.",
        )
        state.hold_choice(WEIGHT, weight)
        price = _price(report)
        prompt = st.number_input(
            "Prompt tokens of a question",
            0.0,
            None,
            state.choice(PROMPT, 0.0),
            100.0,
            key="prompt-tokens",
            help="Not in the file; the same for every checkpoint",
        )
        state.hold_choice(PROMPT, prompt)
        st.caption(f"Ranked by {FORMULA}, with w = {weight:g}.")
    return weighed, price, prompt, weight


def _priority(report: Report) -> Report:
    """Draw the balance of loss and token accuracy, where both were logged."""
    if not isinstance(report.curves, LossCurves) or report.curves.accuracy is None:
        return report
    priority = st.slider(
        "Loss (0) against token accuracy (1)",
        0.0,
        1.0,
        state.choice(PRIORITY, BALANCED),
        0.05,
        key="priority",
        help="Low for fluent, calibrated text; high where single tokens must be right. Regret is "
        "(1 - p) x loss given away, a share, + p x accuracy given away, in points.",
    )
    state.hold_choice(PRIORITY, priority)
    if priority == BALANCED:
        return report
    key = f"{state.run_id_of(report)}-priority-{priority:g}"
    return state.judged(key, lambda: diagnose(report.run, priority=priority))


def _price(report: Report) -> Price:
    """Draw the presets of prices, and the fields to type them over."""
    names = [price.name for price in PRESETS]
    model = model_name(report.run, report.run.last_step)
    base = report.run.job.base_model if report.run.job else None
    usual = preset_for(base or model or "", provider_of(report.run, model))
    kept = state.choice(PRESET, usual.name)
    name = st.selectbox(
        "Price of a million tokens", names, index=names.index(kept), key="price-preset"
    )
    state.hold_choice(PRESET, name)
    preset = PRESETS[names.index(name)]
    left, right = st.columns(2)
    prompt = left.number_input(
        "Prompt, $", 0.0, None, preset.prompt, key=f"prompt-price-{name}", format="%.2f"
    )
    answer = right.number_input(
        "Answer, $", 0.0, None, preset.answer, key=f"answer-price-{name}", format="%.2f"
    )
    st.caption(f"Preset as of {preset.as_of}; prices change, so type yours.")
    return replace(preset, prompt=prompt, answer=answer)


def ranking(
    report: Report, price: Price, prompt_tokens: float, weight: float
) -> tuple[Ranked, ...]:
    """Draw the steps that can be deployed, the best first, and return them."""
    rows = ranked(report, price, prompt_tokens, weight)
    choices = report.recommendation.choices
    if not rows or choices is None:
        st.info(literal(report.recommendation.statement), icon=":material/info:")
        return ()
    kind = "saved checkpoints" if choices.deployable else "evaluated steps"
    st.header(f"The {kind}, best first", anchor=False)
    in_reward = by_reward(report)
    table = [_row(row, in_reward=in_reward) for row in rows]
    shown = [{k: v for k, v in row.items() if any(r[k] for r in table)} for row in table]
    st.table(shown[:MAX_ROWS], hide_index=True, border="horizontal", alt=f"Ranking of the {kind}")
    if len(rows) > MAX_ROWS:
        st.caption(f"The first {MAX_ROWS} of {len(rows)}.")
    _notes(report, rows, deployable=choices.deployable)
    return rows


def _row(row: Ranked, *, in_reward: bool) -> dict[str, str]:
    return {
        "Step": f"{row.step:,}",
        "Chance to be best": f"{row.probability_best:.0%}",
        "Expected regret": regret(row.regret, in_reward=in_reward),
        "Validation " + ("reward" if in_reward else "loss"): number(row.validation, digits=3),
        "Token accuracy": "" if isnan(row.accuracy) else f"{row.accuracy:.1%}",
        "Answer tokens": "" if isnan(row.tokens) else f"{row.tokens:,.0f}",
        "1,000 answers": "" if isnan(row.cost) else f"\\${row.cost:,.2f}",
    }


def _notes(report: Report, rows: Sequence[Ranked], *, deployable: bool) -> None:
    tied = [row for row in rows if row.tied]
    named = ", ".join(f"{row.step:,}" for row in tied[:MAX_ROWS])
    more = f" and {len(tied) - MAX_ROWS:,} more" if len(tied) > MAX_ROWS else ""
    words = f"Steps {named}{more} are tied: with at least 90 % probability one of them is best"
    if len(tied) == 1:
        words = f"Step {tied[0].step:,} is best with at least 90 % probability"
    st.caption(f"{words}. Expected regret: what is given away against the best choice.")
    if not deployable:
        st.caption("Which of these steps were saved is not known.")
    if report.run.method is Method.RFT and deployable and len(rows) <= KEPT_BY_OPENAI:
        st.caption(
            "These may be survivors: OpenAI keeps the three checkpoints of highest validation "
            "reward, so the best of them was partly lucky. In Microsoft's lab the peak of "
            "validation (.858) lost to a later checkpoint (.853) on the task. Test all three."
        )
    if report.recommendation.conflict:
        st.caption(literal(report.recommendation.conflict))


def front(report: Report, rows: Sequence[Ranked]) -> None:
    """Draw quality against completion tokens, the dominated choices greyed."""
    known = [row for row in rows if not isnan(row.tokens)]
    if len(known) < 2:
        return
    st.subheader("Quality against length of answers", anchor=False)
    drawing = front_chart(known, report)
    st.vega_lite_chart(None, drawing.spec, alt=drawing.text, key="front")
    st.caption(
        "Coloured: on the Pareto front. Grey: another choice is as good at fewer tokens, or better "
        "at as many."
    )


def candidates(report: Report) -> None:
    """Draw the two or three candidates worth testing, each with its reason."""
    with st.container(border=True):
        st.header("Test these on your task", anchor=False)
        for candidate in report.recommendation.candidates[:3]:
            st.markdown(f"**Step {candidate.step:,}**: {literal(candidate.role)}")
        optimism = report.recommendation.optimism
        if optimism is not None and optimism >= panels.WORTH_SAYING:
            st.caption(
                f"The best logged value flatters by {number(optimism, digits=2)}: it was picked "
                "for being the best of several noisy ones."
            )
