from tests.pages.app import button, component, open_app, texts, upload
from tests.shared_data import SAMPLES

OWN = (SAMPLES / "overfit.csv").read_bytes() + b"\n"


def fresh_page(page: str, link: dict[str, str]):
    """Return a page as a link opens it on a server that was just started."""
    return open_app(**link).switch_page(f"pages/{page}.py").run()


def link_of(app) -> dict[str, str]:
    return {name: "".join(values) for name, values in app.query_params.items()}


def test_the_same_file_dropped_where_the_link_led_brings_the_view_back():
    app = button(upload(open_app(), ("mine.csv", OWN)), "Open").click().run()
    link = link_of(app) | {"step": "120"}
    fresh = fresh_page("run", link)
    assert "names a run that is not loaded" in texts(fresh)
    assert "restart of the server" in texts(fresh)
    fresh = upload(fresh, ("mine.csv", OWN))
    assert not fresh.exception
    assert component(fresh, "stepper")["step"] == 120
    assert "not loaded" not in texts(fresh)


def test_a_comparison_of_samples_comes_back_with_one_click():
    app = button(open_app(), "Open the samples").click().run()
    ids = {r.run.name: run_id for run_id, r in app.session_state["reports"].items()}
    link = {"candidates": f"{ids['healthy']}:100,{ids['overfit']}:200"}
    fresh = fresh_page("compare", link)
    assert "This link shows samples" in texts(fresh)
    fresh = button(fresh, "Open the samples").click().run()
    assert [slider.value for slider in fresh.select_slider] == [100, 200]


def test_a_link_to_several_foreign_runs_asks_for_their_files():
    fresh = fresh_page("compare", {"candidates": "aaaaaaaaaaaa:1,bbbbbbbbbbbb:2"})
    assert "names runs that are not loaded" in texts(fresh)
    assert fresh.file_uploader


def test_a_file_that_cannot_be_read_is_said_where_it_was_dropped():
    fresh = upload(fresh_page("run", {"run": "aaaaaaaaaaaa"}), ("bad.csv", b"\x00\x01"))
    assert not fresh.exception
    assert "not text" in fresh.error[0].value
    assert fresh.file_uploader


def test_without_a_link_there_is_nothing_to_bring_back():
    fresh = fresh_page("run", {})
    assert "No run yet" in texts(fresh)
