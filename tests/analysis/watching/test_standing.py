import pytest

from analysis.watching.held import Held
from analysis.watching.look import Look
from analysis.watching.standing import NOT_YET, Phase, Standing, after, is_fresh
from tests.analysis.watching.made import look


def watch(*looks: Look) -> Standing:
    standing = Standing()
    for each in looks:
        standing = after(standing, each)
    return standing


def growing(*labels: str) -> list[Look]:
    """Return looks with these verdicts, each with enough new values to count."""
    return [look(label, 10 + 2 * position) for position, label in enumerate(labels)]


def test_a_job_without_metrics_is_waited_for():
    assert watch(Look("queued"), Look("running")) == Standing()


@pytest.mark.parametrize(
    ("labels", "phase", "said"),
    [
        (["healthy"], Phase.TOO_EARLY, ""),
        (["healthy", "healthy"], Phase.SO_FAR, "healthy"),
        (["overfit_severe", "healthy"], Phase.TOO_EARLY, ""),
        (["unclear", "unclear", "unclear"], Phase.TOO_EARLY, ""),
        (["healthy"] * 2 + ["divergence"], Phase.SO_FAR, "healthy"),
        (["healthy"] * 2 + ["divergence"] * 2, Phase.SO_FAR, "healthy"),
        (["healthy"] * 2 + ["divergence"] * 3, Phase.SO_FAR, "divergence"),
        (["healthy"] * 2 + ["divergence", "healthy"] * 5, Phase.SO_FAR, "healthy"),
        (["healthy"] * 2 + ["divergence", "overfit_severe"] * 5, Phase.SO_FAR, "healthy"),
        (["healthy"] * 2 + ["unclear"] * 2, Phase.SO_FAR, "healthy"),
        (["healthy"] * 2 + ["unclear"] * 3, Phase.TOO_EARLY, ""),
    ],
)
def test_a_verdict_is_said_once_it_has_led_for_several_looks(labels, phase, said):
    standing = watch(*growing(*labels))
    assert (standing.phase, standing.label) == (phase, said)


def test_looks_without_fresh_evidence_change_nothing():
    settled = watch(*growing("healthy", "healthy"))
    for _ in range(10):
        assert after(settled, look("divergence", 12)) is settled


def test_one_more_value_of_a_hundred_is_no_fresh_evidence():
    standing = watch(look("healthy", 95), look("healthy", 100))
    assert after(standing, look("divergence", 104)) is standing
    assert after(standing, look("divergence", 105)) is not standing


@pytest.mark.parametrize(
    ("counted", "now", "fresh"),
    [
        ((0, 0), (0, 0), False),
        ((0, 0), (1, 0), True),
        ((100, 3), (104, 3), False),
        ((100, 3), (105, 3), True),
        ((100, 3), (100, 4), True),
        ((100, 3), (50, 3), False),
    ],
)
def test_evidence_is_fresh_when_a_curve_has_grown_by_a_twentieth(counted, now, fresh):
    assert is_fresh(counted, now) is fresh


@pytest.mark.parametrize("label", sorted(NOT_YET))
def test_what_a_run_may_still_do_is_not_held_against_it_in_its_first_half(label):
    early = [look(label, 10, planned=400), look(label, 12, planned=400)]
    late = [look(label, 10, planned=150), look(label, 12, planned=150)]
    assert watch(*early).label == ""
    assert watch(*growing(label, label)).label == ""
    assert watch(*late).label == label


def test_at_the_end_the_last_verdict_stands_whatever_led_before():
    looks = [*growing("healthy", "healthy"), look("divergence", 14, ended=True, status="succeeded")]
    standing = watch(*looks)
    assert (standing.phase, standing.label) == (Phase.FINAL, "divergence")
    assert after(standing, look("healthy", 99)) is standing


def test_a_job_that_ends_without_metrics_is_final_without_a_verdict():
    standing = watch(Look("queued"), Look("failed", ended=True))
    assert (standing.phase, standing.headline) == (Phase.FINAL, None)


def test_the_same_verdict_with_new_numbers_is_the_same_verdict():
    held = Held("a 90 %").after("a 80 %", lambda text: text[0], needed=3)
    assert held == Held("a 80 %")


def test_a_rival_starts_again_when_another_one_leads():
    held = Held("a")
    for led in ("b", "b", "c", "b", "b"):
        held = held.after(led, str, needed=3)
    assert held.value == "a"
    assert held.after("b", str, needed=3).value == "b"
