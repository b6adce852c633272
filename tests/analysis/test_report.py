"""The report as JSON: the keys of the contract, rounded numbers, and nothing that is no JSON."""

import json
from dataclasses import replace

import numpy as np
import pytest

from analysis import Status, diagnose, run_from_frame
from analysis.recommendation import Action
from analysis.run import Origin
from analysis.verdict import rounded
from tests.analysis.curve.made import column_frame
from tests.analysis.curve.runs import conflicted_run, named_run, report_on
from tests.builders import falling

NAMES = (
    "healthy", "overfit", "saved", "divergent", "not validated", "short", "rewarded", "hacked",
    "no reward", "reward not validated",
)  # fmt: skip
KEYS = {
    "name", "method", "source", "rows", "first_step", "last_step", "import_notes", "headline",
    "verdicts", "recommendation",
}  # fmt: skip
VERDICT_KEYS = {
    "rule", "status", "label", "probability", "statement", "evidence", "steps", "advice", "source",
}  # fmt: skip
RECOMMENDATION_KEYS = {
    "action", "step", "model", "tied_steps", "expected_regret", "statement", "candidates",
}  # fmt: skip
CANDIDATE_KEYS = {"step", "role", "model", "probability_best", "expected_regret"}
LABELS = {
    "sft": {
        "healthy", "overfit_mild", "overfit_moderate", "overfit_severe", "underfit", "crash_zero",
        "divergence", "oscillation", "plateau_early", "both_high", "gap_from_start",
        "no_validation", "unclear",
    },
    "rft": {
        "healthy", "flat_zero", "always_negative", "too_lenient", "reward_hacking",
        "valid_degrades", "collapse", "unstable_variance", "token_explosion", "logic_errors",
        "unresponsive", "plateau", "unclear",
    },
}  # fmt: skip


def numbers_in(part) -> list[float]:
    if isinstance(part, dict):
        return [number for value in part.values() for number in numbers_in(value)]
    if isinstance(part, list):
        return [number for value in part for number in numbers_in(value)]
    return [part] if isinstance(part, float) else []


@pytest.mark.parametrize("name", NAMES)
def test_every_key_of_the_contract_is_there(name):
    entry = report_on(name).to_dict()
    assert entry.keys() >= KEYS
    assert entry["source"].keys() >= {"path", "job_id", "format", "sha256"}
    assert entry["headline"].keys() >= {"label", "statement", "confidence"}
    assert entry["recommendation"].keys() >= RECOMMENDATION_KEYS
    assert all(verdict.keys() >= VERDICT_KEYS for verdict in entry["verdicts"])
    assert entry["recommendation"]["candidates"]
    assert all(c.keys() >= CANDIDATE_KEYS for c in entry["recommendation"]["candidates"])


@pytest.mark.parametrize("name", NAMES)
def test_words_are_those_of_the_contract(name):
    entry = report_on(name).to_dict()
    assert entry["headline"]["label"] in LABELS[entry["method"]]
    assert entry["recommendation"]["action"] in set(Action)
    assert {verdict["status"] for verdict in entry["verdicts"]} <= set(Status)
    rules = [verdict["rule"] for verdict in entry["verdicts"]]
    assert len(rules) == len(set(rules))


@pytest.mark.parametrize("name", NAMES)
def test_the_document_is_strict_json_and_comes_back_as_it_was(name):
    entry = report_on(name).to_dict()
    assert json.loads(json.dumps(entry, allow_nan=False)) == entry


@pytest.mark.parametrize("name", NAMES)
def test_numbers_have_at_most_six_significant_digits(name):
    numbers = numbers_in(report_on(name).to_dict())
    assert numbers
    assert all(number == float(f"{number:.6g}") for number in numbers)


@pytest.mark.parametrize("name", NAMES)
def test_probabilities_lie_between_nothing_and_one(name):
    entry = report_on(name).to_dict()
    shares = [verdict["probability"] for verdict in entry["verdicts"]]
    shares += [c["probability_best"] for c in entry["recommendation"]["candidates"]]
    shares.append(entry["headline"]["confidence"])
    assert all(0 <= share <= 1 for share in shares if share is not None)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_never_logged_or_too_rarely_has_no_probability_and_no_evidence(name):
    for verdict in report_on(name).to_dict()["verdicts"]:
        judged = verdict["status"] in {"pass", "warn", "fail"}
        assert not judged or verdict["probability"] is not None
        if verdict["status"] == "not_applicable":
            assert verdict["probability"] is None
            assert verdict["evidence"] == {}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_found_has_steps_and_a_statement_and_passing_rules_point_nowhere(name):
    entry = report_on(name).to_dict()
    for verdict in entry["verdicts"]:
        assert verdict["statement"]
        if verdict["status"] == "pass":
            assert verdict["steps"] == []
            assert verdict["advice"] == []
        elif verdict["status"] in {"warn", "fail"} and verdict["steps"]:
            first, last = verdict["steps"]
            assert entry["first_step"] <= first <= last <= entry["last_step"]


def test_rows_steps_and_origin_are_those_of_the_run():
    run = run_from_frame(
        column_frame(train_loss=falling(n_steps=40)).assign(step=lambda f: f["step"] * 5),
        origin=Origin("a.csv", "openai-results", "ab12", "ftjob-1"),
        name="one",
    )
    entry = diagnose(run).to_dict()
    assert (entry["rows"], entry["first_step"], entry["last_step"]) == (40, 5, 200)
    assert entry["source"] == {
        "path": "a.csv", "job_id": "ftjob-1", "format": "openai-results", "sha256": "ab12",
    }  # fmt: skip
    assert (entry["name"], entry["method"]) == ("one", "sft")


def test_import_notes_come_with_code_message_and_count():
    frame = column_frame(train_loss=falling(n_steps=40), valid_loss=np.full(40, np.nan))
    notes = diagnose(run_from_frame(frame)).to_dict()["import_notes"]
    assert notes == [{"code": "empty_column", "message": "valid_loss has no values", "count": 1}]


def test_infinite_losses_leave_no_trace_that_is_no_json():
    frame = column_frame(train_loss=np.where(np.arange(60) > 40, np.inf, falling(n_steps=60)))
    json.dumps(diagnose(run_from_frame(frame)).to_dict(), allow_nan=False)


def test_findings_come_with_failures_first_and_every_verdict_is_listed_once():
    for name in NAMES:
        report = report_on(name)
        statuses = [verdict.status for verdict in report.findings]
        assert statuses == sorted(statuses, key=[Status.FAIL, Status.WARN].index)
        parts = (*report.findings, *report.passed, *report.not_judged)
        assert {v.rule for v in parts} == {v.rule for v in report.verdicts}
        assert len(parts) == len(report.verdicts)
    assert report_on("overfit").findings[0].status is Status.FAIL


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1 / 3, 0.333333),
        (123456789.0, 123457000.0),
        (1e-12 / 3, 3.33333e-13),
        (0.0, 0.0),
        (None, None),
        (np.nan, None),
        (-np.inf, None),
    ],
)
def test_numbers_are_rounded_to_six_digits_and_missing_or_infinite_ones_are_null(value, expected):
    assert rounded(value) == expected


def test_a_name_with_any_letters_comes_through():
    report = diagnose(replace(named_run("healthy"), name="läuft 試行 №1"))
    assert json.loads(json.dumps(report.to_dict()))["name"] == "läuft 試行 №1"


def test_the_conflict_of_loss_and_accuracy_is_in_the_document():
    assert "token accuracy" in diagnose(conflicted_run()).to_dict()["recommendation"]["conflict"]
