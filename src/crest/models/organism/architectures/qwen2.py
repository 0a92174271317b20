"""Qwen2 (arXiv:2407.10671) with tied embeddings and full attention, as `Qwen2ForCausalLM` has it.

Norms before the attention and before the feed-forward layer, biases on queries, keys and values
alone, a SiLU gate, rotary positions, grouped query heads. Sliding windows, which its configuration
allows, are left out.
"""

from typing import Self

from pydantic import Field, model_validator

from crest.models.organism.architectures._sizes import Positive, SizeOptions


class Options(SizeOptions):
    """Sizes of a Qwen2, under the names of `Qwen2Config`."""

    rope_theta: Positive = Field(
        default=10_000.0,
        description="Base of the rotary frequencies.",
    )

    @model_validator(mode="after")
    def _heads_fit(self) -> Self:
        if self.hidden_size % (2 * self.num_attention_heads):
            raise ValueError(
                f"hidden_size {self.hidden_size} is no multiple of twice num_attention_heads "
                f"{self.num_attention_heads}; a head needs an even, whole size",
            )
        return self
