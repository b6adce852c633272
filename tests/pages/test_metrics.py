from tests.pages.app import button, open_app, open_samples, texts
from tests.pages.test_run import open_run


def field(app, label: str):
    return next(item for item in app.number_input if item.label == label)


def metrics(app) -> dict[str, str]:
    return {item.label: item.value for item in app.metric}


def test_without_a_run_the_calculator_and_the_definitions_are_there():
    app = open_app().switch_page("pages/metrics.py").run()
    assert not app.exception
    assert metrics(app)["Visible-token accuracy"] == "49.9%"
    assert "no better" in app.warning[0].value
    assert "No run yet" in texts(app)
    assert len(app.table) > 5


def test_the_calculator_follows_what_is_given():
    app = open_app().switch_page("pages/metrics.py").run()
    field(app, "Reported token accuracy").set_value(0.95)
    app = field(app, "Reported loss").set_value(0.1).run()
    assert metrics(app)["Visible-token accuracy"] == "85.0%"
    assert metrics(app)["Visible-token loss"] == "0.3"
    assert "better" in app.success[0].value


def test_figures_that_contradict_the_assumption_are_refused():
    app = open_app().switch_page("pages/metrics.py").run()
    app = field(app, "Reported token accuracy").set_value(0.5).run()
    assert not app.exception
    assert "hidden tokens alone" in app.error[0].value.replace("\\", "")
    assert "Visible-token loss" not in metrics(app)


def test_what_was_typed_survives_a_change_of_page():
    app = open_app().switch_page("pages/metrics.py").run()
    app = field(app, "Labels to choose from").set_value(6).run()
    app = app.switch_page("app.py").run().switch_page("pages/metrics.py").run()
    assert field(app, "Labels to choose from").value == 6


def test_the_calculation_applies_itself_to_the_run_in_view():
    app = open_run("healthy").switch_page("pages/metrics.py").run()
    app = field(app, "Mean length of an answer, in tokens").set_value(4.0).run()
    app = button(app, "Judge this run by visible tokens").click().run()
    assert not app.exception
    reports = {r.run.name: r for r in app.session_state["reports"].values()}
    assert reports["healthy"].run.answer_tokens == 4.0
    assert reports["overfit"].run.answer_tokens is None
    assert "judged for answers of 4 tokens" in texts(app)


def test_a_run_that_contradicts_the_assumption_is_left_as_it_was():
    app = open_run("overfit").switch_page("pages/metrics.py").run()
    app = button(app, "Judge this run by visible tokens").click().run()
    assert not app.exception
    assert app.error
    reports = {r.run.name: r for r in app.session_state["reports"].values()}
    assert reports["overfit"].run.answer_tokens is None


def test_the_balance_of_the_run_in_view_is_drawn_and_follows_the_priority():
    app = open_run("healthy").switch_page("pages/metrics.py").run()
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 2
    app = app.select_slider[0].set_value(1.0).run()
    assert not app.exception
    table = next(item.value for item in app.table if "Step picked" in item.value)
    assert len(table) >= 1


def test_a_reward_run_says_that_it_has_nothing_to_weigh():
    app = open_run("hacked_grader").switch_page("pages/metrics.py").run()
    assert not app.exception
    assert "judged by rewards" in app.info[0].value


def test_the_definitions_can_be_cut_to_what_was_logged():
    app = open_samples(open_app()).switch_page("pages/metrics.py").run()
    before = len(app.expander)
    app = next(t for t in app.toggle if t.label.startswith("Only what")).set_value(True).run()
    assert not app.exception
    assert len(app.expander) < before
