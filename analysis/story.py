"""Story: a run told to people who do not train models, one message a screen."""

from dataclasses import dataclass
from math import ceil

from analysis.advice.next_steps import next_changes
from analysis.advice.platform import platform_of
from analysis.advice.remedies import FREE, WHY
from analysis.recommendation import Action
from analysis.report import Report
from analysis.schema import Method
from analysis.wording import action_words, regret

NEARLY = 0.1  # of a pass: a best step just behind its end still belongs to it; our choice
# What happened, and what that means for those who will use the model, by the headline's label;
# {where} is where in the run the model was best.
HAPPENED = {
    "healthy": "The model learned steadily and still copes with examples it has never seen.",
    "overfit_mild": "The model learned the data in {where} and then began to memorise it.",
    "overfit_moderate": "The model learned the data in {where} and then started memorising it.",
    "overfit_severe": "The model learned the data in {where} and then started memorising it.",
    "underfit": "The model hardly changed: it did not learn the task.",
    "crash_zero": "The model may have learned its examples by heart.",
    "divergence": "Training went wrong: the model got worse instead of better.",
    "oscillation": "The model kept swinging between better and worse.",
    "plateau_early": "The model had learned all it would by the end of the first pass.",
    "both_high": "The task was too hard for this model.",
    "gap_from_start": "The examples it was tested on differ from those it learned from.",
    "no_validation": "Nobody can tell yet whether the model copes with anything new.",
    "unclear": "The measurements are too few or too noisy to tell what happened.",
    "flat_zero": "The model was never rewarded, so it learned nothing.",
    "always_negative": "Every answer was marked down, so there was nothing to learn from.",
    "too_lenient": "Nearly every answer passed from the start, so there was nothing to learn.",
    "reward_hacking": "The model learned to please the grader more than to do the task.",
    "valid_degrades": "The model got better in {where}, then worse on anything new.",
    "collapse": "The model got better in {where}, then its answers fell apart.",
    "unstable_variance": "The model's results became more and more erratic.",
    "token_explosion": "The model's answers became far longer.",
    "logic_errors": "The grader itself failed on some answers, so its marks cannot be trusted.",
    "unresponsive": "Many answers were never graded, so the marks cannot be trusted.",
    "plateau": "The model stopped getting better.",
    "still_improving": "The model was still getting better when training ended.",
    "saturated": "The comparisons were too easy to teach the model anything more.",
}
MEANS = {
    Action.DEPLOY: "One saved version stands out, and can be put to use.",
    Action.EVALUATE: "Before anything is put to use, the versions named here should be tried on "
    "real tasks.",
    Action.RETRAIN: "This run should not be put to use. Training again, with one change, is the "
    "way on.",
    Action.WAIT: "It is worth training further before choosing.",
    Action.NONE: "None of the trained versions beats the model it started from: keep that one.",
}


@dataclass(frozen=True)
class Screen:
    """One message.

    Attributes
    ----------
    title : str
        The message, in one plain sentence.
    words : tuple of str
        What else there is to say, a sentence or two each.
    chart : bool
        Whether the curves belong to it.
    marked : bool
        Whether the recommended step is marked in them.
    """

    title: str
    words: tuple[str, ...]
    chart: bool = False
    marked: bool = False


def story_of(report: Report) -> tuple[Screen, ...]:
    """Return what happened, what to do, how sure that is, and what comes next."""
    return (_happened(report), _decision(report), _sureness(report), _next(report))


def where_best(report: Report) -> str:
    """Return where in the run the model was best, in plain words."""
    step, last = report.recommendation.best_step, report.run.last_step
    if step is None:
        return "part of the run"
    epochs = report.curves.n_epochs
    if epochs is None or epochs < 2:
        return f"the first {step:,} of {last:,} steps"
    passed = min(max(ceil(step / last * epochs - NEARLY), 1), int(epochs))
    first = "first" if passed == 1 else f"first {passed}"
    return f"the {first} of {epochs:g} passes"


def _happened(report: Report) -> Screen:
    told = HAPPENED.get(report.headline.label, report.headline.statement)
    return Screen(told.format(where=where_best(report)), (_reading(report),), chart=True)


def _reading(report: Report) -> str:
    """Return how to read the curves."""
    if report.run.method is Method.RFT:
        words = "Higher is better. The solid line shows the marks in training"
        other = "the dotted line those on tasks kept aside to check it."
    else:
        words = "Lower is better. The solid line shows mistakes on examples the model learned from"
        other = "the broken line those on examples kept aside to check it."
    if report.curves.valid is None:
        return f"{words}; nothing was kept aside to check it."
    return f"{words}, {other} When the two part, the model is memorising."


def _decision(report: Report) -> Screen:
    said = report.recommendation
    title = {
        Action.DEPLOY: "Use the version saved at step {step}.",
        Action.EVALUATE: "Try these versions on real tasks before using one.",
        Action.RETRAIN: "Do not use this run: train again.",
        Action.WAIT: "Keep training before choosing.",
        Action.NONE: "Keep the model you started from.",
    }[said.action]
    step = f"{said.step:,}" if said.step is not None else "none"
    words = [MEANS[said.action]]
    if said.action is Action.EVALUATE and said.candidates:
        steps = ", ".join(f"{candidate.step:,}" for candidate in said.candidates)
        words.append(f"The versions to try are those of steps {steps}.")
    return Screen(title.format(step=step), tuple(words), chart=True, marked=True)


def _sureness(report: Report) -> Screen:
    said, sure = report.recommendation, report.headline.confidence
    in_ten = min(max(round(sure * 10), 0), 10)
    words = [
        f"In {in_ten} of 10 readings of these noisy measurements, this is what happened."
        if in_ten < 10
        else "Whichever way these noisy measurements are read, this is what happened."
    ]
    if said.expected_regret is not None:
        lost = regret(said.expected_regret, in_reward=report.run.method is Method.RFT)
        kind = "points of reward" if report.run.method is Method.RFT else "of quality"
        words.append(f"Choosing this version is expected to give away about {lost} {kind}.")
    if len(said.tied_steps) > 1:
        words.append(f"{len(said.tied_steps)} versions are practically as good as each other.")
    gaps = len(report.not_judged)
    if gaps:
        words.append(f"{gaps} of {len(report.verdicts)} checks lacked the measurements they need.")
    title = "We are sure." if sure >= 0.9 else "We are fairly sure." if sure >= 0.66 else (
        "This is uncertain."
    )  # fmt: skip
    return Screen(title, tuple(words))


def _next(report: Report) -> Screen:
    changes = next_changes(report, platform_of(report.run))
    paid = next((change for change in changes if change.remedy not in FREE), None)
    action = action_words(report.recommendation.action, report.recommendation.step)
    if paid is None:
        return Screen("Nothing needs to change.", (f"{action}, and watch it on real tasks.",))
    words = (f"{paid.text}.", WHY[paid.remedy], "One change at a time shows what it does.")
    return Screen("Next time, change one thing.", words)
