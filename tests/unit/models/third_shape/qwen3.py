"""Qwen 3 (arXiv:2505.09388): the one file that a third shape needs."""

from pydantic import Field

from crest.models.organism.anatomy import Anatomy, Layer
from crest.models.organism.architectures._sizes import Count, Positive, SizeOptions

MODEL_TYPE = "qwen3"
CLASS_NAME = "Qwen3ForCausalLM"
FIXED = {"attention_bias": False, "hidden_act": "silu", "tie_word_embeddings": True}
NORMS = {"attention_norm": "input_layernorm", "mlp_norm": "post_attention_layernorm"}


class Options(SizeOptions):
    head_dim: Count = Field(multiple_of=2)
    rope_theta: Positive = 1_000_000.0


def anatomy(options):
    return Anatomy(
        **options.model_dump(exclude={"num_hidden_layers", "rope_theta", "head_dim"}),
        head_size=options.head_dim,
        query_scale=options.head_dim**-0.5,
        activation="silu",
        layers=(Layer(options.rope_theta),) * options.num_hidden_layers,
        query_key_norm=True,
    )


def config(options):
    rope = {"rope_theta": options.rope_theta, "rope_type": "default"}
    return {**options.model_dump(exclude={"rope_theta"}), "rope_parameters": rope}


def read(config):
    known = {**config, **config["rope_parameters"]}
    return {name: known[name] for name in Options.model_fields}
