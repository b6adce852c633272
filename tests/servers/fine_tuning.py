"""A real HTTP server on this machine that speaks the fine-tuning API, faults included."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

OPENAI_KEY = "sk-proj-Abc123Def456Ghi789Jkl012Mno345Pqr678"
AZURE_KEY = "0123456789abcdef0123456789abcdef"
PREFIXES = ("/api/projects/demo/openai/v1", "/openai/v1", "/v1", "/openai")
PAGE = b"<!DOCTYPE html><html><head><title>Portal</title></head><body>Sign in</body></html>"


@dataclass(frozen=True)
class Reply:
    """What the server says in place of the truth."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    cut_after: int | None = None  # bytes of the body, then the connection is dropped
    declared: int | None = None  # the length that the header tells, where it is not the body's
    silent: bool = False  # no answer until the server is closed
    dribble: bool = False  # a byte now and then until the server is closed


def error(status: int, message: str = "", code: str | None = None, **headers: str) -> Reply:
    """Return an error as the platforms word it."""
    body = {"error": {"message": message, "type": "error", "param": None, "code": code}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps(body).encode(), named)


@dataclass(frozen=True)
class Seen:
    """A request that reached the server."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Platform:
    """The server's whole state; tests read and change it while it runs."""

    key: str = OPENAI_KEY
    jobs: list[dict] = field(default_factory=list)
    events: dict[str, list[dict]] = field(default_factory=dict)
    checkpoints: dict[str, list[dict]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    max_page: int = 100
    has_more: bool = True  # whether pages carry the field
    endless: bool = False  # whether lists never end
    repeating: bool = False  # whether every page is the first one
    seen: list[Seen] = field(default_factory=list)
    url: str = ""
    _broken_page: tuple[int, Reply] | None = None
    _faults: list[list] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    _gate: threading.Event = field(default_factory=threading.Event)

    def fault(self, part: str, reply: Reply, *, times: int = 1_000_000) -> None:
        """Answer requests whose path contains a part with this reply, so many times."""
        self._faults.append([part, reply, times])

    def fault_from_page(self, number: int, reply: Reply) -> None:
        """Answer every page from this one on with this reply; the first page is number 1."""
        self._broken_page = (number, reply)

    def mend(self) -> None:
        """Take all faults back."""
        self._faults.clear()

    def hold(self, part: str) -> None:
        """Answer requests of this part only after ``release``."""
        self._gate.clear()
        self._faults.append([part, None, 1])

    def release(self) -> None:
        """Let held requests go on."""
        self._gate.set()

    def paths(self) -> list[str]:
        """Return the paths asked for, in order."""
        return [request.path for request in self.seen]

    def reply_to(self, request: Seen) -> Reply:
        """Return the answer to a request."""
        for fault in self._faults:
            part, reply, times = fault
            if part in request.path and times > 0:
                fault[2] -= 1
                if reply is not None:
                    return reply
                self._gate.wait()
        prefix = next((p for p in PREFIXES if request.path.startswith(f"{p}/")), None)
        if prefix is None:
            return Reply(200, PAGE, content_type="text/html; charset=utf-8")
        return self._refusal(request, prefix) or self._truth(request, prefix)

    def _refusal(self, request: Seen, prefix: str) -> Reply | None:
        version = request.query.get("api-version", "")
        if prefix == "/openai" and not version:
            return error(404, "Resource not found")
        if prefix != "/openai" and version not in {"", "v1", "preview"}:
            return error(400, "api-version query parameter is not allowed when using /v1 path")
        sent = request.headers.get("api-key") or request.headers.get("authorization", "")
        sent = sent.removeprefix("Bearer ")
        if sent != self.key:
            masked = f"{sent[:5]}{'*' * 20}{sent[-4:]}"
            message = f"Incorrect API key provided: {masked}. You sent {sent}."
            return error(401, message, "invalid_api_key")
        return None

    def _truth(self, request: Seen, prefix: str) -> Reply:
        parts = request.path.removeprefix(prefix).strip("/").split("/")
        match parts:
            case ["fine_tuning", "jobs"]:
                return self._page(self.jobs, request)
            case ["fine_tuning", "jobs", job_id, "events"]:
                return self._page(self.events.get(job_id, []), request)
            case ["fine_tuning", "jobs", job_id, "checkpoints"]:
                return self._page(self.checkpoints.get(job_id, []), request)
            case ["fine_tuning", "jobs", job_id, change] if request.method == "POST":
                return self._change(job_id, change)
            case ["fine_tuning", "jobs", job_id]:
                job = next((job for job in self.jobs if job["id"] == job_id), None)
                return _json(job) if job else error(404, f"No such job: {job_id}")
            case ["files", file_id, "content"] if file_id in self.files:
                return Reply(200, self.files[file_id], content_type="application/octet-stream")
        return error(404, "Not found")

    def _page(self, items: list[dict], request: Seen) -> Reply:
        after = request.query.get("after")
        size = min(int(request.query.get("limit", 20)), self.max_page)
        if self.endless:
            first = int(after.split("-")[-1]) + 1 if after else 0
            page = [{"id": f"item-{n}", "object": "thing"} for n in range(first, first + size)]
            return self._document(page, more=True)
        ids = [item.get("id") for item in items]
        start = ids.index(after) + 1 if after in ids and not self.repeating else 0
        if self._broken_page and start // size + 1 >= self._broken_page[0]:
            return self._broken_page[1]
        return self._document(items[start : start + size], more=start + size < len(items))

    def _document(self, page: list[dict], *, more: bool) -> Reply:
        document = {"object": "list", "data": page}
        return _json(document | ({"has_more": more} if self.has_more else {}))

    def _change(self, job_id: str, change: str) -> Reply:
        job = next((job for job in self.jobs if job["id"] == job_id), None)
        after = {"cancel": "cancelled", "pause": "paused", "resume": "running"}.get(change)
        if job is None or after is None:
            return error(404, "Not found")
        if job["status"] in {"succeeded", "failed", "cancelled"}:
            return error(409, f"Job has already {job['status']}.")
        job["status"] = after
        return _json(job)


def _json(document: object) -> Reply:
    return Reply(200, json.dumps(document).encode())


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    platform: Platform

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self):
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.rfile.read(int(headers.get("content-length", 0)))
        request = Seen(self.command, parts.path, query, headers)
        self.server.platform.seen.append(request)
        with suppress(ConnectionError):
            self._say(self.server.platform.reply_to(request))

    def do_POST(self):
        self.do_GET()

    def _say(self, reply: Reply) -> None:
        if reply.silent:
            self.server.platform.closing.wait()
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        length = len(reply.body) if reply.declared is None else reply.declared
        self.send_header("Content-Length", str(9999 if reply.dribble else length))
        self.send_header("x-request-id", "req_of_this_call")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        while reply.dribble and not self.server.platform.closing.wait(0.02):
            self.wfile.write(b" ")
            self.wfile.flush()
        self.wfile.write(reply.body[: reply.cut_after])
        broken = reply.cut_after is not None or reply.declared is not None
        self.close_connection |= reply.dribble or broken

    def log_message(self, *_):
        pass


@contextmanager
def serving(platform: Platform) -> Iterator[Platform]:
    """Serve a platform at a free port of this machine."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.platform = platform
    platform.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield platform
    finally:
        platform.closing.set()
        platform.release()
        server.shutdown()
        thread.join()
        server.server_close()
