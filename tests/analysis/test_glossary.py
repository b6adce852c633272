"""Glossary: no metric without its meaning and who logs it."""

from analysis.glossary import BETTER, LOGGED_BY, OTHERS, SUBJECTS, entries
from analysis.schema import METRICS


def test_every_metric_is_explained_once():
    found = [entry.column for entry in entries()]
    assert sorted(found) == sorted(METRICS)
    assert set(LOGGED_BY) == set(METRICS)
    for entry in entries():
        assert entry.meaning
        assert entry.logged_by
        assert entry.better in BETTER.values()


def test_metrics_stand_under_their_subject():
    subjects = {entry.column: entry.subject for entry in entries()}
    assert subjects["full_valid_loss"] == "Loss"
    assert subjects["policy_loss"] == OTHERS
    assert subjects["rewards/margins"] == "Preferences (DPO)"
    assert subjects["mean_unresponsive_rewards"] in SUBJECTS
    assert subjects["valid_mean_token_accuracy"] in SUBJECTS
    assert {"Loss", "Rewards", OTHERS} <= set(subjects.values())
