"""The audit says what is known, what is not, and never mistakes the one for the other."""

import importlib.util

import pytest

from tests.shared_data import ROOT

FINE = {"name": "a", "version": "1", "vulns": []}
FLAWED = {
    "name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}],
}  # fmt: skip
UNKNOWN = {"name": "c", "skip_reason": "Dependency not found"}


@pytest.fixture
def audit():
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([FINE], 0, "1 of 1 pinned packages audited, 0 known flaws"),
        ([FINE, FLAWED], 1, "b 2: PYSEC-1, fixed in 2.1"),
        ([FINE, UNKNOWN], 0, "NOT AUDITED: c"),
        ([UNKNOWN, FLAWED], 1, "PYSEC-1"),
        ([UNKNOWN], 0, "NOT AUDITED: this index serves no"),
        ([], 0, "NOT AUDITED"),
    ],
)
def test_what_is_known_fails_and_what_is_not_known_is_said(audit, capsys, packages, code, said):
    assert audit.verdict(packages) == code
    assert said in capsys.readouterr().out


def test_an_index_out_of_reach_is_said_and_fails_nothing(audit, capsys, monkeypatch):
    monkeypatch.setattr(audit, "COMMAND", ("-c", "raise SystemExit('no network')"))
    assert audit.main() == 0
    assert "NOT AUDITED" in capsys.readouterr().out
