"""Failures that a person can mend, as one line in the log of a job: what, and the remedy."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crest.failures import MendableError

log = logging.getLogger(__name__)

_REMEDIES = {
    errno.ENOSPC: "free some space on that disk",
    errno.EDQUOT: "free some of your quota on that disk",
    errno.EROFS: "make that file system writable, or name another folder as `results`",
    errno.EACCES: "give yourself the right to it, or name another folder as `results`",
    errno.EPERM: "give yourself the right to it, or name another folder as `results`",
    errno.ENOENT: "if it is an input, something deleted it while the job was running",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.EIO: "look at the disk: it could not read or write",
}


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
    except BlockingIOError as error:
        _end(record, str(error.args[-1]))
    except OSError as error:
        if error.errno not in _REMEDIES:
            raise
        where = f"{error.filename}: " if error.filename is not None else ""
        remedy = _REMEDIES[error.errno]
        _end(record, f"{where}{error.strerror}; {remedy}, and run snakemake again")


def _end(record: Path, what: str) -> None:
    log.error("%s failed: %s", record.stem, what)
    log.error("what was finished before is kept, in results and in .crest/work")
    raise SystemExit(1)
