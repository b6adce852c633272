import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import SourceError, Upload, read, read_uploads
from analysis.sources.recognition import FORMATS
from tests.analysis.sources.packed import as_json, as_lines, zipped
from tests.benchmarks.invariants import assert_canonical
from tests.benchmarks.mutations import ODD_NAMES, mutated
from tests.benchmarks.payloads import generated, on_disk
from tests.shared_data import EXAMPLES, REAL, needs

SFT = ("train_loss", "train_mean_token_accuracy")
BOTH = ("train_loss", "valid_loss")
RFT = ("train_mean_reward", "completion_tokens_mean")
# number: (format, [(name, method, rows)], some canonical columns)
REAL_FILES = {
    "001": ("openai-results", [("001_nlbse_issue_gpt35", "sft", 1500)], SFT),
    "003": ("openai-results", [("003_robot_process", "sft", 99)], SFT),
    "016": ("openai-legacy-results", [("016_roborate_filehHX", "sft", 2889)], BOTH),
    "017": ("openai-legacy-results", [("017_roborate_compiled", "sft", 9)], BOTH),
    "018": ("openai-legacy-results", [("018_roborate_finetune", "sft", 9)], SFT),
    "019": ("openai-legacy-results", [("019_roborate_0811", "sft", 429)], BOTH),
    "021": ("openai-legacy-results", [("021_blogtitle_gpt3", "sft", 847)], BOTH),
    "023": ("hugging-face-trainer-state", [("023_trainproof_healthy_s42", "sft", 60)], ("epoch",)),
    "026": ("hugging-face-trainer-state", [("026_trainproof_overfit_s42", "sft", 60)], BOTH),
    "029": ("hugging-face-trainer-state", [("029_trainproof_bad_labels_s42", "sft", 60)], ()),
    "032": ("hugging-face-trainer-state", [("032_trainproof_fp16_nan_s42", "sft", 60)], ()),
    "035": ("hugging-face-trainer-state", [("035_trainproof_lr_hot_s42", "sft", 60)], ()),
    "038": ("hugging-face-trainer-state", [("038_trainproof_lr_zero_s42", "sft", 60)], ()),
    "041": ("hugging-face-trainer-state", [("041_verified_reasoner_1134", "rft", 226)], RFT),
    "045": ("hugging-face-trainer-state", [("045_unsloth_grpo_250", "rft", 250)], (*RFT, "kl")),
    "046": ("hugging-face-trainer-state", [("046_gemma3_rl_250", "rft", 25)], (*RFT, "kl")),
    "051": ("hugging-face-trainer-state", [("051_aigoncharov_state", "sft", 31)], BOTH),
    "060": (
        "llama-factory",
        [("060_360lf_grpo", "dpo", 202)],
        ("train_loss", "rewards/accuracies"),
    ),
    "062": ("llama-factory", [("062_qwen_medical", "sft", 675)], BOTH),
    "075": (
        "wandb-chart",
        [("17/04/2025_22:06:37_elie-48n-1704-part1_tp_group_0", "sft", 2270)],
        ("train_loss",),
    ),
    "076": (
        "wandb-chart",
        [
            ("gpt2_last_char_to_char1729642919.4054031", "sft", 51),
            ("gpt2_augmented_char_to_token1729630560.5729918", "sft", 57),
            ("gpt2_last_char_token_to_char1729587337.8266432", "sft", 166),
            ("gpt2_char_to_token1729578574.2848036", "sft", 150),
            ("gpt2_char_to_token1729534595.422701", "sft", 128),
            ("gpt2", "sft", 386),
            ("gpt2_last_char_token_to_token1729493675.529459", "sft", 118),
            ("gpt2_char_to_token1729491541.2756786", "sft", 128),
        ],
        ("train_loss",),
    ),
    "080": ("tensorboard-events", [("080_fish_speech_lora", "sft", 82)], BOTH),
    "092": (
        "table",
        [
            ("092_sycophancy_selfplay, defend", "rft", 104),
            ("092_sycophancy_selfplay, attack", "rft", 104),
        ],
        ("train_mean_reward", "learning_rate"),
    ),
    "095": ("trl-reference", [("095_trl_invariant_dpo", "dpo", 50)], ("train_loss", "grad_norm")),
    "096": ("trl-reference", [("096_trl_invariant_sft", "sft", 50)], ("train_loss", "grad_norm")),
    "098": (
        "rft-results",
        [("098_azure_rft_zava_v5_py90", "rft", 30)],
        (*RFT, "full_valid_mean_reward", "rollout_completion_rate", "wall_time"),
    ),
    "101": ("fine-tuning-events", [("101_openai_rft_event", "rft", 1)], RFT),
    "104": ("openai-results", [("104_openai_cookbook_drone", "sft", 309)], SFT),
}
FULL = (*BOTH, "full_valid_loss")
EXAMPLE_FILES = {
    "azure_checkpoints_sft.json": ("checkpoints", "sft", 3, FULL),
    "azure_events_sft.json": ("fine-tuning-events", "sft", 3, FULL),
    "azure_result_rft_agentic.csv": ("rft-results", "rft", 30, RFT),
    "azure_result_sft.csv": ("azure-results", "sft", 90, FULL),
    "hf_trainer_state_trl_grpo.json": ("hugging-face-trainer-state", "rft", 60, RFT),
    "hf_trainer_state_trl_sft.json": ("hugging-face-trainer-state", "sft", 10, (*SFT, *BOTH)),
    "llamafactory_trainer_log.jsonl": ("llama-factory", "sft", 3, BOTH),
    "mlflow_get_history.json": ("mlflow-history", "rft", 2, ("train_mean_reward",)),
    "nova_rft_smtj_log.txt": ("console-log", "rft", 10, RFT),
    "nova_step_wise_training_metrics.csv": ("nova-metrics", "sft", 40, ("train_loss",)),
    "nova_validation_metrics.csv": ("nova-metrics", "sft", 2, ("valid_loss",)),
    "openai_checkpoints_rft.json": ("checkpoints", "rft", 3, RFT),
    "openai_checkpoints_sft.json": ("checkpoints", "sft", 3, FULL),
    "openai_events_rft_all.json": ("fine-tuning-events", "rft", 20, RFT),
    "openai_events_sft_all.json": ("fine-tuning-events", "sft", 90, FULL),
    "openai_events_sft_page1.json": ("fine-tuning-events", "sft", 18, FULL),
    "openai_result_sft.base64.txt": ("openai-results", "sft", 90, SFT),
    "openai_result_sft.csv": ("openai-results", "sft", 90, SFT),
    "tensorboard_run-out-tag-train_loss.csv": ("tensorboard-csv", "sft", 10, ("train_loss",)),
    "together_list_metrics.json": ("together", "sft", 2, BOTH),
    "verl_file_logger.jsonl": ("verl", "rft", 20, RFT),
    "wandb_chart_export.csv": ("wandb-chart", "sft", 10, ("train_loss",)),
}
WAITING_FILES = {
    "azure_job_sft_pending.json": "its status is pending",
    "azure_job_sft_succeeded.json": "its status is succeeded",
    "nova_manifest.json": "no metrics in it",
    "openai_job_rft_running.json": "its status is running",
    "openai_job_sft.json": "its status is succeeded",
    "openai_jobs_list.json": "comes without metrics",
}


