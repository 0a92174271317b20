"""The network: a decoder that honours any `Anatomy`, for packed tokens and small matrices.

Where it differs from the reference implementations, all of it undone when a checkpoint is saved:

- Tokens of all rows lie in one packed axis; which of them see one another is decided by the
  `Attend` function that a caller passes in, so pretraining, post-training and decoding share one
  body.
- Query, key and value projections are one matrix whose rows are grouped by key head, gate and up
  projections another.
- The two halves of a rotary pair are neighbours, so that a rotation is one complex product.
"""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

from crest.models.organism.anatomy import Activation, Anatomy
from crest.models.organism.shape import Shape

Attend = Callable[[int, Tensor], Tensor]
"""(layer, rotated projections [token, key head, group + 2, head size]) -> [token, head * size].

Along the third axis lie the queries of a key head's group, then its key, then its value.
"""

ACTIVATIONS: dict[Activation, Callable[[Tensor], Tensor]] = {
    "silu": functional.silu,
    "gelu_tanh": partial(functional.gelu, approximate="tanh"),
}


class Block(nn.Module):
    """One transformer block: attention, then the gated feed-forward layer, each added to x.

    Parameters that the anatomy does without are None.
    """

    def __init__(self, anatomy: Anatomy) -> None:
        super().__init__()
        width, inner, size = anatomy.hidden_size, anatomy.intermediate_size, anatomy.head_size
        projections = anatomy.num_key_value_heads * (anatomy.group_size + 2) * size
        self.anatomy = anatomy
        self.attention_norm = plain_norm(anatomy, width)
        self.qkv_weight = nn.Parameter(torch.zeros(projections, width))
        self.qkv_bias = nn.Parameter(torch.zeros(projections)) if anatomy.projection_bias else None
        self.query_norm = plain_norm(anatomy, size) if anatomy.query_key_norm else None
        self.key_norm = plain_norm(anatomy, size) if anatomy.query_key_norm else None
        heads = anatomy.num_attention_heads * size
        self.output_weight = nn.Parameter(torch.zeros(width, heads))
        self.attention_output_norm = plain_norm(anatomy, width) if anatomy.output_norms else None
        self.mlp_norm = plain_norm(anatomy, width)
        self.gate_up_weight = nn.Parameter(torch.zeros(2 * inner, width))
        self.down_weight = nn.Parameter(torch.zeros(width, inner))
        self.mlp_output_norm = plain_norm(anatomy, width) if anatomy.output_norms else None

    def matrices(self) -> list[nn.Parameter]:
        """Return the weight matrices, without norms and biases."""
        return [self.qkv_weight, self.output_weight, self.gate_up_weight, self.down_weight]

    def forward(
        self,
        x: Tensor,
        rotations: Tensor,
        layer: int,
        attend: Attend,
        wanted: Tensor | None = None,
    ) -> Tensor:
        """Return the residual stream [token, hidden] after this block, at the wanted tokens."""
        context = attend(layer, rotate(self.projections(x), rotations, self.anatomy))
        if wanted is not None:
            context, x = context.index_select(0, wanted), x.index_select(0, wanted)
        x = x + self.normed(
            functional.linear(context, self.output_weight), self.attention_output_norm
        )
        normed = self.normed(x, self.mlp_norm)
        gate, up = functional.linear(normed, self.gate_up_weight).chunk(2, dim=-1)
        inner = ACTIVATIONS[self.anatomy.activation](gate) * up
        return x + self.normed(functional.linear(inner, self.down_weight), self.mlp_output_norm)

    def projections(self, x: Tensor) -> Tensor:
        """Return queries, keys and values before their rotation, packed as `Attend` says."""
        normed = self.normed(x, self.attention_norm)
        qkv = functional.linear(normed, self.qkv_weight, self.qkv_bias)
        if self.query_norm is None:
            return qkv
        group = self.anatomy.group_size
        heads = qkv.view(-1, group + 2, self.anatomy.head_size)
        queries, keys, values = heads.split([group, 1, 1], dim=1)
        queries, keys = self.normed(queries, self.query_norm), self.normed(keys, self.key_norm)
        return torch.cat([queries, keys, values], dim=1)

    def normed(self, x: Tensor, weight: Tensor | None) -> Tensor:
        """Return x after a norm over its last axis; x itself where there is no such norm."""
        return x if weight is None else rms_norm(x, weight, self.anatomy)


