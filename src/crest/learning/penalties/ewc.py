"""Elastic weight consolidation: a spring to the campaign's start, stiff where it mattered.

The penalty is lambda/2 sum_i F_i (theta_i - start_i)^2 (arXiv:1612.00796, equation 3), F being the
diagonal of the true Fisher information of completions, sampled from the campaign's start on the
previous campaign's problems (`crest.learning.fisher`). A chain's first campaign has no earlier
problems and no penalty.

lambda is in the unit of beta of `kl`: with the whole Fisher matrix, 1/2 d'Fd is KL in nats a
completion to second order in d, so lambda and beta weigh the same thing where d is small and the
matrix is diagonal.

Differences from the source: only the previous campaign is protected, not all earlier ones, since
each start is anchored anew; the samples are the policy's own, where the source has labelled data.
A resumed campaign computes F again, from the same samples.
"""

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from crest.learning.penalty import NO_PENALTY, Penalty, PenaltyContext

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from torch import Tensor


class Options(BaseModel):
    """Options of elastic weight consolidation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lambda_: float = Field(
        default=0.05,
        gt=0,
        allow_inf_nan=False,
        description="Price of one nat a completion, in rewards, as the Fisher information "
        "estimates it.",
    )
    num_generations: int = Field(
        default=4,
        ge=1,
        description="Completions of each earlier problem from which the Fisher information is "
        "estimated; each costs a backward pass.",
    )


def prepare(context: PenaltyContext, options: Options) -> Penalty:
    """Return the penalty of a campaign, whose weight is lambda at every step."""
    if not context.problems:
        return NO_PENALTY
    from crest.learning.fisher import diagonal_fisher, sample_sequences  # noqa: PLC0415 (torch)

    sequences = sample_sequences(
        context.start,
        context.problems,
        context.stream,
        num_generations=options.num_generations,
        temperature=context.temperature,
        max_completion_length=context.max_completion_length,
    )
    fisher = diagonal_fisher(context.start, sequences, temperature=context.temperature)
    anchor = [tensor.detach().clone() for tensor in context.start.parameters()]
    return Penalty(
        weight=lambda _: options.lambda_,
        parameters=lambda parameters: spring(parameters, anchor, fisher),
    )


def spring(
    parameters: "Iterable[Tensor]", anchor: "Sequence[Tensor]", stiffness: "Sequence[Tensor]"
) -> "Tensor":
    """Return 1/2 sum_i stiffness_i (parameter_i - anchor_i)^2, a scalar with gradient."""
    terms = [
        (stiff * (tensor - fixed).square()).sum()
        for tensor, fixed, stiff in zip(parameters, anchor, stiffness, strict=True)
    ]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return 0.5 * total
