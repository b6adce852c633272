from analysis import GOLDILOCKS
from analysis.limits import to_toml, with_limits
from analysis.thresholds import PRESETS
from tests.pages.app import button, open_app, texts, upload
from tests.pages.test_run import open_run
from tests.shared_data import SAMPLES


def open_panel(name: str):
    return again(open_run(name))


def again(app, *_changed):
    """Run the app once more with the panel open, whose state the harness does not send."""
    app.session_state["what-if"] = True
    return app.run()


def slider(app, label: str):
    return next(item for item in app.slider if item.label == label)


def test_the_panel_costs_nothing_until_it_is_opened():
    assert not open_run("overfit").slider


def test_a_moved_limit_turns_the_verdict_at_once_and_says_so():
    app = open_panel("healthy")
    assert not app.exception
    assert not app.info
    app = again(app, slider(app, "Low train loss").set_value(0.8))
    assert not app.exception
    assert "**Low training loss**: Fine → Look closer" in app.info[0].value
    assert "likely only repeats" in texts(app) or "low" in texts(app).lower()


def test_a_preset_sets_every_slider():
    app = open_panel("healthy")
    chooser = next(item for item in app.selectbox if item.label == "Limits of")
    app = again(app, chooser.set_value("strict"))
    assert not app.exception
    assert slider(app, "Ratio mild").value == PRESETS["strict"].ratio_mild
    back = next(item for item in app.selectbox if item.label == "Limits of")
    assert back.value == "strict"


def test_limits_out_of_order_are_not_judged_by():
    app = open_panel("healthy")
    app = again(app, slider(app, "Ratio mild").set_value(3.0))
    assert not app.exception
    assert "lies above" in app.warning[0].value.replace("\\", "")


def test_adopted_limits_hold_for_all_runs_and_for_those_that_come():
    app = open_panel("healthy")
    app = again(app, slider(app, "Low train loss").set_value(0.8))
    reports = app.session_state["reports"].values()
    assert {report.thresholds.low_train_loss for report in reports} == {0.2}
    app = again(app, button(app, "Judge all runs by these").click())
    assert not app.exception
    reports = app.session_state["reports"].values()
    assert {report.thresholds.low_train_loss for report in reports} == {0.8}
    assert app.session_state["thresholds"].low_train_loss == 0.8


def test_every_limit_has_a_slider():
    app = open_panel("healthy")
    toggle = next(item for item in app.toggle if item.label.startswith("Show the limits"))
    app = again(app, toggle.set_value(True))
    assert not app.exception
    assert len(app.slider) == len(GOLDILOCKS.__dataclass_fields__)


def test_turning_points_name_limit_and_value():
    app = open_panel("noisy_tiny_batch")
    table = app.table[-1].value
    row = table[table["Verdict"] == "Overfitting"].iloc[0]
    assert (row["Limit"], row["Now"]) == ("Ratio mild", "1.2")
    assert 1.0 < float(row["Turns at"]) < 1.2


def test_limits_come_back_from_a_file():
    app = open_panel("healthy")
    mine = to_toml(with_limits(GOLDILOCKS, {"ratio_mild": 1.35})).encode()
    app = again(app, app.file_uploader[0].set_value([("mine.toml", mine, "application/toml")]))
    assert not app.exception
    assert slider(app, "Ratio mild").value == 1.35
    app = again(app, app.file_uploader[0].set_value([("bad.toml", b"[thresholds]\nx = 1", "")]))
    assert "no threshold" in app.error[0].value


def test_limits_are_kept_over_a_change_of_page_and_new_files_are_judged_by_them():
    app = open_panel("healthy")
    app = again(app, slider(app, "Low train loss").set_value(0.8))
    app = again(app, button(app, "Judge all runs by these").click())
    app = app.switch_page("app.py").run()
    content = b"step,train_loss,valid_loss\n" + b"".join(b"%d,0.5,0.6\n" % i for i in range(1, 40))
    app = upload(app, ("new.csv", content))
    new = [r for r in app.session_state["reports"].values() if r.run.name == "new"]
    assert new[0].thresholds.low_train_loss == 0.8


def test_limits_dropped_on_the_overview_are_judged_by():
    mine = to_toml(PRESETS["strict"]).encode()
    files = (("mine.toml", mine), ("overfit.csv", (SAMPLES / "overfit.csv").read_bytes()))
    app = upload(open_app(), *files)
    assert not app.exception
    assert not app.error
    (report,) = app.session_state["reports"].values()
    assert report.thresholds == PRESETS["strict"]
