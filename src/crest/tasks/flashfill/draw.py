"""Draw tasks: a format, a program that is defined on its records, and some irregular records.

A task is a function of its own name: its stream is derived from it, so that a pool of any size
holds the same tasks in front. The number of parts is drawn once a task, so that programs of many
parts, which are turned down more often, keep their share.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from crest import seeds
from crest.config.crossover import FlashfillConfig
from crest.tasks.flashfill.evaluate import EvaluationError, Function, compile_program
from crest.tasks.flashfill.inputs import Format, draw_format, draw_irregular, draw_record
from crest.tasks.flashfill.mixes import Mix, draw_program
from crest.tasks.flashfill.program import Program
from crest.tasks.flashfill.task import Task
from crest.tasks.flashfill.text import print_program
from crest.tasks.flashfill.weighted import Weighted

PROGRAMS_PER_FORMAT = 8
"""Programs that are tried on one set of records before another is drawn."""
IRREGULAR_TRIES = 8
"""Irregular records that are tried in a place until the program is defined on one."""
MAX_FORMATS = 200
"""Formats that are tried for one task before its distribution counts as exhausted."""


class Rejection(StrEnum):
    """Why a drawn program makes no task."""

    UNDEFINED = "undefined"
    """It raises on a regular record, or on every irregular one tried in some place."""
    EMPTY = "empty"
    """An output is empty."""
    TOO_LONG = "too long"
    """An output has more characters than `max_output_length`."""
    CONSTANT = "constant"
    """All outputs are equal."""
    IDENTITY = "identity"
    """Every output is its input."""
    FEWER_PARTS = "fewer parts"
    """A program of fewer parts has the same outputs."""
    TAKEN = "taken"
    """Another task that it must differ from has its canonical form or its behaviour."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A program with its pairs, not yet a task.

    Attributes:
        program: The secret program.
        function: The program, compiled.
        inputs: Distinct records.
        outputs: Its value on each.
        irregular: Which of them depart from the format.
    """

    program: Program
    function: Function
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    irregular: tuple[bool, ...]


Accept = Callable[[Candidate], Rejection | None]
"""What else a task must fulfil; None accepts."""


def accept_any(_: Candidate) -> None:
    """Accept every candidate."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A distribution of tasks, and a count of what it turns down.

    Attributes:
        config: Seed, pairs, irregularity and limits.
        mix: Of the programs.
        parts: Of their number of parts.
        accept: What else a task must fulfil.
        rejected: Programs turned down so far, by reason.
    """

    config: FlashfillConfig
    mix: Mix
    parts: Weighted[int]
    accept: Accept = accept_any
    rejected: Counter[Rejection] = field(default_factory=Counter)

    def task(self, task_id: str) -> Task:
        """Return the task of a name.

        Raises:
            ValueError: No further program fulfils what is asked for.
        """
        rng = Random(seeds.derive_seed("flashfill task", self.config.seed, task_id))
        num_parts = self.parts.draw(rng)
        for _ in range(MAX_FORMATS):
            if found := self._on_one_format(num_parts, rng):
                text = print_program(found.program)
                return Task(task_id, num_parts, text, found.inputs, found.outputs, found.irregular)
        raise ValueError(
            f"{task_id}: of {MAX_FORMATS * PROGRAMS_PER_FORMAT} programs of {num_parts} parts none "
            f"makes a further task ({self._reasons()}): ask for fewer tasks, or for other parts"
        )

    def _on_one_format(self, num_parts: int, rng: Random) -> Candidate | None:
        form = draw_format(rng)
        irregular = _draw_flags(self.config, rng)
        regular = _distinct_records(form, irregular.count(False), rng)
        for _ in range(PROGRAMS_PER_FORMAT):
            program = draw_program(self.mix, num_parts, form, rng)
            found = self._try(program, form, regular, irregular, rng)
            if isinstance(found, Candidate):
                fault = self.accept(found)
                if fault is None:
                    return found
                self.rejected[fault] += 1
            else:
                self.rejected[found] += 1
        return None

    def _try(
        self,
        program: Program,
        form: Format,
        regular: list[str],
        irregular: tuple[bool, ...],
        rng: Random,
    ) -> Candidate | Rejection:
        function, longest = compile_program(program), self.config.max_output_length
        values: dict[str, str] = {}
        for text in regular:
            value = _checked(function, text, longest)
            if isinstance(value, Rejection):
                return value
            values[text] = value
        for _ in range(irregular.count(True)):
            if not _add_irregular(values, form, function, longest, rng):
                return Rejection.UNDEFINED
        if len(set(values.values())) == 1:
            return Rejection.CONSTANT
        if all(text == value for text, value in values.items()):
            return Rejection.IDENTITY
        inputs = _in_places(list(values), irregular)
        return Candidate(
            program, function, inputs, tuple([values[text] for text in inputs]), irregular
        )

    def _reasons(self) -> str:
        counts = self.rejected.most_common()
        return ", ".join(f"{reason} {count} times" for reason, count in counts)


def _draw_flags(config: FlashfillConfig, rng: Random) -> tuple[bool, ...]:
    """Return which inputs are irregular: none, or the stated share, rounded, at random places."""
    if rng.random() >= config.irregular_tasks:
        return (False,) * config.num_pairs
    num = round(config.irregular_inputs * config.num_pairs)
    places = set(rng.sample(range(config.num_pairs), num))
    return tuple([place in places for place in range(config.num_pairs)])


def _distinct_records(form: Format, num: int, rng: Random) -> list[str]:
    records: dict[str, None] = {}
    while len(records) < num:
        records[draw_record(form, rng)] = None
    return list(records)


def _checked(function: Function, text: str, longest: int) -> str | Rejection:
    """Return a value that a task may have, or what is wrong with it."""
    try:
        value = function(text)
    except EvaluationError:
        return Rejection.UNDEFINED
    if not value:
        return Rejection.EMPTY
    return Rejection.TOO_LONG if len(value) > longest else value


def _add_irregular(
    values: dict[str, str], form: Format, function: Function, longest: int, rng: Random
) -> bool:
    """Add an irregular record on which the program has a value; return whether one was found."""
    for _ in range(IRREGULAR_TRIES):
        text = draw_irregular(form, rng)
        value = _checked(function, text, longest)
        if not isinstance(value, Rejection) and text not in values:
            values[text] = value
            return True
    return False


def _in_places(texts: list[str], irregular: tuple[bool, ...]) -> tuple[str, ...]:
    """Return regular texts, which come first, and irregular ones at their flagged places."""
    regular, others = iter(texts), iter(texts[irregular.count(False) :])
    return tuple([next(others) if flag else next(regular) for flag in irregular])
