"""A penalty ready for use: what a step pays for moving away from where the policy was.

The loss of a step is its objective's plus `weight * (tokens + parameters)`. A file of
`crest.learning.penalties` gives one or both terms. The term of tokens is averaged over the batch
with the objective's aggregation, so under `sequence_sum` it is in nats a completion and under the
other aggregations in nats a token (up to the cap's share of `constant`).

This file and the penalties use tensor methods alone, so that options can be validated where torch
is absent.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crest.records import Problem
from crest.registry import Registry

if TYPE_CHECKING:
    from torch import Tensor

    from crest.models.policy import Policy

PENALTIES = Registry("crest.learning.penalties")

PenaltyState = Mapping[str, float]
"""What a penalty carries from step to step: JSON values, empty before a campaign's first step."""


@dataclass(frozen=True, slots=True)
class PenaltyContext:
    """What a penalty may look at when a campaign starts.

    Attributes:
        start: The campaign's start, never changed.
        base: The chain's base model, never changed.
        problems: Pool of the previous campaign; empty in a chain's first campaign.
        stream: Names the randomness of what is sampled, such as ("penalty", seed, campaign).
        temperature: At which the campaign samples; above 0.
        max_completion_length: Cap on a completion's tokens.
    """

    start: "Policy"
    base: "Policy"
    problems: Sequence[Problem]
    stream: Sequence[str | int]
    temperature: float
    max_completion_length: int


@dataclass(frozen=True, slots=True)
class TokenDistributions:
    """What two policies predict at the prefixes of some rows' completions.

    Attributes:
        log_probs: [row, token, vocabulary], of the policy that is trained, with gradient.
        reference_log_probs: [row, token, vocabulary], of the reference, without gradient.
        completion_ids: [row, token], the tokens that were sampled.
    """

    log_probs: "Tensor"
    reference_log_probs: "Tensor"
    completion_ids: "Tensor"


@dataclass(frozen=True, slots=True)
class TokenTerm:
    """A divergence from a reference policy, token by token of a step's rollouts.

    Attributes:
        reference: The policy compared with.
        divergence: Returns nats, [row, token].
    """

    reference: "Policy"
    divergence: "Callable[[TokenDistributions], Tensor]"


def _unchanged(state: PenaltyState, divergence: float) -> PenaltyState:  # noqa: ARG001
    return state


@dataclass(frozen=True, slots=True)
class Penalty:
    """What a step pays beside its objective.

    Attributes:
        weight: Factor on both terms, from the state.
        tokens: Term of the rollouts; None without one.
        parameters: Term of the policy's tensors, in the order of `Policy.parameters`; returns a
            scalar in nats. None without one.
        adapt: The state and the mean divergence of the step's completion tokens before the step's
            first update, in nats a token; returns the state for the next step.
    """

    weight: Callable[[PenaltyState], float]
    tokens: TokenTerm | None = None
    parameters: "Callable[[Iterable[Tensor]], Tensor] | None" = None
    adapt: Callable[[PenaltyState, float], PenaltyState] = _unchanged


NO_PENALTY = Penalty(weight=lambda _: 0.0)


@dataclass(frozen=True, slots=True)
class PenaltyKind:
    """A file of penalties together with its options.

    Attributes:
        options: Validated options.
        make: Context and options; returns the campaign's penalty.
    """

    options: Any
    make: Callable[[PenaltyContext, Any], Penalty]

    def prepare(self, context: PenaltyContext) -> Penalty:
        """Return the penalty of one campaign; equal contexts give equal penalties."""
        return self.make(context, self.options)


def load_penalty(kind: str, options: Mapping[str, Any]) -> PenaltyKind:
    """Return the penalty of a kind, with its options validated.

    Raises:
        KeyError: There is no such kind.
        pydantic.ValidationError: An option is unknown or out of range.
    """
    module = PENALTIES[kind]
    return PenaltyKind(options=module.Options.model_validate(dict(options)), make=module.prepare)