@needs(REAL)
@pytest.mark.parametrize("number", REAL_FILES)
def test_every_real_file_opens_as_the_runs_it_holds(number):
    path = next(REAL.glob(f"{number}_*"))
    table_format, runs, columns = REAL_FILES[number]
    found = read_uploads([Upload(path.name, path.read_bytes())])
    assert found.failures == ()
    assert [(run.name, run.method, len(run.frame)) for run in found.runs] == runs
    for run in found.runs:
        assert run.origin.format == table_format
        assert set(columns) <= set(run.frame)
        assert_canonical(run)


@needs(REAL)
def test_a_real_log_of_progress_alone_says_that_it_holds_no_metric():
    with pytest.raises(SourceError, match="No line of the text holds a metric that is known"):
        read(next(REAL.glob("081_*")))


@needs(REAL)
def test_no_real_file_is_left_out_of_the_table():
    numbers = {item["id"] for item in json.loads((REAL / "manifest.json").read_text())}
    assert numbers == {*REAL_FILES, "081"}


@needs(EXAMPLES)
@pytest.mark.parametrize("name", EXAMPLE_FILES)
def test_every_example_opens_as_the_run_it_is(name):
    run = read(EXAMPLES / name)[0]
    table_format, method, rows, columns = EXAMPLE_FILES[name]
    assert (run.origin.format, run.method, len(run.frame)) == (table_format, method, rows)
    assert set(columns) <= set(run.frame)
    assert_canonical(run)


