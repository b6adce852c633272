"""Sign-in: off unless it is set up; then nobody sees anything before it."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.app import button, open_app, open_samples, texts
from tests.shared_data import ROOT

PAGES = ["app.py", *sorted(f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py"))]
ADA = {"is_logged_in": True, "name": "Ada [x](http://evil.example)", "email": "ada@Example.org"}


def app_for(user: dict, page: str = "app.py", allowed: object = None) -> AppTest:
    app = AppTest.from_file(str(ROOT / page), default_timeout=60)
    app.user = user
    if allowed is not None:
        app.secrets = {"goldilocks": {"allowed_users": allowed}}
    return app.run()


def labels(app) -> list[str]:
    return [item.label for item in app.button]


def test_without_its_settings_there_is_no_sign_in():
    app = open_samples(open_app())
    assert "Sign out" not in labels(app)
    assert any(label == "Open" for label in labels(app))


@pytest.mark.parametrize("page", PAGES)
def test_nobody_sees_a_page_before_signing_in(page):
    app = app_for({"is_logged_in": False}, page)
    assert not app.exception
    assert labels(app) == ["Sign in"]
    assert [title.value for title in app.title] == ["Goldilocks"]
    assert not app.sidebar.children
    assert not app.file_uploader
    assert "reports" not in app.session_state


def test_somebody_signed_in_is_named_in_the_menu_and_can_leave():
    app = app_for(ADA)
    app = open_samples(app)
    assert "Ada" in texts(app)
    assert "[x](http://evil" not in texts(app)
    assert app.session_state["reports"]
    app = button(app, "Sign out").click().run()
    assert labels(app) == ["Sign in"]
    assert "reports" not in app.session_state


@pytest.mark.parametrize(
    ("user", "allowed", "is_let_in"),
    [
        (ADA, ["ada@example.org"], True),
        (ADA, ["@example.org"], True),
        (ADA, [" ADA@EXAMPLE.ORG "], True),
        (ADA, ["@example.com", "bob@example.org"], False),
        (ADA, ["example.org", "@ple.org", "@xample.org", "a@example.org"], False),
        (ADA, [], False),
        (ADA, "ada@example.org", False),
        (ADA | {"email": "ada@example.org@evil.example"}, ["@example.org"], False),
        (ADA | {"email_verified": False}, ["@example.org"], False),
        (ADA | {"email_verified": "false"}, ["@example.org"], False),
        (ADA | {"email_verified": True}, ["@example.org"], True),
        ({"is_logged_in": True, "name": "Nobody"}, ["@example.org"], False),
    ],
)
def test_only_those_who_are_listed_are_let_in(user, allowed, is_let_in):
    app = app_for(user, allowed=allowed)
    assert not app.exception
    assert bool(app.file_uploader) == is_let_in
    assert "Sign out" in labels(app)
    assert is_let_in or "may not use this app" in app.warning[0].value


def test_settings_that_cannot_be_read_let_in_nobody(tmp_path, monkeypatch):
    broken = tmp_path / "secrets.toml"
    broken.write_text("[auth\n")
    own = st.get_option
    monkeypatch.setattr(
        st, "get_option", lambda name: [str(broken)] if name == "secrets.files" else own(name)
    )
    app = open_app()
    assert not app.file_uploader
    assert "nobody is let in" in app.error[0].value
