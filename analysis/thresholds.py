"""Every threshold of the rules, in one frozen record, each with its source.

S0 is the training-curves page of Microsoft's fine-tuning skill, S1 Protean AI's guide to balancing
model performance.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Limits that the rules compare the curves with.

    Attributes
    ----------
    ratio_mild, ratio_moderate, ratio_severe : float
        Bands of validation over training loss at the end (S0).
    rise_moderate : float
        Rise of validation above its best that is at least moderate (S0: final > 1.2 x best).
    rise_severe : float
        Rise that is severe; our choice, in step with the band of the ratio.
    rise_harmful : float
        Rise below which a high ratio is memorising without harm yet; our choice: two per cent is
        the smallest loss of quality worth going back a checkpoint for.
    divergence_train, divergence_valid : float
        Rises of training and validation loss that together are divergence (S0, S1).
    divergence_floor : float
        Share of its start below which a rising training loss is no divergence; our choice: a
        loss that climbs from 0.01 to 0.02 has not diverged.
    crash_level : float
        Training loss, nats per token, below which it has crashed to zero (S0).
    crash_rise : float
        Rise of validation above which a crash to zero is severe overfitting; our choice.
    barely_moves : float
        Fall of the training loss, as a share of its start, below which it barely moved (S0, S1).
    high_level : float
        Loss, nats per token, near which a model has learned nothing of free text; our choice
        within the 1.75 to 2 that is usual.
    flattened : float
        Share of validation's gain after 65 % of the run below which it has flattened; our choice.
    plateau_share : float
        Share of validation's gain in the first epoch above which later ones bring nothing; our
        choice for S0's "plateaus after epoch 1".
    gap_ratio, gap_growth, gap_rise : float
        A gap from the start: validation over training loss within epoch 1, the growth of its
        logarithm to the end, and the rise of validation that it must stay under; our choice for
        S0's "large gap from the start".
    swing_valid, swing_train : float
        Size of a reversal, as a share of the level, that counts as a swing; our choice for S0's
        "oscillates".
    still_improving : float
        Fall of validation loss over the last fifth that says more training would help (S1).
    deploy_regret : float
        Expected regret below which one checkpoint stands out; our choice, as ``rise_harmful``.
    tied_share : float
        Probability that the tied set holds the best checkpoint; our choice, as is usual.
    undecided : float
        Half-width around a probability of one half in which nothing is decided; our choice.
    min_train_readings, min_valid_readings, min_full_readings : int
        Fewer readings than these and a curve is not judged; our choice.
    """

    ratio_mild: float = 1.2
    ratio_moderate: float = 1.5
    ratio_severe: float = 2.0
    rise_moderate: float = 0.2
    rise_severe: float = 0.5
    rise_harmful: float = 0.02
    divergence_train: float = 0.3
    divergence_valid: float = 0.25
    divergence_floor: float = 0.35
    crash_level: float = 0.05
    crash_rise: float = 0.1
    barely_moves: float = 0.145
    high_level: float = 1.875
    flattened: float = 0.35
    plateau_share: float = 0.915
    gap_ratio: float = 1.25
    gap_growth: float = 1.45
    gap_rise: float = 0.08
    swing_valid: float = 0.085
    swing_train: float = 0.06
    still_improving: float = 0.012
    deploy_regret: float = 0.02
    tied_share: float = 0.9
    undecided: float = 0.1
    min_train_readings: int = 12
    min_valid_readings: int = 4
    min_full_readings: int = 2


GOLDILOCKS = Thresholds()
