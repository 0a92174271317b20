"""Say what this machine offers: interpreter, libraries, cores, and the jail for programs."""

import os
import platform
from argparse import ArgumentParser, Namespace

from crest.commands.answer import Answer, columns
from crest.commands.libraries import installed_version
from crest.grading import SandboxError, probe

HELP = "print what this machine offers; exit 1 if programs cannot be graded"
LIBRARIES = ("torch", "polars", "snakemake", "transformers")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments: none."""


def run(arguments: Namespace) -> Answer:  # noqa: ARG001 (all commands are called alike)
    """Return the machine's properties, one a line."""
    rows = [("python", platform.python_version()), ("cores", str(len(os.sched_getaffinity(0))))]
    rows += [(name, installed_version(name)) for name in LIBRARIES]
    try:
        level = probe()
    except SandboxError as error:
        return Answer((*columns([*rows, ("grading", f"impossible: {error}")]),), 1)
    return Answer((*columns([*rows, ("grading", f"level {level}")]),))
