from dataclasses import replace

from crest.records import Problem
from crest.tasks.problem_set import problem_set_sha256
from crest.testing import FunctionTests

PROBLEMS = [
    Problem(f"task{i}", "cond", 2, f"# say {i}\n", "", FunctionTests("f", ((i,),), (i,)))
    for i in range(4)
]


def test_the_order_of_problems_does_not_matter():
    assert problem_set_sha256(PROBLEMS) == problem_set_sha256(PROBLEMS[::-1])


def test_another_test_prompt_name_or_number_of_problems_is_another_set():
    first, *rest = PROBLEMS
    others = [
        rest,
        [replace(first, tests=FunctionTests("f", ((0,),), (1,))), *rest],
        [replace(first, prompt="# say none\n"), *rest],
        [replace(first, prelude="import math\n"), *rest],
        [replace(first, task_id="other"), *rest],
        [*PROBLEMS, first],
    ]
    digests = {problem_set_sha256(some) for some in (PROBLEMS, *others)}
    assert len(digests) == 1 + len(others)


def test_what_no_model_and_no_grader_sees_does_not_matter():
    noted = [replace(problem, reference="secret", level=3) for problem in PROBLEMS]
    assert problem_set_sha256(noted) == problem_set_sha256(PROBLEMS)
