"""Figures: how the speed benchmarks print what they measured."""

import sys

HEADER = f"{'figure':<62}{'measured':>9}{'floor':>9}{'ratio':>7}{'bar':>7}"


def row(name: str, value: float, floor: float | None = None, bar: float | None = None) -> None:
    """Print a figure in seconds, or what its name says, beside its floor and its bar."""
    ratio = f"{value / floor:.2f}" if floor else ""
    shown = f"{floor:.3f}" if floor else ""
    say(f"{name:<62}{value:>9.3f}{shown:>9}{ratio:>7}{'' if bar is None else f'{bar:g}':>7}")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
