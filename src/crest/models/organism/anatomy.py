"""What a network of the organism is made of, as data: its sizes, and which variant of each part.

One network (`network.py`) honours every combination, so a new shape is a file of `architectures`
that fills these records.
"""

from dataclasses import dataclass
from typing import Literal

Activation = Literal["silu", "gelu_tanh"]


@dataclass(frozen=True, slots=True)
class Layer:
    """What may differ between the blocks of one network.

    Attributes:
        rope_theta: Base of the rotary frequencies.
        window: Tokens that a query sees, itself the last of them; None sees all before it.
    """

    rope_theta: float
    window: int | None = None


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A decoder of pre-norm blocks with grouped query heads, rotary positions and a gated MLP.

    The embedding is the output layer, too.

    Attributes:
        vocab_size: Tokens, special ones included.
        hidden_size: Width of the residual stream.
        intermediate_size: Width of the feed-forward layer.
        num_attention_heads: Query heads.
        num_key_value_heads: Key and value heads, each shared by equally many query heads.
        head_size: Width of one head; even.
        max_position_embeddings: Longest prompt plus completion, in tokens.
        rms_norm_eps: Added to the mean square before its root.
        query_scale: Multiplies the products of queries and keys.
        activation: Of the gate.
        layers: The blocks, first to last.
        projection_bias: Whether queries, keys and values have a bias.
        norm_offset: Added to the weights of every norm; 1 makes a norm of zero weights plain.
        query_key_norm: Whether every query and every key is normalised before its rotation.
        output_norms: Whether what attention and feed-forward layer give is normalised before it
            joins the residual stream.
        embedding_scale: Multiplies the embeddings where they enter.
    """

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_attention_heads: int
    num_key_value_heads: int
    head_size: int
    max_position_embeddings: int
    rms_norm_eps: float
    query_scale: float
    activation: Activation
    layers: tuple[Layer, ...]
    projection_bias: bool = False
    norm_offset: float = 0.0
    query_key_norm: bool = False
    output_norms: bool = False
    embedding_scale: float = 1.0

    @property
    def group_size(self) -> int:
        """Return the number of query heads that share a key head."""
        return self.num_attention_heads // self.num_key_value_heads

    @property
    def windows(self) -> tuple[int | None, ...]:
        """Return the distinct windows of the layers."""
        return tuple(dict.fromkeys(layer.window for layer in self.layers))

    @property
    def thetas(self) -> tuple[float, ...]:
        """Return the distinct rotary bases of the layers."""
        return tuple(dict.fromkeys(layer.rope_theta for layer in self.layers))
