"""The command `crest`: grade programs, and ask about tasks, results and the machine.

Snakemake runs the study. A command is a module; only the one that is called is imported.
"""

import importlib
import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import Any

from crest.commands.answer import show
from crest.registry import Registry

COMMANDS = ("grade", "tasks", "plan", "explain", "accept", "lineage", "verify", "clean", "doctor")
"""Modules of `crest.commands`, those that are packages have commands of their own."""
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit status."""
    words = sys.argv[1:] if argv is None else list(argv)
    arguments = build_parser(words).parse_args(words)
    try:
        answer = arguments.run(arguments)
    except (OSError, ValueError) as error:
        print(f"{arguments.prog}: {_words(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as interrupt:
        print(
            f"\n{arguments.prog}: {interrupt.args[0] if interrupt.args else 'stopped'}",
            file=sys.stderr,
        )
        return INTERRUPTED
    show(answer.lines)
    return int(answer.status)


def _words(error: OSError | ValueError) -> str:
    """Return what a fault says, without the number that the system gives it."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{os.fspath(error.filename)}: {error.strerror}"
    return str(error)


def build_parser(words: Sequence[str]) -> ArgumentParser:
    """Return the parser of a command line, with the arguments of the command that it calls.

    Args:
        words: The command line.
    """
    parser = ArgumentParser(
        prog="crest",
        description="Grade programs, and ask about tasks, results and this machine.",
        epilog="The study itself runs with: snakemake --cores all",
    )
    _add_commands(parser, "crest.commands", COMMANDS, _names(words))
    return parser


def _names(words: Sequence[str]) -> list[str]:
    """Return the words before any option: the command's name, and its own command's."""
    options = (index for index, word in enumerate(words) if word.startswith("-"))
    return list(words[: next(options, len(words))])


def _add_commands(
    parser: ArgumentParser, package: str, names: Sequence[str], called: Sequence[str]
) -> None:
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for entry in names:
        name = entry.rstrip("_")  # a module's name may be no keyword
        text = Registry(package).literal(entry, "HELP")
        if not called or called[0] != name:
            commands.add_parser(name, help=text)
            continue
        module = importlib.import_module(f"{package}.{entry}")
        command = commands.add_parser(
            name,
            help=text,
            description=module.__doc__,
            epilog=getattr(module, "EXAMPLES", None),
            formatter_class=RawDescriptionHelpFormatter,
        )
        _fill(command, module, called[1:])


def _fill(command: ArgumentParser, module: Any, called: Sequence[str]) -> None:
    if hasattr(module, "COMMANDS"):
        _add_commands(command, module.__name__, module.COMMANDS, called)
        return
    module.add_arguments(command)
    command.set_defaults(run=module.run, prog=command.prog)


if __name__ == "__main__":
    sys.exit(main())
