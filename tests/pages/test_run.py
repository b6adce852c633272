import json

import numpy as np
import pytest

from tests.builders import azure_rewards, csv_of, falling, make_frame, turning
from tests.pages.app import button, component, open_app, open_samples, say, texts, upload
from tests.shared_data import SAMPLES


def open_run(name: str):
    app = open_samples(open_app())
    ids = {report.run.name: run_id for run_id, report in app.session_state["reports"].items()}
    next(item for item in app.button if item.key == f"open-{ids[name]}").click()
    return app.run().switch_page("pages/run.py").run()


def charts(app) -> list[dict]:
    return [
        chart
        for item in app.get("bidi_component")
        if item.proto.component_name == "goldilocks_board"
        for chart in json.loads(item.proto.json)["charts"]
    ]


def series(chart: dict) -> dict[str, dict]:
    return {each["name"]: each for each in chart["series"]}


def step_to(app, step: int):
    slider = component(app, "stepper")
    return say(app, f"step-of-{slider['run']}", step=step)


def look(app, **changes):
    board = component(app, "board")
    return say(app, f"board-main-{board['run']}", look={**board["look"], **changes})


def tile(app, name: str, step: int) -> tuple[str, str]:
    slider = component(app, "stepper")
    found = next(each for each in slider["tiles"] if each["name"] == name)
    at = slider["stops"].index(step)
    return found["values"][at], (found["notes"] or [("", "")] * len(slider["stops"]))[at][0]


def test_without_a_run_the_page_offers_the_samples():
    app = open_app().switch_page("pages/run.py").run()
    assert not app.exception
    assert "No run yet" in texts(app)
    app = button(app, "Open the samples").click().run()
    assert not app.exception
    assert app.selectbox[0].value


def test_the_page_shows_the_headline_the_action_and_the_model_name():
    app = open_run("overfit")
    assert not app.exception
    page = texts(app)
    assert "Trained far too long" in page
    assert "Deploy: step 200" in page
    assert "ckpt-step-200" in app.code[0].value


def test_the_slider_has_the_values_of_every_stop_and_its_rest_brings_the_verdict_there():
    app = open_run("overfit")
    slider = component(app, "stepper")
    assert slider["step"] == 200
    assert tile(app, "Validation loss", 300) != tile(app, "Validation loss", 200)
    assert all(len(each["values"]) == len(slider["stops"]) for each in slider["tiles"])
    assert "Recommended" in texts(app)
    app = step_to(app, 250)
    assert not app.exception
    assert "Worse than step 200" in texts(app)
    assert "higher than at step 200" in texts(app)
    assert any(item.value.endswith("ckpt-step-250") for item in app.code)


def test_a_step_that_is_no_stop_changes_nothing():
    app = step_to(open_run("overfit"), 201)
    assert not app.exception
    assert component(app, "stepper")["step"] == 200


def test_every_logged_value_of_the_sample_is_drawn():
    drawn = series(charts(open_run("overfit"))[0])
    assert [len(each["x"]) for each in drawn.values()] == [300, 31, 6]


def test_smoothing_says_what_it_averages_and_leaves_the_verdict_alone():
    app = open_run("overfit")
    before = texts(app)
    app = look(app, line="ema", weight=0.9)
    assert not app.exception
    train = series(charts(app)[0])["train"]
    assert train["averaged"] == pytest.approx(19.0)
    assert len(train["x"]) == 300
    app = look(app, line="window", width=0.1)
    assert series(charts(app)[0])["train"]["averaged"] == 59
    assert texts(app) == before


def test_the_charts_can_be_drawn_over_epochs_and_the_choice_outlives_the_page():
    app = look(open_run("overfit"), axis="epoch")
    assert component(app, "board")["axis"]["title"] == "Epoch"
    assert max(series(charts(app)[0])["train"]["x"]) == 6.0
    app = app.switch_page("app.py").run().switch_page("pages/run.py").run()
    assert component(app, "board")["look"]["axis"] == "epoch"


