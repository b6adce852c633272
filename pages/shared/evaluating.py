"""Evaluating: the user's own task scores, which outrank every curve."""

import streamlit as st

from analysis import Report
from analysis.evaluations.judging import Evaluation, Judged
from analysis.wording import number
from pages.shared import state, task_scores
from pages.shared.literal import literal

FORMS = """
One row per example: `candidate,example,score` (and `tokens`, if you have them). Or one column per
candidate, one row per example. Or only means: `candidate,mean,n` (and `sd`).

JSON: `{"step 70": {"model": "…", "avg": 0.855, "scores": [1, 0, …]}, "base": {…}}`, or the output
items of an OpenAI or Azure eval run, as a list, a page or lines.

Call the base model `base`. Scores are better when higher.
"""


def own_evaluation(report: Report) -> None:
    """Draw the uploader of task scores, and what they say."""
    st.header("Your own evaluation", anchor=False)
    st.markdown(
        "Scores on your task decide before any curve. Test the candidates and the base model on "
        "the same examples, 50 or more, and drop the scores here."
    )
    left, right = st.columns([3, 5], gap="medium")
    with left:
        _uploader(report)
    with right:
        evaluation = task_scores.evaluation_of(report)
        if evaluation is None:
            with st.expander("Which files are read", expanded=False):
                st.markdown(FORMS)
        else:
            _table(evaluation)


def _uploader(report: Report) -> None:
    run_id = state.run_id_of(report)
    files = st.file_uploader(
        "Task scores (CSV or JSON)",
        accept_multiple_files=True,
        key=f"scores-{run_id}-{task_scores.score_round(run_id)}",
    )
    if files:
        task_scores.take_files(run_id, [(file.name, file.getvalue()) for file in files])
        st.rerun()
    for name, problem in task_scores.failures_of(run_id):
        st.error(literal(problem), title=literal(name), icon=":material/error:")
    scores = task_scores.scores_of(run_id)
    if not scores:
        return
    options = [task_scores.NO_BASE, *(each.label for each in scores)]
    kept = task_scores.base_of(run_id)
    chosen = st.selectbox(
        "The base model is",
        options,
        index=options.index(kept) if kept in options else 0,
        key=f"base-of-{run_id}-{len(options)}",
    )
    if chosen != kept:
        task_scores.choose_base(run_id, chosen)
        st.rerun()
    st.button(
        "Forget these scores",
        icon=":material/delete:",
        on_click=task_scores.forget_scores,
        args=[run_id],
    )


def _table(evaluation: Evaluation) -> None:
    rows = [_row(judged, evaluation) for judged in evaluation.candidates]
    base = evaluation.base
    if base is not None:
        rows.append(
            {
                "Candidate": f"{literal(base.label)} (base)",
                "Mean score": number(base.mean, digits=3),
                "Examples": f"{base.count:,}",
                "Tokens": "" if base.tokens is None else f"{base.tokens:,.0f}",
                "Against the base": "",
                "Behind the best": "",
            }
        )
    shown = [{k: v for k, v in row.items() if any(r[k] for r in rows)} for row in rows]
    st.table(shown, hide_index=True, border="horizontal", alt="Task scores of the candidates")
    differences = [j.above_base or j.behind_best for j in evaluation.candidates]
    paired = [each.paired for each in differences if each is not None]
    how = "paired by example" if paired and all(paired) else "as separate samples"
    st.caption(
        f"In brackets: the 95 % interval, {how}; against the base it is widened for the number of "
        "candidates."
    )


def _row(judged: Judged, evaluation: Evaluation) -> dict[str, str]:
    scores, above, behind = judged.scores, judged.above_base, judged.behind_best
    chosen = " (chosen)" if judged is evaluation.chosen else ""
    against = ""
    if above is not None:
        word = "better" if above.low > 0 else "worse" if above.high < 0 else "cannot tell"
        interval = f"({above.low:+.3g} to {above.high:+.3g})"
        against = literal(f"{word}: {above.estimate:+.3g} {interval}")
    return {
        "Candidate": literal(scores.label) + chosen,
        "Mean score": number(scores.mean, digits=3),
        "Examples": f"{scores.count:,}",
        "Tokens": "" if scores.tokens is None else f"{scores.tokens:,.0f}",
        "Against the base": against,
        "Behind the best": "" if behind is None
        else literal(
            f"{behind.estimate:.3g} ({behind.low:+.3g} to {behind.high:+.3g})"
            + (", tied" if judged.tied else "")
        ),
    }  # fmt: skip
