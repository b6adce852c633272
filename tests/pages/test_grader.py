from tests.pages.app import button, open_app, texts


def open_grader():
    return open_app().switch_page("pages/grader.py").run()


def drop(app, content: bytes, name: str = "scores.csv"):
    return app.file_uploader[0].set_value([(name, content, "text/csv")]).run()


def metrics(app) -> dict[str, str]:
    return {item.label: item.value for item in app.metric}


EVEN = b"score\n" + b"".join(b"%.2f\n" % (i / 100) for i in range(101))


def test_without_scores_the_page_offers_made_up_ones():
    app = open_grader()
    assert not app.exception
    app = button(app, "Try it with made-up scores").click().run()
    assert not app.exception
    assert "Pass threshold to use" in metrics(app)
    assert "Spearman's rank correlation" in metrics(app)


def test_scores_give_a_threshold_with_its_interval():
    app = drop(open_grader(), EVEN)
    assert not app.exception
    assert metrics(app)["Pass threshold to use"] == "0.35"
    assert metrics(app)["Fails of the base model"] == "35%"
    assert " to " in metrics(app)["Its 95 % interval"]
    assert "A quarter to a half fails" in texts(app)
    table = app.table[0].value
    assert list(table["Threshold"]) == [
        "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.85", "0.9", "0.95", "1",
    ]  # fmt: skip
    assert "good" in table["For training"].iloc[0]
    assert "too hard" in table["For training"].iloc[-1]


def test_a_scale_of_one_to_five_is_taken_from_the_scores():
    app = drop(open_grader(), b"\n".join([b"1", b"2", b"3", b"4", b"5"] * 8))
    assert not app.exception
    ends = {item.label: item.value for item in app.number_input}
    assert ends == {"Lowest possible score": 0.0, "Highest possible score": 5.0}


def test_one_column_says_what_the_comparison_needs():
    assert "column for each grader" in drop(open_grader(), EVEN).info[0].value


def test_too_few_scores_are_an_error():
    app = drop(open_grader(), b"0.5\n0.6\n")
    assert not app.exception
    assert "5 or more" in app.error[0].value


def test_a_file_without_scores_is_an_error():
    app = drop(open_grader(), b"hello\nworld\n", "mine.txt")
    assert not app.exception
    assert "no scores" in app.error[0].value


def test_scores_and_ticks_survive_a_change_of_page():
    app = drop(open_grader(), EVEN)
    app = app.checkbox[0].check().run()
    app = app.switch_page("app.py").run().switch_page("pages/grader.py").run()
    assert app.checkbox[0].value
    assert metrics(app)["Pass threshold to use"] == "0.35"
    app = button(app, "Remove").click().run()
    assert not app.metric
