"""Whose a work folder is: the spec and the input bytes of its job, in `work.json`."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crest.checksums import sha256_of
from crest.storage import write_json

FILE = "work.json"


@dataclass(frozen=True, slots=True)
class Identity:
    """A job with given inputs.

    Attributes:
        spec: The spec of the job, as canonical JSON.
        inputs: SHA-256 of each input, in order.
        paths: Where the inputs lay; says nothing of what they are.
    """

    spec: str
    inputs: tuple[str, ...]
    paths: tuple[str, ...] = ()

    @classmethod
    def of(cls, spec: str, paths: Sequence[Path]) -> "Identity":
        """Return the identity of a job that reads the files at some paths."""
        return cls(spec, tuple(sha256_of(path) for path in paths), tuple(map(str, paths)))

    @property
    def name(self) -> str:
        """Name of the folder: another spec or other input bytes, another name."""
        text = json.dumps([self.spec, self.inputs])
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def write(self, folder: Path) -> None:
        """Write the identity into a folder."""
        inputs = [
            {"path": path, "sha256": digest}
            for path, digest in zip(self.paths, self.inputs, strict=True)
        ]
        write_json({"form": 1, "spec": self.spec, "inputs": inputs}, folder / FILE)


def identity_of(folder: Path) -> Identity:
    """Return whose a work folder is, by its `work.json`.

    Raises:
        FileNotFoundError: It has none.
        ValueError: The file is damaged.
    """
    path = folder / FILE
    try:
        value: Any = json.loads(path.read_text(encoding="utf-8"))
        inputs = value["inputs"]
        return Identity(
            str(value["spec"]),
            tuple(str(each["sha256"]) for each in inputs),
            tuple(str(each["path"]) for each in inputs),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} cannot be read ({error!r})") from None
