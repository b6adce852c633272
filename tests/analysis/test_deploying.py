"""Commands for the chosen checkpoint: never a made-up name, never unquoted, never silent."""

import json
import shlex
from dataclasses import replace
from datetime import date

import pytest
from openai import OpenAI

from analysis import Checkpoint, run_from_frame
from analysis.deploying import LONGEST_NAME, TIERS, deployment_of, model_format, provider_of
from analysis.job import Job
from analysis.retirement import retirement_of, warning_of
from tests.builders import falling, make_frame

TODAY = date(2026, 11, 21)
AZURE_MODEL = "gpt-4.1-2025-04-14.ft-0123456789abcdef0123456789abcdef:ckpt-step-90"
OPENAI_MODEL = "ft:gpt-4.1-mini-2025-04-14:org::abc:ckpt-step-90"


def tuned(model: str | None, *, job: Job | None = None, name: str = "run", step: int = 90):
    frame = make_frame(train_loss=falling(n_steps=100))
    saved = [Checkpoint(step, model)] if model else []
    return run_from_frame(frame, checkpoints=saved, job=job, name=name)


def snippets(run, step=90, tier=TIERS[0], today=TODAY):
    return deployment_of(run, step, tier, today).snippets


def test_openai_models_are_called_by_the_name_the_api_gave():
    (snippet,) = snippets(tuned(OPENAI_MODEL))
    assert f'model="{OPENAI_MODEL}"' in snippet.text
    compile(snippet.text, "snippet", "exec")
    assert callable(OpenAI(api_key="none").responses.create)


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.az)
def test_azure_is_asked_by_az_and_by_rest_for_the_same_deployment(tier):
    az, rest, call = snippets(tuned(AZURE_MODEL, name="my run"), tier=tier)
    words = shlex.split(az.text.replace("\\\n", " "))
    given = {name: words[words.index(name) + 1] for name in words if name.startswith("--")}
    assert given["--model-name"] == AZURE_MODEL
    assert given["--model-format"] == "OpenAI"
    assert given["--sku-name"] == tier.az
    assert given["--deployment-name"] == "my-run-step-90"
    body = json.loads(shlex.split(rest.text.split("-d ", 1)[1])[0])
    assert body["properties"]["model"] == {"format": "OpenAI", "name": AZURE_MODEL, "version": "1"}
    assert body["sku"] == {"name": tier.rest, "capacity": tier.capacity}
    assert "/deployments/my-run-step-90?api-version=" in rest.text
    assert 'model="my-run-step-90"' in call.text
    compile(call.text, "snippet", "exec")


def test_the_developer_tier_says_that_it_is_deleted_after_a_day():
    assert "24 hours" in snippets(tuned(AZURE_MODEL))[0].note


def test_nova_is_named_by_the_location_in_its_manifest():
    location = "s3://customer-escrow-0-smtj-EXAMPLE/job/step"
    job = Job(provider="nova", fine_tuned_model=location)
    recipe, create = snippets(tuned(None, job=job), step=100)
    assert f'model_name_or_path: "{location}"' in recipe.text
    assert json.loads(shlex.split(create.text.replace("\\\n", " "))[-1])["s3DataSource"] == {
        "s3Uri": location
    }


def test_a_checkpoint_without_a_name_gets_no_command_and_the_reason():
    found = deployment_of(tuned(None), 90, TIERS[0], TODAY)
    assert found.snippets == ()
    assert found.model is None
    assert "cannot be made up" in found.warning


def test_a_step_that_was_not_saved_cannot_be_deployed():
    found = deployment_of(tuned(OPENAI_MODEL), 40, TIERS[0], TODAY)
    assert found.snippets == ()
    assert "not saved" in found.warning


def test_the_jobs_final_model_is_its_last_step():
    job = Job(provider="openai", fine_tuned_model="ft:gpt-4.1-2025-04-14:org::final")
    run = tuned(None, job=job)
    assert "::final" in snippets(run, step=100)[0].text
    assert snippets(run, step=90) == ()


