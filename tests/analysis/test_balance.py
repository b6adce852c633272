"""Balance: where loss and token accuracy disagree, and what each priority picks."""

import pytest

from analysis import diagnose
from analysis.balance import PRIORITIES, balance_of, picks
from analysis.diagnose import judge
from tests.analysis.curve.runs import conflicted_run, named_run, report_on


def test_a_run_whose_loss_turns_while_accuracy_climbs_is_in_conflict():
    found = balance_of(diagnose(conflicted_run()))
    assert found.accuracy_holds
    assert 70 <= found.by_loss <= 130
    assert found.by_accuracy >= 250
    gained, lost = found.cost()
    assert gained == pytest.approx(0.08, abs=0.03)
    assert 0.2 < lost < 0.8


def test_loss_alone_picks_early_and_accuracy_alone_late():
    report = diagnose(conflicted_run(checkpoints=(100, 200, 300)))
    found = picks(report)
    assert [pick.priority for pick in found] == list(PRIORITIES)
    assert (found[0].step, found[-1].step) == (100, 300)
    steps = [pick.step for pick in found]
    assert steps == sorted(steps)
    assert found[-1].accuracy > found[0].accuracy
    assert found[-1].loss > found[0].loss


@pytest.mark.parametrize("priority", [0.0, 0.5, 1.0])
def test_a_pick_is_what_the_decision_would_recommend(priority):
    report = diagnose(conflicted_run(checkpoints=(100, 200, 300)))
    (pick,) = picks(report, [priority])
    assert pick.step == judge(report.curves, priority=priority).recommendation.step


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("healthy", "token accuracy was never logged"),
        ("not validated", "Validation loss was never logged"),
        ("hacked", "judged by rewards"),
    ],
)
def test_a_run_that_cannot_be_weighed_says_why(name, words):
    report = report_on(name)
    assert words in balance_of(report)
    assert picks(report) == ()
    assert named_run(name)
