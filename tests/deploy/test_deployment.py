"""The files for a team agree with each other and with what is there."""

import re

import yaml

from tests.shared_data import ROOT

CONTAINERFILE = (ROOT / "Containerfile").read_text()
PROXY = (ROOT / "deploy" / "nginx.conf").read_text()
SERVICES = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]


def copied() -> list[str]:
    """Return what the image gets of the project."""
    lines = re.findall(r"^COPY (.+) \S+$", CONTAINERFILE, re.MULTILINE)
    return [name.rstrip("/") for line in lines for name in line.split()]


def test_all_that_the_image_gets_is_there_and_passes_the_filter():
    kept = (ROOT / ".containerignore").read_text().splitlines()
    passed = {line.removeprefix("!").split("/")[0] for line in kept if line.startswith("!")}
    assert passed == set(copied())
    assert all((ROOT / name).exists() for name in copied())
    assert "*" in kept
    assert (ROOT / ".dockerignore").read_text() == (ROOT / ".containerignore").read_text()


def test_the_image_has_all_that_the_app_imports_of_the_project():
    folders = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    assert folders - {"tests"} <= set(copied())


def test_the_app_runs_without_rights_and_without_a_key():
    (user,) = re.findall(r"^USER (\d+):\d+$", CONTAINERFILE, re.MULTILINE)
    assert int(user) > 0
    assert not re.search(r"key|token|secret|password", CONTAINERFILE, re.IGNORECASE)


def test_the_proxy_knows_every_replica_by_its_own_port():
    told = {
        f"{name}:{service['environment']['STREAMLIT_SERVER_PORT']}"
        for name, service in SERVICES.items()
        if name != "proxy"
    }
    assert set(re.findall(r"server (\S+:\d+)", PROXY)) == told
    assert len({each.split(":")[1] for each in told}) == len(told) >= 2
    assert {f"~:{each.split(':')[1]}$" for each in told} == set(re.findall(r"~:\d+\$", PROXY))


def test_the_proxy_lets_through_what_the_app_takes():
    settings = (ROOT / ".streamlit" / "config.toml").read_text()
    (largest,) = re.findall(r"maxUploadSize = (\d+)", settings)
    (passed,) = re.findall(r"client_max_body_size (\d+)m", PROXY)
    assert int(passed) > int(largest)
