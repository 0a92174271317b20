"""First stage of a zygote: order the descriptors, then become `zygote.py`.

The layout of memory and the stack's limit hold from the next exec on, and a process with threads
(as every one that trains) must not run code between fork and exec; hence a process of its own.

Usage: stage.py JOB RESULT COMMAND REPORT SETTINGS, four descriptor numbers and a JSON object.
"""

import fcntl
import json
import os
import sys

FIRST_FREE, LAST = 7, 4096
STACK_BYTES = 1 << 30
HERE = os.path.dirname(os.path.realpath(__file__))


def main(arguments: list[str]) -> None:
    """Arrange this process and replace it."""
    *descriptors, settings = arguments
    moved = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 64) for number in descriptors]
    for target, number in enumerate(moved, start=3):
        os.dup2(number, target)
    os.closerange(FIRST_FREE, LAST)
    sys.path.insert(0, HERE)
    import jail  # noqa: PLC0415 (found beside this file, once the descriptors are in place)

    fixed = jail.fix_addresses()
    jail.raise_stack_limit(STACK_BYTES)
    settings = json.dumps({**json.loads(settings), "fixed_addresses": fixed})
    zygote = [sys.executable, "-S", "-P", "-B", os.path.join(HERE, "zygote.py"), settings]
    os.chdir("/")
    os.execv(sys.executable, zygote)  # noqa: S606 (no shell is wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
