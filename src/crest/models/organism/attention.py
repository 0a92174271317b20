"""Who sees whom: the attention patterns of whole rows and of completions that share prompts."""

import torch
from torch import Tensor

from crest.models.organism.network import NetworkShape


def by_key_head(qkv: Tensor, num_rows: int, shape: NetworkShape) -> tuple[Tensor, Tensor, Tensor]:
    """Return queries [row * key head, group * position, size], keys and values [.., position, ..].

    Args:
        qkv: Packed projections of `num_rows` rows of equal length.
        num_rows: How many rows lie in the packed axis.
        shape: Sizes of the network.
    """
    heads, group, size = shape.num_key_value_heads, shape.group_size, shape.head_size
    length = qkv.shape[0] // num_rows
    rows = qkv.view(num_rows, length, heads, group + 2, size).permute(0, 2, 3, 1, 4)
    stacked = rows.reshape(num_rows * heads, (group + 2) * length, size)
    queries, keys, values = stacked.split([group * length, length, length], dim=1)
    return queries, keys, values


def mix(queries: Tensor, keys: Tensor, values: Tensor, bias: Tensor) -> Tensor:
    """Return softmax(queries keys^T / sqrt(size) + bias) values, for each row and key head.

    Args:
        queries: [row * key head, group * position, size].
        keys: [row * key head, seen position, size].
        values: As `keys`.
        bias: Broadcastable to the scores; 0 where a query may look, else -inf.
    """
    scores = torch.baddbmm(bias, queries, keys.transpose(1, 2), alpha=queries.shape[-1] ** -0.5)
    return torch.bmm(scores.softmax(-1), values)


def pack(context: Tensor, num_rows: int, shape: NetworkShape) -> Tensor:
    """Return [token, hidden] from contexts as `mix` gives them."""
    heads, group, size = shape.num_key_value_heads, shape.group_size, shape.head_size
    split = context.view(num_rows, heads, group, -1, size)
    return split.permute(0, 3, 1, 2, 4).reshape(-1, shape.hidden_size)


def causal_bias(length: int, shape: NetworkShape) -> Tensor:
    """Return [group * position, position]: no query looks at a later position."""
    later = torch.ones(length, length, dtype=torch.bool).triu(1)
    return torch.zeros(length, length).masked_fill(later, -torch.inf).repeat(shape.group_size, 1)


class CausalRows:
    """Attention inside rows of equal length, each token looking at itself and backwards.

    Padding on the right needs no mask: no real token looks to its right.

    Attributes:
        keys: With `remember`, one tensor a layer, [row * key head, position, size].
        values: As `keys`.
    """

    def __init__(self, num_rows: int, length: int, shape: NetworkShape, *, remember: bool) -> None:
        self._num_rows = num_rows
        self._shape = shape
        self._bias = causal_bias(length, shape)
        self._remember = remember
        self.keys: list[Tensor] = []
        self.values: list[Tensor] = []

    def __call__(self, layer: int, qkv: Tensor) -> Tensor:
        """Return [token, hidden], as `network.Attend` asks."""
        del layer
        queries, keys, values = by_key_head(qkv, self._num_rows, self._shape)
        if self._remember:
            self.keys.append(keys)
            self.values.append(values)
        return pack(mix(queries, keys, values, self._bias), self._num_rows, self._shape)
