"""Checkpoint folders in the format of Hugging Face's `Qwen2ForCausalLM`.

Reading needs safetensors alone, so no job pays for importing transformers. Equal weights give
equal bytes: keys are sorted and nothing is dated.
"""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from crest.checksums import SUMS, DamagedFileError, how_to_remake
from crest.failures import MendableError
from crest.models.organism.network import Block, NetworkShape, Organism
from crest.models.organism.tokenizer import Tokenizer
from crest.storage import STAMP_KEY, empty_folder, read_json, write_bytes, write_json, write_sums

_BLOCK_NAMES = {
    "input_layernorm.weight": "attention_norm",
    "self_attn.o_proj.weight": "output_weight",
    "post_attention_layernorm.weight": "mlp_norm",
    "mlp.down_proj.weight": "down_weight",
}


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
    empty_folder(folder)
    write_json(_config(network.shape, tokenizer), folder / "config.json")
    special = {"eos_token_id": tokenizer.eos_id, "pad_token_id": tokenizer.pad_id}
    write_json({**special, "do_sample": True}, folder / "generation_config.json")
    tokenizer.save(folder)
    metadata = {"format": "pt"} | ({} if stamp is None else {STAMP_KEY: stamp})
    weights = {name: tensor.contiguous() for name, tensor in state_dict(network).items()}
    content = with_ordered_header(safetensors.torch.save(weights, metadata))
    write_bytes(content, folder / "model.safetensors")
    write_sums(folder)


def load_organism(folder: Path) -> tuple[Organism, Tokenizer]:
    """Return network and tokenizer of a checkpoint folder.

    Raises:
        FileNotFoundError: A file of the folder is missing.
        DamagedFileError: The weights cannot be read, or are not those of the configuration.
        CheckpointError: The folder's model is not one that this network can hold.
    """
    network = Organism(_shape(read_json(folder / "config.json"), folder))
    _load_weights(network, folder / "model.safetensors")
    return network, Tokenizer.load(folder)


def _load_weights(network: Organism, path: Path) -> None:
    try:
        load_state_dict(network, safetensors.torch.load(path.read_bytes()))
    except safetensors.SafetensorError as error:
        raise DamagedFileError(_damage(path, f"cannot be read ({error})")) from None
    except KeyError as error:
        raise DamagedFileError(_damage(path, f"has no tensor {error}")) from None
    except RuntimeError as error:  # torch, of a shape
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
    """Return the weights under the names and in the layout of `Qwen2ForCausalLM`."""
    with torch.no_grad():
        weights = {
            "model.embed_tokens.weight": network.embedding.detach(),
            "model.norm.weight": network.final_norm.detach(),
        }
        for layer, block in enumerate(network.layers()):
            for name, tensor in _block_weights(block).items():
                weights[f"model.layers.{layer}.{name}"] = tensor.detach()
    return weights


def load_state_dict(network: Organism, weights: dict[str, Tensor]) -> None:
    """Fill the network with weights named and laid out as in `Qwen2ForCausalLM`."""
    with torch.no_grad():
        network.embedding.copy_(weights["model.embed_tokens.weight"])
        network.final_norm.copy_(weights["model.norm.weight"])
        for layer, block in enumerate(network.layers()):
            prefix = f"model.layers.{layer}."
            _fill_block(block, {name: weights[prefix + name] for name in _block_weights(block)})


def projection_order(shape: NetworkShape) -> Tensor:
    """Return Long[row]: the row of stacked query, key and value matrices at each row of ours.

    Ours groups the projections by key head, and in queries and keys puts the two halves of each
    rotary pair side by side.
    """
    size, group = shape.head_size, shape.group_size
    paired = torch.arange(size).view(2, size // 2).T.flatten()
    key_start = shape.num_attention_heads * size
    value_start = key_start + shape.num_key_value_heads * size
    rows = []
    for head in range(shape.num_key_value_heads):
        queries = [(head * group + member) * size + paired for member in range(group)]
        rows += [*queries, key_start + head * size + paired]
        rows.append(value_start + head * size + torch.arange(size))
    return torch.cat(rows)


def _block_weights(block: Block) -> dict[str, Tensor]:
    shape = block.shape
    back = projection_order(shape).argsort()
    key_rows = shape.num_key_value_heads * shape.head_size
    sizes = [shape.hidden_size, key_rows, key_rows]
    weights = {name: getattr(block, ours) for name, ours in _BLOCK_NAMES.items()}
    for suffix, stacked in (("weight", block.qkv_weight), ("bias", block.qkv_bias)):
        for part, rows in zip("qkv", stacked[back].split(sizes), strict=True):
            weights[f"self_attn.{part}_proj.{suffix}"] = rows
    gate, up = block.gate_up_weight.chunk(2)
    return weights | {"mlp.gate_proj.weight": gate, "mlp.up_proj.weight": up}


def _fill_block(block: Block, weights: dict[str, Tensor]) -> None:
    order = projection_order(block.shape)
    for name, ours in _BLOCK_NAMES.items():
        getattr(block, ours).copy_(weights[name])
    for suffix, stacked in (("weight", block.qkv_weight), ("bias", block.qkv_bias)):
        parts = [weights[f"self_attn.{part}_proj.{suffix}"] for part in "qkv"]
        stacked.copy_(torch.cat(parts)[order])
    parts = [weights[f"mlp.{part}_proj.weight"] for part in ("gate", "up")]
    block.gate_up_weight.copy_(torch.cat(parts))


def _config(shape: NetworkShape, tokenizer: Tokenizer) -> dict[str, Any]:
    return asdict(shape) | {
        "architectures": ["Qwen2ForCausalLM"],
        "attention_dropout": 0.0,
        "bos_token_id": None,
        "dtype": "float32",
        "eos_token_id": tokenizer.eos_id,
        "hidden_act": "silu",
        "model_type": "qwen2",
        "pad_token_id": tokenizer.pad_id,
        "rope_parameters": {"rope_theta": shape.rope_theta, "rope_type": "default"},
        "tie_word_embeddings": True,
        "use_sliding_window": False,
    }


def _shape(config: dict[str, Any], folder: Path) -> NetworkShape:
    expected = {"model_type": "qwen2", "tie_word_embeddings": True, "use_sliding_window": False}
    for key, value in expected.items():
        if config.get(key) != value:
            raise CheckpointError(
                f"{folder / 'config.json'}: {key} is {config.get(key)!r}, but the organism has "
                f"{value!r}: open this checkpoint with the transformers policy"
            )
    known = config | config.get("rope_parameters", {})
    missing = sorted({field.name for field in fields(NetworkShape)} - set(known))
    if missing:
        raise DamagedFileError(_damage(folder / "config.json", f"has no {', '.join(missing)}"))
    return NetworkShape(**{field.name: known[field.name] for field in fields(NetworkShape)})
