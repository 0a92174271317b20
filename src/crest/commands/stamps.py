"""What a result file says of itself, beside what the record of its job says."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crest.checksums import SUMS
from crest.commands.cells import job_words
from crest.job_record import JobRecord
from crest.spec import ANSWERED_BY
from crest.storage import read_stamp

SUFFIXES = (".parquet", ".json", ".safetensors")
"""Of files that can carry a stamp."""


def stamp_words(path: Path) -> str:
    """Return which job says that it wrote a file, in words; empty without a stamp to read.

    Args:
        path: A file, or the `SHA256SUMS` of a checkpoint.
    """
    stamp = _stamp(path)
    return job_words(stamp) if stamp else ""


def foreign_stamp(path: Path, record: JobRecord) -> str:
    """Return what a file says of its making if that is not what a record says; else nothing.

    Args:
        path: A file, or the `SHA256SUMS` of a checkpoint.
        record: Of the job that should have written it.
    """
    stamp = _stamp(path)
    if stamp is None or stamp == {name: record.spec.get(name) for name in _asked(record)}:
        return ""
    words = job_words(stamp)
    return words if words != job_words(record.spec) else f"{words}, with other values"


def _asked(record: JobRecord) -> set[str]:
    """Return the fields of a spec that a stamp holds."""
    return record.spec.keys() - set(ANSWERED_BY)


def _stamp(path: Path) -> Mapping[str, Any] | None:
    """Return the fields of a file's stamp; None if it has none, or cannot be read."""
    stamped = path.parent if path.name == SUMS else path
    if stamped.is_file() and stamped.suffix not in SUFFIXES:
        return None
    try:
        text = read_stamp(stamped)
        stamp = json.loads(text) if text else None
    except (OSError, ValueError):
        return None
    is_ours = isinstance(stamp, dict) and {"job", "config", "choices"} <= stamp.keys()
    return stamp if is_ours else None
