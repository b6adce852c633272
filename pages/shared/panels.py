"""Panels: the headline, the decision card and the verdict cards."""

from collections.abc import Iterable, Sequence

import streamlit as st

from analysis import Method, Report, Status, Verdict, wording
from analysis.recommendation import Action
from analysis.verdict import Evidence
from analysis.wording import counted, label_words, number, probability, regret
from pages.shared.literal import literal
from pages.shared.plain_table import plain_table
from pages.shared.theme import BADGES, UNKNOWN

MAX_EVIDENCE = 3
WORTH_SAYING = 0.005  # of optimism, in the metric's unit
ICONS = {
    Action.DEPLOY: ":material/rocket_launch:",
    Action.EVALUATE: ":material/science:",
    Action.RETRAIN: ":material/replay:",
    Action.WAIT: ":material/hourglass_top:",
    Action.NONE: ":material/block:",
}


def status_badge(status: Status, word: str = "") -> None:
    """Draw a status by icon, word and colour."""
    badge = BADGES[status]
    st.badge(word or badge.word, icon=badge.icon, color=badge.colour)  # type: ignore[arg-type]


def headline_banner(report: Report) -> None:
    """Draw the headline with its probability, and beside it what to do."""
    headline = report.headline
    with st.container(border=True):
        verdict, decision = st.columns([5, 3], gap="medium", vertical_alignment="center")
        with verdict:
            with st.container(horizontal=True, vertical_alignment="center"):
                status_badge(headline.status, label_words(headline.label))
                st.caption(probability(headline.confidence), width="content")
            st.title(literal(headline.statement), anchor=False)
        with decision:
            st.header(action_words(report), anchor=False)


def action_words(report: Report) -> str:
    """Return what to do, with its icon; and the step to do it with, if it is done with one."""
    recommendation = report.recommendation
    words = wording.action_words(recommendation.action, recommendation.step)
    return f"{ICONS[recommendation.action]} {words}"


def decision_card(report: Report) -> None:
    """Draw the recommendation: its reason, the name to deploy by, the candidates."""
    recommendation = report.recommendation
    with st.container(border=True):
        st.markdown(f"**{literal(recommendation.statement)}**")
        if recommendation.model:
            st.caption("Model name, ready to paste")
            st.code(recommendation.model, language=None, wrap_lines=True)
        if recommendation.candidates:
            _candidate_table(report)
        tied = recommendation.tied_steps
        if len(tied) > 1:
            st.caption(
                f"{len(tied)} steps are tied: with at least 90% probability one of them is best."
            )
        if recommendation.conflict:
            st.caption(literal(recommendation.conflict))
        if recommendation.optimism is not None and recommendation.optimism >= WORTH_SAYING:
            flattered = number(recommendation.optimism, digits=2)
            st.caption(
                f"The best logged value flatters by {flattered}: picked for being the best of "
                "several noisy ones, it lies that far from the curve."
            )


def verdict_cards(report: Report) -> None:
    """Draw the gravest finding as a card, the others folded, then what passed or could not run."""
    for place, verdict in enumerate(report.findings):
        if place == 0:
            _verdict_card(verdict)
        else:
            _folded_card(verdict)
    if report.passed:
        title = f"{counted(len(report.passed), 'check')} passed"
        with st.expander(title, icon=":material/check_circle:"):
            st.markdown(_listed(report.passed))
    if report.not_judged:
        title = f"{counted(len(report.not_judged), 'check')} could not run"
        with st.expander(title, icon=":material/help:"):
            st.markdown(_listed(report.not_judged, advised=True))


def _listed(verdicts: Iterable[Verdict], *, advised: bool = False) -> str:
    """Return verdicts as one list, which a browser draws sooner than an element for each."""
    lines = []
    for verdict in verdicts:
        lines.append(f"- **{label_words(verdict.rule)}** — {literal(verdict.statement)}")
        lines.extend(f"  - {literal(advice)}." for advice in verdict.advice if advised)
    return "\n".join(lines)


def _verdict_card(verdict: Verdict) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            status_badge(verdict.status, _title(verdict))
            if verdict.probability is not None:
                st.caption(probability(verdict.probability), width="content")
        st.markdown(f"**{literal(verdict.statement)}**")
        _numbers(verdict)
        if verdict.advice:
            st.markdown(f":material/arrow_forward: {literal(verdict.advice[0])}.")
        with st.expander("Why, and what else"):
            _background(verdict, verdict.advice[1:])


def _folded_card(verdict: Verdict) -> None:
    badge = BADGES[verdict.status]
    title = f":{badge.colour}-badge[{badge.icon} {_title(verdict)}]"
    with st.expander(f"{title} {literal(verdict.statement)}"):
        if verdict.probability is not None:
            st.caption(probability(verdict.probability))
        _numbers(verdict)
        _background(verdict, verdict.advice)


def _numbers(verdict: Verdict) -> None:
    st.caption("  \n".join(map(_evidence, verdict.evidence[:MAX_EVIDENCE])))


def _background(verdict: Verdict, advice: Sequence[str]) -> None:
    """Draw what helps against a finding by itself, when it would turn, and whose rule it is."""
    if advice:
        st.markdown("\n".join(f"- {literal(each)}." for each in advice))
    turns = f"This verdict turns if {literal(verdict.flips)}.  \n" if verdict.flips else ""
    st.caption(f"{turns}Rule after: {literal(verdict.source)}")


def _title(verdict: Verdict) -> str:
    band = f", {verdict.label.replace('_', ' ')}" if verdict.label else ""
    return f"{label_words(verdict.rule)}{band}"


def _evidence(evidence: Evidence) -> str:
    value = number(evidence.value, digits=3, as_share=evidence.as_share)
    interval = ""
    if evidence.low is not None and evidence.high is not None:
        low = number(evidence.low, digits=3, as_share=evidence.as_share)
        high = number(evidence.high, digits=3, as_share=evidence.as_share)
        interval = f" ({low} to {high})"
    normal = f" · normal: {evidence.normal}" if evidence.normal else ""
    return f"{literal(evidence.label)}: **{literal(value)}**{literal(interval + normal)}"


def _candidate_table(report: Report) -> None:
    in_reward = report.run.method is Method.RFT
    rows = [
        {
            "Step": f"{candidate.step:,}",
            "Best": UNKNOWN if candidate.probability_best is None
            else f"{candidate.probability_best:.0%}",
            "Regret": UNKNOWN if candidate.expected_regret is None
            else regret(candidate.expected_regret, in_reward=in_reward),
            "Why": candidate.role,
        }
        for candidate in report.recommendation.candidates
    ]  # fmt: skip
    st.markdown(plain_table(rows))
    st.caption(
        "Best: chance to be the best choice. Regret: "
        f"{'reward' if in_reward else 'loss'} expected to be given away against it."
    )
