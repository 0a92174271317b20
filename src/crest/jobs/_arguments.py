"""Command lines of jobs: a spec, then one option a file of the rule."""

import argparse
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path


def parse(
    argv: Sequence[str] | None,
    description: str,
    *,
    files: Sequence[str] = (),
    lists: Sequence[str] = (),
) -> Namespace:
    """Return the options of a job.

    Args:
        argv: The command line, or None for the process's own.
        description: What the job does; printed by --help.
        files: Names of options that take one path each.
        lists: Names of options that take any number of paths, none included.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--spec", required=True, help="canonical JSON that decides the job")
    for name in files:
        parser.add_argument(f"--{name}", type=Path, required=True, metavar="PATH")
    for name in lists:
        parser.add_argument(f"--{name}", type=Path, nargs="*", default=[], metavar="PATH")
    return parser.parse_args(argv)
