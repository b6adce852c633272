"""Spikes: both sides of five robust deviations, and how they are told; never a failure."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import GOLDILOCKS, Status
from analysis.rules.sft.spikes import spikes
from tests.analysis.rules.exact import (
    HAIR,
    by_readings,
    exact_losses,
    judged,
    level,
    numbers,
    thinned_to,
    via,
)

SPREAD = 1.4826  # standard deviations in a median absolute deviation of one
NOISE = 0.1
N_READINGS = 41


def scattered(far, at, *, noise=NOISE, around=None, off=1):
    """Return a training loss whose readings' logarithms lie ``noise`` off it, and some ``far``.

    Half lie above, half below and the last on the curve, or on ``off`` times the curve; those at
    odd places lie above.
    """
    curves = exact_losses(level(1) if around is None else around)
    train = thinned_to(curves, "train", N_READINGS).train
    logs = noise * np.where(np.arange(N_READINGS) % 2, 1.0, -1.0)
    logs[-1] = 0.0
    logs[list(at)] = far
    values = off * train.readings.values * np.exp(logs)
    return replace(curves, train=replace(train, readings=replace(train.readings, values=values)))


@pytest.mark.parametrize(("hair", "n_spikes"), [(HAIR, 1), (-HAIR, 0)])
@pytest.mark.parametrize(
    ("noise", "far"), [(NOISE, 5 * SPREAD * NOISE), (0.0, 5e-3)], ids=["noise", "hardly any noise"]
)
@pytest.mark.parametrize("off", [1, 9], ids=["around the curve", "all off the curve alike"])
def test_a_spike_lies_over_five_robust_deviations_above_the_others(off, noise, far, hair, n_spikes):
    verdict = judged(spikes, scattered(far + hair, at=[21], noise=noise, off=off))
    assert numbers(verdict) == {"n_spikes": n_spikes}


def test_the_distance_is_that_from_the_curve_and_not_from_the_level():
    falling = via(9, 1, 1)
    assert numbers(judged(spikes, scattered(NOISE, at=[], around=falling))) == {"n_spikes": 0}
    assert numbers(judged(spikes, scattered(1.0, at=[35], around=falling))) == {"n_spikes": 1}


def test_a_point_however_far_below_the_curve_is_no_spike():
    assert numbers(judged(spikes, scattered(-5.0, at=[20]))) == {"n_spikes": 0}


@pytest.mark.parametrize("n_spikes", [0, 2, 7])
def test_spikes_are_information_and_never_a_failure(n_spikes):
    verdict = judged(spikes, scattered(2.0, at=range(1, 2 * n_spikes, 2)))
    assert numbers(verdict) == {"n_spikes": n_spikes}
    assert (verdict.status, verdict.probability, verdict.steps) == (Status.PASS, 0.0, ())


@pytest.mark.parametrize(("n_spikes", "ending"), [(5, ")"), (6, ", …)")])
def test_spikes_are_named_with_the_first_five_of_their_steps(n_spikes, ending):
    places = list(range(1, 2 * n_spikes, 2))
    curves = scattered(2.0, at=places)
    verdict = judged(spikes, curves)
    steps = ", ".join(str(step) for step in curves.train.readings.steps[places[:5]])
    assert f"{n_spikes} spikes (steps {steps}{ending}" in verdict.statement
    assert verdict.statement.endswith("the loss recovers.")


def test_one_spike_is_told_in_the_singular():
    curves = scattered(2.0, at=[21])
    verdict = judged(spikes, curves)
    step = curves.train.readings.steps[21]
    assert verdict.statement == f"1 spike (step {step}); the loss recovers."


@pytest.mark.parametrize(("places", "n_spikes"), [([20, 21, 22], 1), ([19, 21], 2)])
def test_readings_in_a_row_are_one_spike(places, n_spikes):
    curves = scattered(2.0, at=places)
    verdict = judged(spikes, curves)
    assert numbers(verdict) == {"n_spikes": n_spikes}
    first, *_, last = curves.train.readings.steps[places]
    joint = "-" if n_spikes == 1 else ", "
    assert f"(steps {first}{joint}{last})" in verdict.statement


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([39], "the loss recovers."),
        ([40], "the run ends before a recovery could show."),
        ([39, 40], "the run ends before a recovery could show."),
        ([21, 40], "the run ends before a recovery of the last could show."),
    ],
)
def test_a_spike_on_the_last_reading_is_not_said_to_recover(places, said):
    assert judged(spikes, scattered(2.0, at=places)).statement.endswith(said)


@by_readings("train", found=Status.PASS)
def test_spikes_need_training_loss(thinned, status):
    assert judged(spikes, thinned(exact_losses(level(1)), GOLDILOCKS)).status is status
