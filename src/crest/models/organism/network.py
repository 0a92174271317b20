"""The network: Qwen2 (arXiv:2407.10671) written for packed tokens and small matrices.

Where it differs from the reference implementation, all of it undone when a checkpoint is saved:

- Tokens of all rows lie in one packed axis; which of them see one another is decided by the
  `Attend` function that a caller passes in, so pretraining, post-training and decoding share one
  body.
- Query, key and value projections are one matrix whose rows are grouped by key head, gate and up
  projections another.
- The two halves of a rotary pair are neighbours, so that a rotation is one complex product.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

Attend = Callable[[int, Tensor], Tensor]
"""(layer, rotated projections [token, key head, group + 2, head size]) -> [token, hidden].

Along the third axis lie the queries of a key head's group, then its key, then its value.
"""


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """Sizes of the network. The default has 342,240 parameters.

    Attributes:
        vocab_size: Tokens, special ones included.
        hidden_size: Width of the residual stream.
        num_hidden_layers: Transformer blocks.
        num_attention_heads: Query heads.
        num_key_value_heads: Key and value heads, each shared by equally many query heads.
        intermediate_size: Width of the feed-forward layer.
        max_position_embeddings: Longest prompt plus completion, in tokens.
        rope_theta: Base of the rotary frequencies.
        rms_norm_eps: Added to the mean square before its root.
    """

    vocab_size: int = 384
    hidden_size: int = 96
    num_hidden_layers: int = 3
    num_attention_heads: int = 4
    num_key_value_heads: int = 2
    intermediate_size: int = 256
    max_position_embeddings: int = 256
    rope_theta: float = 10_000.0
    rms_norm_eps: float = 1e-6

    def __post_init__(self) -> None:
        heads, key_heads = self.num_attention_heads, self.num_key_value_heads
        if self.hidden_size % (2 * heads) or heads % key_heads:
            raise ValueError(
                f"hidden_size {self.hidden_size}, num_attention_heads {heads} and "
                f"num_key_value_heads {key_heads} do not fit: heads must have an equal, even "
                "size, and the query heads must divide evenly among the key heads"
            )

    @property
    def head_size(self) -> int:
        """Return the width of one head."""
        return self.hidden_size // self.num_attention_heads

    @property
    def group_size(self) -> int:
        """Return the number of query heads that share a key head."""
        return self.num_attention_heads // self.num_key_value_heads


class Block(nn.Module):
    """One transformer block: attention, then the gated feed-forward layer, each added to x."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        width, inner = shape.hidden_size, shape.intermediate_size
        projections = shape.num_key_value_heads * (shape.group_size + 2) * shape.head_size
        self.shape = shape
        self.attention_norm = nn.Parameter(torch.ones(width))
        self.qkv_weight = nn.Parameter(torch.zeros(projections, width))
        self.qkv_bias = nn.Parameter(torch.zeros(projections))
        self.output_weight = nn.Parameter(torch.zeros(width, width))
        self.mlp_norm = nn.Parameter(torch.ones(width))
        self.gate_up_weight = nn.Parameter(torch.zeros(2 * inner, width))
        self.down_weight = nn.Parameter(torch.zeros(width, inner))

    def matrices(self) -> list[nn.Parameter]:
        """Return the weight matrices, without norms and biases."""
        return [self.qkv_weight, self.output_weight, self.gate_up_weight, self.down_weight]

    def forward(self, x: Tensor, rotations: Tensor, layer: int, attend: Attend) -> Tensor:
        """Return the residual stream [token, hidden] after this block."""
        eps = self.shape.rms_norm_eps
        normed = functional.rms_norm(x, x.shape[-1:], self.attention_norm, eps)
        qkv = functional.linear(normed, self.qkv_weight, self.qkv_bias)
        context = attend(layer, rotate(qkv, rotations, self.shape))
        x = x + functional.linear(context, self.output_weight)
        normed = functional.rms_norm(x, x.shape[-1:], self.mlp_norm, eps)
        gate, up = functional.linear(normed, self.gate_up_weight).chunk(2, dim=-1)
        return x + functional.linear(functional.silu(gate) * up, self.down_weight)


class Organism(nn.Module):
    """The network: token embedding, blocks, and the same embedding as output layer."""

    rotations: Tensor

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Parameter(torch.zeros(shape.vocab_size, shape.hidden_size))
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.num_hidden_layers))
        self.final_norm = nn.Parameter(torch.ones(shape.hidden_size))
        self.register_buffer("rotations", rotation_table(shape), persistent=False)

    def layers(self) -> list[Block]:
        """Return the blocks, first to last."""
        return [block for block in self.blocks if isinstance(block, Block)]

    def hidden(self, token_ids: Tensor, positions: Tensor, attend: Attend) -> Tensor:
        """Return the normalised last hidden states, Float[token, hidden].

        Args:
            token_ids: Long[token], the tokens of all rows, packed.
            positions: Long[token], each token's position in its own row, from 0.
            attend: Mixes the tokens of a row.
        """
        x = functional.embedding(token_ids, self.embedding)
        rotations = self.rotations[positions]
        for layer, block in enumerate(self.blocks):
            x = block(x, rotations, layer, attend)
        return functional.rms_norm(x, x.shape[-1:], self.final_norm, self.shape.rms_norm_eps)

    def logits(self, hidden: Tensor) -> Tensor:
        """Return Float[token, vocab], unnormalised log-probabilities of the next token."""
        return functional.linear(hidden, self.embedding)

    def initialise(self, generator: torch.Generator, *, std: float = 0.02) -> None:
        """Draw all matrices from N(0, std), as Qwen2 does; norms become 1 and biases 0.

        Matrices that write into the residual stream are drawn smaller by sqrt(2 layers), as in
        GPT-2, so that its variance does not grow with depth.
        """
        shrink = (2 * self.shape.num_hidden_layers) ** -0.5
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if parameter.ndim == 2:
                    writes = name.endswith(("output_weight", "down_weight"))
                    parameter.normal_(0.0, std * (shrink if writes else 1.0), generator=generator)
                else:
                    parameter.fill_(1.0 if name.endswith("norm") else 0.0)


def rotate(qkv: Tensor, rotations: Tensor, shape: NetworkShape) -> Tensor:
    """Return the projections with rotary positions applied, [token, key head, group + 2, size]."""
    pairs = qkv.view(-1, shape.num_key_value_heads, shape.group_size + 2, shape.head_size // 2, 2)
    turned = torch.view_as_real(torch.view_as_complex(pairs) * rotations)
    return turned.flatten(-2)


def rotation_table(shape: NetworkShape) -> Tensor:
    """Return Complex[position, 1, group + 2, head size / 2]: exp(i * position * frequency).

    Values are not rotated: their entries are 1, so that one product serves a whole projection.
    """
    pairs = torch.arange(0, shape.head_size, 2, dtype=torch.float32) / shape.head_size
    frequencies = 1.0 / shape.rope_theta**pairs
    angles = torch.outer(
        torch.arange(shape.max_position_embeddings, dtype=torch.float32), frequencies
    )
    turn = torch.polar(torch.ones_like(angles), angles)
    rotated = turn[:, None, None, :].expand(-1, 1, shape.group_size + 1, -1)
    return torch.cat([rotated, torch.ones_like(turn)[:, None, None, :]], dim=2)
