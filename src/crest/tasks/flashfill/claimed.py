"""Programs that other tasks may not have, by normal form and by behaviour."""

from collections.abc import Iterable
from typing import Self

from crest.tasks.flashfill.canonical import canonical_text
from crest.tasks.flashfill.evaluate import Function, compile_program
from crest.tasks.flashfill.program import Program
from crest.tasks.flashfill.signature import Behaviours
from crest.tasks.flashfill.task import Task
from crest.tasks.flashfill.text import parse_program


class Claimed:
    """Normal forms and behaviours of some programs."""

    __slots__ = ("_behaviours", "_forms")

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._behaviours = Behaviours()

    @classmethod
    def by(cls, tasks: Iterable[Task]) -> Self:
        """Return what the programs of some tasks claim."""
        claimed = cls()
        for task in tasks:
            program = parse_program(task.program)
            claimed.add(program, compile_program(program))
        return claimed

    def add(self, program: Program, function: Function) -> None:
        """Claim a program, given with its compiled function."""
        self._forms.add(canonical_text(program))
        self._behaviours.add(function)

    def has_form(self, program: Program) -> bool:
        """Return whether a claimed program has the same normal form."""
        return canonical_text(program) in self._forms

    def has_behaviour(self, function: Function) -> bool:
        """Return whether a claimed program has the same values on all probes.

        If so for its normal form, then for its behaviour: `canonical.py` is sound. Samplers ask
        this alone, the proof asks both.
        """
        return function in self._behaviours
