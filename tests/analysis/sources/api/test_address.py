import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import SourceError
from analysis.sources.api.address import OPENAI_ADDRESS, Provider, base_url_of

RESOURCE = "https://res.openai.azure.com/openai/v1/"
PROJECT = "https://res.services.ai.azure.com/api/projects/demo/openai/v1/"
ACCOUNT = "/subscriptions/0-0/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/Res"


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("https://res.openai.azure.com", RESOURCE),
        ("https://res.openai.azure.com/", RESOURCE),
        ("  'https://res.openai.azure.com/'\n", RESOURCE),
        ("res.openai.azure.com", RESOURCE),
        ("res", RESOURCE),
        ("http://res.openai.azure.com", RESOURCE),
        ("https://res.openai.azure.com/openai", RESOURCE),
        ("https://res.openai.azure.com/openai/v1", RESOURCE),
        ("https://res.openai.azure.com/openai/v1/", RESOURCE),
        ("https://res.openai.azure.com//openai/v1//", RESOURCE),
        ("https://res.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
         RESOURCE),
        ("https://res.openai.azure.com/openai/v1/fine_tuning/jobs?limit=3", RESOURCE),
        ("https://res.openai.azure.com/v1", RESOURCE),
        ("https://res.services.ai.azure.com/", "https://res.services.ai.azure.com/openai/v1/"),
        ("https://res.services.ai.azure.com/models", "https://res.services.ai.azure.com/openai/v1/"),
        ("https://res.services.ai.azure.com/api/projects/demo", PROJECT),
        ("https://res.services.ai.azure.com/api/projects/demo/", PROJECT),
        ("https://res.services.ai.azure.com/api/projects/demo/openai/v1/", PROJECT),
        ("https://res.cognitiveservices.azure.com/", "https://res.cognitiveservices.azure.com/openai/v1/"),
        (f"https://portal.azure.com/#@t/resource{ACCOUNT}/overview", RESOURCE),
        (f"https://ai.azure.com/resource/overview?wsid={ACCOUNT}&tid=1", RESOURCE),
        (f"https://ai.azure.com/foundryProject/overview?wsid={ACCOUNT.replace('/', '%2F')}"
         "%2Fprojects%2Fdemo&tid=1", PROJECT),
        ("https://gateway.example.com/llm/openai/v1", "https://gateway.example.com/llm/openai/v1/"),
        ("https://gateway.example.com/llm/v1", "https://gateway.example.com/llm/v1/"),
        ("https://gateway.example.com/llm", "https://gateway.example.com/llm/openai/v1/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/openai/v1/"),
        ("localhost:8000", "http://localhost:8000/openai/v1/"),
    ],
)  # fmt: skip
def test_whatever_azure_users_paste_becomes_the_v1_address(pasted, expected):
    assert base_url_of(Provider.AZURE, pasted) == expected


@pytest.mark.parametrize(
    "pasted",
    [
        "https://res.openai.azure.com",
        "https://res.openai.azure.com/openai/v1/",
        "https://res.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
        f"https://portal.azure.com/#@t/resource{ACCOUNT}/overview",
    ],
)
def test_with_an_api_version_the_address_is_the_root_of_the_resource(pasted):
    assert base_url_of(Provider.AZURE, pasted, legacy=True) == "https://res.openai.azure.com/"


def test_a_projects_address_has_no_project_with_an_api_version():
    found = base_url_of(Provider.AZURE, PROJECT, legacy=True)
    assert found == "https://res.services.ai.azure.com/"


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("", OPENAI_ADDRESS),
        ("https://api.openai.com", OPENAI_ADDRESS),
        ("https://api.openai.com/v1", OPENAI_ADDRESS),
        ("platform.openai.com/finetune", OPENAI_ADDRESS),
        ("https://eu.api.openai.com/v1", "https://eu.api.openai.com/v1/"),
        ("https://eu.api.openai.com", "https://eu.api.openai.com/v1/"),
        ("http://localhost:4000/proxy/v1/", "http://localhost:4000/proxy/v1/"),
    ],
)
def test_openai_needs_no_address_and_takes_that_of_a_proxy(pasted, expected):
    assert base_url_of(Provider.OPENAI, pasted) == expected


@pytest.mark.parametrize(
    ("pasted", "word"),
    [
        ("", "missing"),
        ("https://ai.azure.com/home", "portal"),
        ("https://portal.azure.com/#home", "portal"),
        ("http://gateway.example.com/openai", "unencrypted"),
        ("https://me:secretword@res.openai.azure.com", "password"),
        ("ftp://res.openai.azure.com", "no address"),
        ("https://", "no address"),
        ("https://res.openai.azure.com:port", "no address"),
        ("not an address", "no address"),
        ("https://exa mple.com", "no address"),
    ],
)
def test_what_is_no_address_of_an_api_is_refused_with_what_to_do(pasted, word):
    with pytest.raises(SourceError, match=word) as caught:
        base_url_of(Provider.AZURE, pasted)
    assert caught.value.remedy
    assert "secretword" not in str(caught.value)


SEGMENTS = st.lists(
    st.sampled_from(["openai", "v1", "api", "projects", "demo", "deployments", "", "..", "x y"]),
    max_size=6,
)


@given(
    st.sampled_from(list(Provider)),
    st.sampled_from(["res.openai.azure.com", "gw.example.com", "localhost:80", "127.0.0.1"]),
    SEGMENTS,
    st.sampled_from(["", "?api-version=1", "#part", "/", "///"]),
    st.booleans(),
)
def test_an_address_once_made_right_stays_as_it_is(provider, host, segments, rest, legacy):
    once = base_url_of(provider, f"https://{host}/{'/'.join(segments)}{rest}", legacy=legacy)
    assert once == base_url_of(provider, once, legacy=legacy)
    assert once.startswith(f"https://{host}/")
    assert once.endswith("/")
    assert "?" not in once
    assert "//" not in once.removeprefix("https://")


@given(st.sampled_from(list(Provider)), st.text(max_size=60))
def test_any_text_gives_a_safe_address_or_a_clear_refusal(provider, pasted):
    try:
        address = base_url_of(provider, pasted)
    except SourceError as error:
        said = error.remedy
    else:
        said = address.startswith(("https://", "http://localhost", "http://127.0.0.1", "http://["))
    assert said
