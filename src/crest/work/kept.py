"""Results of the many pieces of one job, kept together every few seconds."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from crest.work.folder import Work

EVERY_S = 3.0
"""Time between two entries: each costs some milliseconds, and a kill costs what came since."""


class Kept:
    """Pieces by name; use as a context manager, which keeps the rest however the block ends.

    Args:
        work: The job's work folder, used for nothing else.
        every_s: Time between two entries.
        now: Tells the time in seconds.
    """

    def __init__(
        self,
        work: Work,
        *,
        every_s: float = EVERY_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._work = work
        self._every_s = every_s
        self._now = now
        self._pieces: dict[str, Any] = {}
        for entry in work.entries:
            self._pieces.update(entry.values)
        self._fresh: dict[str, Any] = {}
        self._reached = ""
        self._saved_at = now()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, OSError):  # what the disk just refused, it would refuse again
            self.save()

    def recall(self, name: str) -> Any | None:
        """Return a piece that is finished, or None."""
        return self._pieces.get(name)

    def put(self, name: str, value: Any, reached: str) -> None:
        """Keep a finished piece.

        Args:
            name: Of the piece, the same in every run of the job.
            value: Plain, as JSON holds it.
            reached: How far the job has come with it, for messages.
        """
        self._pieces[name] = self._fresh[name] = value
        self._reached = reached
        if self._now() - self._saved_at >= self._every_s:
            self.save()

    def save(self) -> None:
        """Write down what is not yet."""
        if self._fresh:
            self._work.commit(self._reached, self._fresh)
            self._fresh = {}
        self._saved_at = self._now()
