import re

import pytest

from tests.pages.app import button, open_app, open_samples, texts, upload
from tests.shared_data import SAMPLES


def test_the_empty_overview_offers_files_and_samples():
    app = open_app()
    assert not app.exception
    assert app.file_uploader
    assert button(app, "Open the samples")


def test_one_click_opens_every_sample_with_its_verdict():
    app = open_samples(open_app())
    assert not app.exception
    assert len([item for item in app.button if item.label == "Open"]) == 6
    page = texts(app)
    assert "Trained far too long" in page
    assert "Deploy: step 200" in page


def test_runs_that_need_attention_come_first():
    app = open_samples(open_app())
    shown = [item.value.strip("*").replace("\\", "") for item in app.markdown]
    names = [text for text in shown if text in {path.stem for path in SAMPLES.glob("*.csv")}]
    assert set(names[:2]) == {"hacked_grader", "overfit"}
    assert names[-1] in {"healthy", "noisy_tiny_batch"}


def test_an_uploaded_file_becomes_a_row_and_a_bad_one_an_error_beside_it():
    app = open_app()
    app = upload(
        app, ("my run.csv", (SAMPLES / "underfit.csv").read_bytes()), ("bad.csv", b"\x00\x01")
    )
    assert not app.exception
    assert "my run" in texts(app)
    assert "not text" in app.error[0].value
    app = button(app, "Dismiss").click().run()
    assert not app.error


def test_a_file_dropped_twice_is_one_row():
    app = open_app()
    content = (SAMPLES / "underfit.csv").read_bytes()
    app = upload(app, ("a.csv", content))
    app = upload(app, ("a.csv", content))
    assert len([item for item in app.button if item.label == "Open"]) == 1


@pytest.mark.parametrize(
    "name",
    ["<img src=x onerror=alert(1)>.csv", "![x](https://evil.example/p.png).csv", "$x$ :red[y].csv"],
)
def test_a_hostile_file_name_is_shown_as_it_is(name):
    app = upload(open_app(), (name, (SAMPLES / "underfit.csv").read_bytes()))
    assert not app.exception
    shown = next(item.value for item in app.markdown if "\\" in item.value).strip("*")
    assert not re.search(r"(?<!\\)[<>\[\]()$:!]", shown)
