"""Say what made a result, back to the base model and the tasks: jobs, code, inputs and seeds.

Jobs of one rule and one code (its digest follows the name) are one line. What a job reads both
directly and through another is shown below the other alone; --json has all. Every input's digest
is compared with its parent's record.
"""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crest.commands.ancestry import ancestors, broken_links, group_key, groups_of, seeds_of
from crest.commands.answer import Answer
from crest.commands.cells import cell_of
from crest.commands.comparison import values_of
from crest.commands.lineage_tree import Drawing
from crest.commands.result_tree import ResultTree, is_given, read_tree, results_folder
from crest.job_record import FileRecord, JobRecord

HELP = "say which jobs, code, inputs and seeds made a result, back to the base model"
EXAMPLES = """examples:
  crest lineage results/claims.parquet
  crest lineage results/collapse/es/seed0/campaign9/steps.parquet --full
  crest lineage results/report.html --depth 2
  crest lineage results/claims.parquet --json | jq '.jobs | keys'

exit status: 0 all digests agree with their parents, 1 some do not, 2 no answer"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="a result file, a checkpoint folder or a record"
    )
    parser.add_argument("--depth", type=_depth, metavar="N", help="how far the tree goes up")
    parser.add_argument("--full", action="store_true", help="add versions, and configured values")
    parser.add_argument(
        "--json", action="store_true", help="print every job with its spec and digests, as JSON"
    )


def run(arguments: Namespace) -> Answer:
    """Return the tree of what made a file.

    Raises:
        FileNotFoundError: No record names the file.
    """
    tree = read_tree(results_folder(arguments.file))
    name = tree.maker_of(arguments.file)
    names = ancestors(tree, name)
    broken = broken_links(tree, names)
    if arguments.json:
        jobs = {each: _job(tree, tree.records[each]) for each in names}
        value = {"file": str(arguments.file), "record": name, "broken": broken, "jobs": jobs}
        return Answer(tuple(json.dumps(value, indent=1).splitlines()), int(bool(broken)))
    groups = groups_of(tree, names)
    drawing = Drawing(tree, groups, arguments.depth, full=arguments.full)
    lines = [
        str(arguments.file),
        *drawing.lines(group_key(tree.records[name])),
        *(f"broken    {each}" for each in broken),
        _summary(tree, names, broken),
    ]
    return Answer(tuple(lines), int(bool(broken)))


def _job(tree: ResultTree, record: JobRecord) -> dict[str, Any]:
    return {
        "job": record.job,
        "cell": cell_of(record.spec),
        "seeds": seeds_of(values_of(record.spec)),
        "spec": record.spec,
        "inputs": [_input(tree, file) for file in record.input_files()],
        "outputs": [{"path": file.path, "sha256": file.sha256} for file in record.output_files()],
        "history": list(record.history),
    }


def _input(tree: ResultTree, file: FileRecord) -> dict[str, Any]:
    made = tree.outputs.get(file.path)
    return {
        "path": file.path,
        "sha256": file.sha256,
        "made_by": tree.makers.get(file.path),
        "agrees": is_given(file.path) if made is None else made.sha256 == file.sha256,
    }


def _summary(tree: ResultTree, names: Sequence[str], broken: Sequence[str]) -> str:
    count = sum(len(tree.records[name].input_files()) for name in names)
    code = len({tree.records[name].spec["code"] for name in names})
    if broken:
        verdict = "not all input digests are those of their parents."
    else:
        verdict = f"all {count} input digests are those of their parents."
    jobs = "1 job" if len(names) == 1 else f"{len(names)} jobs"
    return f"{jobs}, {code} code digests; {verdict}"


def _depth(text: str) -> int:
    """Return a number of levels.

    Raises:
        ValueError: It is none; argparse tells.
    """
    depth = int(text)
    if depth < 1:
        raise ValueError(text)
    return depth
