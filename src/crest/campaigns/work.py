"""The work folder of a running campaign: everything a killed job needs to go on.

Covers: a kill at any moment; the folder then holds the last finished step, whole. Step tables
and weights are written first, the progress file last; only steps up to the progress file's count.
Does not cover: two jobs in one folder; a lock refuses the second.
"""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from crest.storage import write_atomically, write_parquet

WORK = Path(".crest/work")
TABLES = ("steps", "select", "rollouts")
Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class Progress:
    """State after a finished step.

    Attributes:
        step: Last finished step; 0 is the evaluation before any update.
        tensors: Optimiser state by name.
        scalars: JSON values of the loop: objective state, select curve.
    """

    step: int
    tensors: Tensors
    scalars: dict[str, object]


def work_folder(spec: str, inputs: Sequence[Path]) -> Path:
    """Return the work folder of a job: another spec or other input bytes, another folder."""
    digest = hashlib.sha256(spec.encode())
    for path in inputs:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return WORK / digest.hexdigest()[:24]


@contextmanager
def open_work(folder: Path) -> Iterator["Work"]:
    """Open a campaign's work folder for this process alone.

    Raises:
        BlockingIOError: Another process works in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BlockingIOError(
                f"{folder}: another process is running this campaign; wait for it or end it",
            ) from None
        yield Work(folder)


@dataclass(frozen=True, slots=True)
class Work:
    """Reads and writes of one work folder."""

    folder: Path

    def save(self, progress: Progress, weights: Tensors, tables: dict[str, pl.DataFrame]) -> None:
        """Store a finished step; its weights and tables before the progress that counts them."""
        for name, table in tables.items():
            write_parquet(table, self._table(name, progress.step))
        write_atomically(
            self.folder / f"weights-{progress.step}.safetensors",
            lambda path: save_file(weights, path),
        )
        header = json.dumps({"step": progress.step, **progress.scalars})
        write_atomically(
            self.folder / "progress.safetensors",
            lambda path: save_file(progress.tensors, path, metadata={"scalars": header}),
        )

    def load(self) -> Progress | None:
        """Return the last finished step's state, or None when there is none."""
        path = self.folder / "progress.safetensors"
        if not path.exists():
            return None
        with safe_open(path, framework="pt") as file:
            scalars = json.loads(file.metadata()["scalars"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return Progress(step=scalars.pop("step"), tensors=tensors, scalars=scalars)

    def weights(self, step: int) -> Tensors:
        """Return the weights after a finished step."""
        with safe_open(self.folder / f"weights-{step}.safetensors", framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118

    def table(self, name: str, last_step: int) -> pl.DataFrame:
        """Return one table over the finished steps."""
        parts = (self._table(name, step) for step in range(last_step + 1))
        return pl.concat([pl.read_parquet(part) for part in parts if part.exists()])

    def discard(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _table(self, name: str, step: int) -> Path:
        return self.folder / f"{name}-{step}.parquet"
