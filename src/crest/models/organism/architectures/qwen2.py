"""Qwen2 (arXiv:2407.10671) with tied embeddings, as `Qwen2ForCausalLM` has it.

Norms before the attention and before the feed-forward layer, biases on queries, keys and values
alone, a SiLU gate, rotary positions, grouped query heads. Sliding windows, which its configuration
allows, are left out.
"""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, model_validator

from crest.models.organism.anatomy import Anatomy, Layer
from crest.models.organism.architectures._sizes import Positive, SizeOptions

MODEL_TYPE = "qwen2"
CLASS_NAME = "Qwen2ForCausalLM"
FIXED = {"hidden_act": "silu", "tie_word_embeddings": True, "use_sliding_window": False}
NORMS = {"attention_norm": "input_layernorm", "mlp_norm": "post_attention_layernorm"}


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


def anatomy(options: Options) -> Anatomy:
    """Return what the network is made of."""
    head_size = options.hidden_size // options.num_attention_heads
    return Anatomy(
        **options.model_dump(exclude={"num_hidden_layers", "rope_theta"}),
        head_size=head_size,
        query_scale=head_size**-0.5,
        activation="silu",
        layers=(Layer(options.rope_theta),) * options.num_hidden_layers,
        projection_bias=True,
    )


def config(options: Options) -> dict[str, Any]:
    """Return the options as `config.json` has them."""
    rope = {"rope_theta": options.rope_theta, "rope_type": "default"}
    return {**options.model_dump(), "attention_dropout": 0.0, "rope_parameters": rope}


def read(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a `config.json`; raises KeyError for a key that it lacks."""
    known = {**config, **config["rope_parameters"]}
    return {name: known[name] for name in Options.model_fields}
