import sys

from analysis.sources.api.address import Provider
from analysis.sources.api.connection import connect
from pages.shared import watch_state
from pages.shared.watch_state import Watching
from tests.analysis.watching.made import overfit
from tests.builders import csv_of
from tests.pages.app import button, open_app, texts
from tests.servers.fine_tuning import OPENAI_KEY, Platform, error, serving
from tests.servers.payloads import openai_job


def looked(app):
    """Return the app after the look that is being taken has ended."""
    held: Watching = app.session_state["watching"]
    if held.errand:
        held.errand.wait(60)
    return app.run()


def test_a_file_named_on_the_command_line_is_watched(tmp_path, monkeypatch):
    path = tmp_path / "log.csv"
    path.write_bytes(csv_of(overfit().run.frame))
    monkeypatch.setattr(sys, "argv", ["app.py", "--watch", str(path)])
    app = looked(open_app())
    assert not app.exception
    said = texts(app)
    assert "step 240" in said
    assert "Trained" in said
    assert "so far" in said
    assert "validation loss has risen for" in str([w.value for w in app.warning])
    button(app, "Pause refreshing").click().run()
    assert "paused" in texts(app)
    button(app, "Stop watching").click().run()
    assert "step 240" not in texts(app)


def test_the_curves_of_a_watched_file_are_opened_and_refreshed(tmp_path, monkeypatch):
    path = tmp_path / "log.csv"
    path.write_bytes(csv_of(overfit().run.frame))
    monkeypatch.setattr(sys, "argv", ["app.py", "--watch", str(path)])
    app = looked(open_app())
    for _ in range(2):
        button(app, "Open the curves").click().run()
        assert app.session_state["run"] in app.session_state["reports"]
        assert "Severe overfitting" in str(
            [badge.value for badge in app.get("badge")] + [texts(app)]
        )
        assert len(app.session_state["reports"]) == 1
        app.switch_page("app.py").run()


def test_a_platform_that_fails_is_said_and_looked_at_again():
    platform = Platform(jobs=[openai_job("ftjob-1", "running")])
    platform.fault("jobs", error(403, f"no {OPENAI_KEY}"))
    with serving(platform):
        app = open_app()
        connection = connect(Provider.OPENAI, platform.url, OPENAI_KEY)
        nothing = watch_state.Outcome(watch_state.Watched("ftjob-1"), watch_state.Sight("ftjob-1"))
        app.session_state["watching"] = Watching("ftjob-1", connection, None, nothing, 30)
        app = looked(app.run())
        said = texts(app)
        assert "The last look failed: This key may not do that" in said.replace("\\", "")
        assert OPENAI_KEY[:8] not in said
        assert not app.exception
