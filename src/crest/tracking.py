"""What Snakemake remembers of the files that it made: read, and written for files it did not make.

Covers the form of Snakemake 9.27, one JSON file an output under `.snakemake/metadata`. Another
form is refused: a memory that Snakemake misreads would hide what is stale.
"""

import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORM = 6
"""Snakemake's `record_format_version` that this module knows."""

_EMPTY: dict[str, Any] = {
    "rule": None,
    "input": None,
    "log": None,
    "shellcmd": None,
    "params": None,
    "code": None,
    "record_format_version": FORM,
    "conda_env": None,
    "container_img_url": None,
    "software_stack_hash": None,
    "job_hash": None,
    "starttime": None,
    "endtime": None,
    "incomplete": False,
    "external_jobid": None,
    "input_checksums": {},
}


@dataclass(frozen=True, slots=True)
class Memory:
    """What Snakemake compares to know whether an output is stale.

    Attributes:
        rule: Name of the rule that made it; only shown.
        inputs: SHA-256 of every input by its path as the rule names it; None: not compared.
        files: Those paths, once for each time that the rule names them.
        params: Values of the rule's tracked parameters.
        made_at: When it was made, seconds since 1970; only shown.
    """

    rule: str
    inputs: Mapping[str, str]
    files: Sequence[str]
    params: Sequence[str]
    made_at: float


class Tracking:
    """The memory of one working directory.

    Args:
        folder: The working directory, which holds `.snakemake`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._own = (folder or Path()) / ".snakemake"
        self._metadata = self._own / "metadata"
        self._incomplete = self._own / "incomplete"
        self._longest: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is remembered at all, as in a fresh clone."""
        return not _has_entries(self._metadata)

    @property
    def is_locked(self) -> bool:
        """Whether a Snakemake runs here, or was killed and left its lock."""
        return _has_entries(self._own / "locks")

    def knows(self, output: str) -> bool:
        """Return whether an output is remembered."""
        return os.path.exists(os.path.join(self._metadata, self._name(output)))  # noqa: PTH110, PTH118 - many

    def read(self, output: str) -> dict[str, Any] | None:
        """Return all that is remembered of an output; None if nothing is.

        Raises:
            ValueError: The memory has another form than that of Snakemake 9.27.
        """
        return _load(self._metadata / self._name(output))

    def check_form(self) -> None:
        """Read one memory, whichever, and so learn whether this Snakemake's form is known.

        Raises:
            ValueError: It has another form.
        """
        for entry in _entries(self._metadata):
            if entry.is_file():
                _load(Path(entry.path))
                return

    def write(self, memories: Mapping[str, Memory]) -> None:
        """Remember outputs; a kill leaves each of them known or unknown, never half-known.

        Raises:
            ValueError: The memory has another form than that of Snakemake 9.27.
        """
        self.check_form()
        self._write({output: _form(memory) for output, memory in memories.items()})

    def rewrite_params(self, params: Mapping[str, Sequence[str]]) -> None:
        """Give outputs other parameters, and keep all else; outputs not remembered stay so.

        Args:
            params: Values of the rule's tracked parameters, by output.

        Raises:
            ValueError: The memory has another form than that of Snakemake 9.27.
        """
        known = {output: self.read(output) for output in params}
        self._write(
            {
                output: {**memory, "params": sorted(map(repr, params[output]))}
                for output, memory in known.items()
                if memory is not None
            }
        )

    def interrupted(self, outputs: Sequence[str]) -> list[str]:
        """Return the outputs whose job was started, and never seen to end."""
        if not _has_entries(self._incomplete):
            return []
        return [output for output in outputs if (self._incomplete / self._name(output)).exists()]

    def doubt(self, outputs: Sequence[str]) -> None:
        """Have outputs made anew: their job counts as started, and never seen to end."""
        for output in outputs:
            place = self._incomplete / self._name(output)
            place.parent.mkdir(parents=True, exist_ok=True)
            self._metadata.mkdir(exist_ok=True)
            place.write_text(json.dumps({"external_jobid": None}))

    def complete(self, outputs: Sequence[str]) -> None:
        """Forget that the job of some outputs was never seen to end."""
        for output in outputs:
            (self._incomplete / self._name(output)).unlink(missing_ok=True)

    def _write(self, memories: Mapping[str, Mapping[str, Any]]) -> None:
        """Write all beside their places, wait for the disk once, then move them into place."""
        if not memories:
            return
        self._metadata.mkdir(parents=True, exist_ok=True)
        self._incomplete.mkdir(exist_ok=True)  # without it Snakemake migrates an old form
        places = {self._metadata / self._name(output): value for output, value in memories.items()}
        temporary = {
            place: self._metadata / f".{os.getpid()}.{number}.part"
            for number, place in enumerate(places)
        }
        try:
            for place, value in places.items():
                temporary[place].write_text(json.dumps(value))
            os.sync()
            for place, part in temporary.items():
                place.parent.mkdir(parents=True, exist_ok=True)
                part.replace(place)
        finally:
            for part in temporary.values():
                part.unlink(missing_ok=True)

    def _name(self, output: str) -> str:
        """Return an output's place: its path in base 64, long ones as folders named `@...`."""
        encoded = urlsafe_b64encode(output.encode()).decode()
        step = self._longest_name() - 1
        pieces = [encoded[start : start + step] for start in range(0, len(encoded), step)]
        return "/".join([*(f"@{piece}" for piece in pieces[:-1]), pieces[-1]])

    def _longest_name(self) -> int:
        if self._longest is None:
            folder = next(path for path in (self._metadata, *self._parents()) if path.exists())
            self._longest = os.pathconf(folder, "PC_NAME_MAX") or 255
        return self._longest

    def _parents(self) -> list[Path]:
        return list(self._metadata.absolute().parents)


def _form(memory: Memory) -> dict[str, Any]:
    return {
        **_EMPTY,
        "rule": memory.rule,
        "input": sorted(memory.files),
        "params": sorted(map(repr, memory.params)),
        "starttime": memory.made_at,
        "endtime": memory.made_at,
        "input_checksums": {path: f"sha256:{digest}" for path, digest in memory.inputs.items()},
    }


def _load(path: Path) -> dict[str, Any] | None:
    try:
        memory = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        return None  # torn by a kill; Snakemake takes it for nothing, too
    form = memory.get("record_format_version") if isinstance(memory, dict) else None
    if form != FORM:
        raise ValueError(
            f"{path}: Snakemake's memory has form {form}, and only form {FORM} (Snakemake 9.27) is "
            "known here; install the Snakemake that requirements.lock names"
        )
    return dict(memory)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []


def _has_entries(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except FileNotFoundError:
        return False
