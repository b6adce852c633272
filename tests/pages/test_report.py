from analysis import GOLDILOCKS, Upload
from analysis.limits import with_limits
from analysis.workspace import Workspace, to_bytes
from tests.pages.app import button, open_app, open_samples, texts
from tests.pages.test_run import open_run
from tests.shared_data import SAMPLES


def open_report(name: str = "overfit"):
    return open_run(name).switch_page("pages/report.py").run()


def title(app) -> str:
    return app.title[0].value.replace("\\", "")


def test_without_a_run_the_page_offers_samples_and_a_saved_workspace():
    app = open_app().switch_page("pages/report.py").run()
    assert not app.exception
    assert "No run yet" in texts(app)
    assert app.file_uploader[0].label == "Open a saved workspace"


def test_the_story_begins_with_what_happened_and_is_walked_to_its_end():
    app = open_report()
    assert not app.exception
    assert title(app).startswith("The model learned the data in the first")
    assert button(app, "Back").disabled
    titles = [title(app)]
    for _ in range(3):
        app = button(app, "Next").click().run()
        assert not app.exception
        titles.append(title(app))
    assert titles[1] == "Use the version saved at step 200."
    assert len(set(titles)) == 4
    assert button(app, "Next").disabled
    app = button(app, "Back").click().run()
    assert title(app) == titles[2]


def test_the_screen_of_the_story_is_in_the_link_and_restores_itself():
    app = open_report()
    app = button(app, "Next").click().run()
    link = {name: "".join(app.query_params[name]) for name in ("run", "screen")}
    assert link["screen"] == "2"
    fresh = open_samples(open_app(**link)).switch_page("pages/report.py").run()
    assert title(fresh) == title(app)
    chooser = next(item for item in fresh.selectbox if item.label == "Run")
    other = chooser.set_value(next(o for o in fresh.session_state["reports"] if o != link["run"]))
    assert "".join(other.run().query_params["screen"]) == "1"


def test_charts_of_the_story_have_a_text_equivalent():
    chart = open_report().get("vega_lite_chart")[0]
    assert "Curves of training loss" in chart.proto.alt


def test_names_are_hidden_on_request():
    app = open_report()
    app = next(item for item in app.toggle if item.label.startswith("Hide")).set_value(True).run()
    assert not app.exception
    assert "overfit" not in texts(app)
    assert not [item for item in app.selectbox if item.label == "Run"]


def test_files_and_link_are_offered():
    app = open_report()
    labels = {item.proto.label for item in app.get("download_button")}
    assert labels == {"HTML", "Markdown", "JSON", "CSV", "Save the workspace"}
    assert any("run?run=" in item.value for item in app.code)


def test_a_reward_run_and_a_run_without_validation_are_told_too():
    assert title(open_report("hacked_grader")).startswith("The model learned to please")
    app = open_report("no_validation")
    assert not app.exception
    assert title(app).startswith("Nobody can tell yet")


def test_a_workspace_brings_runs_limits_and_choices_back():
    first = open_run("overfit")
    ids = {r.run.name: run_id for run_id, r in first.session_state["reports"].items()}
    files = [SAMPLES / f"{name}.csv" for name in ("overfit", "healthy", "underfit")]
    content = to_bytes(
        Workspace(
            tuple(Upload(path.name, path.read_bytes()) for path in files),
            (ids["overfit"], ids["healthy"]),
            with_limits(GOLDILOCKS, {"ratio_mild": 1.3}),
            answer_tokens={ids["healthy"]: 4.0},
            view={"run": ids["healthy"], "step": "120"},
            evaluations={
                "scores": b"score\n0.1\n0.5\n",
                f"task scores/{ids['overfit']}/mine.csv": b"candidate,mean,n\nbase,0.5,50\n",
            },
        )
    )
    app = open_app().switch_page("pages/report.py").run()
    app = app.file_uploader[0].set_value([("w.zip", content, "application/zip")]).run()
    assert not app.exception
    reports = app.session_state["reports"]
    assert set(reports) == {ids["overfit"], ids["healthy"]}
    assert reports[ids["healthy"]].run.answer_tokens == 4.0
    assert {r.thresholds.ratio_mild for r in reports.values()} == {1.3}
    assert app.session_state["run"] == ids["healthy"]
    assert app.session_state["step"] == 120
    assert len(app.session_state["choices"]["scores"]) == 2
    assert app.session_state["choices"][f"scores-{ids['overfit']}"][0].label == "base"


def test_a_damaged_workspace_is_an_error_beside_the_rest():
    app = open_app().switch_page("pages/report.py").run()
    app = app.file_uploader[0].set_value([("w.zip", b"PK\x03\x04", "application/zip")]).run()
    assert not app.exception
    assert "no workspace" in app.error[0].value
