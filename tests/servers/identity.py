"""A small OpenID Connect provider on this machine: it signs in whoever it is told, at once."""

import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "goldilocks", "the-clients-secret-0123456789"


@dataclass
class Provider:
    """The provider's state; tests read and change it while it runs."""

    user: dict[str, object]
    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def discovery(self) -> dict[str, object]:
        """Return what tells a client where everything is."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorized(self, query: dict[str, str]) -> str:
        """Return where the browser goes on to, with a code."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, object] | None:
        """Return the signed identity for a code; None where the proof does not fit."""
        asked = self.codes.pop(form.get("code", ""), None)
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked.get("code_challenge") != challenge:
            self.refused.append(form.get("code", ""))
            return None
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 600,
            "nonce": asked["nonce"], **self.user,
        }  # fmt: skip
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 600, "id_token": signed}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    provider: Provider


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self):
        parts, provider = urlsplit(self.path), self.server.provider
        if parts.path == "/authorize":
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            self._answer(302, b"", Location=provider.authorized(query))
        elif parts.path == "/jwks":
            self._json({"keys": [provider.key.as_dict(private=False)]})
        elif parts.path == "/.well-known/openid-configuration":
            self._json(provider.discovery())
        else:
            self._answer(404, b"")

    def do_POST(self):
        sent = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        token = self.server.provider.token({k: v[0] for k, v in parse_qs(sent).items()})
        self._json(token or {"error": "invalid_grant"}, 200 if token else 400)

    def _json(self, document: object, status: int = 200) -> None:
        self._answer(status, json.dumps(document).encode())

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def providing(user: dict[str, object]) -> Iterator[Provider]:
    """Serve a provider that signs in this user, at a free port of this machine."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.provider = Provider(user, f"http://localhost:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
