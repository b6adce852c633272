"""Deploying: the commands that put one checkpoint to use, ready to be pasted.

A model is only ever named as the platform named it: checkpoint names cannot be built from the
run's name and a step. Sources: OpenAI's fine-tuning guides; Azure's pages on deploying fine-tuned
models; AWS's Nova documentation.
"""

import json
import re
import shlex
from dataclasses import dataclass
from datetime import date

from analysis.retirement import warning_of
from analysis.run import Run

OPENAI, AZURE, NOVA = "openai", "azure", "nova"
ARM_VERSION = "2024-10-01"
ARM_VERSION_DEVELOPER = "2025-07-01-preview"
LONGEST_NAME = 64
# Makers of the open models Azure tunes, by how a base model's name starts: ARM's words.
FORMATS = (
    ("gpt-oss", "OpenAI-OSS"), ("mistral", "Mistral AI"), ("ministral", "Mistral AI"),
    ("llama", "Meta"), ("meta-", "Meta"), ("qwen", "Alibaba"), ("phi", "Microsoft"),
)  # fmt: skip


@dataclass(frozen=True)
class Tier:
    """A kind of Azure deployment: its name on the screen, for ``az`` and for REST, its capacity."""

    name: str
    az: str
    rest: str
    capacity: int
    version: str
    note: str