@pytest.mark.parametrize("model", ["x; rm -rf ~ .ft-0123456789", "a'b$(id)`id`.ft-0123456789"])
def test_a_hostile_name_stays_one_word_of_the_command(model):
    az, rest, _ = snippets(tuned(model, name="'; echo $(id)"))
    words = shlex.split(az.text.replace("\\\n", " "))
    assert words[words.index("--model-name") + 1] == model
    assert words[words.index("--deployment-name") + 1] == "echo-id-step-90"
    body = json.loads(shlex.split(rest.text.split("-d ", 1)[1])[0])
    assert body["properties"]["model"]["name"] == model


def test_a_hostile_openai_name_stays_one_string():
    (snippet,) = snippets(tuned('ft:gpt";import os#:org::x'))
    compile(snippet.text, "snippet", "exec")
    assert '\\"' in snippet.text


def test_a_long_name_is_cut_to_what_azure_takes():
    az, *_ = snippets(tuned(AZURE_MODEL, name="n" * 200))
    words = shlex.split(az.text.replace("\\\n", " "))
    assert len(words[words.index("--deployment-name") + 1]) <= LONGEST_NAME


@pytest.mark.parametrize(
    ("base", "maker"),
    [
        ("gpt-4.1", "OpenAI"), ("o4-mini", "OpenAI"), ("Llama-3.3-70B", "Meta"),
        ("Ministral-3B", "Mistral AI"), ("Qwen-3-32B", "Alibaba"), ("Phi-4", "Microsoft"),
        ("gpt-oss-20b", "OpenAI-OSS"),
    ],
)  # fmt: skip
def test_the_format_is_the_maker_of_the_base_model(base, maker):
    run = tuned(AZURE_MODEL, job=Job(provider="azure", base_model=base))
    assert model_format(run, AZURE_MODEL) == maker


def test_the_platform_is_the_jobs_else_told_by_the_shape_of_the_name():
    run = tuned(None)
    assert provider_of(run, OPENAI_MODEL) == "openai"
    assert provider_of(run, AZURE_MODEL) == "azure"
    assert provider_of(run, "s3://bucket/x") == "nova"
    assert provider_of(run, "something") is None
    assert provider_of(replace(run, job=Job(provider="azure")), OPENAI_MODEL) == "azure"


@pytest.mark.parametrize(
    ("model", "today", "words"),
    [
        ("ft:o4-mini-2025-04-16:org::x", date(2026, 11, 21), "shut down"),
        ("ft:o4-mini-2025-04-16:org::x", date(2026, 10, 23), "shut down"),
        ("ft:o4-mini-2025-04-16:org::x", date(2026, 10, 22), "shuts down"),
        ("ft:o4-mini-2025-04-16:org::x", date(2026, 1, 1), ""),
        ("ft:gpt-4.1-nano-2025-04-14:org::x", date(2026, 11, 21), "shut down"),
        ("ft:gpt-4.1-mini-2025-04-14:org::x", date(2026, 11, 21), "14 January 2027"),
        ("ft:gpt-4-0613:org::x", date(2026, 11, 21), "shut down"),
        ("ft:gpt-4o-2024-08-06:org::x", date(2027, 2, 1), "shut down"),
        ("ft:gpt-9:org::x", date(2026, 11, 21), ""),
    ],
)
def test_a_retired_base_model_is_said_to_be_by_the_date_given(model, today, words):
    warning = warning_of(model, today)
    assert words in warning
    assert bool(warning) == bool(words)


def test_azure_models_are_not_bound_to_openais_dates():
    run = tuned("o4-mini-2025-04-16.ft-0123456789abcdef")
    assert deployment_of(run, 90, TIERS[0], TODAY).warning == ""


def test_the_base_models_own_name_is_enough():
    assert retirement_of("gpt-4").ends == date(2026, 10, 23)
    assert retirement_of("gpt-4o-mini-2024-07-18").ends == date(2027, 1, 14)
