"""No penalty: the objective alone."""

from pydantic import BaseModel, ConfigDict

from crest.learning.penalty import NO_PENALTY, Penalty, PenaltyContext


class Options(BaseModel):
    """No options."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def prepare(context: PenaltyContext, options: Options) -> Penalty:
    """Return the penalty that costs nothing and leaves every number as it is without one."""
    return NO_PENALTY
