import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.sources.api.redaction import HIDDEN, PIECE, redacted, without, without_credentials

KEY = "sk-proj-Abc123Def456Ghi789"
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
KEYS = st.text(ALPHABET, min_size=PIECE, max_size=120)


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-Abc123Def456Ghi789",
        "sk-ab***wxyz",
        "sk-ab...wxyz",
        "sk-ab•••wxyz",
        "sk-ab…wxyz",
        "SK-ABCDEF",
        "sess-a8sd7f6as8d7f",
        "ab*****wxyz",
        "Bearer abc.def",
        "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln-_",
        "0123456789abcdef0123456789abcdef",
        "A" * 84,
    ],
)
@pytest.mark.parametrize("around", ["{}", "key: {}.", '"{}"', "({})", "key={},"])
def test_what_looks_like_a_key_is_hidden(secret, around):
    text = redacted(around.format(secret))
    assert HIDDEN in text
    for piece in (secret[:4], secret[-4:]):
        assert piece not in text.replace(HIDDEN, "")


@pytest.mark.parametrize(
    "harmless",
    [
        "ftjob-00000000000000000000000000000001",
        "file-00000000000000000000000000000003",
        "gpt-4o-mini-2024-07-18.ft-00000000000000000000000000000009:ckpt-step-60",
        "Your task-based risk-adjusted job was stopped: no such file.",
        "2025-04-01-preview",
        "Check plan and billing...",
    ],
)
def test_ids_and_prose_stay(harmless):
    assert redacted(harmless, [KEY]) == harmless


@given(KEYS, st.text(max_size=40), st.text(max_size=40), st.data())
def test_no_piece_of_the_own_key_is_left(key, before, after, data):
    start = data.draw(st.integers(0, len(key) - PIECE))
    end = data.draw(st.integers(start + PIECE, len(key)))
    echo = data.draw(st.sampled_from([str, str.upper, str.lower]))(key[start:end])
    left = without(before + echo + after, [key]).replace(HIDDEN, "\0").lower()
    pieces = {key[at : at + PIECE].lower() for at in range(len(key) - PIECE + 1)}
    assert not [piece for piece in pieces if piece in left]


@given(st.text(max_size=80), KEYS)
def test_a_text_without_the_key_stays_as_it_is(text, key):
    pieces = {key[at : at + PIECE].lower() for at in range(len(key) - PIECE + 1)}
    assume(not any(piece in text.lower() for piece in pieces))
    assert without(text, [key]) == text


def test_what_stands_between_two_echoes_stays():
    text = f"sent {KEY[:12]} and then {KEY[-10:]}, sorry"
    assert without(text, [KEY]) == f"sent {HIDDEN} and then {HIDDEN}, sorry"


def test_a_document_loses_credentials_and_nothing_else():
    document = {
        "id": "ftjob-1",
        "trained_tokens": 12,
        "grader": {
            "type": "endpoint",
            "headers": {"Authorization": "Basic abc", "api-key": "x", "Accept": "text"},
            "source": f"call('{KEY}')",
        },
        "list": [None, 1.5, True, {"client_secret": "x", "access_token": "y"}],
    }
    clean = without_credentials(document, [KEY])
    assert clean == {
        "id": "ftjob-1",
        "trained_tokens": 12,
        "grader": {
            "type": "endpoint",
            "headers": {"Authorization": HIDDEN, "api-key": HIDDEN, "Accept": "text"},
            "source": f"call('{HIDDEN}')",
        },
        "list": [None, 1.5, True, {"client_secret": HIDDEN, "access_token": HIDDEN}],
    }
    assert KEY in json.dumps(document)
