"""Allowed addresses: exact origins, and no way around them, redirects included."""

import pytest

from analysis import SourceError
from analysis.sources.api.address import Provider
from analysis.sources.api.allowed import VARIABLE, allowed_origins, check_allowed, origin_of
from analysis.sources.api.calls import calling
from analysis.sources.api.connection import connect
from analysis.sources.api.explanations import AccessError
from analysis.sources.api.jobs import list_jobs
from tests.servers.fine_tuning import AZURE_KEY, OPENAI_KEY, Platform, Reply, serving
from tests.servers.payloads import openai_job

ALLOWED = "https://api.openai.com, https://acme.openai.azure.com/,http://localhost:9000"
DATED = "2025-04-01-preview"


@pytest.fixture
def shared(monkeypatch):
    monkeypatch.setenv(VARIABLE, ALLOWED)


def test_without_the_setting_every_address_is_allowed(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert allowed_origins() is None
    check_allowed("https://anywhere.example/v1/")


@pytest.mark.parametrize(
    "address",
    [
        "https://api.openai.com/v1/",
        "https://API.OpenAI.com:443/v1/",
        "https://acme.openai.azure.com/openai/v1/",
        "http://localhost:9000/v1/",
    ],
)
@pytest.mark.usefixtures("shared")
def test_an_allowed_origin_may_be_called_whatever_its_path(address):
    check_allowed(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://api.openai.com/v1/",
        "https://api.openai.com:8443/v1/",
        "https://api.openai.com.evil.example/v1/",
        "https://evil.example/api.openai.com/v1/",
        "https://evil.example?https://api.openai.com",
        "https://evil.example#https://api.openai.com",
        "https://xapi.openai.com/v1/",
        "https://eu.api.openai.com/v1/",
        "https://api.openai.com./v1/",
        "http://localhost/v1/",
        "http://127.0.0.1:9000/v1/",
        "http://[::1]:9000/v1/",
    ],
)
@pytest.mark.usefixtures("shared")
def test_any_other_origin_is_refused_and_the_allowed_ones_are_named(address):
    with pytest.raises(SourceError, match="may not be called") as caught:
        check_allowed(address)
    assert "https://acme.openai.azure.com" in caught.value.remedy


@pytest.mark.parametrize(
    "pasted",
    [
        "https://api.openai.com@evil.example/v1",
        "https://api.openai.com:pw@evil.example/v1",
        "https://evil.example\\@api.openai.com/v1",
        "https://api.openai.com\\@evil.example/v1",
        "//evil.example/v1",
        "evil.example",
        "evil",
        "https://ai.azure.com/x?wsid=/subscriptions/s/accounts/evil",
    ],
)
@pytest.mark.parametrize("provider", Provider)
@pytest.mark.usefixtures("shared")
def test_no_spelling_of_an_address_leads_elsewhere(provider, pasted):
    try:
        connection = connect(provider, pasted, OPENAI_KEY)
    except SourceError:
        return
    assert origin_of(connection.base_url) in allowed_origins()


@pytest.mark.parametrize("setting", ["", " , "])
def test_a_setting_that_names_none_allows_none(monkeypatch, setting):
    monkeypatch.setenv(VARIABLE, setting)
    assert allowed_origins() == ()
    with pytest.raises(SourceError, match="switched connecting off"):
        connect(Provider.OPENAI, "", OPENAI_KEY)


@pytest.mark.parametrize(
    "setting",
    ["api.openai.com", "https://*.openai.azure.com", "https://u:p@x.example", "ftp://x.example",
     "https://x.example:port", "https://"],
)  # fmt: skip
def test_a_setting_that_cannot_be_read_allows_none(monkeypatch, setting):
    monkeypatch.setenv(VARIABLE, setting)
    with pytest.raises(SourceError, match=VARIABLE):
        connect(Provider.OPENAI, "", OPENAI_KEY)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("provider", "key", "version"),
    [(Provider.OPENAI, OPENAI_KEY, ""), (Provider.AZURE, AZURE_KEY, DATED)],
)
def test_a_redirect_to_another_origin_is_not_followed(status, provider, key, version):
    elsewhere = Platform(key=key, jobs=[openai_job()])
    platform = Platform(key=key)
    with serving(elsewhere), serving(platform):
        to = f"{elsewhere.url}/v1/fine_tuning/jobs?api-version={version}"
        platform.fault("jobs", Reply(status, headers={"Location": to}))
        connection = connect(provider, platform.url, key, version)
        with calling(connection) as caller, pytest.raises(AccessError, match="another address"):
            list_jobs(caller)
    assert len(platform.seen) == 1
    assert elsewhere.seen == []


def test_a_redirect_within_the_origin_is_followed():
    platform = Platform(jobs=[openai_job()])
    with serving(platform):
        there = Reply(307, headers={"Location": "/openai/v1/fine_tuning/jobs"})
        platform.fault("/v1/fine_tuning/jobs", there, times=1)
        with calling(connect(Provider.OPENAI, platform.url, OPENAI_KEY)) as caller:
            assert len(list_jobs(caller).items) == 1
    assert platform.paths() == ["/v1/fine_tuning/jobs", "/openai/v1/fine_tuning/jobs"]