TIERS = (
    Tier(
        "Developer (to try it)", "Developer", "developertier", 50, ARM_VERSION_DEVELOPER,
        "No hourly fee; deleted after 24 hours. Made for trying two or three candidates.",
    ),
    Tier(
        "Standard", "Standard", "standard", 1, ARM_VERSION,
        "Billed by the hour from creation on; deleted after 15 days without a call.",
    ),
    Tier(
        "Global Standard", "GlobalStandard", "globalstandard", 1, ARM_VERSION,
        "Billed by the hour from creation on; deleted after 15 days without a call.",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Snippet:
    """One command or file.

    Attributes
    ----------
    title : str
        What it is for.
    language : str
        For its colours on the screen.
    text : str
        To be pasted.
    note : str
        What to know; empty where there is nothing.
    """

    title: str
    language: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Deployment:
    """How one checkpoint is put to use.

    Attributes
    ----------
    model : str or None
        Its name as the platform gave it; None where it is not known, and nothing can be deployed.
    provider : str or None
        The platform; None where it is not known.
    snippets : tuple of Snippet
        What to paste.
    warning : str
        What stands in the way; empty where nothing does.
    """

    model: str | None
    provider: str | None
    snippets: tuple[Snippet, ...]
    warning: str = ""


def deployment_of(run: Run, step: int, tier: Tier, today: date) -> Deployment:
    """Return how the checkpoint of a run at a step is put to use.

    Parameters
    ----------
    run : Run
        The run.
    step : int
        The checkpoint's step.
    tier : Tier
        Kind of deployment, where the platform is Azure.
    today : date
        Decides whether the base model is still there.
    """
    model = model_name(run, step)
    provider = provider_of(run, model)
    if model is None:
        return Deployment(None, provider, (), _unnamed(run, step))
    if provider == OPENAI:
        return Deployment(model, provider, (_openai(model),), warning_of(model, today))
    if provider == AZURE:
        return Deployment(model, provider, _azure(run, model, step, tier))
    if provider == NOVA:
        return Deployment(model, provider, _nova(model))
    return Deployment(model, None, (), "The platform is not known: deploy it by this name there.")


def model_name(run: Run, step: int) -> str | None:
    """Return the checkpoint's name as the platform gave it; a job's final model is its last."""
    named = next((c.model for c in run.checkpoints if c.step == step and c.model), None)
    if named is None and step == run.last_step and run.job is not None:
        return run.job.fine_tuned_model
    return named


def provider_of(run: Run, model: str | None) -> str | None:
    """Return the platform: the job's, else what the model's name is shaped like."""
    if run.job is not None and run.job.provider:
        return run.job.provider
    if model is None:
        return None
    if model.startswith("ft:"):
        return OPENAI
    if model.startswith("s3://"):
        return NOVA
    return AZURE if re.search(r"\.ft-[0-9a-f]{8,}", model) else None


def _unnamed(run: Run, step: int) -> str:
    if run.checkpoints and all(checkpoint.step != step for checkpoint in run.checkpoints):
        return f"Step {step:,} was not saved as a checkpoint, so it cannot be deployed."
    return (
        f"The model name of step {step:,} is not known, and it cannot be made up. Add the job's "
        "checkpoint list (JSON) on the Overview, or fetch the job."
    )


def _openai(model: str) -> Snippet:
    text = (
        "from openai import OpenAI\n\n"
        "client = OpenAI()\n"
        f"answer = client.responses.create(model={json.dumps(model)}, input={json.dumps('…')})\n"
        "print(answer.output_text)"
    ).replace("\\u2026", "…")
    return Snippet(
        "Call it with the OpenAI client",
        "python",
        text,
        "OpenAI serves it by this name: no deployment is needed.",
    )


def _azure(run: Run, model: str, step: int, tier: Tier) -> tuple[Snippet, ...]:
    name, maker = _deployment_name(run, step), model_format(run, model)
    command = (
        "az cognitiveservices account deployment create \\\n"
        '  --resource-group "$RG" --name "$ACCT" \\\n'
        f"  --deployment-name {name} \\\n"
        f"  --model-name {shlex.quote(model)} \\\n"
        f"  --model-version 1 --model-format {shlex.quote(maker)} \\\n"
        f"  --sku-name {tier.az} --sku-capacity {tier.capacity}"
    )
    body = {
        "sku": {"name": tier.rest, "capacity": tier.capacity},
        "properties": {"model": {"format": maker, "name": model, "version": "1"}},
    }
    path = (
        "https://management.azure.com/subscriptions/$SUB/resourceGroups/$RG/providers/"
        f"Microsoft.CognitiveServices/accounts/$ACCT/deployments/{name}?api-version={tier.version}"
    )
    request = (
        "TOKEN=$(az account get-access-token --query accessToken -o tsv)\n"
        f'curl -X PUT "{path}" \\\n'
        '  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\\n'
        f"  -d {shlex.quote(json.dumps(body))}"
    )
    call = (
        "from openai import OpenAI\n\n"
        'client = OpenAI(base_url="https://RESOURCE.openai.azure.com/openai/v1/", api_key="KEY")\n'
        f'answer = client.responses.create(model="{name}", input="…")\n'
        "print(answer.output_text)"
    )
    checkpoint = (
        "Should the name of a checkpoint be refused, pass its id (ftchkpt-…) instead: Azure's "
        "pages show both."
    )
    return (
        Snippet("Deploy with az", "bash", command, f"{tier.note} {checkpoint}"),
        Snippet("Deploy by REST", "bash", request, tier.note),
        Snippet("Then call the deployment", "python", call, "By the deployment's name."),
    )


def model_format(run: Run, model: str) -> str:
    """Return Azure's word for the maker of the base model: OpenAI unless it is an open model."""
    base = (run.job.base_model if run.job and run.job.base_model else model).lower()
    return next((word for start, word in FORMATS if base.startswith(start)), "OpenAI")


def _deployment_name(run: Run, step: int) -> str:
    """Return a name Azure takes: letters, digits and hyphens, at most 64."""
    suffix = f"-step-{step}"
    words = re.sub(r"[^A-Za-z0-9]+", "-", run.name).strip("-") or "model"
    return words[: LONGEST_NAME - len(suffix)].rstrip("-") + suffix


def _nova(location: str) -> tuple[Snippet, ...]:
    recipe = (
        "run:\n"
        "  name: eval-chosen-checkpoint\n"
        "  model_type: amazon.nova-2-lite-v1:0:256k  # the base model it was trained on\n"
        f"  model_name_or_path: {json.dumps(location)}"
    )
    source = json.dumps({"s3DataSource": {"s3Uri": location}})
    create = (
        "aws bedrock create-custom-model --model-name chosen-checkpoint \\\n"
        '  --role-arn "$ROLE" \\\n'
        f"  --model-source-config {shlex.quote(source)}"
    )
    return (
        Snippet("Evaluate it: lines of a Nova recipe", "yaml", recipe, "From the job's manifest."),
        Snippet("Import it into Bedrock", "bash", create, "Then create an on-demand deployment."),
    )
