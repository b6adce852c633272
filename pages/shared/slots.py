"""Slots: the candidates that the Compare page holds, in the session and in the link."""

from collections.abc import Iterable
from dataclasses import dataclass

from pages.shared import state
from pages.shared.stops import step_in

CANDIDATES = "candidates"  # in the link
MAX_SLOTS = 4


@dataclass(frozen=True)
class Slot:
    """A candidate to compare: a run, by its identity, at a step.

    ``moves`` counts how often something else than its own slider moved it.
    """

    run_id: str
    step: int
    moves: int = 0


def held_slots() -> tuple[Slot, ...]:
    """Return the candidates to compare: the chosen ones, or the link's; only of loaded runs."""
    held: tuple[Slot, ...] | None = state.choice(CANDIDATES, None)
    if held is None:
        held = linked_slots()
    return tuple(slot for slot in held if slot.run_id in state.reports())


def hold(slots: Iterable[Slot]) -> None:
    """Remember the candidates to compare, here and in the address."""
    held = tuple(slots)
    state.hold_choice(CANDIDATES, held)
    link(held)


def link(held: Iterable[Slot]) -> None:
    """Write the candidates to compare into the address."""
    state.link(CANDIDATES, ",".join(f"{slot.run_id}:{slot.step}" for slot in held))


def linked_slots() -> tuple[Slot, ...]:
    """Return the candidates that the link names, loaded or not."""
    pairs = [part.rpartition(":") for part in state.linked(CANDIDATES).split(",")[:MAX_SLOTS]]
    steps = [(run_id, step_in(said)) for run_id, _, said in pairs]
    return tuple(Slot(run_id, step) for run_id, step in steps if step is not None)
