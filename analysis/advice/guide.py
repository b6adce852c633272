"""Guide: which hyperparameters lie far from what the platform's guide recommends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.advice.platform import Platform
from analysis.run import Run
from analysis.schema import Method

# Microsoft's fine-tuning skill, hyperparameters: examples up to so many, epochs from and to.
EPOCHS_BY_SIZE = ((100, 3, 5), (500, 2, 3), (2_000, 1, 2))
EPOCHS_BEYOND = (1, 1)


@dataclass(frozen=True)
class Recommended:
    """What a guide recommends for one setting.

    Attributes
    ----------
    names : tuple of str
        What the setting is called, the first as the guide does.
    low, high : float
        Between what it should lie.
    why : str
        What happens beyond.
    source : str
        Which guide says so.
    """

    names: tuple[str, ...]
    low: float
    high: float
    why: str
    source: str


@dataclass(frozen=True)
class Deviation:
    """A setting that lies outside what the guide recommends.

    Attributes
    ----------
    name : str
        As the platform calls it.
    value : float
        What it was.
    recommended, why, source : str
        What the guide says, what happens beyond, and which guide.
    """

    name: str
    value: float
    recommended: str
    why: str
    source: str


SKILL = "Microsoft fine-tuning skill, hyperparameters"
PROTEAN = "Protean AI, balancing model performance"
NOVA = "AWS Nova RFT guide, recommended values"
TOO_FAR = "it is far from what was found to work"

RATE = Recommended(
    ("learning_rate_multiplier",), 0.1, 2.0, "higher ones overshoot, lower ones stand still", SKILL
)
BETA = Recommended(("beta",), 0.05, 0.5, "0.1 is the guide's value", SKILL)
LORA = (
    Recommended(("lora_rank", "lora_r", "rank", "r"), 4, 64, "less cannot learn the task, more "
                "learns examples by heart", PROTEAN),
    Recommended(("lora_dropout",), 0.0, 0.2, "0.1 is the guide's value", PROTEAN),
    Recommended(("weight_decay",), 0.01, 0.1, "it holds memorising down", PROTEAN),
    Recommended(("num_train_epochs", "n_epochs"), 1, 3, "more passes learn by heart", PROTEAN),
)  # fmt: skip
# The guide names values, not ranges: half to twice of each is near; our choice.
NOVA_RFT = tuple(
    Recommended(names, value / 2, value * 2, TOO_FAR, NOVA)
    for names, value in (
        (("max_epochs", "n_epochs", "epochs"), 1.0),
        (("lr", "learning_rate"), 1e-7),
        (("number_generation", "num_generations", "generations"), 8.0),
        (("max_new_tokens",), 8192.0),
        (("global_batch_size", "batch_size"), 256.0),
        (("lora_rank", "rank", "r"), 32.0),
    )
)
GUIDES: Mapping[tuple[Platform, Method], Sequence[Recommended]] = {
    (Platform.MANAGED, Method.SFT): (RATE,),
    (Platform.MANAGED, Method.RFT): (RATE,),
    (Platform.MANAGED, Method.DPO): (RATE, BETA),
    (Platform.TRAINER, Method.SFT): LORA,
    (Platform.TRAINER, Method.DPO): (*LORA, BETA),
    (Platform.TRAINER, Method.RFT): LORA[:1],
    (Platform.NOVA, Method.RFT): NOVA_RFT,
}


def epochs_for(n_examples: float) -> tuple[int, int]:
    """Return from and to how many epochs suit a data set of this size."""
    return next((span[1:] for span in EPOCHS_BY_SIZE if n_examples <= span[0]), EPOCHS_BEYOND)


def examples_of(run: Run) -> float | None:
    """Return about how many training examples a run had: steps x batch / epochs."""
    batch = run.hyperparameters.get("batch_size")
    if not isinstance(batch, (int, float)) or not run.n_epochs or batch <= 0:
        return None
    return run.last_step * float(batch) / run.n_epochs


def far_from_guide(run: Run, platform: Platform) -> tuple[Deviation, ...]:
    """Return the settings of a run that lie outside what its platform's guide recommends."""
    found = []
    for item in GUIDES.get((platform, run.method), ()):
        name = next((name for name in item.names if _value(run, name) is not None), None)
        value = _value(run, name) if name else None
        if name and value is not None and not item.low <= value <= item.high:
            said = f"{item.low:g} to {item.high:g}"
            found.append(Deviation(name, value, said, item.why, item.source))
    epochs = _epochs(run, platform)
    return (*found, epochs) if epochs else tuple(found)


def _epochs(run: Run, platform: Platform) -> Deviation | None:
    n_examples = examples_of(run)
    if platform is not Platform.MANAGED or run.method is Method.RFT or n_examples is None:
        return None
    low, high = epochs_for(n_examples)
    if run.n_epochs is None or low <= run.n_epochs <= high:
        return None
    said = f"{low}" if low == high else f"{low} to {high}"
    why = f"for about {n_examples:,.0f} examples"
    return Deviation("n_epochs", run.n_epochs, said, why, SKILL)


def _value(run: Run, name: str) -> float | None:
    value = run.hyperparameters.get(name)
    return float(value) if isinstance(value, (int, float)) else None
