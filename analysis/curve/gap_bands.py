"""The bands of the gap between training and validation reward, one for each compatible curve."""

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import Curve
from analysis.curve.reward_quantities import early_gap, late_gap
from analysis.thresholds import Thresholds

GAP_BANDS = ("none", "watch", "hacking", "gaming")
HACKING = GAP_BANDS.index("hacking")


def gap_bands(train: Curve, valid: Curve, span: float, thresholds: Thresholds) -> NDArray[np.int64]:
    """Return the index into ``GAP_BANDS`` of every compatible curve, shape (n_draws,).

    The gap over the last 15 % sets the band, if it opened since the first validations by
    ``reward_gap_growth``, for a gap worth watching in proportion to it. A gap that was there from
    the start is an offset between the two sets of prompts, and in no band.

    Parameters
    ----------
    train, valid : Curve
        Training and validation reward.
    span : float
        What thresholds on rewards are shares of.
    thresholds : Thresholds
        With the limits of the bands.
    """
    late = late_gap(train, valid)
    opened = late - early_gap(train, valid)
    watch = min(thresholds.reward_gap_watch, thresholds.reward_gap)
    gaming = max(thresholds.reward_gap_gaming, thresholds.reward_gap)
    growth = thresholds.reward_gap_growth
    watched = watch / thresholds.reward_gap if thresholds.reward_gap > 0 else 1.0
    bands = np.zeros(len(late), dtype=np.int64)
    for band, gap, least in (
        (HACKING - 1, watch, growth * watched),
        (HACKING, thresholds.reward_gap, growth),
        (HACKING + 1, gaming, growth),
    ):
        bands = np.where((late > gap * span) & (opened > least * span), band, bands)
    return bands
