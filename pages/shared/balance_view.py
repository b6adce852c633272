"""The balance of loss and token accuracy: both curves, where they disagree, what to pick."""

import streamlit as st

from analysis import Report
from analysis.balance import PRIORITIES, Balance, Pick, balance_of, picks
from analysis.decision import BALANCED
from analysis.wording import number
from pages.shared import state
from pages.shared.curve_chart import Look, curve_chart
from pages.shared.deciding import PRIORITY
from pages.shared.frame import offer_start
from pages.shared.literal import literal

WORTH_SAYING = 0.002  # of token accuracy


@st.fragment
def balance(report: Report | None) -> None:
    """Draw both curves of the run in view, and the step that the user's priority picks."""
    st.header("Balance of loss and token accuracy", anchor=False)
    if report is None:
        offer_start("Where loss and token accuracy disagree, and what your priority picks.")
        return
    found = balance_of(report)
    if isinstance(found, str):
        st.info(literal(f"{report.run.name}: {found}"), icon=":material/info:")
        return
    st.caption(literal(report.run.name))
    kept = state.choice(PRIORITY, BALANCED)
    held = min(PRIORITIES, key=lambda each: abs(each - kept))
    priority = st.select_slider(
        "What matters more to you?",
        PRIORITIES,
        value=held,
        format_func=_words,
        key=f"priority-{state.run_id_of(report)}",
        help="Loss: well-calibrated, fluent text. Token accuracy: the exact tokens, such as labels "
        "or code.",
    )
    if priority != held:
        state.hold_choice(PRIORITY, priority)
    chosen = picks(report)
    here = next((pick for pick in chosen if pick.priority == priority), None)
    _charts(found, here)
    st.markdown(_disagreement(found))
    _table(chosen)


def _words(priority: float) -> str:
    if priority in {0.0, 1.0}:
        return "loss alone" if priority == 0.0 else "token accuracy alone"
    return f"accuracy {priority:.0%}, loss {1 - priority:.0%}"


def _charts(found: Balance, here: Pick | None) -> None:
    marks = {f"picked: step {here.step:,}": here.step} if here else {}
    apart = (found.by_loss, found.by_accuracy) if _disagree(found) else None
    left, right = st.columns(2, gap="medium")
    with left:
        spec = curve_chart(
            {"Validation loss": found.loss},
            Look("Validation loss (nats per token)"),
            marks=marks,
            shade=apart,
        )
        text = f"Validation loss is best at step {found.by_loss:,}."
        st.vega_lite_chart(None, spec, alt=text, key="balance-loss")
    with right:
        spec = curve_chart(
            {"Validation token accuracy": found.accuracy},
            Look("Validation token accuracy", percent=True),
            marks=marks,
            shade=apart,
        )
        text = f"Validation token accuracy is best at step {found.by_accuracy:,}."
        st.vega_lite_chart(None, spec, alt=text, key="balance-accuracy")


def _disagree(found: Balance) -> bool:
    gained, _ = found.cost()
    return found.accuracy_holds and gained >= WORTH_SAYING


def _disagreement(found: Balance) -> str:
    gained, lost = found.cost()
    if _disagree(found):
        return (
            f"**They disagree.** Loss is best at step {found.by_loss:,}, token accuracy at step "
            f"{found.by_accuracy:,} (shaded between): {gained:.1%} more right tokens for "
            f"{lost:.1%} more loss. There the model is right more often, and too sure when it is "
            "wrong."
        )
    return (
        f"**They agree.** Loss is best near step {found.by_loss:,}, token accuracy near step "
        f"{found.by_accuracy:,}: nothing is to be gained by choosing between them."
    )


def _table(chosen: tuple[Pick, ...]) -> None:
    """Draw which step each range of priorities picks."""
    rows: list[dict[str, str]] = []
    for pick in chosen:
        step = f"{pick.step:,}"
        if rows and rows[-1]["Step picked"] == step:
            rows[-1]["Weight of accuracy"] = (
                rows[-1]["Weight of accuracy"].split(" to ")[0] + f" to {pick.priority:.0%}"
            )
            continue
        rows.append(
            {
                "Weight of accuracy": f"{pick.priority:.0%}",
                "Step picked": step,
                "Validation loss": number(pick.loss),
                "Token accuracy": f"{pick.accuracy:.1%}",
            }
        )
    if rows:
        st.table(rows, hide_index=True, border="horizontal", alt="What each priority picks")
        st.caption("Among saved checkpoints where any is known, else among evaluated steps.")
