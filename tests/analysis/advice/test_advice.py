"""Advice: none missing for any rule on any platform, and the next experiment is one change."""

from dataclasses import replace

import pytest

from analysis import Method, diagnose
from analysis.advice.guide import epochs_for, examples_of, far_from_guide
from analysis.advice.knobs import KNOBS
from analysis.advice.next_steps import changes_for, next_changes
from analysis.advice.platform import NAMES, PLATFORMS, Platform, platform_of
from analysis.advice.remedies import FREE, LOSS_REMEDIES, REWARD_REMEDIES, WHY, Remedy
from analysis.advice.stopping import stopping_conditions
from analysis.job import Job
from analysis.run import Origin
from analysis.what_if import RULES
from tests.analysis.curve.runs import named_run, report_on

RATE, DECAY, EPOCHS = "learning_rate_multiplier", "weight_decay", "num_train_epochs"
REPORTS = {Method.SFT: "overfit", Method.RFT: "hacked"}
EVERY = [
    (rule.__name__, method, platform)
    for method, rules in RULES.items()
    for rule in rules
    for platform in PLATFORMS[method]
]


@pytest.mark.parametrize(("rule", "method", "platform"), EVERY)
def test_every_rule_has_advice_on_each_platform_it_can_occur_on(rule, method, platform):
    found = changes_for(rule, method, platform)
    assert found
    for remedy, words in found:
        assert len(words) > 10
        assert WHY[remedy].endswith(".")


def test_rules_are_known_by_their_functions_names():
    for method, name in REPORTS.items():
        said = [rule(report_on(name).curves, report_on(name).thresholds) for rule in RULES[method]]
        assert [v.rule for v in said] == [rule.__name__ for rule in RULES[method]]


def test_no_remedy_is_left_over():
    used = {
        r for table in (LOSS_REMEDIES, REWARD_REMEDIES) for found in table.values() for r in found
    }
    assert used == set(Remedy) == set(KNOBS) == set(WHY)
    assert set(NAMES) == set(Platform)
    assert set(FREE) < used


def test_the_platform_shows_in_the_advice():
    report = report_on("overfit")
    words = {p: " ".join(c.text for c in next_changes(report, p)) for p in PLATFORMS[Method.SFT]}
    assert "n_epochs" in words[Platform.MANAGED]
    assert "alpha x 0.5" in words[Platform.TRAINER]
    assert "dropout 0.1" in words[Platform.TRAINER]
    assert "alpha" not in words[Platform.MANAGED]
    assert "max_steps" in words[Platform.NOVA]


def test_the_finding_of_the_headline_comes_first_and_no_change_twice():
    report = report_on("overfit")
    changes = next_changes(report, Platform.MANAGED)
    assert changes[0].rule == "overfitting"
    assert changes[0].remedy is Remedy.EARLIER_CHECKPOINT
    remedies = [change.remedy for change in changes]
    assert len(remedies) == len(set(remedies))


def test_a_healthy_run_is_to_be_left_as_it_is():
    assert next_changes(report_on("healthy"), Platform.MANAGED) == ()


def test_changes_carry_the_numbers_of_the_run():
    run = replace(
        named_run("saved"),
        hyperparameters={"learning_rate_multiplier": 3.0, "batch_size": 8.0},
    )
    said = {c.remedy: c.specifics for c in next_changes(diagnose(run), Platform.MANAGED)}
    assert said[Remedy.EARLIER_CHECKPOINT] == "Here: step 100 of 300."
    assert said[Remedy.FEWER_EPOCHS].startswith("Here: from 3 to 1")
    assert said[Remedy.LOWER_RATE] == "Here: learning_rate_multiplier from 3 to 1."
    assert said[Remedy.MORE_DATA] == ""


@pytest.mark.parametrize(
    ("origin", "job", "platform"),
    [
        ("openai-results", None, Platform.MANAGED),
        ("azure-results", None, Platform.MANAGED),
        ("rft-results", None, Platform.MANAGED),
        ("fine-tuning-events", None, Platform.MANAGED),
        ("table", Job(provider="azure"), Platform.MANAGED),
        ("nova-metrics", None, Platform.NOVA),
        ("console-log", Job(provider="nova"), Platform.NOVA),
        ("hugging-face-trainer-state", None, Platform.TRAINER),
        ("frame", None, Platform.TRAINER),
    ],
)
def test_the_platform_is_told_by_job_or_format(origin, job, platform):
    run = replace(named_run("healthy"), origin=Origin(format=origin), job=job)
    assert platform_of(run) is platform


@pytest.mark.parametrize(
    ("examples", "epochs"),
    [(50, (3, 5)), (100, (3, 5)), (101, (2, 3)), (500, (2, 3)), (2000, (1, 2)), (2001, (1, 1))],
)
def test_epochs_follow_the_size_of_the_data(examples, epochs):
    assert epochs_for(examples) == epochs


def test_too_many_epochs_for_the_data_are_pointed_out():
    run = replace(named_run("saved"), hyperparameters={"batch_size": 32.0}, n_epochs=3.0)
    assert examples_of(run) == 3200
    (found,) = far_from_guide(run, Platform.MANAGED)
    assert (found.name, found.value, found.recommended) == ("n_epochs", 3.0, "1")
    assert "3,200 examples" in found.why


@pytest.mark.parametrize(
    ("name", "platform", "knobs", "found"),
    [
        ("healthy", Platform.MANAGED, {RATE: 10.0}, [RATE]),
        ("healthy", Platform.MANAGED, {RATE: 2.0}, []),
        ("healthy", Platform.TRAINER, {"lora_r": 256.0, DECAY: 0.0}, ["lora_r", DECAY]),
        ("healthy", Platform.TRAINER, {"lora_r": 16.0, EPOCHS: 10.0}, [EPOCHS]),
        ("hacked", Platform.NOVA, {"lr": 1e-5, "num_generations": 8.0}, ["lr"]),
        ("hacked", Platform.NOVA, {"lr": 1e-7, "batch_size": 32.0}, ["batch_size"]),
        ("hacked", Platform.NOVA, {"lr": "auto"}, []),
    ],
)  # fmt: skip
def test_settings_far_from_the_guide_are_pointed_out(name, platform, knobs, found):
    run = replace(named_run(name), hyperparameters=knobs)
    assert [item.name for item in far_from_guide(run, platform)] == found


def test_the_four_conditions_are_fed_by_the_run():
    report = report_on("hacked")
    met = [c.met for c in stopping_conditions(report, None, None)]
    assert met[0] is None
    assert met[3] is None
    reached, _, _, spent = stopping_conditions(report, 0.1, 200)
    assert reached.met is True
    assert spent.met is True
    assert stopping_conditions(report, 0.99, 500)[0].met is False
    assert stopping_conditions(report, 0.99, 500)[3].met is False


def test_a_condition_that_was_not_judged_is_not_denied():
    report = report_on("reward not validated")
    target, _, degrades, _ = stopping_conditions(report, 0.5, None)
    assert target.met is None
    assert degrades.met is None
