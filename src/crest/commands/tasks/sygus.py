"""Write a table of string transformations from SyGuS problems by example (`.sl` files).

A problem is taken if it goes from one text to a text and a program of the string language has its
outputs; the shortest such program becomes the task's. What is not taken is counted by reason.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from crest.commands.answer import Answer, columns
from crest.commands.writing import refuse_unwritable, writing
from crest.tasks.flashfill.sygus import Imported, find_files, import_files
from crest.tasks.flashfill.table import write_tasks

HELP = "write a table of string transformations from SyGuS problems"
EXAMPLES = """\
examples:
  crest tasks sygus PBE_Strings_Track --output sygus.parquet
  crest tasks sygus initials.sl --output initials.parquet

Exit status: 0 written, 2 not written.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "source", type=Path, metavar="SOURCE", help="a .sl file, or a folder of such files"
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="the table, .parquet"
    )
    parser.add_argument(
        "--min-pairs",
        type=int,
        default=3,
        metavar="N",
        help="distinct examples that a problem must have (default: %(default)s)",
    )
    parser.add_argument(
        "--max-pairs",
        type=int,
        default=12,
        metavar="N",
        help="examples that a task keeps, the first ones (default: %(default)s)",
    )
    parser.add_argument(
        "--show-refused", action="store_true", help="print each problem that is not taken, and why"
    )


def run(arguments: Namespace) -> Answer:
    """Write the table, and say how many problems were taken and why the others were not.

    Raises:
        OSError: A file cannot be read or written.
        ValueError: The output is no `.parquet`, the numbers of pairs contradict, or no problem is
            taken.
    """
    output = arguments.output
    if output.suffix != ".parquet":
        raise ValueError(f"{output}: name a file that ends in .parquet")
    if not 2 <= arguments.min_pairs <= arguments.max_pairs:
        raise ValueError(
            f"--min-pairs is {arguments.min_pairs} and --max-pairs {arguments.max_pairs}: ask for "
            "at least 2, one to show and one to hold out, and for no more than are kept"
        )
    refuse_unwritable(output)
    imported = import_files(
        find_files(arguments.source), min_pairs=arguments.min_pairs, max_pairs=arguments.max_pairs
    )
    lines = _lines(imported, shown=arguments.show_refused)
    if not imported.tasks:
        raise ValueError("\n".join([f"{arguments.source} holds no problem that is taken", *lines]))
    with writing(output):
        write_tasks(imported.tasks, output)
    return Answer((*lines, f"{output}: {len(imported.tasks)} tasks"))


def _lines(imported: Imported, *, shown: bool) -> list[str]:
    refused = [f"{each.name}: {each.detail}" for each in imported.refusals] if shown else []
    counts = [(reason, str(count)) for reason, count in imported.counts.items()]
    return [*refused, *columns(counts)]
