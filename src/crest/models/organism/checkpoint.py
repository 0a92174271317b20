"""Checkpoint folders in the format of Hugging Face's model of the organism's shape.

Reading needs safetensors alone, so no job pays for importing transformers. Equal weights give
equal bytes: keys are sorted and nothing is dated.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
from pydantic import ValidationError
from torch import Tensor

from crest.checksums import SUMS, DamagedFileError, how_to_remake
from crest.config_faults import fault_lines
from crest.failures import MendableError
from crest.models.organism.network import Organism
from crest.models.organism.shape import OtherModelError, Shape, read_shape
from crest.models.organism.stacks import stacks
from crest.models.organism.tokenizer import Tokenizer
from crest.storage import STAMP_KEY, empty_folder, read_json, write_bytes, write_json, write_sums


class CheckpointError(MendableError, ValueError):
    """A checkpoint holds another model than the one asked for."""


def save_organism(
    network: Organism, tokenizer: Tokenizer, folder: Path, *, stamp: str | None = None
) -> None:
    """Write a folder that `transformers` opens: configs, tokenizer, weights, and their checksums.

    Args:
        network: The network to save.
        tokenizer: Its tokenizer.
        folder: Made if it is not there, emptied if it is. Its `SHA256SUMS` comes last, so a
            folder with it is whole.
        stamp: What made the weights, stamped into the weight file.
    """
    fill_folder(network, tokenizer, folder, stamp=stamp)
    write_sums(folder)


def fill_folder(
    network: Organism, tokenizer: Tokenizer, folder: Path, *, stamp: str | None
) -> None:
    """Write a checkpoint folder but for its checksums; see `save_organism`."""
    empty_folder(folder)
    write_json(_config(network.shape, tokenizer), folder / "config.json")
    special = {"eos_token_id": tokenizer.eos_id, "pad_token_id": tokenizer.pad_id}
    write_json({**special, "do_sample": True}, folder / "generation_config.json")
    tokenizer.save(folder)
    write_tensors(state_dict(network), folder / "model.safetensors", stamp=stamp)


def write_tensors(tensors: Mapping[str, Tensor], path: Path, *, stamp: str | None) -> None:
    """Write a file of tensors; equal tensors give equal bytes."""
    metadata = {"format": "pt"} | ({} if stamp is None else {STAMP_KEY: stamp})
    whole = {name: tensor.contiguous() for name, tensor in tensors.items()}
    write_bytes(with_ordered_header(safetensors.torch.save(whole, metadata)), path)


def load_organism(folder: Path) -> tuple[Organism, Tokenizer]:
    """Return network and tokenizer of a checkpoint folder.

    Raises:
        FileNotFoundError: A file of the folder is missing.
        DamagedFileError: The weights cannot be read, or are not those of the configuration.
        CheckpointError: The folder's model is not one that this network can hold.
    """
    network = Organism(_shape(folder / "config.json"))
    _load_weights(network, folder / "model.safetensors")
    return network, Tokenizer.load(folder)


def _load_weights(network: Organism, path: Path) -> None:
    try:
        load_state_dict(network, safetensors.torch.load(path.read_bytes()))
    except safetensors.SafetensorError as error:
        raise DamagedFileError(_damage(path, f"cannot be read ({error})")) from None
    except KeyError as error:
        raise DamagedFileError(_damage(path, f"has no tensor {error}")) from None
    except ValueError as error:
        raise DamagedFileError(_damage(path, f"does not fit config.json ({error})")) from None


def _damage(path: Path, what: str) -> str:
    return f"{path} {what}; {how_to_remake(path.parent / SUMS)}"


def with_ordered_header(content: bytes) -> bytes:
    """Return a safetensors file whose header is sorted by key.

    The library writes the entries of the metadata in the order of a hash map, another each time.
    """
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    text = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # the format wants the data aligned
    return len(text).to_bytes(8, "little") + text + content[start:]


def state_dict(network: Organism) -> dict[str, Tensor]:
    """Return the weights under Hugging Face's names and in its layout."""
    return {
        name: part
        for stack in stacks(network)
        for name, part in zip(stack.names, stack.parts(), strict=True)
    }


def load_state_dict(network: Organism, weights: Mapping[str, Tensor]) -> None:
    """Fill the network with weights named and laid out as Hugging Face does.

    Raises:
        KeyError: A tensor is missing.
        ValueError: A tensor has another shape than the network's, or no place in it.
    """
    expected = state_dict(network)
    for name, part in expected.items():
        if weights[name].shape != part.shape:
            raise ValueError(f"{name} is {list(weights[name].shape)}, not {list(part.shape)}")
    homeless = sorted(set(weights) - set(expected))
    if homeless:
        raise ValueError(f"the network has no place for {homeless[0]}")
    for stack in stacks(network):
        stack.fill([weights[name] for name in stack.names])


def _config(shape: Shape, tokenizer: Tokenizer) -> dict[str, Any]:
    return {
        **shape.config,
        "bos_token_id": None,
        "dtype": "float32",
        "eos_token_id": tokenizer.eos_id,
        "pad_token_id": tokenizer.pad_id,
    }


def _shape(path: Path) -> Shape:
    try:
        return read_shape(read_json(path))
    except OtherModelError as error:
        raise CheckpointError(f"{path}: {error}; put a checkpoint of this study there") from None
    except KeyError as error:
        raise DamagedFileError(_damage(path, f"has no {error.args[0]}")) from None
    except ValidationError as error:
        faults = "; ".join(fault_lines(error))
        raise DamagedFileError(_damage(path, f"describes no network ({faults})")) from None
