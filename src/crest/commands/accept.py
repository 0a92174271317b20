"""Record that a reviewed change is harmless, so that what it made stale is kept as it is.

TARGET is a result file, a checkpoint folder, a record, or a folder: all results in it. What may be
accepted is a change of code, of a library or of Python. A changed value of the configuration is
not: results carry the values that they were made with, and would tell of others than the study's.
The decision is kept in the records and shown in the report, which is the one job that runs anew.
"""

import getpass
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from crest.acceptances import ACCEPTED, Acceptance, add_acceptance, read_acceptances
from crest.commands.accept_jobs import (
    Candidate,
    Decision,
    accepted_records,
    candidates,
    chosen_records,
    latest_decision,
    undone_records,
)
from crest.commands.answer import Answer
from crest.commands.result_tree import ResultTree, read_tree, results_folder
from crest.commands.study import NO_STUDY, add_configfile, study_of
from crest.job_record import JobRecord, write_record
from crest.spec import EditedCodeError, check_code
from crest.tracking import Tracking

HELP = "record that a reviewed change is harmless, so that nothing reruns for it"
EXAMPLES = """examples:
  crest accept results/collapse/es
  crest accept results --yes --why "renamed a variable; same numbers on seed 0"
  crest accept results/collapse/es --undo --yes --why "the numbers do differ on seed 3"

exit status: 0, or 1 if something was not accepted"""
SHOWN_JOBS = 6
SHOWN_LINES = 60


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("targets", type=Path, nargs="+", metavar="TARGET", help="what to keep")
    parser.add_argument("--why", help="the reason, kept in the records (asked for otherwise)")
    parser.add_argument("--yes", action="store_true", help="do not ask; needs --why")
    parser.add_argument(
        "--undo", action="store_true", help="take back what was accepted last of each target"
    )
    add_configfile(parser)


def run(arguments: Namespace) -> Answer:
    """Show what changed, ask, and record the decision.

    Raises:
        FileNotFoundError: A target is not recorded.
        ValueError: Nobody can be asked, a Snakemake runs, or no study writes to these results.
    """
    if arguments.yes and not (arguments.why or "").strip():
        raise ValueError('--yes needs --why "...": the reason is kept with the results')
    tree = read_tree(_only_folder(arguments.targets))
    plan = study_of(tree.folder, arguments.configfile)
    if plan is None:
        raise ValueError(NO_STUDY.format(results=tree.folder))
    tracking = Tracking()
    if tracking.is_locked:
        raise ValueError(
            "a snakemake runs here, or was killed: wait for its end, or run snakemake --unlock"
        )
    read_acceptances(tree.path(ACCEPTED))  # a damaged list is found before anything is written
    chosen = chosen_records(tree, arguments.targets)
    found = latest_decision(tree, chosen) if arguments.undo else candidates(tree, chosen, plan)
    lines = [
        f"not {_done(arguments.undo)}  {each.words}: {each.refusal}"
        for each in found
        if each.refusal
    ]
    kept = [each for each in found if not each.refusal]
    if not kept:
        what = "Nothing accepted is there to undo." if arguments.undo else "Nothing to accept."
        return Answer((*lines, what), int(bool(lines)))
    shown = list(_shown(kept))
    why = arguments.why if arguments.yes else _asked([*shown, *lines], len(kept), arguments)
    if why is None:
        return Answer(("Nothing was changed.",), 1)
    decision = Decision(why.strip(), _user(), datetime.now(UTC).isoformat(timespec="seconds"))
    if arguments.undo:
        records = undone_records(kept, decision)
    else:
        records = accepted_records(kept, decision)
        _keep_code(records.values())
    _write(tree, records, plan.results, tracking)
    _list(tree, kept, decision, undone=arguments.undo)
    done = f"{_done(arguments.undo)} for {len(kept)} jobs; the report will be made anew to show it"
    head = shown if arguments.yes else []
    return Answer((*head, *lines, done), int(bool(lines)))


def _only_folder(targets: Sequence[Path]) -> Path:
    """Return the folder of results that all targets lie in."""
    folders = sorted({results_folder(target) for target in targets})
    if len(folders) > 1:
        names = ", ".join(map(str, folders))
        raise ValueError(f"the targets lie in {names}; name those of one folder of results")
    return folders[0]


def _shown(kept: Sequence[Candidate]) -> Iterator[str]:
    """Yield each set of changes once, with the jobs that it concerns."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for each in kept:
        groups.setdefault(each.shown, []).append(each.words)
    for changes, jobs in groups.items():
        yield from changes[:SHOWN_LINES]
        if len(changes) > SHOWN_LINES:
            yield f"          and {len(changes) - SHOWN_LINES} more lines; crest explain --full"
        yield from (f"in        {job}" for job in jobs[:SHOWN_JOBS])
        if len(jobs) > SHOWN_JOBS:
            yield f"          and {len(jobs) - SHOWN_JOBS} more jobs"
        yield ""


def _asked(lines: Sequence[str], count: int, arguments: Namespace) -> str | None:
    """Return the reason that a person gives; None if they do not agree."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ValueError('nobody can be asked here: review, then give --yes --why "..."')
    verb = "Take this back" if arguments.undo else "Is this harmless, and shall it be accepted"
    answer = _answer("\n".join([*lines, f"{verb} for {count} jobs? [y/N] "]))
    if answer.lower() not in {"y", "yes"}:
        return None
    return arguments.why or _answer("Why? ") or None


def _answer(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _keep_code(records: Iterable[JobRecord]) -> None:
    """Keep what this code is, as a job would, so that the next edit can be shown."""
    try:
        for text in {record.spec_text for record in records}:
            check_code(text)
    except EditedCodeError as error:
        raise ValueError(f"{error}, and look at the change again") from None


def _write(
    tree: ResultTree, records: Mapping[str, JobRecord], results: str, tracking: Tracking
) -> None:
    """Change what Snakemake remembers, then the records: a kill between leaves them stale again."""
    params = {
        f"{results}/{output}": [record.spec_text]
        for path, record in records.items()
        for output in (path, *(file.path for file in record.output_files()))
    }
    tracking.rewrite_params(params)
    for path, record in records.items():
        write_record(record, tree.path(path))


def _list(tree: ResultTree, kept: Sequence[Candidate], decision: Decision, *, undone: bool) -> None:
    """Put the decision on the list of the results, once for each set of changes."""
    groups: dict[tuple[str, ...], list[Candidate]] = {}
    for each in kept:
        groups.setdefault(each.changes, []).append(each)
    for changes, several in groups.items():
        jobs = [each.words for each in several]
        paths = [each.path for each in several]
        acceptance = Acceptance(
            decision.why, decision.by, decision.at, changes, jobs, paths, undone=undone
        )
        add_acceptance(acceptance, tree.path(ACCEPTED))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may know no name
        return f"user {os.getuid()}"


def _done(undo: bool) -> str:  # noqa: FBT001
    return "taken back" if undo else "accepted"
