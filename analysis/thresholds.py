"""Every threshold of the rules, in one frozen record with presets, each with its source.

S0 is the training-curves page of Microsoft's fine-tuning skill, S0b its reward-hacking and
diagnosis pages, S1 Protean AI's guide to balancing model performance, S3 the AWS Nova guide to
monitoring RFT, S4 the finding that OpenAI counts two hidden tokens an answer.
"""

from dataclasses import dataclass, replace


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
    low_train_loss : float
        Training loss, nats per visible token, below which overfitting is likely (S1, S4).
    barely_moves : float
        Fall of the training loss, as a share of its start, below which it barely moved (S0, S1).
    high_level : float
        Loss, nats per token, near which a model has learned nothing of free text; our choice
        within the 1.75 to 2 that is usual.
    guessing : float
        Distance of the loss of an answer from ln K, as a share of it, within which a model that
        names one of K labels only guesses; our choice.
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
    staircase_drop : float
        Mean fall of training loss at an epoch seam that is a stair; our choice, after real files.
    accuracy_holds : float
        Loss of validation token accuracy, absolute, below which it has held; our choice.
    reward_zero : float
        Reward, in shares of the range, that counts as none (S0, S3).
    reward_lenient, reward_lenient_range : float
        Reward at the start, and its change, of a grader that passes everything (S0, S3).
    reward_mastered : float
        Such a reward at the start from which the base model needs no RFT (S3).
    reward_collapse, reward_collapse_share : float
        Fall from the peak that is a collapse: absolute, and as a share of the peak (S3).
    reward_gap, reward_gap_growth : float
        Training minus validation reward at the end (S0), and its growth since the first
        validations: a gap from the start is an offset, not hacking; our choice.
    reward_gap_watch, reward_gap_gaming : float
        Gaps that are worth watching, and that are gaming the grader (S0b).
    reward_valid_fall, reward_train_fall : float
        Fall of validation from its peak while training fell by no more than the second (S3).
    reward_plateau, reward_plateau_top, reward_plateau_low : float
        Change since 40 % of the run that is a plateau, the reward above which it is simply done,
        and the one below which it is concerning (S3).
    reward_climb : float
        Gain of reward, in shares of the range, that is a climb; our choice, as ``reward_plateau``.
    token_explosion, token_growth, token_growth_unpaid : float
        Growth of completion tokens: excessive, worth a note (S0), and too much where validation
        reward does not grow with it (tiny runs: precision .82, recall .88 for hacked ones).
    variance_growth : float
        Growth of the spread of rewards, last third over first, net of what the level explains
        (S3).
    unresponsive : float
        Share of rollouts without a grade (S0, S3).
    parse_errors : float
        Share of answers that cannot be parsed (S0).
    low_positive_share : float
        Share of positive rewards below which SFT should come first (S3).
    entropy_collapse, kl_growth : float
        Entropy against its start, and KL against its early median; field practice, our choice.
    saturated_loss : float
        DPO loss, nats, below which the pairs are trivially separable; our choice against the ln 2
        it starts from.
    deploy_regret : float
        Expected regret below which one checkpoint stands out: a share of the loss, or of the
        reward's range; our choice, as ``rise_harmful``.
    tied_share, tied_span : float
        Probability that the tied set holds the best checkpoint; our choice, as is usual. Share of
        the run over which it may stretch and still name a place; our choice.
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
    low_train_loss: float = 0.2
    barely_moves: float = 0.145
    high_level: float = 1.875
    guessing: float = 0.05
    flattened: float = 0.35
    plateau_share: float = 0.915
    gap_ratio: float = 1.25
    gap_growth: float = 1.45
    gap_rise: float = 0.08
    swing_valid: float = 0.085
    swing_train: float = 0.06
    still_improving: float = 0.012
    staircase_drop: float = 0.03
    accuracy_holds: float = 0.005
    reward_zero: float = 0.02
    reward_lenient: float = 0.885
    reward_lenient_range: float = 0.06
    reward_mastered: float = 0.95
    reward_collapse: float = 0.12
    reward_collapse_share: float = 0.35
    reward_gap: float = 0.10
    reward_gap_growth: float = 0.06
    reward_gap_watch: float = 0.05
    reward_gap_gaming: float = 0.20
    reward_valid_fall: float = 0.06
    reward_train_fall: float = 0.05
    reward_plateau: float = 0.02
    reward_plateau_top: float = 0.8
    reward_plateau_low: float = 0.15
    reward_climb: float = 0.02
    token_explosion: float = 3.0
    token_growth: float = 2.0
    token_growth_unpaid: float = 1.5
    variance_growth: float = 1.85
    unresponsive: float = 0.10
    parse_errors: float = 0.15
    low_positive_share: float = 0.05
    entropy_collapse: float = 0.2
    kl_growth: float = 10.0
    saturated_loss: float = 0.01
    deploy_regret: float = 0.02
    tied_share: float = 0.9
    tied_span: float = 0.5
    undecided: float = 0.1
    min_train_readings: int = 12
    min_valid_readings: int = 4
    min_full_readings: int = 2


GOLDILOCKS = Thresholds()

# Where the sources contradict each other, each preset takes its own side.
PRESETS = {
    "goldilocks": GOLDILOCKS,
    # Microsoft's skill as written: only a final loss above 1.2 x the best is overfitting that
    # matters, and its diagnosis page calls a reward gap hacking from 0.2 on.
    "microsoft": replace(GOLDILOCKS, rise_harmful=0.2, reward_gap=0.2),
    # SageMaker Debugger: the rule Overfit fires when validation lies 10 % above training, the
    # rule Overtraining at any loss of validation of 10 %.
    "sagemaker": replace(GOLDILOCKS, ratio_mild=1.1, rise_harmful=0.1),
    # Strict: the lower side of every contradiction (S0b: a reward gap is healthy up to 0.05).
    "strict": replace(
        GOLDILOCKS,
        ratio_mild=1.1,
        ratio_moderate=1.3,
        ratio_severe=1.6,
        rise_harmful=0.01,
        rise_moderate=0.1,
        reward_gap=0.05,
        reward_gap_growth=0.03,
        token_growth=1.5,
        token_explosion=2.0,
        unresponsive=0.05,
        deploy_regret=0.01,
    ),
}
