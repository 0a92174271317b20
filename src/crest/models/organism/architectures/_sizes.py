"""Sizes that every shape has, under the names of Hugging Face's configurations."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class SizeOptions(BaseModel):
    """Sizes of a network; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vocab_size: Count = Field(description="Tokens, special ones included.")
    hidden_size: Count = Field(description="Width of the residual stream.")
    intermediate_size: Count = Field(description="Width of the feed-forward layer.")
    num_hidden_layers: Count = Field(description="Transformer blocks.")
    num_attention_heads: Count = Field(description="Query heads.")
    num_key_value_heads: Count = Field(
        description="Key and value heads, each shared by equally many query heads.",
    )
    max_position_embeddings: Count = Field(
        description="Longest prompt plus completion, in tokens.",
    )
    rms_norm_eps: Positive = Field(
        default=1e-6,
        description="Added to the mean square before its root.",
    )

    @model_validator(mode="after")
    def _groups_are_equal(self) -> Self:
        if self.num_attention_heads % self.num_key_value_heads:
            raise ValueError(
                f"num_attention_heads {self.num_attention_heads} is no multiple of "
                f"num_key_value_heads {self.num_key_value_heads}; each serves an equal group",
            )
        return self
