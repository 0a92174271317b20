from collections import Counter

import pytest

from crest.tasks.flashfill.draw import MAX_FORMATS, PROGRAMS_PER_FORMAT, Drawing, Rejection
from crest.tasks.flashfill.evaluate import compile_program, run
from crest.tasks.flashfill.mixes import DEPLOYMENT, PRETRAINING
from crest.tasks.flashfill.text import parse_program
from crest.tasks.flashfill.weighted import Weighted

NUM = 300


@pytest.fixture(scope="module")
def drawing(config):
    return Drawing(config, DEPLOYMENT, Weighted(config.easy_parts))


@pytest.fixture(scope="module")
def tasks(drawing):
    return [drawing.task(f"t{number}") for number in range(NUM)]


def test_outputs_are_the_values_of_the_program(tasks):
    for task in tasks:
        assert run(compile_program(parse_program(task.program)), task.inputs) == task.outputs


def test_the_level_is_the_number_of_parts_and_has_the_stated_shares(tasks, config):
    levels = Counter(task.level for task in tasks)
    assert all(len(parse_program(task.program).parts) == task.level for task in tasks)
    for level, share in config.easy_parts.items():
        assert levels[level] / NUM == pytest.approx(share, abs=0.1)


def test_no_task_is_trivial(tasks, config):
    for task in tasks:
        assert len(set(task.inputs)) == config.num_pairs
        assert len(set(task.outputs)) > 1
        assert all(1 <= len(text) <= config.max_output_length for text in task.outputs)
        assert task.outputs != task.inputs


def test_irregular_inputs_are_the_stated_share_of_the_stated_share_of_tasks(tasks, config):
    counts = Counter(sum(task.irregular) for task in tasks)
    assert set(counts) == {0, 5}  # 45 % of 12, rounded
    assert counts[5] / NUM == pytest.approx(config.irregular_tasks, abs=0.08)
    places = Counter(place for task in tasks for place, flag in enumerate(task.irregular) if flag)
    assert set(places) == set(range(config.num_pairs))


def test_a_task_is_a_function_of_its_name(drawing, tasks, config):
    again = Drawing(config, DEPLOYMENT, Weighted(config.easy_parts))
    assert again.task("t7") == tasks[7]
    assert drawing.task("t7") == tasks[7]
    other = config.model_copy(update={"seed": 1})
    assert Drawing(other, DEPLOYMENT, Weighted(config.easy_parts)).task("t7") != tasks[7]


def test_a_task_that_is_turned_down_gives_way_to_the_next_in_its_stream(tasks, config):
    def other_program(candidate):
        same = candidate.outputs == tasks[3].outputs
        return Rejection.TAKEN if same else None

    drawing = Drawing(config, DEPLOYMENT, Weighted(config.easy_parts), other_program)
    assert drawing.task("t4") == tasks[4]
    assert drawing.task("t3").program != tasks[3].program
    assert drawing.rejected[Rejection.TAKEN] == 1


def test_without_irregularity_all_inputs_follow_one_format(config):
    plain = config.model_copy(update={"irregular_tasks": 0.0})
    drawing = Drawing(plain, PRETRAINING, Weighted({1: 1.0}))
    assert not any(any(drawing.task(f"t{number}").irregular) for number in range(20))


def test_what_cannot_be_drawn_is_an_error_with_the_reasons(config):
    short = config.model_copy(update={"max_output_length": 1})
    drawing = Drawing(short, DEPLOYMENT, Weighted({4: 1.0}))
    tried = MAX_FORMATS * PROGRAMS_PER_FORMAT
    with pytest.raises(
        ValueError, match=rf"of {tried} programs of 4 parts none .*too long \d+ times"
    ):
        drawing.task("t0")


def test_flags_lie_anywhere(config):
    drawing = Drawing(config, DEPLOYMENT, Weighted({2: 1.0}))
    assert len({drawing.task(f"s{number}").irregular for number in range(30)}) > 15
