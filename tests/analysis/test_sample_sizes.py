"""How many validation examples are behind a mean: recovered, or not known."""

import numpy as np
import pytest

from analysis import read
from analysis.sample_sizes import validation_examples
from tests.builders import make_frame
from tests.shared_data import EXAMPLES, needs


def test_a_total_beside_its_mean_gives_the_number():
    frame = make_frame(
        **{
            "usage/graders/a/valid_prompt_tokens_count": [4820.0, np.nan, 4830.0],
            "usage/graders/a/valid_prompt_tokens_mean": [241.0, np.nan, 241.5],
        }
    )
    assert validation_examples(frame) == 20


def test_graded_samples_are_counted_by_azure():
    name = "timing/graders/python/a grader/timing/valid_execution_latency_count"
    assert validation_examples(make_frame(**{name: [150.0, np.nan, 150.0]})) == 150


def test_of_several_graders_the_one_that_graded_most_counts():
    columns = {f"errors/graders/python/{g}/errors/valid_other_error_count": [n] * 3
               for g, n in (("a", 90.0), ("b", 100.0))}  # fmt: skip
    assert validation_examples(make_frame(**columns)) == 100


@pytest.mark.parametrize(
    "columns",
    [
        {"full_valid_mean_reward": [0.5, 0.6]},
        {"usage/graders/a/valid_prompt_tokens_count": [4820.0, 4820.0]},
        {"errors/graders/python/a/errors/valid_other_error_count": [0.0, 0.0]},
        {"errors/graders/python/a/errors/train_other_error_count": [700.0, 700.0]},
    ],
)
def test_a_number_that_no_column_implies_is_not_known(columns):
    assert validation_examples(make_frame(**columns)) is None


@needs(EXAMPLES)
def test_azures_result_file_counts_150():
    run, *_ = read(EXAMPLES / "azure_result_rft_agentic.csv")
    assert validation_examples(run.frame) == 150
