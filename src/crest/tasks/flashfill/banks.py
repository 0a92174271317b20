"""The two banks that are measured on, and the pools and corpora that must share nothing with them.

Tasks of the banks differ from each other, too, and none is solved by fewer parts than it claims. A
pool or corpus takes any program that no bank has, by normal form or by behaviour; its programs may
repeat, and about one in fifty of its tasks is solved by fewer (measured with `explain`, whose 20 ms
a task are too much for pools).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crest.config.crossover import FlashfillConfig
from crest.tasks.flashfill.claimed import Claimed
from crest.tasks.flashfill.draw import Accept, Candidate, Drawing, Rejection
from crest.tasks.flashfill.enumeration import explain
from crest.tasks.flashfill.mixes import DEPLOYMENT, PRETRAINING
from crest.tasks.flashfill.problem import make_problem
from crest.tasks.flashfill.program import Program
from crest.tasks.flashfill.task import Task
from crest.tasks.flashfill.weighted import Weighted

EASY, HARD = "easy", "hard"


@dataclass(frozen=True, slots=True)
class Banks:
    """The tasks that models are measured on.

    Attributes:
        easy: Programs of up to three parts, as in the training pools.
        hard: Programs of up to four, more of them long.
        rejected: Programs turned down while drawing both, by reason.
    """

    easy: tuple[Task, ...]
    hard: tuple[Task, ...]
    rejected: dict[str, int]

    @property
    def claimed(self) -> Claimed:
        """Return what pools and corpora must leave alone."""
        return Claimed.by((*self.easy, *self.hard))


@dataclass(frozen=True, slots=True)
class Example:
    """What a base model is trained on: a prompt of visible pairs, and the program behind it."""

    prompt: str
    program: str


def draw_banks(config: FlashfillConfig) -> Banks:
    """Draw both banks, all programs of which differ by normal form and by behaviour.

    Raises:
        ValueError: There are fewer such programs than `bank_size` asks for.
    """
    claimed, rejected = Claimed(), Counter[Rejection]()
    banks = {}
    for name, parts in ((EASY, config.easy_parts), (HARD, config.hard_parts)):
        drawing = Drawing(config, DEPLOYMENT, Weighted(parts), _claims(claimed), rejected)
        banks[name] = tuple(_take(drawing, name, config.bank_size))
    counts = {reason.value: rejected[reason] for reason in sorted(rejected)}
    return Banks(banks[EASY], banks[HARD], counts)


def draw_pool(
    config: FlashfillConfig, name: str, num_tasks: int, claimed: Claimed
) -> tuple[Task, ...]:
    """Draw tasks to train on: the easy bank's distribution without what is claimed.

    Args:
        config: What tasks are like.
        name: Names the pool: another name gives other tasks.
        num_tasks: Of the pool; a larger pool has the smaller one's tasks in front.
        claimed: The banks' programs.

    Raises:
        ValueError: Nearly all programs are claimed.
    """
    drawing = Drawing(config, DEPLOYMENT, Weighted(config.easy_parts), _leaves(claimed))
    return tuple(_take(drawing, name, num_tasks))


def draw_corpus(
    config: FlashfillConfig, seed: int, num_examples: int, claimed: Claimed
) -> Iterator[Example]:
    """Yield examples for pretraining: another mix of programs, without what is claimed.

    Args:
        config: What tasks are like.
        seed: Of the corpus.
        num_examples: Programs with a prompt each.
        claimed: The banks' programs.

    Raises:
        ValueError: Nearly all programs are claimed.
    """
    drawing = Drawing(config, PRETRAINING, Weighted(config.corpus_parts), _leaves(claimed))
    for task in _take(drawing, f"corpus{seed}", num_examples):
        problem = make_problem(
            task,
            config.seed,
            num_visible=config.num_visible,
            irregular_visible=config.irregular_visible,
        )
        yield Example(problem.prompt, task.program)


def _take(drawing: Drawing, name: str, num: int) -> Iterator[Task]:
    return (drawing.task(f"{name}-{number:06d}") for number in range(num))


def _leaves(claimed: Claimed) -> Accept:
    """Return a rule that leaves claimed programs alone; it remembers what it found of each."""
    known = dict[Program, bool]()

    def accept(candidate: Candidate) -> Rejection | None:
        taken = known.get(candidate.program)
        if taken is None:
            taken = claimed.has_behaviour(candidate.function)
            known[candidate.program] = taken
        return Rejection.TAKEN if taken else None

    return accept


def _claims(claimed: Claimed) -> Accept:
    """Return a rule that takes a program once, and only if as many parts are needed."""

    def accept(candidate: Candidate) -> Rejection | None:
        if claimed.has_behaviour(candidate.function):
            return Rejection.TAKEN
        if solved_by_fewer_parts(candidate.inputs, candidate.outputs, len(candidate.program.parts)):
            return Rejection.FEWER_PARTS
        claimed.add(candidate.program, candidate.function)
        return None

    return accept


def solved_by_fewer_parts(inputs: Sequence[str], outputs: Sequence[str], num_parts: int) -> bool:
    """Return whether a program of fewer parts, of at most two steps each, has these outputs."""
    return num_parts > 1 and explain(inputs, outputs, num_parts - 1) is not None
