import json

from tests.pages.app import button, open_app, texts, upload
from tests.shared_data import SAMPLES

UNKNOWN = b"when,my loss,dev loss value,foo\n" + b"".join(
    b"%d,%.2f,%.2f,9\n" % (i, 2.5 - i * 0.05, 2.6 - i * 0.04) for i in range(1, 30)
)


def names(app) -> list[str]:
    return [item.value.strip("*").replace("\\", "") for item in app.markdown]


def test_an_unknown_table_is_opened_with_the_guessed_meanings_of_its_columns():
    app = upload(open_app(), ("mine.csv", UNKNOWN))
    assert not app.exception
    assert "mine.csv: say what its columns mean" in app.expander[0].label.replace("\\", "")
    app = button(app, "Open with these meanings").click().run()
    assert not app.exception
    assert "mine" in names(app)
    assert not [item for item in app.button if item.label == "Open with these meanings"]


def test_a_mapping_is_remembered_for_the_next_file():
    app = upload(open_app(), ("mine.csv", UNKNOWN))
    app = button(app, "Open with these meanings").click().run()
    app = upload(app, ("again.csv", UNKNOWN.replace(b",9", b",8")))
    assert {"mine", "again"} <= set(names(app))


def test_a_saved_mapping_dropped_with_a_file_opens_it():
    mapping = b'[columns]\n"when" = "step"\n"my loss" = "train_loss"\n'
    app = upload(open_app(), ("mapping.toml", mapping), ("mine.csv", UNKNOWN))
    assert not app.exception
    assert "mine" in names(app)


def test_a_broken_mapping_is_an_error_beside_the_files():
    app = upload(open_app(), ("mapping.toml", b"[columns]\n'a' = 'nonsense'\n"))
    assert "canonical" in app.error[0].value


def test_a_checkpoint_list_dropped_later_joins_its_run():
    app = upload(open_app(), ("overfit.csv", (SAMPLES / "overfit.csv").read_bytes()))
    assert "Deploy" in texts(app)
    listed = (SAMPLES / "overfit.checkpoints.json").read_bytes()
    app = upload(app, ("overfit.checkpoints.json", listed))
    assert not app.exception
    assert len([item for item in app.button if item.label == "Open"]) == 1
    assert "Deploy: step 200" in texts(app)


def test_a_list_that_waits_for_its_run_is_no_error_once_the_run_comes():
    listed = json.loads((SAMPLES / "overfit.checkpoints.json").read_bytes())
    for item in listed["data"]:
        item["metrics"] = {}
    app = upload(open_app(), ("overfit.checkpoints.json", json.dumps(listed).encode()))
    assert "belongs to no single run" in app.error[0].value
    app = upload(app, ("overfit.csv", (SAMPLES / "overfit.csv").read_bytes()))
    assert not app.error
    assert "Deploy: step 200" in texts(app)


def test_a_removed_run_is_gone_and_does_not_come_back_with_the_next_file():
    app = upload(open_app(), ("overfit.csv", (SAMPLES / "overfit.csv").read_bytes()))
    remove = next(item for item in app.button if (item.key or "").startswith("remove-"))
    app = remove.click().run()
    assert "overfit" not in names(app)
    app = upload(app, ("healthy.csv", (SAMPLES / "healthy.csv").read_bytes()))
    assert "healthy" in names(app)
    assert "overfit" not in names(app)
