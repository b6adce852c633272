"""Prices: what answers cost, from tokens and the price of a million of them.

Prices change: these presets are dated, and meant to be typed over.
"""

from dataclasses import dataclass

PER_MILLION = 1e-6
ANSWERS = 1_000


@dataclass(frozen=True)
class Price:
    """Dollars for a million tokens.

    Attributes
    ----------
    name : str
        Model and platform.
    prompt, answer : float
        For prompt tokens and for completion tokens, reasoning included.
    as_of : str
        When the vendor's page said so.
    """

    name: str
    prompt: float
    answer: float
    as_of: str


PRESETS = (
    Price("o4-mini, OpenAI", 4.0, 16.0, "mid-2025"),
    Price("o4-mini, Azure", 1.10, 4.40, "October 2026"),
    Price("gpt-4.1-mini, OpenAI", 0.80, 3.20, "mid-2025"),
    Price("gpt-4.1-nano, OpenAI", 0.20, 0.80, "mid-2025"),
    Price("gpt-4.1, OpenAI", 3.0, 12.0, "mid-2025"),
    Price("gpt-4o-mini, OpenAI", 0.30, 1.20, "mid-2025"),
    Price("gpt-4o, OpenAI", 3.75, 15.0, "mid-2025"),
)


def preset_for(model: str, provider: str | None) -> Price:
    """Return the preset of a model on a platform, as far as there is one; else the first."""
    base = model.removeprefix("ft:")
    fitting = [price for price in PRESETS if base.startswith(price.name.split(",")[0])]
    wanted = (provider or "").lower()
    there = [price for price in fitting if price.name.lower().endswith(wanted)]
    return next(iter([*there, *fitting, *PRESETS]))


def cost_of_answers(answer_tokens: float, prompt_tokens: float, price: Price) -> float:
    """Return the dollars for 1,000 answers; completion tokens include reasoning already."""
    dollars = answer_tokens * price.answer + prompt_tokens * price.prompt
    return ANSWERS * PER_MILLION * dollars