@needs(EXAMPLES)
@pytest.mark.parametrize("name", WAITING_FILES)
def test_every_example_without_metrics_says_what_it_waits_for(name):
    with pytest.raises(SourceError, match=WAITING_FILES[name]):
        read(EXAMPLES / name)


@needs(EXAMPLES)
def test_no_example_is_left_out_of_the_tables():
    assert {path.name for path in EXAMPLES.iterdir()} == {*EXAMPLE_FILES, *WAITING_FILES}


@needs(EXAMPLES)
def test_all_examples_together_are_their_jobs_and_their_runs():
    uploads = [Upload(path.name, path.read_bytes()) for path in sorted(EXAMPLES.iterdir())]
    readings = read_uploads(uploads)
    assert readings.failures == ()
    jobs = {run.origin.job_id: run for run in readings.runs if run.origin.job_id}
    assert len(jobs) == 3
    assert all(len(run.checkpoints) == 3 for run in jobs.values())


def test_the_formats_that_are_listed_are_those_that_are_told():
    apart = [read_uploads([Upload(name, content)]) for name, content in generated().items()]
    told = {part.format.name for each in apart for part in each.parts}
    assert told == {item.name for item in FORMATS}


def assert_runs_or_source_error(*contents: bytes) -> None:
    readings = read_uploads([Upload(f"{i}.x", content) for i, content in enumerate(contents)])
    for run in readings.runs:
        assert_canonical(run)
    assert readings.runs or readings.failures


CAREFULLY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KEYS = st.sampled_from(
    [*ODD_NAMES, "eval_loss", "current_steps", "train/global_step", "split", "run_id", "timestamp",
     "id", "status", "result_files", "error", "hyperparameters", "type", "name", "message", "level",
     "created_at", "fine_tuning_job_id", "step_number", "state_path", "checkpoint_s3_bucket",
     "critic/rewards/mean", "max_steps", "args", "seed", "n_epochs", "supervised", "graders"]
)  # fmt: skip
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(
        [10**400, 2**53, "NaN", "1e999", "supervised", "fine_tuning.job", "fine_tuning.job.event",
         "fine_tuning.job.checkpoint", "Step 1/2: training loss=nan", "ftjob-A1", "\ud800"]
    ),
)  # fmt: skip
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)
CELLS = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(repr),
    st.sampled_from(
        ["", "NaN", "-1", "1e400", '"', "x,y", '"a""b"', "\u202e", "2025-01-01", "true"]
    ),
    st.text(max_size=4),
)
NAMES = st.text(st.characters(exclude_characters="\0"), max_size=8)
HEADERS = st.sampled_from(
    [content.split(b"\n")[0] for name, content in generated().items() if name.endswith("csv")]
)


@given(DOCUMENTS)
@CAREFULLY
def test_any_document_under_the_formats_own_names_gives_runs_or_a_clear_error(document):
    assert_runs_or_source_error(as_json(document))


@given(st.lists(st.dictionaries(KEYS, DOCUMENTS, max_size=5), min_size=1, max_size=4))
@CAREFULLY
def test_any_lines_of_json_give_runs_or_a_clear_error(rows):
    assert_runs_or_source_error(as_lines(rows))


@given(header=HEADERS, rows=st.lists(st.lists(CELLS, max_size=7), max_size=6))
@CAREFULLY
def test_any_rows_under_a_known_header_give_runs_or_a_clear_error(header, rows):
    lines = "\n".join(",".join(row) for row in rows)
    assert_runs_or_source_error(header + b"\n" + lines.encode("utf-8", "replace"))


@given(
    names=st.lists(NAMES, min_size=1, max_size=3, unique=True),
    content=st.one_of(st.binary(max_size=60), DOCUMENTS.map(as_json)),
)
@CAREFULLY
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_any_zip_gives_runs_or_a_clear_error(names, content):
    good = b"step,train_loss,x\n1,2,3\n"
    files = {f"{name}.csv".encode("utf-8", "replace").decode(): content for name in names}
    readings = read_uploads([Upload("a.zip", zipped({**files, "good.csv": good}))])
    assert "good" in [run.name for run in readings.runs] or content == good


SEEDS = {**on_disk(), **generated()}


@given(
    names=st.lists(st.sampled_from(sorted(SEEDS)), min_size=1, max_size=2),
    rng=st.randoms(use_true_random=False),
)
@CAREFULLY
def test_any_damage_to_any_payload_gives_runs_or_a_clear_error(names, rng):
    assert_runs_or_source_error(*(mutated(SEEDS[name], rng) for name in names))
