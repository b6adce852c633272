"""Retirement: when OpenAI ends its fine-tuned models, which no deployment survives.

From OpenAI's deprecations page; the dates of January 2027 from copies of it. Azure keeps its own.
"""

import re
from dataclasses import dataclass
from datetime import date

OF_NAME = re.compile(r"ft:([^:]+):.*")
SOON_DAYS = 90


@dataclass(frozen=True)
class Retirement:
    """The end of fine-tuned models of one base model.

    Attributes
    ----------
    base_model : str
        How its name starts.
    ends : date
        The day from which they answer no more.
    """

    base_model: str
    ends: date


FIRST, SECOND = date(2026, 10, 23), date(2027, 1, 14)
RETIREMENTS = (
    Retirement("o4-mini-2025-04-16", FIRST),
    Retirement("gpt-3.5-turbo", FIRST),
    Retirement("gpt-4.1-nano-2025-04-14", FIRST),
    Retirement("gpt-4-", FIRST),
    Retirement("babbage-002", FIRST),
    Retirement("davinci-002", FIRST),
    Retirement("gpt-4o-mini", SECOND),
    Retirement("gpt-4o-2024-08-06", SECOND),
    Retirement("gpt-4o-2024-11-20", SECOND),
    Retirement("gpt-4.1", SECOND),
)


def retirement_of(model: str) -> Retirement | None:
    """Return when a fine-tuned OpenAI model ends, by its base model; None where none is known.

    Parameters
    ----------
    model : str
        The model's name as the platform gave it, ``ft:<base>:...``, or the base model's.
    """
    named = OF_NAME.fullmatch(model)
    base = named.group(1) if named else model
    if base == "gpt-4":
        return Retirement(base, FIRST)
    return next((each for each in RETIREMENTS if base.startswith(each.base_model)), None)


def warning_of(model: str, today: date) -> str:
    """Return what to know before a model is called, in one sentence; empty where nothing is."""
    found = retirement_of(model)
    if found is None or (found.ends - today).days > SOON_DAYS:
        return ""
    day = f"{found.ends.day} {found.ends:%B %Y}"
    if found.ends <= today:
        return f"OpenAI shut down fine-tuned {found.base_model} on {day}: this call will fail."
    return f"OpenAI shuts down fine-tuned {found.base_model} on {day}: plan its replacement."