class Organism(nn.Module):
    """The network: token embedding, blocks, and the same embedding as output layer."""

    rotations: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.anatomy = anatomy = shape.anatomy
        self.embedding = nn.Parameter(torch.zeros(anatomy.vocab_size, anatomy.hidden_size))
        self.blocks = nn.ModuleList(Block(anatomy) for _ in anatomy.layers)
        self.final_norm = plain_norm(anatomy, anatomy.hidden_size)
        self.register_buffer("rotations", rotation_tables(anatomy), persistent=False)

    def layers(self) -> list[Block]:
        """Return the blocks, first to last."""
        return [block for block in self.blocks if isinstance(block, Block)]

    def hidden(
        self,
        token_ids: Tensor,
        positions: Tensor,
        attend: Attend,
        wanted: Tensor | None = None,
    ) -> Tensor:
        """Return the normalised last hidden states, Float[token, hidden].

        What the last block does after its attention is done for the wanted tokens alone.

        Args:
            token_ids: Long[token], the tokens of all rows, packed.
            positions: Long[token], each token's position in its own row, from 0.
            attend: Mixes the tokens of a row.
            wanted: Long[token], places in the packed axis; None wants all tokens.
        """
        x = functional.embedding(token_ids, self.embedding)
        if self.anatomy.embedding_scale != 1.0:
            x = x * self.anatomy.embedding_scale
        rotations = self.rotations_at(positions)
        last = len(self.blocks) - 1
        for layer, block in enumerate(self.blocks):
            x = block(x, rotations[layer], layer, attend, wanted if layer == last else None)
        return rms_norm(x, self.final_norm, self.anatomy)

    def rotations_at(self, positions: Tensor) -> list[Tensor]:
        """Return for each layer the rotations Complex[token, 1, group + 2, head size / 2].

        Args:
            positions: Long[token].
        """
        turns = self.rotations.index_select(1, positions).unbind()
        by_theta = dict(zip(self.anatomy.thetas, turns, strict=True))
        return [by_theta[layer.rope_theta] for layer in self.anatomy.layers]

    def logits(self, hidden: Tensor) -> Tensor:
        """Return Float[token, vocab], unnormalised log-probabilities of the next token."""
        return functional.linear(hidden, self.embedding)

    def initialise(self, generator: torch.Generator, *, std: float = 0.02) -> None:
        """Draw all matrices from N(0, std), as the sources do; norms become plain and biases 0.

        Matrices that write into the residual stream are drawn smaller by sqrt(2 layers), as in
        GPT-2, so that its variance does not grow with depth.
        """
        shrink = (2 * len(self.anatomy.layers)) ** -0.5
        norm = 1.0 - self.anatomy.norm_offset
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if parameter.ndim == 2:
                    writes = name.endswith(("output_weight", "down_weight"))
                    parameter.normal_(0.0, std * (shrink if writes else 1.0), generator=generator)
                else:
                    parameter.fill_(norm if name.endswith("norm") else 0.0)


def plain_norm(anatomy: Anatomy, size: int) -> nn.Parameter:
    """Return the weights of a norm that scales nothing."""
    return nn.Parameter(torch.full((size,), 1.0 - anatomy.norm_offset))


def rms_norm(x: Tensor, weight: Tensor, anatomy: Anatomy) -> Tensor:
    """Return x divided by its root mean square over the last axis, times the norm's weights."""
    scale = weight + anatomy.norm_offset if anatomy.norm_offset else weight
    return functional.rms_norm(x, x.shape[-1:], scale, anatomy.rms_norm_eps)


def rotate(qkv: Tensor, rotations: Tensor, anatomy: Anatomy) -> Tensor:
    """Return the projections with rotary positions applied, [token, key head, group + 2, size]."""
    heads, group = anatomy.num_key_value_heads, anatomy.group_size
    pairs = qkv.view(-1, heads, group + 2, anatomy.head_size // 2, 2)
    turned = torch.view_as_real(torch.view_as_complex(pairs) * rotations)
    return turned.flatten(-2)


def rotation_tables(anatomy: Anatomy) -> Tensor:
    """Return Complex[theta, position, 1, group + 2, head size / 2]: exp(i * position * frequency).

    Values are not rotated: their entries are 1, so that one product serves a whole projection.
    """
    pairs = torch.arange(0, anatomy.head_size, 2, dtype=torch.float32) / anatomy.head_size
    positions = torch.arange(anatomy.max_position_embeddings, dtype=torch.float32)
    tables = []
    for theta in anatomy.thetas:
        angles = torch.outer(positions, 1.0 / theta**pairs)
        turn = torch.polar(torch.ones_like(angles), angles)[:, None, None, :]
        rotated = turn.expand(-1, 1, anatomy.group_size + 1, -1)
        tables.append(torch.cat([rotated, torch.ones_like(turn)], dim=2))
    return torch.stack(tables)
