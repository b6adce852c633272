"""The bands of overfitting, one for each compatible curve."""

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import Curve
from analysis.curve.quantities import ratio, rise, train_end, visible
from analysis.run import Run
from analysis.schema import Method
from analysis.thresholds import Thresholds

BANDS = ("none", "mild", "moderate", "severe")


def overfit_bands(
    train: Curve, valid: Curve, run: Run, thresholds: Thresholds
) -> NDArray[np.int64]:
    """Return the index into ``BANDS`` of every compatible curve, shape (n_draws,).

    The ratio of validation to training loss at the end sets the band. A rise of validation above
    its best raises it: to moderate, to severe, and to severe where training crashed to zero, by
    visible tokens where those are known (a loss near zero is usual in DPO, and is none there). A
    rise below ``rise_harmful`` caps it at moderate.
    """
    above, gap = rise(valid, run), ratio(train, valid)
    limits = (thresholds.ratio_mild, thresholds.ratio_moderate, thresholds.ratio_severe)
    bands = np.searchsorted(limits, gap).astype(np.int64)
    bands = np.where(above > thresholds.rise_moderate, np.maximum(bands, 2), bands)
    bands = np.where(above > thresholds.rise_severe, 3, bands)
    bands = np.where(above < thresholds.rise_harmful, np.minimum(bands, 2), bands)
    if run.method is Method.DPO:
        return bands
    crashed = visible(train_end(train), run) < thresholds.crash_level
    return np.where(crashed & (above > thresholds.crash_rise), 3, bands)
