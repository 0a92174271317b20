"""The command `crest`: questions about results and the machine; Snakemake runs the study."""

import argparse
import sys
from collections.abc import Sequence

from crest.commands import doctor, explain, verify

COMMANDS = {"explain": explain, "verify": verify, "doctor": doctor}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit status."""
    arguments = build_parser().parse_args(argv)
    try:
        answer = COMMANDS[arguments.command].run(arguments)
    except (OSError, ValueError) as error:
        print(f"crest {arguments.command}: {error}", file=sys.stderr)
        return 2
    print("\n".join(answer.lines))
    return answer.status


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="crest",
        description="Ask about the results of a study and about this machine.",
        epilog="The study itself runs with: snakemake --cores all",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        command = commands.add_parser(name, help=module.HELP, description=module.__doc__)
        module.add_arguments(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
