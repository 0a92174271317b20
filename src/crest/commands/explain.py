"""Say whether a result is fresh or stale, and why: code, values, versions, or what it read.

TARGET is a result file, a checkpoint folder, or a record. Nothing is changed.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from crest.commands.ancestry import ancestors
from crest.commands.answer import Answer
from crest.commands.cells import job_words
from crest.commands.comparison import Kind, values_of
from crest.commands.damage import Fault, output_faults
from crest.commands.reasons import shared_reasons
from crest.commands.result_tree import ResultTree, read_tree, results_folder
from crest.commands.staleness import Standing, State, root_causes, standings
from crest.commands.study import NO_STUDY, add_configfile, study_of
from crest.digest import history
from crest.file_digests import FileDigests
from crest.job_record import FileRecord, JobRecord
from crest.spec import present_closure

HELP = "say why a result is fresh or stale: which function, value, library or input changed"
EXAMPLES = """examples:
  crest explain results/claims.parquet
  crest explain results/collapse/es/seed0/campaign3/end
  crest explain results/smoke/report.html --configfile workflow/presets/smoke.yaml

exit status: 0 fresh, 1 stale or damaged, 2 no answer"""
SHOWN = 6
"""Inputs, values, symbols and causes that are shown of each kind, without --full."""
SHOWN_DIFF = 12
"""Lines of a function's diff, likewise."""
HEADINGS = {
    State.FRESH: "fresh",
    State.STALE: "stale: snakemake would run its job again",
    State.WAITING: "stale, because of what its inputs are made from",
    State.OUTSIDE: "no part of the study as configured now, so snakemake leaves it alone",
}


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("target", type=Path, metavar="TARGET", help="what to explain")
    parser.add_argument("--full", action="store_true", help="show all changes, and whole diffs")
    add_configfile(parser)


def run(arguments: Namespace) -> Answer:
    """Return what differs between the making of a result and today.

    Raises:
        FileNotFoundError: No record names the target.
    """
    tree = read_tree(results_folder(arguments.target))
    name = tree.maker_of(arguments.target)
    plan = study_of(tree.folder, arguments.configfile)
    found = standings(tree, plan, ancestors(tree, name))
    record, standing = tree.records[name], found[name]
    limit = None if arguments.full else SHOWN
    faults = _faults(tree, record)
    lines = [
        f"{arguments.target}: {_heading(standing, faults)}",
        f"made by {job_words(record.spec)} ({tree.path(name)})",
        *(f"damaged   {fault.path}: {fault.text}" for fault in faults),
        *_changes(record, standing, limit),
        *_upstream(tree, found, name, limit),
        *_agreement(record, standing),
        *_accepted(record),
    ]
    if plan is None:
        lines.append(f"The values were not compared: {NO_STUDY.format(results=tree.folder)}.")
    is_well = standing.state in (State.FRESH, State.OUTSIDE) and not faults
    return Answer(tuple(lines), 0 if is_well else 1)


def change_lines(
    record: JobRecord, standing: Standing, *, limit: int | None = None
) -> Iterator[str]:
    """Yield what differs, by kind, with a short diff of each part of the code.

    Args:
        record: Of the job.
        standing: How it stands.
        limit: Of changes shown of each kind; None shows all.
    """
    for kind in Kind:
        texts = [change.text for change in standing.changes if change.kind is kind]
        if kind is Kind.CODE and texts:
            yield from _code(record, standing, limit)
            continue
        yield from _shortened([f"{kind.value:9} {text}" for text in texts], limit, kind.value)


def _heading(standing: Standing, faults: Sequence[Fault]) -> str:
    if not faults:
        return HEADINGS[standing.state]
    is_fresh = standing.state is State.FRESH
    return "damaged" if is_fresh else f"damaged, and {HEADINGS[standing.state]}"


