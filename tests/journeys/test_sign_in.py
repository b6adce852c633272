"""Sign-in in the browser, against a provider on this machine."""

import socket

from playwright.sync_api import Browser, expect

from tests.journeys.serving import app_served
from tests.servers.app import free_port
from tests.servers.identity import CLIENT, SECRET, providing

ADA = {"name": "Ada Lovelace", "email": "ada@example.org", "email_verified": True}
COOKIE_SECRET = "a-long-secret-of-the-app-0123456789"  # noqa: S105 - of a test
PAGES = ("", "run", "compare", "decide", "runs", "metrics", "grader", "report")


def settings(provider, port: int, allowed: str) -> str:
    return f"""
[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{provider.url}/.well-known/openid-configuration"

[goldilocks]
allowed_users = ["{allowed}"]
"""


def test_nobody_sees_a_page_before_signing_in_and_who_leaves_leaves_nothing(
    tmp_path, browser: Browser
):
    port, secrets = free_port(), tmp_path / "secrets.toml"
    with providing(ADA) as provider:
        secrets.write_text(settings(provider, port, "@example.org"))
        with app_served(tmp_path, ["--secrets.files", str(secrets)], port=port) as app:
            context = browser.new_context()
            page = context.new_page()
            page.set_default_timeout(60_000)
            for name in PAGES:
                page.goto(f"{app.url}/{name}")
                expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=60_000)
                assert page.get_by_role("link", name="Report").count() == 0
                assert page.get_by_role("button", name="Open the samples").count() == 0
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_text("Ada Lovelace")).to_be_visible(timeout=60_000)
            page.get_by_role("button", name="Open the samples").click()
            expect(page.get_by_role("button", name="Open", exact=True)).to_have_count(6)
            page.get_by_role("button", name="Sign out").click()
            expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=60_000)
            provider.user = {"name": "Eve", "email": "eve@elsewhere.example"}
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_text("may not use this app")).to_be_visible(timeout=60_000)
            assert page.get_by_role("link", name="Report").count() == 0
            context.close()
            assert provider.refused == []
            said = app.written()
    assert SECRET not in said
    assert COOKIE_SECRET not in said


def handshake(port: int, host: str, origin: str) -> int:
    """Return the status with which the server answers a browser's wish for a session."""
    lines = [
        "GET /_stcore/stream HTTP/1.1", f"Host: {host}", f"Origin: {origin}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: streamlit", "", "",
    ]  # fmt: skip
    with socket.create_connection(("localhost", port), timeout=20) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return int(connection.recv(64).split()[1])


def test_no_other_site_and_no_other_name_of_this_machine_opens_a_session(tmp_path):
    with app_served(tmp_path) as app:
        own, port = f"localhost:{app.port}", app.port
        assert handshake(port, own, f"http://{own}") == 101
        assert handshake(port, own, "http://evil.example") == 403
        assert handshake(port, f"evil.example:{port}", f"http://evil.example:{port}") == 403
