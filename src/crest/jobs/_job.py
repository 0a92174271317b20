"""The frame in which every job runs: checks before its work, and its record after it."""

import gc
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from crest.checksums import SUMS, check_sums
from crest.job_record import FileRecord, JobRecord, record_file, results_of, write_record
from crest.jobs._arguments import parse, paths
from crest.jobs._failures import told
from crest.jobs._inputs import check_as_made, mend_times
from crest.jobs._log import start_log
from crest.spec import check_code, stamp_of
from crest.stopping import finished, stop_signals, unmasked_stop


@dataclass(frozen=True, slots=True)
class Job:
    """A running job.

    Attributes:
        text: Its spec as canonical JSON.
        spec: The spec's fields.
        files: The paths of its inputs and outputs. A checkpoint is named by its `SHA256SUMS`.
        inputs: The paths of all files that it reads, likewise.
        open: What is closed when the job ends, however it ends.
        when_recorded: What is called once its record is written, before `open` is closed.
    """

    text: str
    spec: dict[str, Any]
    files: Namespace
    inputs: Sequence[Path]
    open: ExitStack
    when_recorded: list[Callable[[], None]] = field(default_factory=list)

    @property
    def config(self) -> dict[str, Any]:
        """The job's slice of the configuration."""
        return dict(self.spec["config"])

    @property
    def stamp(self) -> str:
        """What its files say of their making."""
        return stamp_of(self.text)


@contextmanager
def job(
    argv: Sequence[str] | None,
    description: str,
    *,
    inputs: Sequence[str] = (),
    lists: Sequence[str] = (),
    outputs: Sequence[str] = (),
) -> Iterator[Job]:
    """Run the block as a job: log, code check, whole inputs, clear failures, record at the end.

    Args:
        argv: The command line, or None for the process's own.
        description: What the job does; printed by --help.
        inputs: Names of options that take one path each, of a file that is read.
        lists: Names of options that take any number of paths of files to read.
        outputs: Names of options that take one path each, of a file that the block writes.

    Raises:
        SystemExit: The job failed for a reason that its log names, or was told to stop.
    """
    _collect_garbage()
    files = parse(argv, description, inputs=inputs, lists=lists, outputs=outputs)
    start_log()
    with stop_signals(), told(files.record), unmasked_stop(), ExitStack() as stack:
        results = results_of(files.record)
        spec = check_code(files.spec)
        named = paths(files, (*inputs, *lists))
        read = _recorded(named, results)
        check_as_made([file for each in read.values() for file in each], results)
        mend_times(named)
        this = Job(files.spec, spec, files, list(chain.from_iterable(named.values())), stack)
        yield this
        mend_times(named)  # the clock may have been put back meanwhile
        wrote = _recorded(paths(files, outputs), results)
        with finished():
            write_record(JobRecord(spec, read, wrote), files.record)
            for call in this.when_recorded:
                call()


def _collect_garbage() -> None:
    """Let garbage be collected after the imports, but what they made be left alone for good."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _recorded(
    named: Mapping[str, Sequence[Path]], results: Path
) -> dict[str, tuple[FileRecord, ...]]:
    """Return the records of files, once checkpoints among them are known to be whole."""
    for path in (path for files in named.values() for path in files if path.name == SUMS):
        check_sums(path.parent)
    return {
        name: tuple(record_file(path, results) for path in files) for name, files in named.items()
    }
