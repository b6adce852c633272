"""Platforms: whose knobs a run was trained with."""

from enum import StrEnum

from analysis.run import Run
from analysis.schema import Method


class Platform(StrEnum):
    """Where a run was trained; jobs of OpenAI and of Azure have the same knobs."""

    MANAGED = "managed"
    TRAINER = "trainer"
    NOVA = "nova"


NAMES = {
    Platform.MANAGED: "OpenAI or Azure",
    Platform.TRAINER: "Your own trainer (LoRA)",
    Platform.NOVA: "Amazon Nova",
}
# In the names of formats that only OpenAI and Azure write.
MANAGED_WORDS = ("openai", "azure", "fine-tuning", "rft-results")
# Nova tunes preferences as well, but writes no metrics of them that are known.
PLATFORMS = {
    Method.SFT: (Platform.MANAGED, Platform.TRAINER, Platform.NOVA),
    Method.RFT: (Platform.MANAGED, Platform.TRAINER, Platform.NOVA),
    Method.DPO: (Platform.MANAGED, Platform.TRAINER),
}


def platform_of(run: Run) -> Platform:
    """Return where a run was trained, by its job or its file; a trainer where nothing tells."""
    said = f"{run.job.provider if run.job else ''} {run.origin.format}".lower()
    if any(name in said for name in MANAGED_WORDS):
        return Platform.MANAGED
    if "nova" in said and Platform.NOVA in PLATFORMS[run.method]:
        return Platform.NOVA
    return Platform.TRAINER
