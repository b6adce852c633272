"""Sign-in by OpenID Connect, where whoever runs the app has set it up; off otherwise.

It is Streamlit's own: an ``[auth]`` section in ``secrets.toml`` turns it on. Beside it,

    [goldilocks]
    allowed_users = ["ada@example.org", "@example.com"]

lets in these people and everybody of these domains only. Settings that are there and cannot be read
let in nobody.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAuthError

from pages.shared import api_state, state, watch_state
from pages.shared.literal import literal

AUTH, OWN, ALLOWED = "auth", "goldilocks", "allowed_users"
TITLE = "Goldilocks"


def require() -> None:
    """Let the page go on for somebody who may see it; for anybody else it ends here."""
    try:
        secrets = _secrets()
    except ValueError:
        st.title(TITLE)
        st.error("The settings cannot be read, so nobody is let in: tell whoever runs this app.")
        st.stop()
    if "is_logged_in" not in st.user and AUTH not in secrets:
        return
    if not st.user.get("is_logged_in"):
        _ask(secrets.get(AUTH, {}))
        st.stop()
    if not _is_allowed(secrets):
        st.title(TITLE)
        st.warning(f"{literal(_name())} may not use this app.", icon=":material/block:")
        _sign_out()
        st.stop()


def menu() -> None:
    """Draw who is signed in, and the way out."""
    if st.user.get("is_logged_in"):
        st.space("small")
        st.caption(f":material/person: {literal(_name())}")
        _sign_out()


def _secrets() -> Mapping[str, Any]:
    """Return the settings; none where there is no file of them.

    Raises
    ------
    ValueError
        If there is a file and it cannot be read.
    """
    try:
        return st.secrets.to_dict()
    except FileNotFoundError:  # Streamlit says so of a broken file, too
        if any(Path(file).exists() for file in st.get_option("secrets.files")):
            raise ValueError("secrets cannot be read") from None
        return {}


def _ask(auth: Mapping[str, Any]) -> None:
    st.title(TITLE)
    st.markdown("Sign in to see fine-tuning runs and their verdicts.")
    providers = [name for name, value in auth.items() if isinstance(value, Mapping)]
    for name in providers or [None]:
        label = f"Sign in with {name.capitalize()}" if name else "Sign in"
        if st.button(label, icon=":material/login:", key=f"sign-in-{name}"):
            try:
                st.login(name)
            except StreamlitAuthError:
                st.error("Sign-in is not set up completely: tell whoever runs this app.")


def _is_allowed(secrets: Mapping[str, Any]) -> bool:
    own = secrets.get(OWN, {})
    if ALLOWED not in own:
        return True
    listed = own[ALLOWED]
    email = str(st.user.get("email") or "").lower()
    if not isinstance(listed, list) or "@" not in email or not _is_verified():
        return False
    domain = email[email.rindex("@") :]
    return any(str(entry).strip().lower() in {email, domain} for entry in listed)


def _is_verified() -> bool:
    """Return whether the provider has not said that the address is unproven."""
    return st.user.get("email_verified", True) in {True, "true"}


def _name() -> str:
    return str(st.user.get("name") or st.user.get("email") or "Somebody without a name")


def _sign_out() -> None:
    st.button("Sign out", icon=":material/logout:", type="tertiary", on_click=_leave)


def _leave() -> None:
    """Forget everything of the session, keys first, and end the sign-in."""
    api_state.forget()
    watch_state.stop()
    state.forget()
    st.logout()
