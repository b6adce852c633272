from tests.builders import azure_rewards, csv_of, falling, make_frame, turning
from tests.pages.app import button, open_app, open_samples, texts, upload


def compared(*files: tuple[str, bytes], **query: str):
    app = open_app(**query)
    if files:
        app = upload(app, *files)
    return app.switch_page("pages/compare.py").run()


def two_reward_runs():
    return compared(
        ("weak.csv", csv_of(azure_rewards(0.6, seed=1))),
        ("strong.csv", csv_of(azure_rewards(0.85, seed=2))),
    )


def plain(app) -> str:
    return texts(app).replace("\\", "").replace("*", "")


def badges(app) -> str:
    return "\n".join(str(item.value) for item in app.markdown if "-badge[" in str(item.value))


def test_without_a_run_the_page_offers_the_samples_and_one_click_compares_them():
    app = compared()
    assert not app.exception
    assert "No run yet" in texts(app)
    app = button(app, "Open the samples").click().run()
    assert not app.exception
    assert len(app.select_slider) == 2


def test_two_runs_are_set_side_by_side_and_the_better_is_named():
    app = two_reward_runs()
    assert not app.exception
    assert [box.value for box in app.selectbox[:2]] == list(app.session_state["reports"])
    assert "B is better" in badges(app)
    assert "B is ahead of A" in plain(app)
    delta = app.metric[1].delta
    assert delta.startswith("+0.2")
    assert "against A" in delta


def test_a_slider_moves_its_own_candidate_only():
    app = two_reward_runs()
    app = app.select_slider[0].set_value(20).run()
    assert not app.exception
    assert [slider.value for slider in app.select_slider] == [20, app.select_slider[1].value]
    assert app.select_slider[1].value != 20
    assert "Judged up to step 20" in plain(app)


def test_linked_sliders_move_together_and_free_ones_do_not():
    app = two_reward_runs()
    app = app.toggle(key="link-sliders").set_value(True).run()
    app = app.select_slider[0].set_value(25).run()
    assert not app.exception
    assert [slider.value for slider in app.select_slider] == [25, 25]


def test_linked_over_the_share_of_the_run_they_meet_at_the_same_share():
    app = compared(
        ("short.csv", csv_of(azure_rewards(n_steps=60))),
        ("long.csv", csv_of(azure_rewards(n_steps=120, seed=5))),
    )
    app = app.selectbox(key="compare-axis").set_value("share").run()
    app = app.toggle(key="link-sliders").set_value(True).run()
    app = app.select_slider[0].set_value(30).run()
    assert [slider.value for slider in app.select_slider] == [30, 60]


def test_up_to_four_candidates_can_be_held_and_dropped_again():
    app = two_reward_runs()
    app = button(app, "Add a candidate").click().run()
    app = button(app, "Add a candidate").click().run()
    assert not app.exception
    assert len(app.select_slider) == 4
    steps = [(app.selectbox[i].value, app.select_slider[i].value) for i in range(4)]
    assert len(set(steps)) == 4
    assert not [item for item in app.button if item.label == "Add a candidate"]
    app = button(app, "Drop D").click().run()
    assert len(app.select_slider) == 3


def test_one_run_alone_is_compared_with_its_own_end():
    app = compared(("one.csv", csv_of(make_frame(train_loss=falling(), valid_loss=turning()))))
    assert not app.exception
    assert app.select_slider[1].value == 300
    assert "A is better" in badges(app)
    assert "these are steps of one run" in texts(app)


def test_a_loss_and_a_reward_are_not_compared_and_the_page_says_so():
    app = two_reward_runs()
    content = csv_of(make_frame(train_loss=falling(), valid_loss=turning()))
    app = upload(app.switch_page("app.py").run(), ("loss.csv", content))
    app = app.switch_page("pages/compare.py").run()
    loss = list(app.session_state["reports"])[-1]
    app = app.selectbox[1].set_value(loss).run()
    assert not app.exception
    assert "judged by reward" in plain(app)


def test_a_run_without_validation_cannot_be_compared_but_is_shown():
    app = compared(
        ("a.csv", csv_of(make_frame(train_loss=falling()))),
        ("b.csv", csv_of(make_frame(train_loss=falling(), valid_loss=falling()))),
    )
    assert not app.exception
    assert "has no validation to compare" in plain(app)
    assert "A is not drawn" in texts(app)


def test_runs_of_very_few_points_are_shown():
    app = compared(
        ("a.csv", b"step,train_mean_reward,full_valid_mean_reward\n1,0.1,0.2\n"),
        ("b.csv", b"step,train_mean_reward,full_valid_mean_reward\n1,0.3,0.2\n2,0.4,0.3\n"),
    )
    assert not app.exception
    assert "the only one" in texts(app)


def test_an_axis_that_cannot_be_derived_is_said_to_be_missing():
    app = two_reward_runs()
    app = app.selectbox(key="compare-axis").set_value("examples").run()
    assert not app.exception
    assert "its examples seen is not logged and cannot be derived" in texts(app)


def test_the_line_up_is_in_the_link_and_restores_itself():
    app = two_reward_runs()
    app = app.select_slider[0].set_value(20).run()
    link = "".join(app.query_params["candidates"])
    assert ":20" in link
    fresh = open_app(candidates=link)
    fresh = upload(
        fresh,
        ("weak.csv", csv_of(azure_rewards(0.6, seed=1))),
        ("strong.csv", csv_of(azure_rewards(0.85, seed=2))),
    )
    fresh = fresh.switch_page("pages/compare.py").run()
    assert fresh.select_slider[0].value == 20


def test_the_axis_and_the_curves_are_in_the_link_and_restore_themselves():
    app = open_samples(open_app()).switch_page("pages/compare.py").run()
    app = next(item for item in app.selectbox if item.label == "Over").set_value("epoch").run()
    app = app.segmented_control[0].set_value("Training").run()
    link = {name: "".join(app.query_params[name]) for name in ("axis", "curves", "candidates")}
    fresh = open_samples(open_app(**link)).switch_page("pages/compare.py").run()
    assert next(item for item in fresh.selectbox if item.label == "Over").value == "epoch"
    assert fresh.segmented_control[0].value == "Training"
    assert "".join(fresh.query_params["candidates"]) == link["candidates"]


def test_a_link_with_nonsense_is_survived():
    app = open_app(candidates="x:y,:,<b>:5,a:99999999999999999999,,,", axis="<b>", curves="x")
    app = open_samples(app).switch_page("pages/compare.py").run()
    assert not app.exception
    assert len(app.select_slider) == 2


def test_what_was_trained_differently_is_not_made_up():
    assert "Nothing that the files tell" in texts(two_reward_runs())


def test_a_checkpoint_beside_itself_is_said_to_be_the_same():
    app = two_reward_runs()
    app = app.selectbox[1].set_value(app.selectbox[0].value).run()
    app = app.select_slider[1].set_value(app.select_slider[0].value).run()
    assert not app.exception
    assert "A and B are the same checkpoint" in texts(app)
    assert app.metric[1].delta == "the same as A"
