"""Command lines of jobs: a spec, a record, then one option a file of the rule."""

import argparse
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path


def parse(
    argv: Sequence[str] | None,
    description: str,
    *,
    inputs: Sequence[str] = (),
    lists: Sequence[str] = (),
    outputs: Sequence[str] = (),
) -> Namespace:
    """Return the options of a job.

    Args:
        argv: The command line, or None for the process's own.
        description: What the job does; printed by --help.
        inputs: Names of options that take one path each, of a file that is read.
        lists: Names of options that take any number of paths, none included, of files to read.
        outputs: Names of options that take one path each, of a file that is written.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--spec", required=True, help="canonical JSON that decides the job")
    parser.add_argument("--record", type=Path, required=True, help="where its record goes")
    for name in (*inputs, *outputs):
        parser.add_argument(f"--{name}", type=Path, required=True, metavar="PATH")
    for name in lists:
        parser.add_argument(f"--{name}", type=Path, nargs="*", default=[], metavar="PATH")
    return parser.parse_args(argv)


def paths(files: Namespace, names: Sequence[str]) -> dict[str, list[Path]]:
    """Return the paths given to some options, by the options' names."""
    given = {name: getattr(files, name.replace("-", "_")) for name in names}
    return {name: [path] if isinstance(path, Path) else path for name, path in given.items()}
