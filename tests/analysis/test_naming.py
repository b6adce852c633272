import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.naming import canonical_name, canonical_names, is_known, with_slashes
from analysis.schema import METRICS, STEP


@pytest.mark.parametrize(
    ("own", "canonical"),
    [
        ("Step", STEP),
        ("train/global_step", STEP),
        ("training/global_step", STEP),
        ("_step", STEP),
        ("Training Loss", "Training Loss"),
        ("training_loss", "train_loss"),
        ("eval/loss", "valid_loss"),
        ("/eval_total_loss", "valid_loss"),
        ("validation_mean_token_accuracy", "valid_mean_token_accuracy"),
        ("val-score/rewards/mean_at_1", "full_valid_mean_reward"),
        ("val-core/openai/gsm8k/reward/mean@16", "full_valid_mean_reward"),
        ("val-core/math/acc/mean_at_1", "full_valid_mean_reward"),
        ("val-aux/math/acc/mean@1", "val-aux/math/acc/mean@1"),
        ("rewards/my_func/mean", "graders/my_func/train_reward"),
        ("rewards/my_func/std", "rewards/my_func/std"),
        ("rewards/my_func", "graders/my_func/train_reward"),
        ("eval_rewards/my_func/mean", "graders/my_func/valid_reward"),
        ("rewards/margins", "rewards/margins"),
        ("train/rewards/chosen", "rewards/chosen"),
        ("scores/graders/python/a/b/train_reward_mean", "graders/a/b/train_reward"),
        ("train_tool_calls_to_get_order", "tools/get_order/calls"),
        ("valid_tool_calls_to_get_order", "valid_tools/get_order/calls"),
        ("train_error_count_get_order", "tools/get_order/error_rate"),
        ("  weird   name ", "weird name"),
        ("", ""),
    ],
)
def test_a_name_is_read_as_what_its_tool_means_by_it(own, canonical):
    assert canonical_name(own) == canonical


@pytest.mark.parametrize("name", METRICS)
def test_a_canonical_name_stands_for_itself_in_any_case(name):
    assert canonical_name(name.upper()) == name
    assert is_known(name)


def test_of_several_names_for_one_metric_the_first_known_has_it():
    assert canonical_names(["critic/rewards/mean", "critic/score/mean", "step"]) == [
        "critic/rewards/mean", "train_mean_reward", STEP,
    ]  # fmt: skip


def test_beside_rewards_a_loss_is_a_surrogate():
    assert canonical_names(["loss", "eval_loss", "reward"]) == [
        "policy_loss", "eval_loss", "train_mean_reward",
    ]  # fmt: skip
    assert canonical_names(["loss", "eval_loss", "rewards/margins"])[:2] == [
        "train_loss", "valid_loss",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("saved", "name"),
    [
        ("train_loss", "train_loss"),
        ("train_learning_rate", "train/learning_rate"),
        ("rewards_margins", "rewards/margins"),
        ("critic_rewards_mean", "critic/rewards/mean"),
        ("something_else", "something_else"),
    ],
)
def test_slashes_lost_on_saving_are_put_back_where_that_makes_a_known_name(saved, name):
    assert with_slashes(saved) == name


@given(st.lists(st.text(max_size=12) | st.sampled_from([*METRICS, "loss", "lr", STEP]), max_size=8))
def test_every_column_keeps_a_name_and_no_canonical_one_is_given_twice(names):
    found = canonical_names(names)
    assert len(found) == len(names)
    given_to = [name for name in found if is_known(name)]
    own = [name.strip() for name in names]
    assert all(given_to.count(name) == 1 or own.count(name) > 1 for name in given_to)
