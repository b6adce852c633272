import sys

import pytest

from analysis import SourceError
from analysis.sources.api.address import Provider
from analysis.sources.api.calls import calling
from analysis.sources.api.connection import connect, credential_in_environment
from analysis.sources.api.explanations import AccessError
from analysis.sources.api.jobs import list_jobs
from tests.servers.fine_tuning import AZURE_KEY, OPENAI_KEY
from tests.servers.payloads import openai_job

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl"  # noqa: S105
DATED = "2025-04-01-preview"
LEAKS = {
    "OPENAI_API_KEY": "sk-leaked-key",
    "OPENAI_ADMIN_KEY": "sk-leaked-admin",
    "OPENAI_BASE_URL": "https://leaked.example",
    "OPENAI_ORG_ID": "org-leaked",
    "OPENAI_PROJECT_ID": "proj-leaked",
    "OPENAI_CUSTOM_HEADERS": "X-Leaked: leaked\nAuthorization: Bearer leaked\napi-key: leaked",
    "AZURE_OPENAI_API_KEY": "leaked",
    "AZURE_OPENAI_AD_TOKEN": "leaked",
    "AZURE_OPENAI_ENDPOINT": "https://leaked.example",
    "OPENAI_API_VERSION": "leaked",
}


def first_request(platform, connection):
    with calling(connection) as caller:
        list_jobs(caller)
    return platform.seen[0]


@pytest.mark.parametrize(
    ("way", "path", "header"),
    [
        ((Provider.OPENAI, OPENAI_KEY, ""), "/v1/", ("authorization", f"Bearer {OPENAI_KEY}")),
        ((Provider.AZURE, AZURE_KEY, ""), "/openai/v1/", ("authorization", f"Bearer {AZURE_KEY}")),
        ((Provider.AZURE, TOKEN, ""), "/openai/v1/", ("authorization", f"Bearer {TOKEN}")),
        ((Provider.AZURE, AZURE_KEY, DATED), "/openai/", ("api-key", AZURE_KEY)),
        ((Provider.AZURE, TOKEN, DATED), "/openai/", ("authorization", f"Bearer {TOKEN}")),
        ((Provider.AZURE, AZURE_KEY, "preview"), "/openai/v1/",
         ("authorization", f"Bearer {AZURE_KEY}")),
    ],
)  # fmt: skip
def test_each_way_in_sends_its_credential_and_nothing_of_the_environment(
    platform, monkeypatch, way, path, header
):
    provider, key, version = way
    for name, value in LEAKS.items():
        monkeypatch.setenv(name, value)
    platform.key, platform.jobs = key, [openai_job()]
    request = first_request(platform, connect(provider, platform.url, key, version))
    assert request.path == f"{path}fine_tuning/jobs"
    assert request.headers[header[0]] == header[1]
    assert request.query.get("api-version") == (DATED if version == DATED else None)
    assert "leaked" not in str(request)
    assert not [name for name in request.headers if name.startswith("openai-")]


def test_a_connection_never_shows_its_key(platform):
    connection = connect(Provider.OPENAI, platform.url, OPENAI_KEY)
    assert OPENAI_KEY[8:16] not in repr(connection)
    assert connection.secrets == (OPENAI_KEY,)


@pytest.mark.parametrize("pasted", [f" {OPENAI_KEY}\n", f'"{OPENAI_KEY}"', f"Bearer {OPENAI_KEY}"])
def test_what_people_paste_around_a_key_is_taken_off(pasted):
    assert connect(Provider.OPENAI, "", pasted).credential == OPENAI_KEY


@pytest.mark.parametrize("pasted", ["", "  ", "sk-ab…yz", "two words", "sk-\x00", "ключ"])
def test_what_can_be_no_key_is_refused_before_any_call(pasted):
    with pytest.raises(SourceError) as caught:
        connect(Provider.OPENAI, "", pasted)
    assert caught.value.remedy
    assert not pasted.strip() or pasted not in str(caught.value)


def test_openai_needs_a_key():
    with pytest.raises(SourceError, match="key is missing"):
        connect(Provider.OPENAI)


def test_an_api_version_that_is_no_date_is_refused():
    with pytest.raises(SourceError, match="API version"):
        connect(Provider.AZURE, "res", AZURE_KEY, "newest")


def test_without_azures_package_its_sign_in_says_what_to_do(platform, monkeypatch):
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    connection = connect(Provider.AZURE, platform.url)
    with pytest.raises(SourceError, match="pip install azure-identity"), calling(connection):
        pass


@pytest.fixture
def azure_package(tmp_path, monkeypatch):
    """Put a package of azure-identity's names and errors on the path; it signs in as told."""
    (tmp_path / "azure" / "core").mkdir(parents=True)
    (tmp_path / "azure" / "core" / "exceptions.py").write_text(
        "class ClientAuthenticationError(Exception): pass\n"
    )
    (tmp_path / "azure" / "identity.py").write_text(
        "from azure.core.exceptions import ClientAuthenticationError\n"
        "tokens = []\n"
        "class DefaultAzureCredential: pass\n"
        "def get_bearer_token_provider(credential, scope):\n"
        "    def token():\n"
        "        if not tokens: raise ClientAuthenticationError('no account: eyJsecret.a.b')\n"
        "        return tokens.pop(0) + '@' + scope\n"
        "    return token\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.split(".")[0] == "azure"]:
        monkeypatch.delitem(sys.modules, name)
    from azure import identity  # noqa: PLC0415

    yield identity
    for name in [name for name in sys.modules if name.split(".")[0] == "azure"]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("version", "scope"),
    [("", "https://ai.azure.com/.default"),
     (DATED, "https://cognitiveservices.azure.com/.default")],
)  # fmt: skip
def test_azures_sign_in_gives_every_call_a_fresh_token(platform, azure_package, version, scope):
    azure_package.tokens.extend(["first", "second"])
    with calling(connect(Provider.AZURE, platform.url, None, version)) as caller:
        for token in ("first", "second"):
            platform.key = f"{token}@{scope}"
            list_jobs(caller)
    sent = [request.headers["authorization"] for request in platform.seen]
    assert sent == [f"Bearer first@{scope}", f"Bearer second@{scope}"]


@pytest.mark.usefixtures("azure_package")
def test_a_machine_that_is_not_signed_in_says_so(platform):
    with (
        calling(connect(Provider.AZURE, platform.url)) as caller,
        pytest.raises(AccessError, match="az login") as caught,
    ):
        list_jobs(caller)
    assert "eyJ" not in str(caught.value)
    assert platform.seen == []


def test_the_command_lines_keys_come_from_the_environment(monkeypatch):
    for name in LEAKS:
        monkeypatch.delenv(name, raising=False)
    assert credential_in_environment(Provider.AZURE) is None
    with pytest.raises(SourceError, match="OPENAI_API_KEY"):
        credential_in_environment(Provider.OPENAI)
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "a")
    assert credential_in_environment(Provider.AZURE) == "a"
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "t")
    assert credential_in_environment(Provider.AZURE) == "t"
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert credential_in_environment(Provider.OPENAI) == "k"
