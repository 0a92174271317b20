"""Two tasks of the string language, and a writer of programs that are known."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from crest.records import Completion, Problem, Rollout, Submission
from crest.tasks.flashfill.problem import make_problem
from crest.tasks.flashfill.task import Task
from crest.tasks.flashfill.verifier import verify

NUM_VISIBLE = 2
INPUTS = ("ab-cd", "gh-ik", "fg-h", "mn-ab,cd")

TASK = Task(
    task_id="t0",
    level=1,
    program="x.upto('-')",
    inputs=INPUTS,
    outputs=("ab", "gh", "fg", "mn"),
    irregular=(False, False, False, True),
)
GENERALISES = "x.upto('-')"
ALSO_GENERALISES = "x.split('-',1)"
FITS_ALONE = "x.sub(0,2)"  # right on every input here but one
FAILS = "x.split(',',2)"  # no such field in most inputs
NO_PROGRAM = "x.nothing("


class Writer:
    """A policy that writes given texts, one after the other, for every prompt."""

    def __init__(self, texts: Sequence[str], *, cut_off: Sequence[str] = ()) -> None:
        self.texts = list(texts)
        self.cut_off = set(cut_off)
        self.prompts: list[str] = []

    def generate(self, prompts, row_seeds, **_):
        self.prompts += prompts
        return [[self._completion(place) for place, _ in enumerate(own)] for own in row_seeds]

    def _completion(self, place: int) -> Completion:
        text = self.texts[place % len(self.texts)]
        ids = tuple(text.encode())
        finish = "length" if text in self.cut_off else "stop"
        return Completion(ids, text, (-0.5,) * len(ids), finish)


@pytest.fixture
def problem() -> Problem:
    """Return the task under a split that shows its first two pairs."""
    made = (
        make_problem(TASK, seed, num_visible=NUM_VISIBLE, irregular_visible=0.0)
        for seed in range(1000)
    )
    return next(each for each in made if [call[0] for call in each.tests.calls] == list(INPUTS))


@pytest.fixture
def rollouts(problem: Problem):
    """Return the function from texts to their graded samples of the problem."""

    def graded(*texts: str, cut_off: Sequence[str] = ()) -> list[Rollout]:
        writer = Writer(texts, cut_off=cut_off)
        verdicts = verify([Submission(text, problem.tests) for text in texts])
        return [
            Rollout(problem, place, writer._completion(place), verdict)
            for place, verdict in enumerate(verdicts)
        ]

    return graded


@pytest.fixture
def poisoned(problem: Problem) -> Problem:
    """Return the same problem with another secret program."""
    return replace(problem, reference="x.reverse()")
