"""Check a folder of results, also a copied one, and say what is damaged and what is stale.

Every file is compared with its record, its checkpoint's SHA256SUMS and its stamp, every record
with those of its parents, with the code and with the configuration of today. Nothing but the
folder is needed, and nothing is changed.
"""

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from crest.checksums import SUMS
from crest.commands.answer import Answer, columns
from crest.commands.cells import job_words
from crest.commands.damage import Fault, files_behind, output_faults
from crest.commands.progress import Progress
from crest.commands.reasons import shared_reasons
from crest.commands.result_tree import ResultTree, read_tree
from crest.commands.staleness import Standing, State, standings
from crest.commands.stamps import stamp_words
from crest.commands.strays import Strays, find_strays
from crest.commands.study import NO_STUDY, add_configfile, study_of
from crest.commands.tree_damage import tree_faults
from crest.file_digests import FileDigests

HELP = "check every result against its record, its parents and the present code"
EXAMPLES = """examples:
  crest verify
  crest verify /media/copy/smoke --configfile workflow/presets/smoke.yaml
  crest verify --quick && echo well

exit status: 0 all well, 1 something is stale, 3 something is damaged, 2 no answer"""
STALE, DAMAGED = 1, 3
SHOWN = 20
"""Lines of each list that are shown without --full."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path("results"),
        metavar="DIR",
        help="folder of results, also a copied one (default: %(default)s)",
    )
    parser.add_argument(
        "--quick", action="store_true", help="compare sizes, not bytes: seconds for any study"
    )
    parser.add_argument("--full", action="store_true", help="list everything, however much")
    add_configfile(parser)


def run(arguments: Namespace) -> Answer:
    """Return a table of states by job, then what is damaged, and what is stale.

    Raises:
        FileNotFoundError: No such folder, or no records in it.
    """
    tree = read_tree(arguments.folder)
    plan = study_of(tree.folder, arguments.configfile)
    found = standings(tree, plan)
    faults = _output_faults(tree, quick=arguments.quick)
    strays = find_strays(tree)
    others = list(tree_faults(tree, strays))
    limit = None if arguments.full else SHOWN
    damaged = [*chain(*faults.values()), *others]
    lines = [
        *_table(tree, found, faults),
        "",
        *_shortened(_damage_lines(damaged, each_link=arguments.full), limit),
        *_shortened(_stale_lines(tree, found), limit),
        *_shortened(_notices(strays), limit),
    ]
    if plan is None:
        lines.append(f"Values were not compared: {NO_STUDY.format(results=tree.folder)}.")
    is_damaged = bool(others or any(faults.values()))
    is_stale = any(each.state is State.STALE for each in found.values())
    lines.append(_summary(tree, is_damaged=is_damaged, is_stale=is_stale, quick=arguments.quick))
    return Answer(tuple(lines), DAMAGED if is_damaged else STALE if is_stale else 0)


def _output_faults(tree: ResultTree, *, quick: bool) -> dict[str, list[Fault]]:
    """Return what is wrong with the files of each job, by the path of its record."""
    digests = None if quick else _hashed(tree)
    return {
        name: list(output_faults(tree.folder, record, digests))
        for name, record in tree.records.items()
    }


def _hashed(tree: ResultTree) -> FileDigests:
    """Return the digests of all files behind the records."""
    paths = [path for each in tree.records.values() for path in files_behind(tree.folder, each)]
    digests = FileDigests()
    with Progress("files", len(paths)) as progress:
        digests.hash_all(paths, progress.add)
    return digests


def _damage_lines(faults: Iterable[Fault], *, each_link: bool) -> list[str]:
    """Return a line a damaged file; links to one file are one line, the file as first written."""
    files: dict[object, list[Fault]] = {}
    for fault in faults:
        key = None if each_link else _linked(fault.path)
        files.setdefault(key or len(files), []).append(fault)
    lines = []
    for links in files.values():
        first = min(links, key=lambda fault: fault.is_copy)
        lines.append(f"damaged   {first.path}: {first.text}")
        if len(links) > 1:
            others = (
                "1 other checkpoint holds" if len(links) == 2 else f"{len(links) - 1} others hold"
            )
            lines.append(f"          {others} links to this file: do the same there (--full)")
    return lines


def _linked(path: Path) -> tuple[int, int] | None:
    """Return the identity of a file that has several names, None of others."""
    if not path.is_file() or path.stat().st_nlink == 1:
        return None
    return path.stat().st_dev, path.stat().st_ino


def _table(
    tree: ResultTree, found: Mapping[str, Standing], faults: Mapping[str, Sequence[Fault]]
) -> list[str]:
    """Return a row a job: how many there are, and how they stand."""
    states = {
        name: "damaged" if faults[name] else standing.state.value
        for name, standing in found.items()
    }
    counts = Counter((tree.records[name].job, state) for name, state in states.items())
    shown = [*(state.value for state in State), "damaged"]
    rows = [
        (job, *(str(counts[job, state] or "-") for state in shown))
        for job in sorted({record.job for record in tree.records.values()})
    ]
    return columns([("job", *shown), *rows])


def _stale_lines(tree: ResultTree, found: Mapping[str, Standing]) -> list[str]:
    """Return a line for the stale jobs of one rule that have the same reasons."""
    stale = [name for name, standing in found.items() if standing.state is State.STALE]
    lines = []
    for (job, reasons), names in shared_reasons(tree, found, stale).items():
        who = job_words(tree.records[names[0]].spec) if len(names) == 1 else f"{job} x{len(names)}"
        lines.append(f"stale     {who}: {reasons}; crest explain {tree.path(names[0])}")
    waiting = sum(standing.state is State.WAITING for standing in found.values())
    if waiting:
        jobs = "1 job is as it" if waiting == 1 else f"{waiting} jobs are as they"
        lines.append(f"waiting   {jobs} should be, but what stale jobs make is read there")
    return lines


def _notices(strays: Strays) -> list[str]:
    """Return lines on files that no record names and that do no harm."""
    unknown = [path for path in strays.unknown if not stamp_words(path)]
    return [
        *(f"stray     {path}: no job of the study wrote it" for path in unknown),
        *(
            f"half      {path}: a checkpoint without {SUMS}, of a killed or running job"
            for path in strays.halves
        ),
        *(
            f"leftover  {path}: of a killed or running writer; crest clean --stale removes it"
            for path in strays.leftovers
        ),
        *(
            f"study     {path}: has records of its own; verify it by itself"
            for path in strays.studies
        ),
    ]


def _summary(tree: ResultTree, *, is_damaged: bool, is_stale: bool, quick: bool) -> str:
    files = f"{len(tree.records)} records and {len(tree.outputs)} files"
    how = "by their sizes" if quick else "byte by byte"
    if is_damaged:
        return f"Damaged: {files} compared {how}. Nothing damaged is to be trusted."
    if is_stale:
        return f"Whole, but stale: {files} compared {how}. `snakemake` makes the stale ones anew."
    return f"All well: {files} compared {how}."


def _shortened(lines: Sequence[str], limit: int | None) -> Iterator[str]:
    yield from lines[:limit]
    if limit is not None and len(lines) > limit:
        yield f"          and {len(lines) - limit} more; --full lists all"
