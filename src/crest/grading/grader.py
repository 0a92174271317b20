"""Submissions in, verdicts out, in order; the only way to a reward on code.

A batch is cleared of duplicates, looked up in the cache, and the rest run one by one in a
sandbox. A CPU time near the limit is measured twice and the smaller one counts. A fault of the
sandbox is retried once on a fresh one; the second raises and names the program.
"""

import marshal
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from crest.grading.cache import VerdictCache, submission_key
from crest.grading.judge import AnswerKey, judge
from crest.grading.limits import GradingLimits
from crest.grading.sandbox import ENDED, Outcome, Sandbox, SandboxError, SandboxLevel
from crest.records import Status, Submission, Verdict

GREY_ZONE = (0.9, 1.1)  # of the CPU limit: where its own variation decides
CHUNK = 256  # verdicts between two writes to the cache
ATTEMPTS = 2
KILLED = -9
DEFAULT_LIMITS = GradingLimits()
WARM_UP = Submission("def f(x):\n    return x\n", "f", ((1,), ([2],)), (1, [2]))
WARM_UPS = 2  # the first fork leaves another heap behind than all later ones


class Grader:
    """Judge programs one after the other; use as a context manager, from one thread at a time.

    Args:
        limits: What each program may use.
        cache: Verdicts known from earlier; None judges every program anew.

    Raises:
        SandboxError: This machine lacks a protection that the sandbox needs.
    """

    def __init__(
        self, limits: GradingLimits = DEFAULT_LIMITS, cache: VerdictCache | None = None
    ) -> None:
        self.limits = limits
        self.cache = cache
        self._sandbox = self._fresh_sandbox()

    @property
    def level(self) -> SandboxLevel:
        """Return what the jail on this machine is made of."""
        return self._sandbox.level

    def grade(self, submissions: Sequence[Submission]) -> list[Verdict]:
        """Return a verdict for each submission, in order.

        Raises:
            SandboxError: The sandbox failed twice on one program.
            ValueError: A problem's calls or expected values are no plain builtins, or none.
        """
        for submission in submissions:
            _refuse_unequal_lengths(submission)
        keys = [submission_key(each, self.limits, self.level) for each in submissions]
        unique = dict(zip(keys, submissions, strict=True))
        known = {} if self.cache is None else self.cache.look_up(list(unique))
        missing = [(key, each) for key, each in unique.items() if key not in known]
        answers: dict[int, AnswerKey] = {}
        for start in range(0, len(missing), CHUNK):
            fresh = {
                key: self._verdict(each, answers) for key, each in missing[start : start + CHUNK]
            }
            known.update(fresh)
            self._remember(fresh)
        return [known[key] for key in keys]

    def close(self) -> None:
        """End the sandbox."""
        self._sandbox.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _verdict(self, submission: Submission, answers: dict[int, AnswerKey]) -> Verdict:
        if not submission.source.strip():
            return Verdict(Status.NOCODE, (False,) * len(submission.calls))
        key = answers.get(id(submission.expected))
        if key is None:
            key = answers[id(submission.expected)] = AnswerKey(submission.expected)
        job = marshal.dumps((submission.source, submission.entry, submission.calls), 2)
        outcome = self._outcome(job, submission)
        if self._is_grey(outcome):
            outcome = min(outcome, self._outcome(job, submission), key=lambda each: each.cpu_s)
        return judge(outcome, key, self.limits)

    def _outcome(self, job: bytes, submission: Submission) -> Outcome:
        faults = []
        for _ in range(ATTEMPTS):
            try:
                return self._run(job)
            except SandboxError as error:
                faults.append(error)
        raise SandboxError(
            f"{faults[-1]}; so it went {ATTEMPTS} times with the program\n{submission.source}"
        ) from faults[-1]

    def _run(self, job: bytes) -> Outcome:
        if self._sandbox.closed:
            self._sandbox = self._fresh_sandbox()
        try:
            outcome = self._sandbox.run(job)
            self._refuse_foreign_kill(outcome)
        except BaseException:  # an interrupt too leaves a report that nobody will read
            self._sandbox.close()
            raise
        return outcome

    def _refuse_foreign_kill(self, outcome: Outcome) -> None:
        """Tell a kill by the machine from one by a limit; a program cannot kill itself."""
        if outcome.ending == ENDED and outcome.exit_code == KILLED:
            raise SandboxError(
                "a program was killed from outside, most likely for want of memory on the "
                f"machine: leave it {self.limits.memory_mib} MiB"
            )

    def _is_grey(self, outcome: Outcome) -> bool:
        low, high = GREY_ZONE
        return outcome.ending == ENDED and low < outcome.cpu_s / self.limits.cpu_s < high

    def _remember(self, verdicts: dict[bytes, Verdict]) -> None:
        if self.cache is not None:
            self.cache.store(
                {key: each for key, each in verdicts.items() if each.status is not Status.WALL}
            )

    def _fresh_sandbox(self) -> Sandbox:
        sandbox = Sandbox(self.limits)
        job = marshal.dumps((WARM_UP.source, WARM_UP.entry, WARM_UP.calls), 2)
        for _ in range(WARM_UPS):
            verdict = judge(sandbox.run(job), AnswerKey(WARM_UP.expected), self.limits)
            if not verdict.passed:
                sandbox.close()
                raise SandboxError(
                    f"the sandbox's own test program got {verdict.status} where it must pass: "
                    f"raise the limits {self.limits}"
                )
        return sandbox


def _refuse_unequal_lengths(submission: Submission) -> None:
    calls, expected = len(submission.calls), len(submission.expected)
    if calls != expected or calls == 0:
        raise ValueError(
            f"{submission.entry} has {calls} calls and {expected} expected values: give one "
            "expected value a call, and at least one call, or any program would pass"
        )
