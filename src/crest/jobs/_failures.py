"""Failures that a person can mend, as one line in the log of a job: what, and the remedy."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crest.failures import MendableError
from crest.job_record import FOLDER

log = logging.getLogger(__name__)

_ROOM = "free some space on that disk"
_PLACE = "make that disk writable"
_RIGHT = "give yourself the right to it"
_REMEDIES = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: "free some of your quota on that disk",
    errno.EROFS: _PLACE,
    errno.EACCES: _RIGHT,
    errno.EPERM: _RIGHT,
    errno.ENOENT: "see what deleted it while the job was running",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.EIO: "look at the disk, which could not read or write",
    errno.ESTALE: "look at the file server, which lost it",
}
_ELSEWHERE = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def told(record: Path) -> Iterator[None]:
    """Log a failure of the block that a person can mend, and end the process with status 1.

    Args:
        record: Of the job; names it.

    Raises:
        SystemExit: Such a failure. All others pass through, with their traceback.
    """
    try:
        yield
    except (MendableError, FloatingPointError) as error:
        _end(record, str(error))
    except OSError as error:
        if error.errno not in _REMEDIES:
            raise
        where = f"{error.filename}: " if error.filename is not None else ""
        _end(record, f"{where}{error.strerror}; {_remedy(error)}, and run snakemake again")


def _remedy(error: OSError) -> str:
    remedy = _REMEDIES[error.errno or 0]
    if error.errno not in _ELSEWHERE:
        return remedy
    if ".crest" in Path(str(error.filename)).parts:
        return f"{remedy}, or make .crest a link to a folder elsewhere"
    return f"{remedy}, or name another folder as `results`"


def _end(record: Path, what: str) -> None:
    log.error("%s failed: %s", _name(record), what)
    log.error("what was finished before is kept, in results and in .crest/work")
    raise SystemExit(1)


def _name(record: Path) -> str:
    """Return how a job is called in the folders of records, logs and benchmarks."""
    parts = record.with_suffix("").parts
    below = len(parts) - parts[::-1].index(FOLDER) if FOLDER in parts else -1
    return "/".join(parts[below:])
