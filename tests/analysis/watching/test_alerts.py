import json
import shlex
import sys
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from analysis import SourceError, Status
from analysis.headline import Headline
from analysis.watching.alerts import (
    Alert,
    alert_of,
    checked_webhook,
    is_at,
    post,
    run_command,
    words_of,
)
from analysis.watching.held import Held
from analysis.watching.look import Look
from analysis.watching.standing import Phase, Standing
from analysis.watching.watched import Watched

RUNNING = Look("running")
ALERT = Alert("ftjob-1", "running", "overfit_severe", "", Status.FAIL, "Trained far too long.", 0.9)


def watched(label: str = "", status: Status = Status.PASS, look: Look = RUNNING) -> Watched:
    headline = Headline(label, f"It is {label}.", 0.9, status) if label else None
    return Watched("ftjob-1", look, Standing(Phase.SO_FAR, Held(headline)))


@pytest.mark.parametrize(
    ("level", "status", "told"),
    [
        ("fail", Status.FAIL, True),
        ("fail", Status.WARN, False),
        ("warn", Status.FAIL, True),
        ("warn", Status.WARN, True),
        ("warn", Status.PASS, False),
    ],
)
def test_a_new_verdict_is_told_from_its_level_up(level, status, told):
    assert (alert_of(watched(), watched("x", status), level) is not None) is told
    assert is_at(watched("x", status), level) is told


def test_a_verdict_that_stays_is_told_once():
    assert alert_of(watched("x", Status.FAIL), watched("x", Status.FAIL), "warn") is None


def test_a_job_that_fails_is_told_once_without_any_verdict():
    ended = watched(look=Look("failed", ended=True))
    alert = alert_of(watched(), ended, "fail")
    assert alert is not None
    assert "failed" in alert.statement
    assert alert_of(ended, ended, "fail") is None
    assert is_at(ended, "fail")


def test_a_job_that_succeeds_is_no_failure():
    assert not is_at(watched(look=Look("succeeded", ended=True)), "warn")


def python(code: str) -> str:
    return shlex.join([sys.executable, "-c", code])


def test_a_command_gets_the_alert_and_no_shell_reads_it(tmp_path):
    out = tmp_path / "out.json"
    code = (
        "import json, os, sys; told = json.load(sys.stdin); "
        "found = [told, os.environ['GOLDILOCKS_STATEMENT'], sys.argv[1]]; "
        f"json.dump(found, open({str(out)!r}, 'w'))"
    )
    hostile = replace(ALERT, statement=f"$(touch {tmp_path}/pwned); `id`\0")
    assert run_command(f"{python(code)} '$HOME;x'", hostile) == ""
    told, statement, word = json.loads(out.read_text())
    assert told == hostile.to_dict()
    assert statement == hostile.statement.replace("\0", " ")
    assert word == "$HOME;x"
    assert not (tmp_path / "pwned").exists()


def test_a_command_that_fails_is_said_and_not_raised():
    assert run_command(python("raise SystemExit(3)"), ALERT) == "the command ended with 3"
    assert "could not be run" in run_command("/no/such/program", ALERT)


@pytest.mark.parametrize("command", ["", "  ", "'open"])
def test_a_command_without_words_is_refused(command):
    with pytest.raises(SourceError):
        words_of(command)


@pytest.mark.parametrize(
    "url",
    ["https://example.com/x", "http://localhost:80/", "http://127.0.0.1/a", "http://[::1]:8/"],
)
def test_https_and_this_machine_may_be_posted_to(url):
    assert checked_webhook(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "file:///etc/passwd",
        "ftp://localhost",
        "",
        "https://",
        "http://[",
        "x",
    ],
)
def test_any_other_address_is_refused(url):
    with pytest.raises(SourceError):
        checked_webhook(url)


@pytest.fixture
def hook():
    """A web address of this machine: what was posted to it, and the status it answers with."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(answer[0])
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    got, answer = [], [204]
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/secret-path", got, answer
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_alert_is_posted_as_json(hook):
    url, got, _ = hook
    assert post(url, ALERT) == ""
    assert got == [ALERT.to_dict()]
    assert got[0]["text"] == "ftjob-1: Trained far too long."


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_refuses_is_said_without_its_address(hook, status):
    url, got, answer = hook
    answer[0] = status
    problem = post(url, ALERT)
    assert str(status) in problem
    assert "secret" not in problem
    assert len(got) == 1


def test_a_webhook_that_is_away_is_said():
    assert "could not be reached" in post("http://127.0.0.1:9/x", ALERT)
