"""A platform on this machine and an open client to it."""

from collections.abc import Iterator

import pytest

from analysis.sources.api.address import Provider
from analysis.sources.api.calls import Caller, calling
from analysis.sources.api.connection import Limits, connect
from tests.servers.fine_tuning import OPENAI_KEY, Platform, serving

IMPATIENT = Limits(connect=2.0, read=0.3, answer=0.5, size=1 << 20)


@pytest.fixture
def platform() -> Iterator[Platform]:
    """An empty platform, served."""
    with serving(Platform()) as served:
        yield served


@pytest.fixture
def caller(platform: Platform) -> Iterator[Caller]:
    """An open client to the platform."""
    with calling(connect(Provider.OPENAI, platform.url, OPENAI_KEY)) as opened:
        yield opened


@pytest.fixture
def hurried(platform: Platform) -> Iterator[Caller]:
    """An open client that waits for nothing."""
    connection = connect(Provider.OPENAI, platform.url, OPENAI_KEY)
    with calling(connection, limits=IMPATIENT) as opened:
        yield opened
