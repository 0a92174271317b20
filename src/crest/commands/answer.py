"""What a command has to say."""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """The text to print and the exit status.

    Attributes:
        lines: Text without line ends.
        status: 0 if all is well, 1 if something is stale or missing.
    """

    lines: tuple[str, ...]
    status: int = 0


def show(lines: Iterable[str]) -> None:
    """Print lines; a reader that has seen enough (`| head`) is no fault."""
    try:
        for line in lines:
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as aligned text, two spaces between columns.

    Example:
        >>> columns([("job", "files"), ("make_tasks", "4")])
        ['job         files', 'make_tasks  4']
    """
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