def test_nonsense_from_the_browser_is_not_believed():
    app = look(open_run("overfit"), line="<b>", weight="x", span=[3, 1], axis="moon")
    assert not app.exception
    assert component(app, "board")["look"]["line"] == "fitted"


def test_what_a_finding_speaks_of_can_be_shaded():
    board = component(open_run("overfit"), "board")
    assert board["shaded"] == "Overfitting"
    assert board["regions"][0]["to"] == 300.0


def test_a_long_run_is_thinned_and_a_zoom_brings_the_rest():
    values = 1.0 + falling(n_steps=20_000)
    values[12_345] = 0.1
    app = one_run(csv_of(make_frame(train_loss=values)))
    train = charts(app)[0]["series"][0]
    assert len(train["x"]) < 4_000
    assert 12_346 in train["step"]
    assert train["best"]["step"] == 12_346
    assert f"drawn {len(train['x']):,} of 20,000" in charts(app)[0]["notes"][0]
    app = look(app, span=[12_000, 13_000])
    train = charts(app)[0]["series"][0]
    assert len(train["x"]) == train["total"] == 1_041


def test_rows_without_a_number_are_marked():
    values = falling()
    values[40:43] = np.nan
    values[50] = np.inf
    chart = charts(one_run(csv_of(make_frame(train_loss=values, valid_loss=falling()))))[0]
    assert len(series(chart)["train"]["gaps"]) == 4
    assert "4 rows without a number" in chart["notes"][0]


def test_the_other_view_says_what_it_would_need():
    app = open_run("overfit")
    app = app.segmented_control[0].set_value("rft").run()
    assert not app.exception
    assert "needs rewards" in app.info[0].value.replace("\\", "")


def test_the_choice_of_run_and_step_is_in_the_link_and_restores_the_view():
    app = open_run("overfit")
    app = step_to(app, 250)
    link = {name: "".join(app.query_params[name]) for name in ("run", "step")}
    assert link["step"] == "250"

    fresh = open_app(**link).switch_page("pages/run.py").run()
    assert "one of the samples" in texts(fresh)
    fresh = button(fresh, "Open the samples").click().run()
    assert component(fresh, "stepper")["step"] == 250


def test_a_link_with_nonsense_is_survived():
    app = open_app(run="<script>", step="abc", view="x").switch_page("pages/run.py").run()
    assert not app.exception


def one_run(content: bytes):
    app = upload(open_app(), ("mine.csv", content))
    return app.switch_page("pages/run.py").run()


def test_a_run_without_accuracy_says_that_its_chart_is_missing():
    app = one_run(csv_of(make_frame(train_loss=falling(), valid_loss=falling())))
    assert not app.exception
    assert "Token accuracy was not logged" in texts(app)


def test_too_few_points_are_said_to_be_too_few():
    app = one_run(csv_of(make_frame(train_loss=[2.0, 1.0, 0.5], valid_loss=[2.0, np.nan, 1.0])))
    assert not app.exception
    assert "Too short to judge" in texts(app)


def test_a_run_of_one_row_is_shown():
    app = one_run(b"step,train_loss,train_accuracy\n7,1.0,0.5\n")
    assert not app.exception


def test_a_run_that_is_all_infinite_is_shown():
    app = one_run(b"step,train_loss,train_accuracy\n1,inf,0.5\n2,inf,0.5\n3,inf,0.4\n")
    assert not app.exception


def test_a_run_without_validation_names_no_step():
    app = open_run("no_validation")
    assert not app.exception
    assert "Test first" in texts(app)
    assert not app.code


def test_a_reward_run_shows_its_rewards_and_the_length_of_answers():
    app = open_run("hacked_grader")
    assert not app.exception
    assert tiles(app)[:2] == ["Validation reward", "Training reward"]
    assert set(series(charts(app)[0])) == {"train (reported)", "valid"}
    assert series(charts(app)[1])["train minus valid"]["band"]
    assert series(charts(app)[2])["whole answer"]["band"]
    assert "Test first: step 70" in texts(app)
    assert "equal reward at fewer tokens" in texts(app)


