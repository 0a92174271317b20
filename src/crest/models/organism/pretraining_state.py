"""Progress of a pretraining run on disk: weights, optimiser state and the number of steps taken."""

import safetensors.torch

from crest.models.organism.network import Organism
from crest.models.organism.pretraining_optimiser import PretrainingOptimiser
from crest.work import Work

_WEIGHT = "weight."
_FILE = "state.safetensors"


def save_state(
    work: Work, step: int, num_steps: int, network: Organism, optimiser: PretrainingOptimiser
) -> None:
    """Add progress to a work folder.

    Args:
        work: The folder.
        step: Steps taken.
        num_steps: Steps to take in all.
        network: Being trained.
        optimiser: Training it.
    """
    weights = {f"{_WEIGHT}{name}": tensor for name, tensor in network.state_dict().items()}
    tensors = {
        name: tensor.contiguous() for name, tensor in (weights | optimiser.state_tensors()).items()
    }
    work.commit(
        f"step {step} of {num_steps}",
        {"step": step},
        transient={_FILE: lambda path: safetensors.torch.save_file(tensors, path)},
    )


def load_state(work: Work, network: Organism, optimiser: PretrainingOptimiser) -> int:
    """Restore progress if there is any, and return the number of steps taken."""
    last = work.last
    if last is None:
        return 0
    tensors = safetensors.torch.load_file(work.path(last.number, _FILE))
    network.load_state_dict({name: tensors[f"{_WEIGHT}{name}"] for name in network.state_dict()})
    optimiser.load_state_tensors(tensors)
    return int(last.values["step"])
