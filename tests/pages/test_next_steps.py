from tests.pages.app import texts
from tests.pages.test_run import open_run


def choose_platform(app, platform: str):
    chooser = next(item for item in app.selectbox if item.label == "Trained with")
    return chooser.set_value(platform).run()


def test_the_next_experiment_is_one_change_with_its_reason():
    app = open_run("overfit")
    assert not app.exception
    page = texts(app).replace("\\", "")
    assert "**Next experiment:** Lower n_epochs" in page
    assert "Change this one thing" in page


def test_what_the_decision_says_is_not_said_again():
    page = texts(open_run("overfit")).replace("\\", "")
    assert "step 200 has the lowest expected validation loss" in page
    assert "Now, with the run as it is" not in page
    assert "Now, with the run as it is" in texts(open_run("no_validation"))


def test_the_advice_follows_the_platform():
    app = choose_platform(open_run("overfit"), "trainer")
    assert not app.exception
    assert "num_train_epochs" in texts(app).replace("\\", "")


def test_a_healthy_run_is_left_as_it_is():
    assert "Nothing: no check found a problem" in texts(open_run("healthy"))


def test_a_reward_run_shows_the_four_conditions_and_takes_the_target():
    app = open_run("hacked_grader")
    assert not app.exception
    target = next(item for item in app.number_input if item.label.startswith("Validation reward"))
    app = target.set_value(0.5).run()
    page = texts(app).replace("\\", "")
    assert "yes] **The target is reached.**" in page
    assert "yes] **Validation gets worse.**" in page


def test_nova_shows_what_troubles_reward_functions():
    app = choose_platform(open_run("hacked_grader"), "nova")
    assert not app.exception
    assert any("reward function" in item.label for item in app.expander)
