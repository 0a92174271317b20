"""Stops asked for by a signal: SIGTERM, as SLURM sends it at a time limit, or SIGINT, Ctrl-C.

Covers: the main thread of a job, wherever it is in Python. Clean-up that hangs, or that swallows
the stop, is cut off after `GRACE_S`. Does not cover: SIGKILL, which nothing can catch; a call into
a library that runs for longer than the sender of the signal is patient.
"""

import faulthandler
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

GRACE_S = 8.0
"""Time from the signal to the end of the process; SLURM kills after 30 s."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
log = logging.getLogger(__name__)


class Stopped(SystemExit):
    """A signal asked the job to stop; the exit status is 128 plus its number.

    Attributes:
        name: Of the signal.
        reached: What of the job is kept, such as `step 7 of 20`; filled in by its work folder.
    """

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.name = signal.Signals(number).name
        self.reached = ""


@dataclass(slots=True)
class _State:
    """What the handler of the signals knows.

    Attributes:
        caught: Number of the first signal since the handlers were set.
        raised: Whether the handler raised `Stopped` for it.
        deferrals: How many blocks are to be finished first.
    """

    caught: int | None = None
    raised: bool = False
    deferrals: int = 0

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """Stop now, or at the end of the block; a second signal adds nothing."""
        if self.caught is not None:
            return
        self.caught = number
        faulthandler.dump_traceback_later(GRACE_S, exit=True, file=sys.__stderr__ or 2)
        if not self.deferrals:
            self.raised = True
            raise Stopped(number)

    def forget(self) -> None:
        """Be as before the first signal."""
        self.caught, self.raised = None, False


@dataclass(frozen=True, slots=True)
class Stop:
    """Tells a loop whether it should end."""

    _state: _State

    @property
    def requested(self) -> bool:
        """Return whether a signal came."""
        return self._state.caught is not None


_STATE = _State()


@contextmanager
def stop_signals() -> Iterator[None]:
    """Make SIGTERM and SIGINT raise `Stopped` inside the block, and log what came of it.

    A signal that the parent has had ignored stays so. Outside the main thread, where Python allows
    no handler, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _STATE.forget()
    heeded = [each for each in _SIGNALS if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, _STATE.handle) for each in heeded}
    try:
        yield
    except Stopped as stop:
        kept = f" after {stop.reached}; run again to go on from there" if stop.reached else ""
        log.warning("stopped by %s%s", stop.name, kept or "; run again")
        raise
    finally:
        faulthandler.cancel_dump_traceback_later()
        _STATE.forget()
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def unmasked_stop() -> Iterator[None]:
    """Make a stop that became an error on its way out of the block a stop again, and log the error.

    The handler may run while a library's compiled code calls Python back; polars, for one, then
    raises a TypeError of its own.

    Raises:
        Stopped: The block ended with an error after the handler had stopped it.
    """
    try:
        yield
    except Exception as error:
        if not _STATE.raised or _STATE.caught is None:
            raise
        log.warning("the stop came out as %s: %s", type(error).__name__, error)
        raise Stopped(_STATE.caught) from error


@contextmanager
def finish_first() -> Iterator[Stop]:
    """Put off a stop to the end of the block, for loops whose steps are short.

    The loop looks at what the block yields after each step, and saves and ends where it should.

    Raises:
        Stopped: A signal came during the block, which ended without another exception.
    """
    _STATE.deferrals += 1
    try:
        yield Stop(_STATE)
    finally:
        _STATE.deferrals -= 1
    if _STATE.caught is not None and not _STATE.deferrals:
        raise Stopped(_STATE.caught)


@contextmanager
def finished() -> Iterator[None]:
    """Let no stop keep the block from its end, nor the job from success: all its work is done."""
    with suppress(Stopped), finish_first():
        yield
