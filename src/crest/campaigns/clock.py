"""Where a job's wall time goes. Times vary between runs, so they go to the log alone."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps

from crest.records import Grade, Submission, Verdict


class Clock:
    """Wall seconds by phase; a phase inside another is taken off the outer one."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._running: list[str] = []
        self._last = now()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Charge the time inside the block to a phase."""
        self._charge()
        self._running.append(name)
        try:
            yield
        finally:
            self._charge()
            self._running.pop()

    def timed(self, grade: Grade) -> Grade:
        """Return the grader, its time charged to `grading`."""

        @wraps(grade)
        def timed_grade(submissions: Sequence[Submission]) -> list[Verdict]:
            with self.phase("grading"):
                return grade(submissions)

        return timed_grade

    def summary(self) -> str:
        """Return every phase's seconds and share, longest first."""
        total = sum(self.seconds.values()) or 1.0
        phases = sorted(self.seconds.items(), key=lambda item: -item[1])
        return ", ".join(f"{name} {spent:.2f} s ({spent / total:.0%})" for name, spent in phases)

    def _charge(self) -> None:
        now = self._now()
        if self._running:
            name = self._running[-1]
            self.seconds[name] = self.seconds.get(name, 0.0) + now - self._last
        self._last = now
