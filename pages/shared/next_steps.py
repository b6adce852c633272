"""What to change next: one change at a time, in the terms of the platform."""

import streamlit as st

from analysis import Method, Report
from analysis.advice.guide import (
    EPOCHS_BEYOND,
    EPOCHS_BY_SIZE,
    epochs_for,
    examples_of,
    far_from_guide,
)
from analysis.advice.next_steps import Change, next_changes
from analysis.advice.platform import NAMES, PLATFORMS, Platform, platform_of
from analysis.advice.remedies import FREE, Remedy
from analysis.advice.stopping import SOURCE, TROUBLES, stopping_conditions
from analysis.wording import label_words
from pages.shared import state
from pages.shared.literal import literal
from pages.shared.plain_table import plain_table

TARGET, BUDGET = "reward_target", "step_budget"
OF_CHECKPOINT = frozenset({Remedy.EARLIER_CHECKPOINT, Remedy.PEAK_CHECKPOINT})
NOTHING = (
    "Nothing: no check found a problem. Keep the settings, and test the recommended checkpoint on "
    "your own task."
)
NO_MORE = "Nothing beyond the decision above."
TICKS = {
    True: ":orange-badge[:material/check: yes]",
    False: ":green-badge[:material/close: not yet]",
    None: ":gray-badge[:material/help: cannot tell]",
}


@st.fragment
def next_steps(report: Report) -> None:
    """Draw the next experiment and why, what else may help, and settings far from the guide."""
    with st.container(border=True):
        said, more = st.columns([5, 3], gap="medium")
        with more:
            platform = _platform(report)
        changes = [each for each in next_changes(report, platform) if not _told(report, each)]
        free = [change for change in changes if change.remedy in FREE]
        paid = [change for change in changes if change.remedy not in FREE]
        with said:
            st.header("What to change next", anchor=False)
            if not changes:
                st.markdown(NO_MORE if report.findings else NOTHING)
            if free:
                _change("Now, with the run as it is", free[0])
            if paid:
                _change("Next experiment", paid[0])
                st.caption("Change this one thing and keep the rest, or you will not know why.")
            _deviations(report, platform)
        with more:
            _others([*free[1:], *paid[1:]])
            if report.run.method is not Method.RFT and platform is Platform.MANAGED:
                _sizes(report)
            if report.run.method is Method.RFT and platform is Platform.NOVA:
                _troubles()
        if report.run.method is Method.RFT:
            _stopping(report)


def _told(report: Report, change: Change) -> bool:
    """Return whether the decision beside the curves says the same already."""
    return change.remedy in OF_CHECKPOINT and report.recommendation.step is not None


def _platform(report: Report) -> Platform:
    options = list(PLATFORMS[report.run.method])
    run_id = state.run_id_of(report)
    name = f"platform-{run_id}"
    chosen: Platform = st.selectbox(
        "Trained with",
        options,
        index=options.index(state.choice(name, platform_of(report.run))),
        format_func=NAMES.__getitem__,
        key=name,
    )
    state.hold_choice(name, chosen)
    return chosen


def _change(heading: str, change: Change) -> None:
    st.markdown(f"**{heading}:** {literal(change.text)}. {literal(change.specifics)}".rstrip())
    st.caption(f"Why: {literal(change.why)} (against: {label_words(change.rule).lower()})")


def _others(changes: list[Change]) -> None:
    if not changes:
        return
    with st.expander(
        "If that does not help, in this order", icon=":material/format_list_numbered:"
    ):
        st.markdown("\n".join(_item(*each) for each in enumerate(changes, 1)))


def _item(place: int, change: Change) -> str:
    text = f"{literal(change.text)}. {literal(change.specifics)}".rstrip()
    why = f"Why: {literal(change.why)} (against: {label_words(change.rule).lower()})"
    return f"{place}. {text}  \n   :small[{why}]"


def _deviations(report: Report, platform: Platform) -> None:
    found = far_from_guide(report.run, platform)
    for item in found:
        st.warning(
            f"**{literal(item.name)} was {item.value:g}; the guide says {item.recommended}**: "
            f"{literal(item.why)}. {literal(item.source)}.",
            icon=":material/tune:",
        )
    if not report.run.hyperparameters:
        st.caption("Its settings are not known: load the job with its record to check them.")
    elif not found:
        st.caption("No setting that is known lies far from the platform's guide.")


def _sizes(report: Report) -> None:
    with st.expander("How many epochs for how many examples?", icon=":material/dataset:"):
        bounds = [f"up to {size:,}" for size, _, _ in EPOCHS_BY_SIZE] + ["more"]
        spans = [span[1:] for span in EPOCHS_BY_SIZE] + [EPOCHS_BEYOND]
        rows = [
            {"Examples": bound, "Epochs": f"{low} to {high}" if low != high else f"{low}"}
            for bound, (low, high) in zip(bounds, spans, strict=True)
        ]
        st.markdown(plain_table(rows))
        n_examples = examples_of(report.run)
        if n_examples is not None:
            low, high = epochs_for(n_examples)
            st.caption(
                f"This run had about {n_examples:,.0f} examples and {report.run.n_epochs:g} "
                f"epochs; {low} to {high} would suit it."
            )


def _stopping(report: Report) -> None:
    with st.expander("When to stop: four conditions", icon=":material/checklist:"):
        left, right = st.columns(2)
        with left:
            target = st.number_input(
                "Validation reward that is enough", value=state.choice(TARGET, None), step=0.05,
                key="reward-target", placeholder="such as 0.8",
            )  # fmt: skip
        with right:
            budget = st.number_input(
                "Steps that may be spent", 1, None, state.choice(BUDGET, None), 10,
                key="step-budget", placeholder="such as 200",
            )  # fmt: skip
        state.hold_choice(TARGET, target)
        state.hold_choice(BUDGET, budget)
        for condition in stopping_conditions(report, target, budget):
            words = literal(condition.words)
            st.markdown(f"{TICKS[condition.met]} **{condition.title}.** {words}")
        st.caption(f"One yes is reason enough to stop. After: {SOURCE}")


def _troubles() -> None:
    with st.expander("Troubles with the reward function", icon=":material/build:"):
        for symptom, remedy in TROUBLES:
            st.markdown(f"**{symptom}.** {remedy}")
