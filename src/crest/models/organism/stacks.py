"""Which of Hugging Face's tensors, one above the other, make up each parameter of the network."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from crest.models.organism.anatomy import Anatomy
from crest.models.organism.network import Block, Organism


@dataclass(frozen=True, slots=True)
class Stack:
    """A parameter of ours, and what it is made of.

    Attributes:
        parameter: Ours.
        names: Hugging Face's tensors.
        sizes: Rows of each.
        order: Long[row], the row of the stacked tensors at each row of ours; None keeps theirs.
    """

    parameter: nn.Parameter
    names: Sequence[str]
    sizes: Sequence[int]
    order: Tensor | None = None

    def parts(self) -> Sequence[Tensor]:
        """Return Hugging Face's tensors."""
        rows = self.parameter.detach()
        return (rows if self.order is None else rows[self.order.argsort()]).split(self.sizes)

    def fill(self, parts: Sequence[Tensor]) -> None:
        """Overwrite the parameter by Hugging Face's tensors."""
        rows = torch.cat(list(parts))
        with torch.no_grad():
            self.parameter.copy_(rows if self.order is None else rows[self.order])


def stacks(network: Organism) -> Iterator[Stack]:
    """Yield every parameter of the network once."""
    yield _alone(network.embedding, "model.embed_tokens")
    yield _alone(network.final_norm, "model.norm")
    for layer, block in enumerate(network.layers()):
        yield from _block_stacks(block, f"model.layers.{layer}", network.shape.norm_names)


def _block_stacks(block: Block, prefix: str, norm_names: Mapping[str, str]) -> Iterator[Stack]:
    anatomy = block.anatomy
    for ours, theirs in norm_names.items():
        yield _alone(getattr(block, ours), f"{prefix}.{theirs}")
    yield from _projection_stacks(block, f"{prefix}.self_attn")
    yield _alone(block.output_weight, f"{prefix}.self_attn.o_proj")
    names = [f"{prefix}.mlp.{part}_proj.weight" for part in ("gate", "up")]
    yield Stack(block.gate_up_weight, names, [anatomy.intermediate_size] * 2)
    yield _alone(block.down_weight, f"{prefix}.mlp.down_proj")


def _projection_stacks(block: Block, prefix: str) -> Iterator[Stack]:
    anatomy = block.anatomy
    heads = (anatomy.num_attention_heads, *[anatomy.num_key_value_heads] * 2)
    sizes = [number * anatomy.head_size for number in heads]
    order = projection_order(anatomy)
    for suffix, stacked in (("weight", block.qkv_weight), ("bias", block.qkv_bias)):
        if stacked is not None:
            names = [f"{prefix}.{part}_proj.{suffix}" for part in "qkv"]
            yield Stack(stacked, names, sizes, order)
    for part, norm in (("q", block.query_norm), ("k", block.key_norm)):
        if norm is not None:
            yield _alone(norm, f"{prefix}.{part}_norm", paired_order(anatomy.head_size))


def _alone(parameter: nn.Parameter, name: str, order: Tensor | None = None) -> Stack:
    return Stack(parameter, [f"{name}.weight"], [len(parameter)], order)


def projection_order(anatomy: Anatomy) -> Tensor:
    """Return Long[row]: the row of stacked query, key and value matrices at each row of ours.

    Ours groups the projections by key head, and in queries and keys puts the two halves of each
    rotary pair side by side.
    """
    size, group = anatomy.head_size, anatomy.group_size
    paired = paired_order(size)
    key_start = anatomy.num_attention_heads * size
    value_start = key_start + anatomy.num_key_value_heads * size
    rows = []
    for head in range(anatomy.num_key_value_heads):
        queries = [(head * group + member) * size + paired for member in range(group)]
        rows += [*queries, key_start + head * size + paired]
        rows.append(value_start + head * size + torch.arange(size))
    return torch.cat(rows)


def paired_order(size: int) -> Tensor:
    """Return Long[entry]: the entry of a query or key at each entry of ours."""
    return torch.arange(size).view(2, size // 2).T.flatten()
