"""From what a program's process left behind to a verdict. Nothing here runs in the jail."""

import signal
from collections.abc import Sequence
from typing import Any

from crest.grading.compare import equal
from crest.grading.decoder import UndecodableError, decode
from crest.grading.inside.encoder import encode
from crest.grading.limits import GradingLimits
from crest.grading.sandbox import CPU_KILL, WALL_KILL, Outcome
from crest.records import Status, Verdict

LONGEST_FACTOR, LONGEST_EXTRA = 64, 4096
"""No value equal to another is encoded in more than 64 times its bytes: 1e300 as an integer takes
some 50 times the characters, and a tag adds a dozen."""

LETTERS = {
    b"C": Status.CE,
    b"L": Status.LOAD,
    b"M": Status.MLE,
    b"X": Status.EXC,
    b"N": Status.WA,
    b"O": Status.OLE,
}


class AnswerKey:
    """The expected values of one problem, encoded once for all its submissions."""

    def __init__(self, expected: Sequence[Any]) -> None:
        self.expected = tuple(expected)
        self._encoded = [encode(value).encode("ascii") for value in self.expected]

    def __len__(self) -> int:
        return len(self.expected)

    def right(self, position: int, encoded: bytes) -> bool:
        """Return whether an encoded output equals the expected value of a call.

        Args:
            position: Which call, from 0.
            encoded: What the program's process wrote for it.
        """
        wanted = self._encoded[position]
        if encoded == wanted:
            return True
        if len(encoded) > LONGEST_FACTOR * len(wanted) + LONGEST_EXTRA:
            return False
        try:
            return equal(decode(encoded), self.expected[position])
        except (UndecodableError, ValueError, RecursionError):
            return False


def judge(outcome: Outcome, key: AnswerKey, limits: GradingLimits) -> Verdict:
    """Return the verdict on a program.

    A limit or a signal decides before any output does; otherwise the status is that of the first
    call that did not return the expected value.
    """
    lines = outcome.result.split(b"\n", len(key))[: len(key)]
    lines += [b""] * (len(key) - len(lines))
    statuses = [_call_status(line, position, key) for position, line in enumerate(lines)]
    passed_tests = tuple(status is Status.PASS for status in statuses)
    ended = _process_status(outcome, limits)
    if ended is not None:
        return Verdict(ended, passed_tests)
    if outcome.result[:2] in (b"C\n", b"L\n", b"M\n"):
        return Verdict(LETTERS[outcome.result[:1]], passed_tests)
    failed = [status for status in statuses if status is not Status.PASS]
    if failed:
        return Verdict(failed[0], passed_tests)
    return Verdict(Status.EXC if outcome.exit_code else Status.PASS, passed_tests)


def _process_status(outcome: Outcome, limits: GradingLimits) -> Status | None:
    """Return what the process's end alone decides, None if nothing."""
    if outcome.ending == CPU_KILL or outcome.cpu_s > limits.cpu_s:
        return Status.TLE
    if outcome.ending == WALL_KILL:
        return Status.WALL
    if outcome.peak_bytes > limits.memory_bytes:
        return Status.MLE
    if max(outcome.printed_bytes, len(outcome.result)) >= limits.output_bytes:
        return Status.OLE
    if outcome.exit_code < 0:
        return Status.TLE if outcome.exit_code == -signal.SIGXCPU else Status.SIG
    return None


def _call_status(line: bytes, position: int, key: AnswerKey) -> Status:
    if line[:1] == b"R":
        return Status.PASS if key.right(position, line[1:]) else Status.WA
    return LETTERS.get(line, Status.WA)