def test_the_slider_moves_the_reward_and_says_how_far_it_lies_from_the_recommended():
    app = step_to(open_run("hacked_grader"), 160)
    assert not app.exception
    apart = tile(app, "Validation reward", 160)[1]
    assert apart.startswith("-0.")
    assert "against step 70" in apart


def test_a_reward_run_without_validation_names_no_step():
    app = one_run(csv_of(make_frame(train_mean_reward=np.linspace(0.1, 0.6, 40))))
    assert not app.exception
    assert "No checkpoint can be recommended" in texts(app)


def test_the_loss_view_of_a_reward_run_says_what_it_would_need():
    app = open_run("hacked_grader").segmented_control[0].set_value("sft").run()
    assert not app.exception
    assert "needs training and validation loss" in app.info[0].value.replace("\\", "")


def test_charts_have_a_text_equivalent():
    app = open_run("healthy")
    assert charts(app)
    for chart in charts(app):
        assert "starts at" in chart["text"]


def test_the_import_report_lists_the_repairs():
    app = one_run(b"step,train_loss,train_accuracy,valid_loss\n2,1.0,0.5,\n1,oops,0.5,\n1,2,0.4,\n")
    assert "'oops'" not in texts(app)
    app.session_state["import-report"] = True
    page = texts(app.run())
    assert "Steps go backward" in page
    assert "'oops'" in page
    assert "valid_loss has no values" in page
    assert SAMPLES.is_dir()


def titles(app) -> set[str]:
    return {chart["title"] for chart in charts(app)}


def tiles(app) -> list[str]:
    return [each["name"] for each in component(app, "stepper")["tiles"]]


def test_a_reward_run_has_a_chart_for_all_it_logged_and_for_nothing_else():
    frame = azure_rewards()
    app = one_run(csv_of(frame))
    assert not app.exception
    assert titles(app) >= {
        "Train minus valid (reward)",
        "Answer length (tokens)",
        "Score by grader (reward)",
        "Errors and ungraded answers (share)",
        "Tool calls (per step)",
        "Tool errors (share of calls)",
        "Step time (seconds)",
    }
    assert not titles(app) & {"Entropy (nats)", "KL from the start (nats)"}
    frame = frame.assign(entropy=1.0, kl=0.1, reward_std=0.3, reward_share_high=0.2)
    more = one_run(csv_of(frame[["step", "train_mean_reward", *frame.columns[-4:]]]))
    assert titles(more) >= {
        "Entropy (nats)",
        "KL from the start (nats)",
        "Reward spread (within a step)",
        "Reward distribution (share of answers)",
    }
    assert "Tool calls (per step)" not in titles(more)


def test_the_gap_chart_marks_its_limits_and_the_length_its_growth():
    app = one_run(csv_of(azure_rewards()))
    assert [level for level, _ in charts(app)[1]["limits"]] == [0.05, 0.1]
    last = component(app, "stepper")["stops"][-1]
    assert "times the start" in tile(app, "Answer tokens", last)[1]
    assert "rollout not graded" in series(charts(app)[4])


def test_a_run_that_logged_losses_and_rewards_has_both_views():
    frame = make_frame(
        train_loss=falling(), valid_loss=turning(), train_mean_reward=1.0 - 0.4 * falling()
    )
    app = one_run(csv_of(frame))
    assert "Overfitting" in texts(app)
    app = app.segmented_control[0].set_value("rft").run()
    assert not app.exception
    assert not app.info
    assert "Training reward" in tiles(app)


def test_a_link_to_a_view_that_does_not_exist_opens_the_runs_own():
    app = open_app(view="x")
    app = upload(app, ("mine.csv", csv_of(azure_rewards()))).switch_page("pages/run.py").run()
    assert not app.exception
    assert app.segmented_control[0].value == "rft"
