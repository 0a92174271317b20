"""A price on the divergence from a reference policy that follows a target divergence.

After each step the weight is multiplied by 1 + gain * error, where error = KL / target - 1,
clipped to [-max_error, max_error], and KL is the mean of the step's completion tokens before its
update (Ziegler et al. 2019, arXiv:1909.08593, section 2.2).

Differences from the source: the target is in nats a token, so that it does not depend on the
length of completions; the source's is a sum over a completion. Its gain is 0.1 and its max_error
0.2, which change the weight by at most 2% a step: meant for thousands of steps, and of no effect
in the 20 of a campaign. Our defaults change it by at most 20%. The weight starts at `beta` in every
campaign. With the campaign's start as reference the divergence starts at zero, so the weight falls
in the first steps and rises when the target is passed; a gain of 0.5 or more overshoots.
"""

from pydantic import Field, model_validator

from crest.learning.penalties._divergence import DivergenceOptions, token_term
from crest.learning.penalty import Penalty, PenaltyContext, PenaltyState


class Options(DivergenceOptions):
    """Options of the price that follows a target."""

    target: float = Field(
        default=0.05,
        gt=0,
        allow_inf_nan=False,
        description="Divergence to hold, in nats a token.",
    )
    beta: float = Field(
        default=0.5,
        gt=0,
        allow_inf_nan=False,
        description="Weight at the first step of a campaign; see beta of kl.",
    )
    gain: float = Field(
        default=0.2,
        gt=0,
        allow_inf_nan=False,
        description="Change of the weight for an error of 1, as a share of it.",
    )
    max_error: float = Field(
        default=1.0,
        gt=0,
        allow_inf_nan=False,
        description="Errors are clipped to this size; gain * max_error must be below 1.",
    )

    @model_validator(mode="after")
    def _weight_stays_positive(self) -> "Options":
        if self.gain * self.max_error >= 1.0:
            raise ValueError(
                f"gain {self.gain} times max_error {self.max_error} is not below 1: the weight "
                "could fall to 0 in a step and stay there; lower one of them",
            )
        return self


def adapted(weight: float, divergence: float, options: Options) -> float:
    """Return the weight of the next step.

    Args:
        weight: Of this step.
        divergence: Measured in this step, nats a token.
        options: Target and gains.
    """
    error = divergence / options.target - 1.0
    clipped = min(max(error, -options.max_error), options.max_error)
    return weight * (1.0 + options.gain * clipped)


def prepare(context: PenaltyContext, options: Options) -> Penalty:
    """Return the penalty of a campaign, whose state is its weight."""

    def weight(state: PenaltyState) -> float:
        return state.get("weight", options.beta)

    def adapt(state: PenaltyState, divergence: float) -> PenaltyState:
        return {"weight": adapted(weight(state), divergence, options)}

    return Penalty(weight=weight, tokens=token_term(context, options), adapt=adapt)
