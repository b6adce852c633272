"""Held: an answer that gives way only when another one has led for several looks in a row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Held(Generic[T]):
    """What is said now, and what might take its place.

    Attributes
    ----------
    value : object or None
        What is said; None while nothing is.
    rival : str
        Key of the answer that led at the last look, where it is another one; empty for none.
    looks : int
        For how many looks in a row the rival has led.
    """

    value: T | None = None
    rival: str | None = None
    looks: int = 0

    def after(self, seen: T | None, key: Callable[[T], str], needed: int) -> "Held[T]":
        """Return what is said after a look that brought fresh evidence.

        Parameters
        ----------
        seen : object or None
            The answer that leads now; None where there is none.
        key : callable
            Names an answer: answers of one name are the same one, with other numbers.
        needed : int
            Looks in a row that another answer must lead before it is said.
        """
        name = key(seen) if seen is not None else ""
        if name == (key(self.value) if self.value is not None else ""):
            return Held(seen)
        looks = self.looks + 1 if name == self.rival else 1
        if looks >= needed:
            return Held(seen)
        return Held(self.value, name, looks)
