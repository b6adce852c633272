import sys
import zipfile
from io import BytesIO

import pytest

from analysis.sources.api.allowed import VARIABLE
from analysis.sources.archive import read_archive
from tests.pages.app import button, component, open_app, texts
from tests.servers.fine_tuning import OPENAI_KEY, PAGE, Platform, Reply, error, serving
from tests.servers.payloads import as_openai_sends, checkpoints, events, openai_job, results


@pytest.fixture
def platform():
    """A platform with three jobs: two that succeeded and one that runs."""
    served = Platform()
    for n, (name, status) in enumerate(
        [("tickets", "succeeded"), ("router", "succeeded"), ("summaries", "running")]
    ):
        job = openai_job(
            f"ftjob-{n}", status, user_provided_suffix=name, created_at=1_773_000_000 + n
        )
        served.jobs.append(job)
        served.files[f"file-of-ftjob-{n}"] = as_openai_sends(results(n + 1))
        served.checkpoints[f"ftjob-{n}"] = checkpoints(f"ftjob-{n}")
        served.events[f"ftjob-{n}"] = events(60)
    with serving(served):
        yield served


def field(app, key: str):
    return next(item for item in app.text_input if item.key == key)


def finished(app):
    """Return the app after its errand has ended and was taken over."""
    errand = app.session_state["platform"].errand
    if errand:
        errand.wait()
    return app.run()


def connect(app, address: str, key: str = OPENAI_KEY):
    field(app, "platform-key").set_value(key)
    field(app, "platform-address-openai").set_value(address)
    return finished(button(app, "Connect").click().run())


def choose(app, *rows: int):
    """Tick rows of the table of jobs."""
    key = next(item.key for item in app.dataframe if item.key and "platform-jobs" in item.key)
    app.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return app.run()


def names(app) -> list[str]:
    table = next(item for item in app.dataframe if item.key and "platform-jobs" in item.key)
    return table.value["Name"].tolist()


def starting(app, label: str):
    return next(item for item in app.button if item.label.startswith(label))


def everything(app) -> str:
    """Return all that the page shows, and its address."""
    return str(app.main) + str(app.query_params) + texts(app)


def test_the_panel_asks_for_a_key_and_says_where_it_goes():
    app = open_app()
    assert not app.exception
    assert field(app, "platform-key").proto.type == field(app, "platform-key").proto.PASSWORD
    page = texts(app)
    assert "session's memory" in page
    assert "6 January 2027" in page


def test_a_shared_app_names_the_allowed_addresses_and_calls_no_other(platform, monkeypatch):
    monkeypatch.setenv(VARIABLE, "https://acme.openai.azure.com, https://api.openai.com")
    app = open_app()
    assert "Allowed here: https" in texts(app)
    app = connect(app, platform.url)
    (shown,) = app.error
    assert shown.proto.title == "This address may not be called from here"
    assert platform.seen == []
    monkeypatch.setenv(VARIABLE, platform.url)
    assert names(connect(app, platform.url)) == ["summaries", "router", "tickets"]


def test_a_shared_app_does_not_lend_its_own_sign_in(monkeypatch):
    def offered() -> list[str]:
        app = open_app()
        app.button_group(key="platform-provider").set_value("azure").run()
        return [box.label for box in app.checkbox]

    assert "Use this machine's Azure sign-in in place of a key" in offered()
    monkeypatch.setenv(VARIABLE, "https://acme.openai.azure.com")
    assert offered() == []


@pytest.mark.parametrize(("setting", "said"), [("", "switched off"), ("nonsense", "setting")])
def test_a_setting_that_allows_nothing_draws_no_form(monkeypatch, setting, said):
    monkeypatch.setenv(VARIABLE, setting)
    app = open_app()
    assert not [item for item in app.text_input if item.key == "platform-key"]
    shown = [*(item.value for item in app.info), *(item.proto.title for item in app.error)]
    assert any(said in words for words in shown)


def test_a_key_that_works_lists_the_jobs_newest_first(platform):
    app = connect(open_app(), platform.url)
    assert not app.exception
    assert names(app) == ["summaries", "router", "tickets"]
    assert "3 jobs" in texts(app)
    assert not [item for item in app.text_input if item.key == "platform-key"]


def test_the_key_is_nowhere_on_the_page_or_in_its_address(platform):
    app = connect(open_app(), platform.url)
    app = finished(starting(choose(app, 1), "Open 1 job").click().run())
    assert OPENAI_KEY[8:16] not in everything(app)
    assert OPENAI_KEY[8:16] not in repr(app.session_state["platform"])


def test_a_search_finds_jobs_by_any_of_their_words(platform):
    app = connect(open_app(), platform.url)
    app = field(app, "platform-search").set_value("SUCCEEDED rout").run()
    assert names(app) == ["router"]
    app = field(app, "platform-search").set_value("no such job").run()
    assert "No job matches" in texts(app)
    assert starting(app, "Open").disabled


