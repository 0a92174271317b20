"""Submissions in, verdicts out, in order; the only way to a reward on code.

A batch is cleared of duplicates and looked up in the cache. Of the rest, short programs that do not
compile are found many at a time; the others run in slots: one program a slot at a time, as many
slots as workers.
"""

from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

from crest.closing import Closing
from crest.grading.cache import VerdictCache, submission_keys
from crest.grading.checking import CheckError
from crest.grading.cores import cores_for
from crest.grading.kinds import Examiner, make_examiner
from crest.grading.level import Isolation, SandboxLevel
from crest.grading.limits import GradingLimits
from crest.grading.recording import record_calls
from crest.grading.sandbox import SandboxError
from crest.grading.slot import Slot
from crest.grading.syntax import find_malformed
from crest.records import Status, Submission, Verdict

T = TypeVar("T")
R = TypeVar("R")
CHUNK = 256  # verdicts between two writes to the cache, and programs that are compiled at once
GROUP = 4  # programs that a worker takes at once: handing over costs a tenth of judging one
DEFAULT_LIMITS = GradingLimits()
Program = tuple[str, Examiner]
Result = Verdict | SandboxError | CheckError
"""A verdict, or the grader's own fault or a broken check, which is no verdict."""


class Grader(Closing):
    """Judge programs; use as a context manager, from one thread at a time.

    Args:
        limits: What each program may use.
        cache: Verdicts known from earlier; None judges every program anew.
        workers: Programs that run at the same time.
        isolation: Which level of protection; `auto` takes the first that this machine offers.

    Raises:
        SandboxError: This machine lacks a protection that the sandbox needs.
    """

    def __init__(
        self,
        limits: GradingLimits = DEFAULT_LIMITS,
        cache: VerdictCache | None = None,
        *,
        workers: int = 1,
        isolation: Isolation = "auto",
    ) -> None:
        self.limits = limits
        self.cache = cache
        first, *others = cores_for(workers)
        self._slots = [Slot(limits, isolation, first)]
        self._slots += [Slot(limits, self.level.isolation, core) for core in others]

    @property
    def level(self) -> SandboxLevel:
        """Return what the jail on this machine is made of."""
        return self._slots[0].level

    def grade(
        self, submissions: Sequence[Submission], *, progress: Callable[[int], None] | None = None
    ) -> list[Verdict]:
        """Return a verdict for each submission, in order.

        Args:
            submissions: Programs and their tests.
            progress: Called with the number of further submissions whose verdict is known, those
                of equal submissions at once.

        Raises:
            SandboxError: The sandbox failed twice on one program.
            ValueError: A problem's calls or expected values are no plain builtins.
        """
        keys = submission_keys(submissions, self.limits, self.level)
        unique = dict(zip(keys, submissions, strict=True))
        known = {} if self.cache is None else self.cache.look_up(list(unique), self.level.name)
        missing = [(key, each) for key, each in unique.items() if key not in known]
        report = progress or (lambda _count: None)
        report(len(known))
        with closing(self.results([each for _, each in missing])) as results:
            for start in range(0, len(missing), CHUNK):
                chunk = zip(missing[start : start + CHUNK], results, strict=False)
                fresh = {key: _certain(result) for (key, _), result in chunk}
                known.update(fresh)
                self._remember(fresh)
                report(len(fresh))
        return [known[key] for key in keys]

    def results(self, submissions: Sequence[Submission]) -> Generator[Result, None, None]:
        """Yield the verdict on each submission, in order, or the fault that kept it from one.

        Nothing is looked up or remembered. Closing the iterator leaves out what has not started.

        Args:
            submissions: Programs and their tests.

        Raises:
            ValueError: A problem's calls or expected values are no plain builtins.
        """
        examiners: dict[int, Examiner] = {}
        for each in submissions:
            if id(each.tests) not in examiners:
                examiners[id(each.tests)] = make_examiner(each.tests)
        batch = [(each.source, examiners[id(each.tests)]) for each in submissions]
        for chunk in _parts(batch, CHUNK):
            if len(self._slots) == 1:
                yield from _results_in(self._slots[0], chunk)
            else:
                yield from self._results_of_workers(chunk)

    def _results_of_workers(self, batch: Sequence[Program]) -> Generator[Result, None, None]:
        free: SimpleQueue[Slot] = SimpleQueue()
        for slot in self._slots:
            free.put(slot)
        with ThreadPoolExecutor(len(self._slots)) as threads:
            shares = _parts([source for source, _ in batch], -(-len(batch) // len(self._slots)))
            found = threads.map(partial(_in_free_slot, free, find_malformed), shares)
            malformed = set().union(*found)
            judge = partial(_judged, malformed=malformed)
            groups = _parts(batch, GROUP)
            for results in threads.map(partial(_in_free_slot, free, judge), groups):
                yield from results

    def record(self, source: str, entry: str) -> tuple[tuple[Any, ...], ...]:
        """Return the arguments of the calls that a check makes of a right function, in order.

        Args:
            source: Defines a right function and `check(candidate)`.
            entry: Name of the function.

        Raises:
            RecordingError: The check cannot be recorded.
            SandboxError: The sandbox failed twice.
        """
        return record_calls(self._slots[0], source, entry)

    def close(self) -> None:
        """End the sandboxes."""
        for slot in self._slots:
            slot.close()

    def _remember(self, verdicts: dict[bytes, Verdict]) -> None:
        if self.cache is not None:
            self.cache.store(
                {key: each for key, each in verdicts.items() if each.status is not Status.WALL}
            )


def _certain(result: Result) -> Verdict:
    if isinstance(result, Verdict):
        return result
    raise result


def _parts(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _in_free_slot(
    free: SimpleQueue[Slot], act: Callable[[Sequence[T], Slot], R], part: Sequence[T]
) -> R:
    slot = free.get()
    try:
        slot.bind_thread()
        return act(part, slot)
    finally:
        free.put(slot)


def _results_in(slot: Slot, batch: Sequence[Program]) -> Generator[Result, None, None]:
    malformed = find_malformed([source for source, _ in batch], slot)
    for program in batch:
        yield _result(program, slot, malformed)


def _judged(batch: Sequence[Program], slot: Slot, *, malformed: Collection[str]) -> list[Result]:
    return [_result(program, slot, malformed) for program in batch]


def _result(program: Program, slot: Slot, malformed: Collection[str]) -> Result:
    source, examiner = program
    if source in malformed:
        return Verdict(Status.CE, (False,) * examiner.tests.num_tests, slot.level.name)
    try:
        return _verdict(source, examiner, slot)
    except (SandboxError, CheckError) as error:
        return error


def _verdict(source: str, examiner: Examiner, slot: Slot) -> Verdict:
    if not source.strip():
        return Verdict(Status.NOCODE, (False,) * examiner.tests.num_tests, slot.level.name)
    return examiner.verdict(source, slot)
