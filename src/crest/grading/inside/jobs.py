"""The jobs that a child can run, and the interpreter that it finds itself in.

A child has standard input on descriptor 0, writes on 1 and 4, and knows nothing of 2. How it ended
is told by the process that forked it, in `REPORT_FORMAT`.
"""

import os
import random
import site
import sys
import threading
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crest.grading.inside import clock, program, referee, script
else:
    import clock
    import program
    import referee
    import script

JOB, RESULT, COMMAND, REPORT = 3, 4, 5, 6
REPORT_FORMAT = "=BiQQ"  # how it ended, wait status, CPU time in ns, peak memory in bytes
ENDED, CPU_KILL, WALL_KILL, FAULT = range(4)
OWN_MODULES = (
    "clock", "encoder", "jail", "jobs", "machines", "program", "referee", "script", "seccomp",
    "strict", "values",
)  # fmt: skip
RUNNERS: dict[str, Callable[..., None]] = {
    "calls": program.run_calls,
    "script": script.run_script,
    "syntax": program.run_compiler,
    "checks": referee.run_checks,
    "replay": referee.run_replay,
    "record": referee.run_record,
}
THREAD_STACK_BYTES = 16 << 20


def prepare_interpreter() -> None:
    """Make every child start from one state that looks like a fresh interpreter's."""
    site.setquit()
    warnings.simplefilter("ignore")
    random.seed(0)
    repeat_randomness()
    threading.stack_size(THREAD_STACK_BYTES)
    clock.VirtualClock().install()
    sys.argv = [""]
    for name in OWN_MODULES:
        sys.modules.pop(name, None)


def repeat_randomness() -> None:
    """Give every program the same "random" bytes: the kernel's are refused, and would not repeat.

    `secrets`, `uuid` and `random.SystemRandom` live on them.
    """
    chance = random.Random(0)

    def urandom(size: int, /) -> bytes:
        """Return so many bytes, the same in every run."""
        return chance.randbytes(size)

    os.urandom = urandom
    vars(random)["_urandom"] = urandom


def write_result(line: bytes) -> None:
    """Append a line to the result; a full file ends the process."""
    while line:
        line = line[os.write(RESULT, line) :]
