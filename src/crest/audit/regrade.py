"""Judge programs again and count the verdicts that differ."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crest.audit.program import Program
from crest.records import Grade, Status, Verdict
from crest.work import Kept


@dataclass(slots=True)
class Count:
    """What became of one program's re-grades.

    Attributes:
        regrades: How often it was judged again.
        flips: Verdicts of another status than the recorded one, or with other flags by test than
            an earlier verdict of that status.
        back_stops: Ends by the wall-clock back-stop, of which nothing is promised; no flips.
    """

    regrades: int = 0
    flips: int = 0
    back_stops: int = 0


class Auditor:
    """Judges the same programs under one load after the other.

    Args:
        programs: With what is recorded of each.
        grade: Judges without remembering.
        rng: Orders each round anew, so that a program follows now this one, now that.
        kept: Rounds that are finished already, and where others are kept as they are finished.

    Attributes:
        times_ms: Wall time of each re-grade of the last call that was not kept from before.
    """

    def __init__(
        self, programs: Sequence[Program], grade: Grade, rng: np.random.Generator, kept: Kept
    ) -> None:
        self.programs = programs
        self._grade = grade
        self._rng = rng
        self._kept = kept
        self._flags: dict[int, list[bool]] = {}
        self.times_ms: list[float] = []

    def regrade(self, repeats: int, load: str) -> list[Count]:
        """Judge every program so many times and return a count for each, in order.

        Args:
            repeats: Rounds.
            load: Name of the load; no two calls with the same `kept` share it.
        """
        counts = [Count() for _ in self.programs]
        self.times_ms = []
        for number in range(repeats):
            order = self._rng.permutation(len(self.programs)).tolist()
            name = f"{load}, round {number + 1} of {repeats}"
            verdicts = self._kept.recall(name)
            if verdicts is None:
                verdicts = [_plain(self._judge(index)) for index in order]
                self._kept.put(name, verdicts, name)
            for index, (status, flags) in zip(order, verdicts, strict=True):
                self._count(index, Status(status), flags, counts[index])
        return counts

    def _judge(self, index: int) -> Verdict:
        start_s = time.perf_counter()
        (verdict,) = self._grade([self.programs[index].submission])
        self.times_ms.append(1000 * (time.perf_counter() - start_s))
        return verdict

    def _count(self, index: int, status: Status, flags: list[bool], count: Count) -> None:
        count.regrades += 1
        if status is Status.WALL:
            count.back_stops += 1
        elif status is not self.programs[index].status:
            count.flips += 1
        else:
            count.flips += flags != self._flags.setdefault(index, flags)


def _plain(verdict: Verdict) -> tuple[str, list[bool]]:
    """Return what counts of a verdict, as JSON holds it."""
    return verdict.status.value, list(verdict.passed_tests)
