from collections import Counter
from itertools import combinations

import pytest

from crest.tasks.flashfill.banks import (
    _claims,
    _take,
    draw_banks,
    draw_corpus,
    draw_pool,
    solved_by_fewer_parts,
)
from crest.tasks.flashfill.canonical import canonical_text
from crest.tasks.flashfill.claimed import Claimed
from crest.tasks.flashfill.draw import Drawing
from crest.tasks.flashfill.evaluate import compile_program, run
from crest.tasks.flashfill.mixes import Mix
from crest.tasks.flashfill.signature import signature
from crest.tasks.flashfill.symbols import DELIMITERS
from crest.tasks.flashfill.text import parse_program
from crest.tasks.flashfill.weighted import Weighted


def behaviour(text):
    return signature(compile_program(parse_program(text)))


def test_banks_have_the_asked_size_and_parts(banks, config):
    assert len(banks.easy) == len(banks.hard) == config.bank_size
    assert {task.level for task in banks.easy} == {1, 2, 3}
    assert max(task.level for task in banks.hard) == 4
    assert len({task.task_id for task in (*banks.easy, *banks.hard)}) == 2 * config.bank_size


def test_no_two_tasks_of_the_banks_share_form_or_behaviour(banks):
    texts = [task.program for task in (*banks.easy, *banks.hard)]
    assert len({canonical_text(parse_program(text)) for text in texts}) == len(texts)
    for one, other in combinations([behaviour(text) for text in texts], 2):
        assert one != other


def test_no_task_of_the_banks_is_solved_by_fewer_parts(banks):
    for task in (*banks.easy, *banks.hard)[::5]:
        assert not solved_by_fewer_parts(task.inputs, task.outputs, task.level)


def test_a_task_that_fewer_parts_solve_is_found():
    inputs = ("abcd-e", "fghi-j", "kmna-b")
    outputs = run(compile_program(parse_program("x.head(2) + x.sub(2,4)")), inputs)
    assert solved_by_fewer_parts(inputs, outputs, 2)
    assert not solved_by_fewer_parts(inputs, outputs, 1)


def test_banks_are_drawn_again_alike(banks, config):
    small = config.model_copy(update={"bank_size": 5})
    again = draw_banks(small)
    assert again.easy == banks.easy[:5]


def test_pools_and_corpora_leave_the_programs_of_the_banks_alone(banks, config):
    taken = {behaviour(task.program) for task in (*banks.easy, *banks.hard)}
    pool = draw_pool(config, "pool", 100, banks.claimed)
    corpus = list(draw_corpus(config, 0, 100, banks.claimed))
    free = draw_pool(config, "pool", 100, Claimed())
    assert not taken & {behaviour(task.program) for task in pool}
    assert not taken & {behaviour(example.program) for example in corpus}
    assert taken & {behaviour(task.program) for task in free}
    same = sum(one == other for one, other in zip(pool, free, strict=True))
    assert 50 < same < 100


def test_a_larger_pool_has_the_smaller_one_in_front(banks, config):
    assert draw_pool(config, "p", 30, banks.claimed)[:10] == draw_pool(
        config, "p", 10, banks.claimed
    )
    assert draw_pool(config, "q", 10, banks.claimed) != draw_pool(config, "p", 10, banks.claimed)


def test_an_example_is_a_prompt_whose_pairs_its_program_explains(banks, config):
    for example in draw_corpus(config, 3, 30, banks.claimed):
        function = compile_program(parse_program(example.program))
        assert example.prompt.endswith(" =>")
        pairs = example.prompt.removesuffix(" =>").split(" ; ")
        assert len(pairs) == config.num_visible
        for pair in pairs:
            given, wanted = pair.split(" > ")
            assert function(given) == wanted


def test_the_corpus_has_its_own_parts(banks, config):
    corpus = draw_corpus(config, 0, 300, banks.claimed)
    parts = Counter(len(parse_program(example.program).parts) for example in corpus)
    assert parts[1] / 300 == pytest.approx(0.62, abs=0.1)
    assert set(parts) == {1, 2, 3}


def test_a_bank_larger_than_the_space_of_its_tasks_is_refused(config):
    cuts = Mix(Weighted({"upto": 1.0}), whole=0.0, nesting=0.0, wrapping=0.0)
    drawing = Drawing(config, cuts, Weighted({1: 1.0}), _claims(Claimed()))
    tasks = _take(drawing, "small", 9)
    programs = {next(tasks).program for _ in DELIMITERS}  # one program a delimiter, and no more
    assert programs == {f"x.upto('{delimiter}')" for delimiter in DELIMITERS}
    with pytest.raises(ValueError, match=r"small-000008: .* \(taken \d+ times.*ask for fewer"):
        next(tasks)
