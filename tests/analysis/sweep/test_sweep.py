from math import isnan, nan

import pytest

from analysis.sweep.iterating import iterating
from analysis.sweep.one_at_a_time import series_of, unattributed
from analysis.sweep.proposal import REMEDIES, proposal
from analysis.sweep.seeds import seed_groups, seed_noise
from analysis.sweep.trials import Sweep, sweep_of

METRIC = "full_valid_loss"


def row(value: float, label: str = "healthy", metric: str = METRIC, **knobs: float | str) -> dict:
    named = {f"hyperparameters/{name}": knob for name, knob in knobs.items()}
    return {"name": f"at {value}", "headline": label, f"{metric}/best": value, **named}


def made(*rows: dict) -> Sweep:
    sweep = sweep_of({str(place): each for place, each in enumerate(rows)})
    assert sweep is not None
    return sweep


def test_one_run_is_no_sweep():
    assert sweep_of({"a": row(1.0)}) is None
    assert sweep_of({"a": row(1.0), "b": row(nan)}) is None


def test_runs_are_compared_by_the_metric_most_of_them_have():
    rewards = [row(0.5, metric="full_valid_mean_reward") for _ in range(3)]
    sweep = made(row(1.0), *rewards)
    assert sweep.metric == "full_valid_mean_reward"
    assert sweep.higher_is_better
    assert sweep.left_out == 1


def test_a_series_changes_one_setting_and_no_other():
    sweep = made(
        row(1.0, n_epochs=1.0, batch_size=4.0), row(0.9, n_epochs=2.0, batch_size=4.0),
        row(0.8, n_epochs=3.0, batch_size=8.0), row(0.7, n_epochs=3.0, batch_size=4.0),
        row(0.6, n_epochs=9.0, batch_size=64.0),
    )  # fmt: skip
    found = {(s.knob, tuple(s.groups)) for s in series_of(sweep)}
    assert found == {("n_epochs", (1.0, 2.0, 3.0)), ("batch_size", (8.0, 4.0))}
    assert [trial.value for trial in unattributed(sweep)] == [0.6]


def test_a_seed_is_no_setting():
    sweep = made(row(1.0, n_epochs=1.0, seed=1.0), row(1.2, n_epochs=1.0, seed=2.0))
    assert sweep.varied == ()
    (group,) = seed_groups(sweep)
    assert group.mean == pytest.approx(1.1)
    assert group.sd == pytest.approx(0.1414, abs=1e-4)
    assert unattributed(sweep) == ()


def test_noise_is_pooled_over_the_settings_that_were_repeated():
    sweep = made(
        row(1.0, n_epochs=1.0), row(1.2, n_epochs=1.0), row(0.5, n_epochs=2.0),
        row(0.5, n_epochs=2.0), row(9.0, n_epochs=3.0),
    )  # fmt: skip
    assert seed_noise(sweep) == pytest.approx(0.1)
    assert isnan(seed_noise(made(row(1.0, n_epochs=1.0), row(2.0, n_epochs=2.0))))


def test_a_setting_that_is_not_known_is_in_no_series():
    sweep = made(row(1.0, n_epochs=1.0), row(0.9, n_epochs=2.0), row(0.8))
    (series,) = series_of(sweep)
    assert len(series.trials) == 2
    assert len(unattributed(sweep)) == 1


@pytest.mark.parametrize(
    ("values", "stop"),
    [
        ([1.0, 0.90, 0.91, 0.92, 0.93], True),  # 10 % better, then nothing
        ([1.0, 0.96, 0.97, 0.98, 0.97], False),  # only 4 % better
        ([1.0, 0.90, 0.91, 0.92, 0.80], False),  # the last one brought half
        ([1.0, 0.90, 0.91, 0.92, 0.895], True),  # the last one brought a twentieth
        ([1.0, 0.90, 0.91], False),  # too few
    ],
)
def test_iterating_stops_when_the_last_three_runs_bring_nothing(values, stop):
    sweep = made(*(row(value, n_epochs=float(n)) for n, value in enumerate(values)))
    found = iterating(sweep, sweep.trials[0])
    assert found.stop is stop
    assert ("Stop" in found.statement) is stop


def test_the_next_experiment_changes_one_thing_of_the_best_run():
    sweep = made(row(1.0, n_epochs=2.0), row(0.5, "overfit_severe", n_epochs=4.0))
    found = proposal(sweep)
    assert (found.trial.value, found.knob, found.old, found.new) == (0.5, "n_epochs", 4.0, 3.0)


def test_what_was_tried_is_not_proposed_again():
    settings = {"n_epochs": 4.0, "learning_rate_multiplier": 1.0}
    sweep = made(row(0.5, "overfit_severe", **settings), row(0.9, **{**settings, "n_epochs": 3.0}))
    found = proposal(sweep)
    assert (found.knob, found.new) == ("learning_rate_multiplier", 0.5)


def test_a_multiplier_stays_within_its_range_and_a_seed_is_the_last_resort():
    sweep = made(row(0.5, "divergence", learning_rate_multiplier=0.15), row(0.9))
    found = proposal(sweep)
    assert (found.knob, found.new) == ("seed", None)
    repeated = made(*[row(0.5, "divergence", learning_rate_multiplier=0.15)] * 2)
    assert proposal(repeated) is None


def test_nothing_is_proposed_for_runs_whose_settings_are_unknown():
    assert proposal(made(row(1.0), row(0.9))) is None


@pytest.mark.parametrize("label", sorted(REMEDIES))
def test_every_remedy_moves_a_setting(label):
    settings = {"n_epochs": 3.0, "batch_size": 8.0, "learning_rate_multiplier": 0.8}
    found = proposal(made(row(0.5, label, **settings), row(0.9)))
    assert found is not None
    assert found.new not in {found.old, None}
