"""Sample sizes: how many validation examples stand behind a logged mean, where it can be recovered.

No platform says it outright, but some columns imply it: a mean beside the sum it was made of, or
the count of the samples that a mean was taken over.
"""

import re

import numpy as np
import pandas as pd

# OpenAI's RFT events give tokens as a total and as a mean: 4,820 / 241 = 20 samples.
TOTAL = re.compile(r"(.*\bvalid_prompt_tokens_)count")
# Azure's result files count, for every kind of error and for latency, the samples graded.
GRADED = re.compile(
    r".*graders/.+/valid_(?:execution_latency|other_error|sample_parse_error)_count"
)


def validation_examples(frame: pd.DataFrame) -> int | None:
    """Return the samples behind one validation reward; None where no column implies it.

    Parameters
    ----------
    frame : DataFrame
        Canonical frame, its other columns under their own names.
    """
    found = [*_from_totals(frame), *_from_counts(frame)]
    return max(found) if found else None


def _from_totals(frame: pd.DataFrame) -> list[int]:
    matches = [match for name in frame if (match := TOTAL.fullmatch(str(name)))]
    pairs = [(match.group(0), f"{match.group(1)}mean") for match in matches]
    return [
        size
        for total, mean in pairs
        if mean in frame
        if (size := _usual(frame[total] / frame[mean])) is not None
    ]


def _from_counts(frame: pd.DataFrame) -> list[int]:
    named = [str(name) for name in frame if GRADED.fullmatch(str(name))]
    return [size for name in named if (size := _usual(frame[name])) is not None]


def _usual(sizes: pd.Series) -> int | None:
    """Return the median of the sizes that are at least one sample; None where none is."""
    logged = sizes.replace([np.inf, -np.inf], np.nan).dropna()
    logged = logged[logged >= 1.0]
    return round(float(logged.median())) if len(logged) else None
