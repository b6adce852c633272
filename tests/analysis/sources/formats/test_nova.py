import pytest

from tests.analysis.sources.packed import (
    as_json,
    failures,
    gzipped,
    opened,
    tarred,
    the_run,
    zipped,
)

TRAIN = b"step_number,epoch_number,training_loss\n0,0,1.4\n1,0,1.3\n2,1,1.2\n3,1,1.1\n"
VALID = b"step_number,epoch_number,validation_loss\n1,0,1.5\n3,1,1.25\n"
PLACE = "s3://customer-escrow-000000000000-smtj-EXAMPLE/example-job/step"
MANIFEST = as_json({"checkpoint_s3_bucket": PLACE})
FILES = {
    "step_wise_training_metrics.csv": TRAIN,
    "validation_metrics.csv": VALID,
    "manifest.json": MANIFEST,
}


def assert_is_the_job(run) -> None:
    assert run.origin.format == "nova-metrics"
    assert run.frame["step"].tolist() == [0, 1, 2, 3]
    assert run.frame["train_loss"].tolist() == [1.4, 1.3, 1.2, 1.1]
    assert run.frame["valid_loss"].dropna().tolist() == [1.5, 1.25]
    assert run.n_epochs == 2
    assert run.job.provider == "nova"
    assert run.job.fine_tuned_model == PLACE


@pytest.mark.parametrize(
    "files",
    [
        FILES,
        {"output.tar.gz": gzipped(tarred(FILES))},
        {"job.zip": zipped({"output/output.tar.gz": gzipped(tarred(FILES))})},
        {"nested.zip": zipped({f"my-job/output/{name}": item for name, item in FILES.items()})},
        {
            "model-customization-job-1/training_artifacts/step_wise_training_metrics.csv": TRAIN,
            "model-customization-job-1/validation_artifacts/post_fine_tuning_validation/"
            "validation_metrics.csv": VALID,
            "model-customization-job-1/manifest.json": MANIFEST,
        },
    ],
    ids=["loose", "tar.gz", "tar.gz in a zip", "zip", "Bedrock's folders"],
)
def test_the_two_tables_and_the_manifest_are_one_run(files):
    assert_is_the_job(the_run(files))


def test_the_older_key_of_the_manifest_is_understood():
    manifest = as_json({"checkpoint_s3_path": PLACE, "checkpoint_s3_bucket": None})
    files = FILES | {"manifest.json": manifest}
    assert the_run(files).job.fine_tuned_model == PLACE


def test_two_jobs_in_one_folder_are_two_runs():
    files = {"a.csv": TRAIN, "b.csv": TRAIN.replace(b"1.4", b"9.9"), "c.csv": VALID}
    first, second = opened(files)
    assert "valid_loss" in first.frame
    assert "valid_loss" not in second.frame


def test_headers_in_capitals_join_too():
    upper = {name: item.replace(b"step_number", b"Step_Number") for name, item in FILES.items()}
    assert_is_the_job(the_run(upper))


def test_a_validation_table_without_rows_does_not_take_the_training_with_it():
    empty = VALID.splitlines()[0] + b"\n"
    run = the_run(FILES | {"validation_metrics.csv": empty})
    assert run.frame["train_loss"].tolist() == [1.4, 1.3, 1.2, 1.1]
    assert "not_joined" in [note.code for note in run.notes]


def test_a_manifest_alone_waits_for_the_metrics():
    assert "no metrics in it" in failures({"manifest.json": MANIFEST})[0]


def test_epochs_that_are_text_are_not_counted():
    run = the_run({"a.csv": TRAIN.replace(b",0,", b",first,").replace(b",1,", b",next,")})
    assert run.n_epochs is None
