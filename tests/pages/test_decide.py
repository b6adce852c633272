import json

import numpy as np
import pytest

from tests.builders import (
    AZURE,
    azure_rewards,
    checkpoint_list,
    csv_of,
    falling,
    make_frame,
    turning,
)
from tests.pages.app import button, open_app, open_samples, texts, upload


def decide(*files: tuple[str, bytes]):
    app = open_app()
    if files:
        app = upload(app, *files)
    return app.switch_page("pages/decide.py").run()


def reward_run(model: str = AZURE):
    return decide(
        ("mine.csv", csv_of(azure_rewards())),
        ("mine.checkpoints.json", checkpoint_list(20, 40, 60, model=model)),
    )


def plain(app) -> str:
    return texts(app).replace("\\", "").replace("*", "")


def codes(app) -> str:
    return "\n".join(item.value for item in app.code)


def scored(app, scores: dict) -> object:
    content = json.dumps(scores).encode()
    app.file_uploader[0].set_value([("scores.json", content, "application/json")])
    return app.run()


def binary(share: float, seed: int) -> list[int]:
    ease = np.random.default_rng(0).random(120)
    own = np.random.default_rng(seed).normal(0.0, 0.1, 120)
    return [int(value) for value in ease + own < share]


def test_without_a_run_the_page_offers_the_samples():
    app = decide()
    assert not app.exception
    assert "No run yet" in texts(app)
    app = button(app, "Open the samples").click().run()
    assert not app.exception
    assert "What matters to you" in plain(app)


def test_checkpoints_are_ranked_with_their_cost():
    app = reward_run()
    assert not app.exception
    assert {"1,000 answers", "Chance to be best", "Expected regret"} <= set(
        app.table[0].value.columns
    )
    assert app.selectbox(key="price-preset").value == "o4-mini, Azure"
    assert "Pareto front" in plain(app)


def test_the_users_weights_and_price_change_the_ranking_and_are_shown():
    app = reward_run()
    before = app.table[0].value
    app = app.slider(key="cost-weight").set_value(1.0).run()
    assert not app.exception
    assert app.table[0].value["Step"].tolist() == ["20", "40", "60"]
    assert app.table[0].value["Step"].tolist() != before["Step"].tolist()
    assert "with w = 1" in plain(app)
    app = app.selectbox(key="price-preset").set_value("o4-mini, OpenAI").run()
    assert app.table[0].value["1,000 answers"].tolist() != before["1,000 answers"].tolist()


def test_survivors_come_with_the_note_on_the_winners_curse():
    assert "survivors" in plain(reward_run())


def test_the_deploy_commands_name_the_checkpoint_as_the_platform_did():
    app = reward_run()
    assert f"{AZURE}:ckpt-step-60" in codes(app)
    assert "az cognitiveservices account deployment create" in codes(app)
    assert "--sku-name Developer" in codes(app)
    app = app.segmented_control(key="azure-tier").set_value("Standard").run()
    assert "--sku-name Standard" in codes(app)


def test_a_run_without_model_names_gets_no_command_and_the_reason():
    app = decide(("mine.csv", csv_of(azure_rewards())))
    assert not app.exception
    assert not app.code
    assert "cannot be made up" in app.info[0].value.replace("\\", "")


def test_a_retired_base_model_is_warned_of():
    app = reward_run("ft:o4-mini-2025-04-16:org::abc")
    assert not app.exception
    assert "shut down" in app.warning[0].value.replace("\\", "")


def test_the_users_own_scores_outrank_the_curves():
    app = reward_run()
    app = scored(
        app,
        {
            "step 20": {"scores": binary(0.85, 1)},
            "step 60": {"scores": binary(0.6, 2)},
            "base": {"scores": binary(0.3, 3)},
        },
    )
    assert not app.exception
    assert "Deploy step 20" in plain(app)
    assert "By your own evaluation" in plain(app)
    assert f"{AZURE}:ckpt-step-20" in codes(app)


def test_where_nothing_beats_the_base_model_none_is_to_be_deployed():
    app = scored(
        reward_run(),
        {"step 20": {"scores": binary(0.5, 1)}, "base": {"scores": binary(0.5, 2)}},
    )
    assert not app.exception
    assert "Deploy none" in plain(app)
    assert "says to deploy none" in app.warning[0].value
    app = button(app, "Forget these scores").click().run()
    assert "Deploy none" not in plain(app)


def test_scores_that_cannot_be_read_are_said_to_be_and_the_rest_is_kept():
    app = reward_run()
    app.file_uploader[0].set_value(
        [
            ("bad.json", b"{broken", "application/json"),
            ("good.csv", b"candidate,mean,n\nbase,0.5,200\nstep 60,0.9,200\n", "text/csv"),
        ]
    )
    app = app.run()
    assert not app.exception
    assert "broken" in app.error[0].value
    assert "Deploy step 60" in plain(app)


def test_the_balance_of_loss_and_accuracy_is_the_users():
    app = open_samples(open_app())
    ids = {report.run.name: run_id for run_id, report in app.session_state["reports"].items()}
    next(item for item in app.button if item.key == f"open-{ids['overfit']}").click()
    app = app.run().switch_page("pages/decide.py").run()
    assert not app.exception
    app = app.slider(key="priority").set_value(1.0).run()
    assert not app.exception
    assert "Token accuracy" in app.table[0].value.columns
    assert "cannot be priced" in plain(app)


@pytest.mark.parametrize(
    "frame",
    [
        make_frame(train_loss=falling()),
        make_frame(train_loss=[2.0, 1.0], valid_loss=[np.nan, 1.0]),
        make_frame(train_mean_reward=np.linspace(0.1, 0.6, 40)),
    ],
    ids=["no validation", "too few points", "reward without validation"],
)
def test_a_run_that_cannot_be_ranked_says_why(frame):
    app = decide(("mine.csv", csv_of(frame)))
    assert not app.exception
    assert "No checkpoint can be recommended" in app.info[0].value.replace("\\", "")


def test_a_run_of_losses_needs_no_prices():
    content = csv_of(make_frame(train_loss=falling(), valid_loss=turning()))
    app = decide(("mine.csv", content))
    assert not app.exception
    assert "1,000 answers" not in app.table[0].value.columns
