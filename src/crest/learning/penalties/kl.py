"""A constant price on the divergence from a reference policy: beta KL(policy || reference).

`beta: 0.05` on REINFORCE is the `kl` arm; with a much larger beta it is what notes of
arXiv:2606.21090 describe as that paper's "EWC-style" arm [note].

The value is a mean over the step's own samples. Both estimators hold the sampled prefixes fixed,
so what a token does to the divergence at later positions has no gradient. At a prefix, `exact`
has the gradient of KL(policy || reference); that of `k3`, averaged over the sampled token, is the
gradient of KL(reference || policy), which is large where the policy has forgotten what the
reference would say. To second order around the reference the two are the same.

Differences from the sources: GRPO (arXiv:2402.03300) and TRL use `k3` and the campaign has one
reference; that paper's estimator, and which reference, are not published, so the defaults (exact,
the campaign's start) are ours.
"""

from pydantic import Field

from crest.learning.penalties._divergence import DivergenceOptions, token_term
from crest.learning.penalty import Penalty, PenaltyContext


class Options(DivergenceOptions):
    """Options of the constant price."""

    beta: float = Field(
        default=0.05,
        gt=0,
        allow_inf_nan=False,
        description="Price of one nat, in rewards, as the objective's aggregation averages tokens: "
        "a nat a completion under sequence_sum, a nat a token under the means.",
    )


def prepare(context: PenaltyContext, options: Options) -> Penalty:
    """Return the penalty of a campaign, whose weight is beta at every step."""
    return Penalty(weight=lambda _: options.beta, tokens=token_term(context, options))
