from collections import Counter
from dataclasses import replace

import pytest

from crest.records import Submission
from crest.tasks.bank import problem_source, read_problems, write_problems
from crest.tasks.flashfill.problem import make_problem, make_prompt, split_pairs
from crest.tasks.flashfill.task import Task
from crest.tasks.flashfill.verifier import verify

TASK = Task(
    "t",
    1,
    "x.head(2)",
    tuple(f"{letter}{letter}-{number}" for number, letter in enumerate("abcdefghijkl")),
    tuple(letter * 2 for letter in "abcdefghijkl"),
    (True,) * 5 + (False,) * 7,
)
SPLIT = {"num_visible": 2, "irregular_visible": 0.15}


def test_the_prompt_shows_the_visible_pairs_and_asks():
    assert make_prompt(["a b", "c;d"], ["a", "c"]) == "a b > a ; c;d > c =>"
    problem = make_problem(TASK, 0, **SPLIT)
    shown, held_out = problem.tests.calls[:2], problem.tests.calls[2:]
    assert problem.prompt == make_prompt(
        [call[0] for call in shown], list(problem.tests.expected[:2])
    )
    assert not any(call[0] in problem.prompt for call in held_out)


def test_a_problem_tests_every_pair_once():
    problem = make_problem(TASK, 3, **SPLIT)
    pairs = [
        (call[0], wanted)
        for call, wanted in zip(problem.tests.calls, problem.tests.expected, strict=True)
    ]
    assert sorted(pairs) == sorted(zip(TASK.inputs, TASK.outputs, strict=True))
    assert problem.level == 1
    assert not problem.continues_prompt


def test_the_reference_passes_and_never_stands_in_the_prompt():
    problem = make_problem(TASK, 0, **SPLIT)
    source = problem_source(problem, problem.reference)
    assert verify([Submission(source, problem.tests)])[0].passed
    assert problem.reference not in problem.prompt


def test_a_prompt_is_a_function_of_the_pairs_and_never_of_the_program():
    secret = replace(TASK, program="x.token(word,1)", level=3)
    for seed in range(5):
        one, other = make_problem(TASK, seed, **SPLIT), make_problem(secret, seed, **SPLIT)
        assert one.prompt == other.prompt
        assert one.tests == other.tests


def test_a_split_seed_decides_the_split():
    splits = [tuple(split_pairs(TASK, seed, **SPLIT)) for seed in range(20)]
    assert splits == [tuple(split_pairs(TASK, seed, **SPLIT)) for seed in range(20)]
    assert len({frozenset(split[:2]) for split in splits}) > 10
    for split in splits:
        assert sorted(split) == list(range(12))
        assert list(split[2:]) == sorted(split[2:])


def test_each_visible_pair_is_irregular_with_the_stated_probability():
    num = 4000
    shown = [split_pairs(TASK, seed, **SPLIT)[:2] for seed in range(num)]
    for slot in range(2):
        irregular = sum(TASK.irregular[pair[slot]] for pair in shown)
        assert abs(irregular - 0.15 * num) < 4 * (num * 0.15 * 0.85) ** 0.5
    counts = Counter(pair[0] for pair in shown)
    assert max(counts[pair] for pair in range(5)) < 1.5 * min(counts[pair] for pair in range(5))
    assert max(counts[pair] for pair in range(5, 12)) < 1.5 * min(counts[p] for p in range(5, 12))


@pytest.mark.parametrize("irregular", [True, False])
def test_pairs_of_one_kind_serve_for_the_other(irregular):
    task = Task("u", 1, "x", TASK.inputs, TASK.outputs, (irregular,) * 12)
    assert len(set(split_pairs(task, 0, num_visible=2, irregular_visible=0.5)[:2])) == 2


@pytest.mark.parametrize("num_visible", [0, 12, 13])
def test_a_split_without_visible_or_held_out_pairs_is_refused(num_visible):
    with pytest.raises(ValueError, match=f"num_visible is {num_visible} of the 12 pairs of t"):
        make_problem(TASK, 0, num_visible=num_visible, irregular_visible=0.15)


def test_problems_go_to_disk_and_back(tmp_path):
    problems = [make_problem(TASK, 0, **SPLIT)]
    write_problems(problems, tmp_path / "problems.parquet")
    assert read_problems(tmp_path / "problems.parquet") == problems
