"""The divergence from a reference policy, as the penalties `kl` and `adaptive_kl` share it."""

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from crest.learning.likelihood import divergences, k3, token_log_probs
from crest.learning.penalty import PenaltyContext, TokenDistributions, TokenTerm

if TYPE_CHECKING:
    from torch import Tensor


class DivergenceOptions(BaseModel):
    """Which divergence, and from which policy; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: Literal["campaign_start", "base"] = Field(
        default="campaign_start",
        description="The policy to stay near: the campaign's start (campaign_start), or the "
        "chain's base model (base).",
    )
    estimator: Literal["exact", "k3"] = Field(
        default="exact",
        description="Sum over the whole vocabulary at each sampled prefix (exact), or an unbiased "
        "estimate from the sampled token (k3), whose gradient is another one.",
    )


def token_term(context: PenaltyContext, options: DivergenceOptions) -> TokenTerm:
    """Return the divergence that the options describe."""
    return TokenTerm(
        reference=context.base if options.reference == "base" else context.start,
        divergence=_exact if options.estimator == "exact" else _sampled,
    )


def _exact(rows: TokenDistributions) -> "Tensor":
    return divergences(rows.log_probs, rows.reference_log_probs)


def _sampled(rows: TokenDistributions) -> "Tensor":
    return k3(
        token_log_probs(rows.log_probs, rows.completion_ids),
        token_log_probs(rows.reference_log_probs, rows.completion_ids),
    )
