"""Policies from checkpoint folders."""

from collections.abc import Sequence
from pathlib import Path

from crest.models.organism.checkpoint import CheckpointError
from crest.models.organism.policy import OrganismPolicy
from crest.models.policy import Policy


def load_policy(folder: Path, *, share_prefixes: bool = False) -> Policy:
    """Return the policy of a checkpoint folder.

    Args:
        folder: Of the checkpoint.
        share_prefixes: Whether its samples of a prompt share what they have in common: faster
            where they are many and short, and equal up to rounding.

    Raises:
        FileNotFoundError: A file of the folder is missing.
        DamagedFileError: The folder cannot be read.
        CheckpointError: It holds a model of another kind.
    """
    return OrganismPolicy.load(folder, share_prefixes=share_prefixes)


def load_policies(folders: Sequence[Path], *, share_prefixes: bool = False) -> list[Policy]:
    """Return the policies of checkpoints of one chain: of one shape, with one tokenizer.

    Args:
        folders: Of the checkpoints.
        share_prefixes: See `load_policy`.

    Raises:
        FileNotFoundError: A file of a folder is missing.
        DamagedFileError: A folder cannot be read.
        CheckpointError: One differs from the first in more than its weights.
    """
    loaded = [OrganismPolicy.load(folder, share_prefixes=share_prefixes) for folder in folders]
    for policy, folder in zip(loaded[1:], folders[1:], strict=True):
        difference = policy.difference(loaded[0])
        if difference:
            raise CheckpointError(
                f"{folder} and {folders[0]} are not of one chain: {difference}; delete the one that"
                " is of another study, and run snakemake again"
            )
    return list(loaded)
