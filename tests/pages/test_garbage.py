import gc
import weakref

import pytest

from pages.shared.garbage import EVERY, keeper


class Knot:
    """An object that only a collection can free."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def clock():
    """A clock that a keeper of the interpreter's collections looks at; tests move it."""
    now = [0.0]
    keep = keeper(lambda: now[0])
    gc.collect()
    gc.callbacks.append(keep)
    yield now
    gc.callbacks.remove(keep)
    gc.unfreeze()


@pytest.mark.usefixtures("clock")
def test_what_survives_a_collection_is_not_looked_at_by_the_next_ones():
    held = [Knot() for _ in range(100)]
    gc.collect()
    assert not any(isinstance(each, Knot) for each in gc.get_objects())
    assert len(held) == 100


@pytest.mark.usefixtures("clock")
def test_garbage_that_came_since_is_collected_at_once():
    gc.collect()
    gone = weakref.ref(Knot())
    gc.collect()
    assert gone() is None


def test_garbage_among_what_was_set_aside_goes_within_seconds(clock):
    knot = Knot()
    gone = weakref.ref(knot)
    gc.collect()
    del knot
    clock[0] = EVERY - 1.0
    gc.collect()
    assert gone() is not None
    clock[0] = EVERY
    gc.collect()
    assert gone() is None


def test_collections_of_the_young_change_nothing(clock):
    knot = Knot()
    clock[0] = EVERY
    gc.collect(0)
    assert any(each is knot for each in gc.get_objects())
