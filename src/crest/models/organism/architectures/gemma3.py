"""Gemma 3's language model (arXiv:2503.19786), as `Gemma3ForCausalLM` has it.

Norms before and after the attention and the feed-forward layer, whose weights are kept as
differences from one; queries and keys normalised; no biases; a gate of GELU in its tanh form;
embeddings multiplied by the square root of their width where they enter, and tied. Layers see all
that is before them, or a sliding window of it, each kind with rotary frequencies of its own.

Differences from the source: the order of the kinds of layers is stated layer by layer, not as five
local ones a global one; frequencies are not rescaled for long contexts; no image encoder.
"""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from crest.models.organism.anatomy import Anatomy, Layer
from crest.models.organism.architectures._sizes import Count, Positive, SizeOptions

MODEL_TYPE = "gemma3_text"
CLASS_NAME = "Gemma3ForCausalLM"
FIXED = {
    "attention_bias": False,
    "attn_logit_softcapping": None,
    "final_logit_softcapping": None,
    "hidden_activation": "gelu_pytorch_tanh",
    "tie_word_embeddings": True,
    "use_bidirectional_attention": False,
}
NORMS = {
    "attention_norm": "input_layernorm",
    "attention_output_norm": "post_attention_layernorm",
    "mlp_norm": "pre_feedforward_layernorm",
    "mlp_output_norm": "post_feedforward_layernorm",
}
_LOCAL, _GLOBAL = "sliding_attention", "full_attention"


class Options(SizeOptions):
    """Sizes of a Gemma 3, under the names of `Gemma3TextConfig`."""

    head_dim: Count = Field(
        multiple_of=2,
        description="Width of one head.",
    )
    layer_types: tuple[Literal["sliding_attention", "full_attention"], ...] = Field(
        description="For each layer, whether it sees a sliding window or all that is before.",
    )
    sliding_window: Count = Field(
        description="Tokens that a query sees in a layer with a window, itself included.",
    )
    query_pre_attn_scalar: Count = Field(
        description="Products of queries and keys are divided by its root; a head's width in "
        "most models of the family.",
    )
    rope_theta: Positive = Field(
        default=1_000_000.0,
        description="Base of the rotary frequencies in layers that see everything.",
    )
    rope_local_base_freq: Positive = Field(
        default=10_000.0,
        description="Base of the rotary frequencies in layers with a window.",
    )

    @model_validator(mode="after")
    def _sizes_fit(self) -> Self:
        if len(self.layer_types) != self.num_hidden_layers:
            raise ValueError(
                f"layer_types names {len(self.layer_types)} layers, num_hidden_layers "
                f"{self.num_hidden_layers}; name each layer once",
            )
        if self.hidden_size % self.num_attention_heads:
            raise ValueError(
                f"hidden_size {self.hidden_size} is no multiple of num_attention_heads "
                f"{self.num_attention_heads}; transformers refuses such a model",
            )
        return self


def anatomy(options: Options) -> Anatomy:
    """Return what the network is made of."""
    kinds = {
        _LOCAL: Layer(options.rope_local_base_freq, options.sliding_window),
        _GLOBAL: Layer(options.rope_theta),
    }
    sizes = {name: getattr(options, name) for name in SizeOptions.model_fields}
    del sizes["num_hidden_layers"]
    return Anatomy(
        **sizes,
        head_size=options.head_dim,
        query_scale=options.query_pre_attn_scalar**-0.5,
        activation="gelu_tanh",
        layers=tuple(kinds[kind] for kind in options.layer_types),
        norm_offset=1.0,
        query_key_norm=True,
        output_norms=True,
        embedding_scale=options.hidden_size**0.5,
    )


def config(options: Options) -> dict[str, Any]:
    """Return the options as `config.json` has them."""
    bases = {_LOCAL: options.rope_local_base_freq, _GLOBAL: options.rope_theta}
    rope = {kind: {"rope_theta": base, "rope_type": "default"} for kind, base in bases.items()}
    kept = options.model_dump(mode="json", exclude={"rope_theta", "rope_local_base_freq"})
    return {**kept, "attention_dropout": 0.0, "rope_parameters": rope}


def read(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a `config.json`; raises KeyError for a key that it lacks."""
    rope = config["rope_parameters"]
    known = {
        **config,
        "rope_theta": rope[_GLOBAL]["rope_theta"],
        "rope_local_base_freq": rope[_LOCAL]["rope_theta"],
    }
    return {name: known[name] for name in Options.model_fields}
