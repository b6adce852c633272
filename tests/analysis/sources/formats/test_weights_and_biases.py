import pytest

from analysis import SourceError, read
from tests.analysis.sources.packed import opened, the_run

RUN = "17/04/2025_22:06:37_elie, part1 - tp"  # commas and the separator itself, as really seen


def chart(metric: str, *runs: str, axis: str = "Step", rows: str = "") -> bytes:
    names = [f"{run} - {metric}{end}" for run in runs for end in ("", "__MIN", "__MAX")]
    header = ",".join(f'"{name}"' for name in (axis, *names))
    return f"{header}\n{rows}".encode()


def cells(step: int, *values: object) -> str:
    return f'"{step}",' + ",".join(f'"{v}","{v}","{v}"' for v in values) + "\n"


def test_each_run_of_a_chart_is_a_run_with_its_own_rows():
    rows = cells(10, 2.0, "") + cells(20, 1.5, 3.0)
    first, second = read(chart("train/loss", "a", "b", rows=rows))
    assert [first.name, second.name] == ["a", "b"]
    assert [first.origin.within, second.origin.within] == ["a", "b"]
    assert first.frame["train_loss"].tolist() == [2.0, 1.5]
    assert second.frame["step"].tolist() == [20]


def test_several_charts_of_one_run_are_one_run():
    charts = {
        "loss.csv": chart("train/loss", "a", rows=cells(1, 2.0) + cells(2, 1.5)),
        "eval.csv": chart("eval/loss", "a", rows=cells(2, 1.8)),
    }
    run = the_run(charts)
    assert run.frame["train_loss"].tolist() == [2.0, 1.5]
    assert run.frame["valid_loss"].dropna().tolist() == [1.8]


def test_a_run_name_with_commas_and_dashes_is_kept_whole():
    run = the_run({"x.csv": chart("train/loss", RUN, rows=cells(1, 2.0))})
    assert run.name == RUN
    assert run.frame["train_loss"].tolist() == [2.0]


def test_an_axis_of_global_steps_leaves_the_charts_own_counter_out():
    content = (
        b'"train/global_step","a - _step","a - _step__MIN","a - _step__MAX",'
        b'"a - train/loss","a - train/loss__MIN","a - train/loss__MAX"\n'
        b'"100","7","7","7","2.0","2.0","2.0"\n'
    )
    run = the_run({"x.csv": content})
    assert run.frame["step"].tolist() == [100]
    assert run.frame["train_loss"].tolist() == [2.0]


@pytest.mark.parametrize("axis", ["Relative Time (Process)", "_runtime", "Wall Time"])
def test_an_axis_of_time_is_refused_with_what_to_choose_instead(axis):
    with pytest.raises(SourceError, match="counts no steps") as caught:
        read(chart("train/loss", "a", axis=axis, rows=cells(1, 2.0)))
    assert "x-axis" in caught.value.remedy


def test_two_runs_of_one_name_that_contradict_each_other_stay_two():
    charts = {
        "one.csv": chart("train/loss", "a", rows=cells(1, 2.0)),
        "two.csv": chart("train/loss", "a", rows=cells(1, 9.0)),
    }
    assert len(opened(charts)) == 2


def test_a_run_that_logged_nothing_does_not_take_the_others_with_it():
    runs = read(chart("train/loss", "a", "b", rows=cells(1, 2.0, "")))
    assert [run.name for run in runs] == ["a"]


@pytest.mark.parametrize(
    "header",
    ['"Step"," a - loss "," a - loss__MIN"', '"Step","a - loss","a - loss","a - loss__MIN"'],
)
def test_names_with_blanks_or_twice_are_survived(header):
    width = header.count(",") + 1
    row = ",".join(["1"] * width)
    assert read(f"{header}\n{row}\n".encode())[0].frame["train_loss"].tolist() == [1]


def test_a_chart_of_a_metric_that_is_not_known_says_which():
    with pytest.raises(SourceError, match="No metric that is known among the columns: gpu"):
        read(chart("gpu", "a", rows=cells(1, 2.0)))