def test_chosen_jobs_become_runs_like_uploads(platform):
    app = connect(open_app(), platform.url)
    app = choose(app, 1, 2)
    app = finished(starting(app, "Open 2 jobs").click().run())
    assert not app.exception
    assert len(app.session_state["reports"]) == 2
    app = app.switch_page("pages/run.py").run()
    assert not app.exception
    assert component(app, "stepper")


@pytest.mark.parametrize("before", [[], events(60)])
def test_a_job_that_is_opened_again_is_shown_as_it_is_now(platform, before):
    platform.events["ftjob-2"] = before
    platform.checkpoints["ftjob-2"] = []
    app = connect(open_app(), platform.url)
    app = finished(starting(choose(app, 0), "Open 1 job").click().run())
    assert len(app.session_state["reports"]) == bool(before)
    platform.jobs[2] = openai_job("ftjob-2", user_provided_suffix="summaries")
    platform.events["ftjob-2"] = events(120)
    platform.checkpoints["ftjob-2"] = checkpoints("ftjob-2")
    app = finished(starting(choose(app, 0), "Open 1 job").click().run())
    assert not app.exception
    (report,) = app.session_state["reports"].values()
    assert report.run.job.status == "succeeded"
    assert report.run.last_step == 120
    assert len(report.run.checkpoints) == 3
    assert not app.error


def test_a_wrong_key_is_said_and_easy_to_correct(platform):
    app = connect(open_app(), platform.url, "sk-wrong-key-12345678")
    assert not app.exception
    assert "Check that the whole key was pasted" in app.error[0].value
    assert "wrong-key" not in app.error[0].value
    assert field(app, "platform-key").value == "sk-wrong-key-12345678"
    assert field(app, "platform-address-openai").value == platform.url
    app = connect(app, platform.url)
    assert not app.error
    assert len(names(app)) == 3


@pytest.mark.parametrize(
    ("address", "key", "word"),
    [
        ("http://example.com", OPENAI_KEY, "https://"),
        ("", "", "Paste a key"),
        ("http://127.0.0.1:9", OPENAI_KEY, "network"),
        ("", "sk-ab…yz", "Copy it again"),
    ],
)
def test_what_cannot_work_says_what_to_do(address, key, word):
    app = connect(open_app(), address, key)
    assert not app.exception
    assert word in app.error[0].value.replace("\\", "").replace("\u200b", "")


def test_an_address_that_is_no_api_says_so(platform):
    platform.fault("jobs", Reply(200, PAGE, content_type="text/html"))
    app = connect(open_app(), platform.url)
    assert "API's own address" in app.error[0].value.replace("\\", "")


def test_azure_takes_an_address_and_an_api_version(platform):
    app = open_app()
    app = app.segmented_control[0].set_value("azure").run()
    field(app, "platform-key").set_value(OPENAI_KEY)
    field(app, "platform-address-azure").set_value(platform.url)
    field(app, "platform-version").set_value("2025-04-01-preview")
    app = finished(button(app, "Connect").click().run())
    assert not app.exception
    assert len(names(app)) == 3
    assert platform.seen[0].path == "/openai/fine_tuning/jobs"
    assert platform.seen[0].headers["api-key"] == OPENAI_KEY


def test_azures_sign_in_without_its_package_says_what_to_do(platform, monkeypatch):
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    app = open_app()
    app = app.segmented_control[0].set_value("azure").run()
    field(app, "platform-address-azure").set_value(platform.url)
    next(item for item in app.checkbox if item.key == "platform-machine").check()
    app = finished(button(app, "Connect").click().run())
    assert "pip install azure" in app.error[0].value.replace("\\", "")


def test_a_key_without_jobs_says_where_to_look():
    with serving(Platform()) as platform:
        app = connect(open_app(), platform.url)
        assert not app.exception
        assert "No fine-tuning jobs here" in texts(app)


def test_a_list_that_breaks_off_shows_what_came(platform):
    platform.jobs = [openai_job(f"ftjob-{n}") for n in range(150)]
    platform.fault_from_page(2, error(400, "odd"))
    app = connect(open_app(), platform.url)
    assert not app.exception
    assert len(names(app)) == 100
    assert "may not be whole" in app.warning[0].value


def test_a_part_that_fails_is_named_and_the_run_opens_all_the_same(platform):
    platform.fault("checkpoints", error(403, "no"))
    app = connect(open_app(), platform.url)
    app = finished(starting(choose(app, 1), "Open 1 job").click().run())
    assert not app.exception
    assert len(app.session_state["reports"]) == 1
    assert any("checkpoints" in failure.source for failure in app.session_state["failures"])


