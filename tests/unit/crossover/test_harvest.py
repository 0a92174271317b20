from dataclasses import replace
from itertools import count

import pytest
from tests.unit.crossover.conftest import (
    ALSO_GENERALISES,
    FAILS,
    GENERALISES,
    NUM_VISIBLE,
    Writer,
)

from crest.config import RecipeConfig, SamplingConfig
from crest.crossover.harvest import choose, gather, learn
from crest.work import Kept, open_work

RECIPE = RecipeConfig(
    label="",
    pool="fresh",
    start="previous",
    num_tasks=1,
    num_generations=4,
    keep=1,
    learning_rate=0.01,
    num_train_epochs=1,
    batch_size=4,
)
FITS = "x.sub(-5,-3)"  # right on the visible pairs, fails on a held-out input


@pytest.fixture
def gathered(tmp_path, problem):
    """Return the function from a writer and changes of the recipe to the harvest."""

    numbers = count()

    def run(writer, problems=(problem,), **changes):
        recipe, root = RECIPE.model_copy(update=changes), tmp_path / str(next(numbers))
        with open_work("{}", [], root=root) as work, Kept(work) as kept:
            return gather(
                writer,
                problems,
                recipe,
                SamplingConfig(temperature=1.0, max_completion_length=40),
                ("stream", 0),
                num_visible=NUM_VISIBLE,
                kept=kept,
            )

    return run


def texts_of(harvest):
    return [bytes(example.token_ids).decode() for example in harvest.examples]


def test_only_programs_that_pass_every_pair_are_kept(gathered):
    harvest = gathered(Writer([FAILS, FITS, GENERALISES, FITS]))
    assert texts_of(harvest) == [GENERALISES]
    row = harvest.table.row(0, named=True)
    assert (row["num_samples"], row["num_correct"], row["num_kept"]) == (4, 1, 1)


def test_verified_on_visible_pairs_alone_others_are_kept_too(gathered):
    harvest = gathered(Writer([FAILS, FITS, FITS, FITS]), verify="visible")
    assert texts_of(harvest) == [FITS]
    assert harvest.table["num_correct"].to_list() == [0]


def test_equal_programs_are_kept_once(gathered):
    harvest = gathered(Writer([GENERALISES, ALSO_GENERALISES]), keep=4)
    assert sorted(texts_of(harvest)) == sorted([GENERALISES, ALSO_GENERALISES])


def test_a_program_that_was_cut_off_is_not_learnt(gathered):
    harvest = gathered(Writer([GENERALISES], cut_off=[GENERALISES]))
    assert harvest.examples == []


def test_the_secret_program_has_no_way_into_the_harvest(gathered, problem, poisoned):
    writer = Writer([GENERALISES, FAILS, FITS, ALSO_GENERALISES])
    honest = gathered(writer, [problem])
    other = gathered(writer, [poisoned])
    assert other.examples == honest.examples
    assert other.table.equals(honest.table)
    assert problem.reference not in "".join(writer.prompts)


def test_a_task_that_nothing_solves_gives_nothing_but_its_row(gathered):
    harvest = gathered(Writer([FAILS]))
    assert harvest.examples == []
    assert harvest.table["num_kept"].to_list() == [0]


def test_the_draw_depends_on_its_stream_alone(rollouts):
    verified = rollouts(GENERALISES, ALSO_GENERALISES, "x.sub(0,2)", "x.head(2)")
    draws = {choose(verified, 1, ("stream", number))[0] for number in range(40)}
    assert len(draws) == 4
    assert choose(verified, 2, ("stream", 3)) == choose(verified, 2, ("stream", 3))


def test_without_a_kept_program_the_model_is_left_alone(caplog):
    learn(None, [], RECIPE, ("stream",))
    assert "stays as it is" in caplog.text


def test_prompts_of_the_examples_are_those_of_their_problems(gathered, problem):
    other = replace(problem, task_id="t1", prompt="other =>")
    harvest = gathered(Writer([GENERALISES]), [problem, other])
    assert [each.prompt for each in harvest.examples] == [problem.prompt, "other =>"]
