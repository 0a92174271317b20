"""What a job reads of a chain, campaign by campaign: checkpoints by name, place and weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crest.checksums import read_sums


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One checkpoint of a chain.

    Attributes:
        folder: Where it lies.
        campaign: Position of its campaign in the chain, from 1.
        name: start, peak, end or next.
        weights_sha256: Equal for equal weights.
    """

    folder: Path
    campaign: int
    name: str
    weights_sha256: str

    @property
    def keys(self) -> dict[str, str | int]:
        """Return the values of the key columns that tell it from the chain's others."""
        return {"campaign": self.campaign, "checkpoint": self.name}

    @property
    def place(self) -> str:
        """Return its name within the chain, such as `campaign3/peak`."""
        return f"campaign{self.campaign}/{self.name}"


def chain_checkpoints(sums: Sequence[Path]) -> list[Checkpoint]:
    """Return checkpoints by their files of checksums, in the same order."""
    return [
        Checkpoint(
            path.parent,
            campaign_of(path.parent),
            path.parent.name,
            read_sums(path.parent)["model.safetensors"],
        )
        for path in sums
    ]


def campaign_of(path: Path) -> int:
    """Return the campaign in whose folder a file or a checkpoint lies."""
    return int(path.parent.name.removeprefix("campaign"))
