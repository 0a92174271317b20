"""The tasks that a command is given: a table of problems, or a data set in a known format."""

from argparse import ArgumentParser, Namespace
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from crest.checksums import DamagedFileError
from crest.commands.progress import Progress
from crest.grading import Grader
from crest.records import Problem, Submission, Verdict
from crest.tasks.bank import problem_source, read_origin, read_problems
from crest.tasks.formats import FORMATS
from crest.tasks.hub import open_hub
from crest.tasks.importing import AUTO, import_problems
from crest.tasks.origin import Origin
from crest.tasks.reading import Source, open_file
from crest.tasks.record_faults import SHOWN, Fault

TABLE = {"task_id", "prompt", "reference", "tests", "continues_prompt", "prelude"}
DROP: Literal["drop"] = "drop"
REMEDY = "mend them, or leave them out with --on-bad-record drop"


@dataclass(frozen=True, slots=True)
class TaskFile:
    """What a file of tasks holds.

    Attributes:
        problems: Those without faults, in the order of the file.
        faults: Records that are no problems.
        origin: Where they are from; None for a table of problems made here.
    """

    problems: tuple[Problem, ...]
    faults: tuple[Fault, ...]
    origin: Origin | None

    @property
    def dropped(self) -> frozenset[str]:
        """Return the identifiers of the tasks left out, as far as they are known."""
        kept = {problem.task_id for problem in self.problems}
        return frozenset(fault.task_id for fault in self.faults if fault.task_id) - kept


def add_task_arguments(parser: ArgumentParser) -> None:
    """Declare the format, the place on the hub, and what becomes of bad records."""
    group = parser.add_argument_group("where tasks come from")
    group.add_argument(
        "--format",
        choices=(AUTO, *FORMATS.names()),
        default=AUTO,
        help="schema of the tasks; `own` is yours, see `crest tasks schema` (default: %(default)s)",
    )
    group.add_argument(
        "--on-bad-record",
        choices=(DROP, "fail"),
        default="fail",
        help="leave records with faults out and say so, or stop (default: %(default)s)",
    )
    group.add_argument(
        "--revision",
        metavar="COMMIT",
        help="take the tasks from the Hugging Face hub, by the data set's name, at this commit",
    )
    group.add_argument(
        "--split", default="test", help="which split of the hub's data set (default: %(default)s)"
    )
    group.add_argument("--config", metavar="NAME", help="which configuration of it, if several")


def load_tasks(name: str, arguments: Namespace, grader: Grader) -> TaskFile:
    """Return the problems of a file or of a data set on the hub.

    Args:
        name: Path, or name on the hub.
        arguments: Those of `add_task_arguments`.
        grader: Runs references, and checks to be recorded. A table of problems needs neither.

    Raises:
        OSError: There is no such file.
        ValueError: It holds no tasks, or faults that `--on-bad-record` does not let pass.
    """
    path = Path(name)
    if arguments.revision is None and _is_table(path):
        return TaskFile(tuple(_table(path)), (), read_origin(path))
    tasks = _imported(name, arguments, grader)
    if tasks.faults and arguments.on_bad_record != DROP:
        lines = [f"{name} holds records that are no tasks", *fault_lines(tasks.faults)]
        raise ValueError("\n".join([*lines, REMEDY]))
    if not tasks.problems:
        lines = [f"{name} holds no task without a fault", *fault_lines(tasks.faults)]
        raise ValueError("\n".join(lines))
    return tasks


def examine_tasks(name: str, arguments: Namespace, grader: Grader) -> TaskFile:
    """Return what is right and what is wrong in a file; the references of a table are graded too.

    Args:
        name: Path, or name on the hub.
        arguments: Those of `add_task_arguments`.
        grader: Runs references.

    Raises:
        OSError: There is no such file.
        ValueError: It cannot be read at all.
    """
    path = Path(name)
    if arguments.revision is None and _is_table(path):
        problems = _table(path)
        faults = _failing_references(problems, grader)
        bad = {fault.task_id for fault in faults}
        kept = tuple(problem for problem in problems if problem.task_id not in bad)
        return TaskFile(kept, tuple(faults), read_origin(path))
    return _imported(name, arguments, grader)


def _imported(name: str, arguments: Namespace, grader: Grader) -> TaskFile:
    source, format_name = _source(name, arguments)
    with Progress("tasks") as progress:
        imported = import_problems(
            source, format_name, grader, on_bad_record=DROP, progress=progress.add
        )
    return TaskFile(imported.problems, imported.faults, imported.origin)


def fault_lines(faults: tuple[Fault, ...], shown: int = SHOWN) -> list[str]:
    """Return one line a fault, and how many more there are than shown."""
    lines = [str(fault) for fault in faults[:shown]]
    return lines if len(faults) <= shown else [*lines, f"and {len(faults) - shown} more"]


def _is_table(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        return set(pl.read_parquet_schema(path)) >= TABLE
    except pl.exceptions.PolarsError:
        return False


def _table(path: Path) -> list[Problem]:
    """Return the problems of a table.

    Raises:
        ValueError: It is not as `crest tasks import` writes it.
    """
    try:
        problems = read_problems(path)
    except DamagedFileError:
        raise ValueError(
            f"{path}: is damaged, and cannot be read; write it anew with crest tasks import"
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError, pl.exceptions.PolarsError) as error:
        raise ValueError(
            f"{path}: holds tests that are none ({error}); write it anew with crest tasks import"
        ) from error
    counts = Counter(problem.task_id for problem in problems)
    twice = next((name for name, count in counts.items() if count > 1), None)
    if twice is not None or not problems:
        what = "holds no task" if twice is None else f"holds task {twice!r} twice"
        raise ValueError(f"{path}: {what}; write it anew with crest tasks import")
    return problems


def _source(name: str, arguments: Namespace) -> tuple[Source, str]:
    """Return the records and the name of their format, `auto` if only they can tell."""
    if arguments.revision is None:
        path = Path(name)
        if not path.is_file():
            what = "is a folder; name a file" if path.is_dir() else "no such file"
            raise FileNotFoundError(
                f"{name}: {what}; a data set of the Hugging Face hub needs --revision"
            )
        return open_file(path), arguments.format
    named = {FORMATS[each].HUB: each for each in FORMATS.names() if FORMATS[each].HUB}
    format_name = named.get(name, AUTO) if arguments.format == AUTO else arguments.format
    files = {} if format_name == AUTO else getattr(FORMATS[format_name], "HUB_FILES", {})
    source = open_hub(
        name,
        revision=arguments.revision,
        split=arguments.split,
        config=arguments.config,
        files=files.get(arguments.split, ()),
    )
    return source, format_name


def _failing_references(problems: list[Problem], grader: Grader) -> list[Fault]:
    lines = [line for line, problem in enumerate(problems, 1) if problem.reference]
    tested = [problems[line - 1] for line in lines]
    submissions = [Submission(problem_source(each, each.reference), each.tests) for each in tested]
    return [
        Fault(line, problem.task_id, "reference", _failure(result))
        for line, problem, result in zip(lines, tested, grader.results(submissions), strict=True)
        if not isinstance(result, Verdict) or not result.passed
    ]


def _failure(result: object) -> str:
    if not isinstance(result, Verdict):
        return str(result)
    passed, tests = sum(result.passed_tests), len(result.passed_tests)
    return f"fails its own tests: {result.status} with {passed} of {tests} tests passed"
