"""The state of one result file: does the code that made it still stand?"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from crest.spec import parse_spec, present_closure
from crest.storage import read_spec


class State(StrEnum):
    """How a file relates to the present code."""

    CURRENT = "current"
    """The code that its spec names is the present code."""
    STALE = "stale"
    """The code has been edited since; Snakemake would make the file anew."""
    ORPHAN = "orphan"
    """The job, or a registry entry that the spec names, is gone."""
    UNREADABLE = "unreadable"
    """The file is damaged; delete it, and Snakemake makes it anew."""
    UNSTAMPED = "unstamped"
    """The file carries no spec."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file says of its making.

    Attributes:
        state: How it relates to the present code.
        spec: The fields of its spec; empty when it has none.
        problem: Why an orphan is one.
    """

    state: State
    spec: Mapping[str, Any]
    problem: str = ""

    @property
    def job(self) -> str:
        """Name of the job that made the file, `-` when unknown."""
        return str(self.spec.get("job", "-"))


def read_stamp(path: Path) -> Stamp:
    """Return the state of a result file or checkpoint folder.

    Raises:
        FileNotFoundError: No such file.
        ValueError: The file's kind carries no spec.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file")
    try:
        text = read_spec(path)
    except ValueError as error:
        if path.is_file() and path.suffix not in {".parquet", ".json", ".safetensors"}:
            raise
        return Stamp(State.UNREADABLE, {}, str(error))
    try:
        spec = parse_spec(text or "")
    except ValueError:  # a chart's JSON may have a `spec` of its own
        return Stamp(State.UNSTAMPED, {})
    try:
        digest = present_closure(spec).digest
    except ValueError as error:
        return Stamp(State.ORPHAN, spec, str(error))
    return Stamp(State.CURRENT if digest == spec["code"] else State.STALE, spec)
