"""A clock that counts readings: a microsecond each, and sleeps that end at once.

Covers: the functions of `time`. Does not cover: `datetime.now`, ctypes, and the time-outs of
locks, which see the machine's clock.
"""

import time
from collections.abc import Callable
from typing import Any

READING_NS = 1_000
START_NS = 1_700_000_000 * 1_000_000_000
ABSOLUTE = ("gmtime", "localtime", "ctime")


class VirtualClock:
    """Nanoseconds since the start of the process, as the program is told."""

    def __init__(self) -> None:
        self.elapsed_ns = 0

    def read_ns(self) -> int:
        """Return the time in nanoseconds and let a microsecond pass."""
        self.elapsed_ns += READING_NS
        return self.elapsed_ns

    def sleep(self, seconds: Any, /) -> None:
        """Let the given time pass at once.

        Raises:
            ValueError: The time is negative, as in `time.sleep`.
        """
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self.elapsed_ns += int(seconds * 1e9)

    def install(self) -> None:
        """Put the readings of this clock in the place of the functions of `time`."""
        for name in ("monotonic", "perf_counter", "process_time", "thread_time"):
            setattr(time, name, self._seconds(0))
            setattr(time, f"{name}_ns", self.read_ns)
        time.time = self._seconds(START_NS)
        time.time_ns = lambda: START_NS + self.read_ns()
        time.clock_gettime = lambda clock, /: self._of_any_clock(clock) / 1e9
        time.clock_gettime_ns = self._of_any_clock
        time.sleep = self.sleep
        for name in ABSOLUTE:
            setattr(time, name, self._at(getattr(time, name)))

    def _seconds(self, start_ns: int) -> Callable[[], float]:
        return lambda: (start_ns + self.read_ns()) / 1e9

    def _of_any_clock(self, _clock: int, /) -> int:
        return self.read_ns()

    def _at(self, convert: Callable[[float], Any]) -> Callable[..., Any]:
        def converted(seconds: float | None = None, /) -> Any:
            return convert((START_NS + self.read_ns()) / 1e9 if seconds is None else seconds)

        return converted
