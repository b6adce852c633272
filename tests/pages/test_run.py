import json

import numpy as np
import pyarrow as pa

from tests.builders import azure_rewards, csv_of, falling, make_frame, turning
from tests.pages.app import button, open_app, open_samples, texts, upload
from tests.shared_data import SAMPLES


def open_run(name: str):
    app = open_samples(open_app())
    ids = {report.run.name: run_id for run_id, report in app.session_state["reports"].items()}
    next(item for item in app.button if item.key == f"open-{ids[name]}").click()
    return app.run().switch_page("pages/run.py").run()


def datasets(app, chart: int) -> dict:
    proto = app.get("vega_lite_chart")[chart].proto
    return {
        item.name: pa.ipc.open_stream(item.data.data).read_all().to_pydict()
        for item in proto.datasets
    }


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


def test_the_slider_moves_the_marker_of_every_chart_and_the_values():
    app = open_run("overfit")
    assert app.select_slider[0].value == 200
    before = [item.value for item in app.metric]
    app = app.select_slider[0].set_value(300).run()
    assert not app.exception
    assert [item.value for item in app.metric] != before
    for chart in range(2):
        assert set(datasets(app, chart)["chosen"]["step"]) == {300}
    assert "Logged at step 300" in texts(app).replace("\\", "")


def test_every_logged_value_of_the_sample_is_drawn():
    app = open_run("overfit")
    assert len(datasets(app, 0)["points"]["step"]) == 300 + 31 + 6


def test_the_other_view_says_what_it_would_need():
    app = open_run("overfit")
    app = app.segmented_control[0].set_value("rft").run()
    assert not app.exception
    assert "needs rewards" in app.info[0].value.replace("\\", "")


def test_the_choice_of_run_and_step_is_in_the_link_and_restores_the_view():
    app = open_run("overfit")
    app = app.select_slider[0].set_value(250).run()
    link = {name: "".join(app.query_params[name]) for name in ("run", "step")}
    assert link["step"] == "250"

    fresh = open_app(**link).switch_page("pages/run.py").run()
    assert "not loaded" in texts(fresh)
    fresh = button(fresh, "Open the samples").click().run()
    assert fresh.select_slider[0].value == 250


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
    assert [item.label for item in app.metric][:2] == ["Validation reward", "Training reward"]
    assert set(datasets(app, 0)["points"]["series"]) == {"train (reported)", "valid"}
    assert set(datasets(app, 1)["curves"]["series"]) == {"train minus valid"}
    assert set(datasets(app, 2)["curves"]["series"]) == {"whole answer"}
    assert "Test first: step 70" in texts(app)
    assert "equal reward at fewer tokens" in str(app.table[0].value)


def test_the_slider_moves_the_reward_and_says_how_far_it_lies_from_the_recommended():
    app = open_run("hacked_grader").select_slider[0].set_value(160).run()
    assert not app.exception
    reward = app.metric[0]
    assert reward.delta.startswith("-0.")
    assert "against step 70" in reward.delta


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
    for chart in app.get("vega_lite_chart"):
        assert "starts at" in chart.proto.alt
        assert json.loads(chart.proto.spec)["layer"]


def test_the_import_report_lists_the_repairs():
    app = one_run(b"step,train_loss,train_accuracy,valid_loss\n2,1.0,0.5,\n1,oops,0.5,\n1,2,0.4,\n")
    page = texts(app)
    assert "Steps go backward" in page
    assert "'oops'" in page
    assert "valid_loss has no values" in page
    assert SAMPLES.is_dir()


def titles(app) -> set[str]:
    return {item.value.strip("*") for item in app.markdown if item.value.startswith("**")}


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
    assert datasets(app, 1)["limits"]["value"] == [0.05, 0.1]
    tokens = next(item for item in app.metric if item.label == "Answer tokens")
    assert "times the start" in tokens.delta
    errors = datasets(app, 4)["points"]
    assert "rollout not graded" in errors["series"]


def test_a_run_that_logged_losses_and_rewards_has_both_views():
    frame = make_frame(
        train_loss=falling(), valid_loss=turning(), train_mean_reward=1.0 - 0.4 * falling()
    )
    app = one_run(csv_of(frame))
    assert "Overfitting" in texts(app)
    app = app.segmented_control[0].set_value("rft").run()
    assert not app.exception
    assert not app.info
    assert "Training reward" in [item.label for item in app.metric]


def test_a_link_to_a_view_that_does_not_exist_opens_the_runs_own():
    app = open_app(view="x")
    app = upload(app, ("mine.csv", csv_of(azure_rewards()))).switch_page("pages/run.py").run()
    assert not app.exception
    assert app.segmented_control[0].value == "rft"
