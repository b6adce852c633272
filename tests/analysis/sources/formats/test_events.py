import pytest

from analysis import Method, Upload, read_uploads
from analysis.sources.formats.events import row_of_message
from tests.analysis.sources.packed import as_json, as_lines, opened, the_run

JOB = "ftjob-A1"


def event(step: object, when: int = 1773000000, **data) -> dict:
    """Return a metrics event in the API's shape."""
    return {
        "object": "fine_tuning.job.event",
        "id": f"ftevent-{step}-{when}",
        "created_at": when,
        "level": "info",
        "message": f"Step {step}/90: training loss=0.40, validation loss=0.65",
        "data": {"step": step, "total_steps": 90} | data,
        "type": "metrics",
    }


def said(message: str, **changes) -> dict:
    """Return a message event as Azure writes it: no data."""
    return {
        "object": "fine_tuning.job.event", "id": f"ftevent-{message[:9]}", "created_at": 1773003600,
        "level": "info", "message": message, "type": "message",
    } | changes  # fmt: skip


def page(*items: dict) -> bytes:
    return as_json({"object": "list", "data": list(items), "has_more": False})


def test_events_listed_newest_first_are_read_forward_without_a_word():
    run = the_run(
        {"e.json": page(said("Done"), event(2, train_loss=1.5), event(1, train_loss=2.0))}
    )
    assert run.frame["train_loss"].tolist() == [2.0, 1.5]
    assert run.frame["wall_time"].tolist() == [1773000000, 1773000000]
    assert run.notes == ()


def test_the_nested_data_of_an_rft_event_is_flattened_as_azures_files_spell_it():
    data = {
        "train_mean_reward": 0.42,
        "full_valid_mean_reward": 0.68,
        "scores": {
            "train_reward_mean": 0.42,
            "graders": [{"name": "g", "type": "python", "train_reward_mean": 0.4471}],
        },
        "errors": {"graders": [{"name": "g", "type": "python", "train_other_error_mean": 0.1}]},
    }
    run = the_run({"e.json": page(event(10, **data))})
    assert run.method is Method.RFT
    assert run.frame["graders/g/train_reward"].tolist() == [0.4471]
    assert run.frame["train_mean_reward"].tolist() == [0.42]
    assert run.frame["grader_error_rate"].tolist() == [0.1]


def test_an_event_seen_on_two_pages_counts_once():
    twice = event(1, train_loss=2.0)
    run = the_run({"e.json": page(twice, event(2, train_loss=1.0), twice)})
    assert len(run.frame) == 2
    assert "repeated_step" not in [note.code for note in run.notes]


@pytest.mark.parametrize(
    ("message", "row"),
    [
        (
            "Step 300/300: training loss=0.15, validation loss=0.27, full validation loss=0.40",
            {"step": 300, "total_steps": 300, "training_loss": 0.15, "validation_loss": 0.27,
             "full_validation_loss": 0.4},
        ),
        ("Step 100: training loss=0.8362", {"step": 100, "training_loss": 0.8362}),
        (
            "Step 10/20 , train mean reward=0.42, full validation mean parse error=0.00",
            {"step": 10, "total_steps": 20, "train_mean_reward": 0.42,
             "full_validation_mean_parse_error": 0.0},
        ),
        ("Step 5/9: training loss=1.2e-05", {"step": 5, "total_steps": 9, "training_loss": 1.2e-5}),
        ("Step 7: loading the data", None),
        ("Training tokens billed: 4560", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_message_is_read_where_an_export_kept_no_data(message, row):
    assert row_of_message(message) == row


def test_messages_alone_make_a_run():
    spoken = [said(f"Step {step}/3: training loss={3 - step}.50") for step in (2, 1)]
    run = the_run({"e.json": page(*spoken)})
    assert run.frame["train_loss"].tolist() == [2.5, 1.5]


@pytest.mark.parametrize("data", [None, [], "x", {"step": None}, {"step": "x"}, 3])
def test_data_of_another_shape_is_no_reason_to_fail(data):
    broken = event(2) | {"data": data}
    run = the_run({"e.json": page(event(1, train_loss=2.0), broken)})
    assert run.frame["train_loss"].iloc[0] == 2.0


@pytest.mark.parametrize("total", [float("inf"), float("nan"), -1, "x", [], 1e999])
def test_a_number_of_steps_that_is_none_is_not_believed(total):
    assert len(opened({"e.json": page(event(1, train_loss=2.0, total_steps=total))})) == 1


def test_a_list_and_lines_are_the_same_as_a_page():
    events = [event(1, train_loss=2.0)]
    for content in (as_json(events), as_lines(events), as_json(events[0])):
        assert len(the_run({"e.json": content}).frame) == 1


def test_a_structured_log_with_a_message_and_a_step_is_no_event_list():
    rows = [{"level": "info", "message": "step done", "step": i, "loss": 2.0} for i in (1, 2)]
    run = the_run({"log.jsonl": as_lines(rows)})
    assert run.origin.format == "json-log"
    assert run.frame["train_loss"].tolist() == [2.0, 2.0]


def test_the_events_of_two_jobs_are_two_runs():
    events = [
        event(1, train_loss=2.0) | {"fine_tuning_job_id": job} for job in ("ftjob-A", "ftjob-B")
    ]
    events[1]["id"] = "ftevent-other"
    assert [r.origin.job_id for r in opened({"e.json": as_json(events)})] == ["ftjob-A", "ftjob-B"]


def test_events_without_metrics_say_that_they_hold_none():
    readings = read_uploads([Upload("e.json", page(said("Job succeeded.")))])
    assert "no metrics in it" in readings.failures[0].error


def test_a_message_that_never_ends_is_given_up():
    assert row_of_message("Step 1: " + "a " * 10_000_000) is None
