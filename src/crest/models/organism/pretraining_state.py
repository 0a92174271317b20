"""Progress of a pretraining run on disk: one file, replaced as a whole."""

from pathlib import Path

import safetensors
import safetensors.torch

from crest.models.organism.network import Organism
from crest.models.organism.pretraining_optimiser import PretrainingOptimiser
from crest.storage import write_atomically

_WEIGHT = "weight."


def save_state(
    path: Path, key: str, step: int, network: Organism, optimiser: PretrainingOptimiser
) -> None:
    """Write weights, optimiser state and the number of steps taken.

    Args:
        path: The file.
        key: Digest of all that decides the run; progress of another run is never continued.
        step: Steps taken.
        network: Being trained.
        optimiser: Training it.
    """
    weights = {f"{_WEIGHT}{name}": tensor for name, tensor in network.state_dict().items()}
    tensors = {
        name: tensor.contiguous() for name, tensor in (weights | optimiser.state_tensors()).items()
    }
    content = safetensors.torch.save(tensors, {"key": key, "step": str(step)})

    def write(temporary: Path) -> None:
        temporary.write_bytes(content)

    write_atomically(path, write)


def load_state(path: Path, key: str, network: Organism, optimiser: PretrainingOptimiser) -> int:
    """Restore progress if there is any for this key, and return the number of steps taken."""
    if not path.exists():
        return 0
    with safetensors.safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        if metadata["key"] != key:
            return 0
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    network.load_state_dict({name: tensors[f"{_WEIGHT}{name}"] for name in network.state_dict()})
    optimiser.load_state_tensors(tensors)
    return int(metadata["step"])