def _faults(tree: ResultTree, record: JobRecord) -> list[Fault]:
    """Return what is wrong with the job's outputs, and with the files that it read."""
    digests = FileDigests()
    faults = list(output_faults(tree.folder, record, digests))
    for file in record.input_files():
        path = tree.path(file.path)
        if file.path in tree.makers and not path.is_file():
            faults.append(Fault(path, "an input is missing; run snakemake, which makes it anew"))
        elif _is_altered(tree, file, digests):
            why = "an input does not hold the bytes that its job wrote"
            faults.append(Fault(path, f"{why}; delete it, and snakemake makes it anew"))
    return faults


def _is_altered(tree: ResultTree, file: FileRecord, digests: FileDigests) -> bool:
    made = tree.outputs.get(file.path)
    return made is not None and digests.of(tree.path(file.path)) != made.sha256


def _changes(record: JobRecord, standing: Standing, limit: int | None) -> Iterator[str]:
    yield from change_lines(record, standing, limit=limit)
    spec = standing.comparison.spec
    if spec and (limit is None or spec["code"] != record.spec["code"]):
        yield from (f"note      {note}" for note in present_closure(spec).notes)


def _code(record: JobRecord, standing: Standing, limit: int | None) -> Iterator[str]:
    """Yield each part of the code that was edited, with a diff."""
    spec = standing.comparison.spec or record.spec
    edits = history.changes(record.spec["code"], spec)
    if edits is None:
        yield f"code      {record.spec['code'][:12]} -> {spec['code'][:12]}; what was edited is"
        yield "          unknown, since no job left a record of the old code in .crest here"
        return
    for edit in edits[:limit]:
        yield f"code      {edit.symbol} {edit.kind}"
        diff = [f"            {line}" for line in edit.diff]
        yield from _shortened(diff, limit and SHOWN_DIFF, "lines of diff")
    yield from _rest(len(edits), limit, "code")


def _upstream(
    tree: ResultTree, found: Mapping[str, Standing], name: str, limit: int | None
) -> Iterator[str]:
    """Yield the first stale jobs on the way to a job, and why each is stale."""
    causes = root_causes(found, name)
    groups = shared_reasons(tree, found, causes)
    for (job, reasons), names in list(groups.items())[:limit]:
        cause = names[0]
        words = job_words(tree.records[cause].spec)
        many = f"{job} x{len(names)}, such as {words.partition(', ')[2]}, are stale"
        yield f"upstream  {many if len(names) > 1 else f'{words} is stale'}: {reasons}"
        between = [job_words(tree.records[each].spec) for each in reversed(causes[cause][:-1])]
        if between:
            yield f"          it reaches this through {' > '.join(between)}"
        yield f"          crest explain {tree.path(cause)}"
    yield from _rest(len(groups), limit, "upstream")


def _agreement(record: JobRecord, standing: Standing) -> Iterator[str]:
    """Yield what was compared, for a job that is as it should be."""
    if standing.state not in (State.FRESH, State.WAITING) or standing.comparison.spec is None:
        return
    symbols = len(present_closure(standing.comparison.spec).symbols)
    inputs, values = len(record.input_files()), len(values_of(record.spec))
    libraries = len(record.spec.get("libraries", {}))
    yield (
        f"Its {symbols} parts of code, {inputs} inputs, {values} values and {libraries} libraries "
        "are those of today."
    )
    if standing.state is State.WAITING:
        yield "If what is stale upstream gives the same bytes as before, it stays as it is."


def _accepted(record: JobRecord) -> Iterator[str]:
    for entry in record.history:
        yield f"accepted  {entry.get('at')} by {entry.get('by')}: {entry.get('why')}"
        yield from (f"            {line}" for line in entry.get("changes", ()))


def _shortened(lines: Sequence[str], limit: int | None, kind: str) -> Iterator[str]:
    yield from lines[:limit]
    yield from _rest(len(lines), limit, kind)


def _rest(count: int, limit: int | None, kind: str) -> Iterator[str]:
    if limit is not None and count > limit:
        yield f"          and {count - limit} more ({kind}); --full shows all"