def test_while_the_platform_is_silent_the_page_lives_and_stop_ends_it(platform):
    platform.fault("jobs", Reply(silent=True))
    app = open_app()
    field(app, "platform-key").set_value(OPENAI_KEY)
    field(app, "platform-address-openai").set_value(platform.url)
    app = button(app, "Connect").click().run()
    assert not app.exception
    assert app.session_state["platform"].errand.running
    assert button(app, "Connect").disabled
    app = button(app, "Open the samples").click().run()
    assert len(app.session_state["reports"]) == 6
    app = button(app, "Stop fetching").click().run()
    assert not app.exception
    assert app.session_state["platform"].errand is None
    assert "Start again" in app.info[0].value
    assert not app.error
    assert field(app, "platform-key").value == OPENAI_KEY


def test_a_platform_that_dies_is_said_and_list_key_and_runs_stay(platform):
    with serving(Platform(jobs=platform.jobs, files=platform.files)) as dying:
        app = connect(open_app(), dying.url)
        app = finished(starting(choose(app, 1), "Open 1 job").click().run())
        assert len(app.session_state["reports"]) == 1
    app = finished(starting(choose(app, 0), "Open 1 job").click().run())
    assert not app.exception
    assert any("cannot be reached" in error.value for error in app.error)
    assert len(app.session_state["reports"]) == 1
    assert len(names(app)) == 3
    assert app.session_state["platform"].listed.connection


def test_a_result_file_that_comes_through_in_part_is_judged_as_far_as_it_came_and_said(platform):
    file = results()
    cut = file.rindex(b".", 0, len(file) // 2) + 2
    platform.fault("files/", Reply(200, file, declared=cut, content_type="text/csv"))
    app = connect(open_app(), platform.url)
    app = finished(starting(choose(app, 1), "Open 1 job").click().run())
    assert not app.exception
    (report,) = app.session_state["reports"].values()
    assert report.run.last_step < 120
    assert {"cut_row", "malformed_row"} & {note.code for note in report.run.notes}


def test_a_stopped_fetch_opens_what_it_has_and_names_the_rest_once(platform):
    app = connect(open_app(), platform.url)
    platform.hold("ftjob-1/checkpoints")
    app = starting(choose(app, 2, 1, 0), "Open 3 jobs").click().run()
    while not any("ftjob-1/checkpoints" in path for path in platform.paths()):
        assert app.session_state["platform"].errand.running
    app.session_state["platform"].errand.progress.stop()
    platform.release()
    app = finished(app)
    assert not app.exception
    assert len(app.session_state["reports"]) == 2
    stopped = [f for f in app.session_state["failures"] if "Stopped" in f.error]
    assert stopped


def test_all_jobs_are_saved_as_an_archive(platform):
    app = connect(open_app(), platform.url)
    app = finished(starting(app, "Save all 3 jobs as archive").click().run())
    assert not app.exception
    archive = app.session_state["platform"].archive
    assert sorted(read_archive(archive.content).jobs) == ["ftjob-0", "ftjob-1", "ftjob-2"]
    assert "Everything is in it" in texts(app)
    assert app.download_button[0].label.startswith("Download 3 jobs")
    with zipfile.ZipFile(BytesIO(archive.content)) as packed:
        assert not [n for n in packed.namelist() if OPENAI_KEY.encode() in packed.read(n)]


def test_an_archive_that_lacks_something_says_so(platform):
    platform.fault("ftjob-0/events", error(403, "no"))
    app = connect(open_app(), platform.url)
    app = finished(starting(choose(app, 2), "Save 1 job as archive").click().run())
    assert "1 part could not be fetched" in texts(app)
    assert "events" in texts(app) + str([item.proto.title for item in app.error])


def test_listing_again_shows_new_jobs(platform):
    app = connect(open_app(), platform.url)
    platform.jobs.insert(0, openai_job("ftjob-9", user_provided_suffix="fresh", created_at=2e9))
    app = finished(button(app, "List again").click().run())
    assert names(app)[0] == "fresh"


def test_disconnect_forgets_the_key_and_the_jobs(platform):
    app = connect(open_app(), platform.url)
    app = button(app, "Disconnect").click().run()
    assert not app.exception
    assert "platform" not in app.session_state
    assert field(app, "platform-key").value == ""
    assert OPENAI_KEY not in str(app.session_state)


@pytest.mark.parametrize("name", ["<img src=x>", "![x](https://evil.example/p.png)"])
def test_a_hostile_suffix_and_message_are_shown_as_they_are(platform, name):
    platform.jobs[0]["user_provided_suffix"] = name
    app = connect(open_app(), platform.url)
    assert name in names(app)
    platform.fault("jobs", error(400, name))
    app = finished(button(app, "List again").click().run())
    assert name not in app.error[0].value
    assert len(names(app)) == 3
