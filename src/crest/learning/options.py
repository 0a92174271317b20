"""What every objective's options share: how a loss is averaged, and what an update needs for it."""

from pydantic import BaseModel, ConfigDict, Field

from crest.learning.losses import Aggregation


class ObjectiveOptions(BaseModel):
    """Options common to all objectives; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    aggregation: Aggregation = Field(
        default="sequence_sum",
        description="How the tokens of a batch are averaged into the loss: sequence_sum, "
        "sequence_mean, token_mean or constant.",
    )

    @property
    def updates_per_batch(self) -> int:
        """Return how many gradient updates one batch of rollouts serves."""
        return 1
