"""Remove what nothing can use any more: work of jobs whose code or inputs are gone, and leftovers.

Without --stale nothing is removed, only listed. Results, records, and work that a job can go on
from or works in just now are never touched.
"""

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from crest.commands.answer import Answer, show
from crest.commands.rubbish import Item, leftovers, old_code, remove, set_aside, work_folders
from crest.commands.study import results_folders

HELP = "list, or remove, work and leftovers that nothing can use any more"
EXAMPLES = """examples:
  crest clean
  crest clean --stale

exit status: 0, or 1 if something could not be removed"""
MEGABYTE = 1_000_000
SHOWN = 20


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--stale", action="store_true", help="remove it, after saying what it is")
    parser.add_argument("--dry-run", action="store_true", help="remove nothing, even with --stale")
    parser.add_argument("--full", action="store_true", help="list everything, however much")
    parser.add_argument(
        "folders",
        type=Path,
        nargs="*",
        metavar="DIR",
        help="further folders of results, beside those of config.yaml and of the presets: they are "
        "looked through for leftovers, and the code that made them is kept",
    )


def run(arguments: Namespace) -> Answer:
    """Return what could be removed, or remove it.

    Raises:
        FileNotFoundError: A folder that was named is not there.
    """
    folders = [*results_folders(), *arguments.folders]
    for folder in arguments.folders:
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder}: no such folder; name a folder of results")
    work, kept = work_folders()
    items = [*work, *set_aside(), *leftovers(folders), *old_code(folders, kept)]
    limit = None if arguments.full else SHOWN
    lines = [*_listed(items, limit), *(f"kept {each}" for each in kept[:limit])]
    if limit is not None and len(kept) > limit:
        lines.append(f"     and {len(kept) - limit} more to go on from; --full lists all")
    if not items:
        return Answer((*lines, "Nothing to clean."))
    lines.append(f"{_counted(items)}: {_megabytes(items)}")
    if arguments.dry_run or not arguments.stale:
        return Answer((*lines, "Nothing was removed; crest clean --stale removes it."))
    show(lines)
    return _removed(items)


def _removed(items: Sequence[Item]) -> Answer:
    faults = {item.path: fault for item in items if (fault := remove(item))}
    gone = [item for item in items if item.path not in faults]
    lines = [f"left {path}: {fault}" for path, fault in faults.items()]
    return Answer((*lines, f"Removed {_counted(gone)}: {_megabytes(gone)}"), int(bool(faults)))


def _listed(items: Sequence[Item], limit: int | None) -> list[str]:
    """Return a line an item, the largest first; small ones are counted if there are many."""
    ordered = sorted(items, key=lambda item: -item.size)
    lines = [
        f"{item.kind} {item.path}: {item.why} ({_megabytes([item])})" for item in ordered[:limit]
    ]
    if limit is not None and len(items) > limit:
        lines.append(f"     and {len(items) - limit} smaller ones; --full lists all")
    return lines


def _counted(items: Iterable[Item]) -> str:
    counts = Counter(item.kind for item in items)
    words = [f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items()]
    return ", ".join(words) or "nothing"


def _megabytes(items: Iterable[Item]) -> str:
    return f"{sum(item.size for item in items) / MEGABYTE:.1f} MB"
