"""The guide for contributors and its picture name only what is there."""

import re
from xml.etree import ElementTree

from tests.shared_data import ROOT

PATH = re.compile(r"\b(?:analysis|pages|tests|docs)/[\w/]*(?:\.\w+)?")


def test_every_path_in_the_guide_exists():
    named = PATH.findall((ROOT / "CONTRIBUTING.md").read_text())
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_folder_in_the_picture_exists():
    picture = ElementTree.parse(ROOT / "docs/architecture.svg")  # noqa: S314 - our own file
    named = PATH.findall(" ".join(picture.getroot().itertext()))
    assert len(named) > 8
    assert [path for path in named if not (ROOT / path).exists()] == []
