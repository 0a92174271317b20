"""What CARE believes at the start of a campaign, after all that its chain has shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crest.control._experience import FEATURES, Experience
from crest.control._options import PosteriorOptions, RevisionOptions
from crest.control._posterior import (
    Posterior,
    Prediction,
    Vector,
    inflated,
    predicted,
    prior,
    updated,
)
from crest.control._revision import is_bad_surprise, next_tightening
from crest.records import CAPABILITIES, Estimate

Predictions = dict[str, Prediction]


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What is believed of campaigns to come.

    Attributes:
        posteriors: Of each capability's coefficients.
        tightening: How far the gate's ratios are raised.
        surprised: Whether the last campaign was a bad surprise.
    """

    posteriors: Mapping[str, Posterior] = field(default_factory=dict)
    tightening: float = 0.0
    surprised: bool = False

    def predict(self, context: Vector, names: Sequence[str], spread: float) -> Predictions:
        """Return what is believed of the true change of each named capability in a context."""
        return {name: predicted(self.posteriors[name], context, spread) for name in names}


def initial_beliefs(options: PosteriorOptions) -> Beliefs:
    """Return what is believed before a chain's first campaign."""
    return Beliefs({name: prior(len(FEATURES), options.prior_sd) for name in CAPABILITIES})


def learnt(beliefs: Beliefs, experience: Experience, options: PosteriorOptions) -> Beliefs:
    """Return the beliefs after a campaign, without revision.

    A capability that the campaign did not measure keeps its belief.
    """
    posteriors = dict(beliefs.posteriors)
    for name, change in experience.changes.items():
        noise = options.campaign_sd**2 + change.variance
        posteriors[name] = updated(posteriors[name], experience.context, change.value, noise)
    return Beliefs(posteriors, beliefs.tightening, beliefs.surprised)


def revised(
    beliefs: Beliefs,
    experience: Experience,
    options: PosteriorOptions,
    revision: RevisionOptions,
) -> Beliefs:
    """Return the beliefs once a campaign's outcome was held against its prediction."""
    outcome = experience.changes
    names = tuple(outcome)
    predictions = beliefs.predict(experience.context, names, options.campaign_sd)
    surprised = is_bad_surprise(predictions, outcome)
    factor = revision.inflation if surprised else 1.0
    return Beliefs(
        {name: inflated(belief, factor) for name, belief in beliefs.posteriors.items()},
        next_tightening(
            beliefs.tightening,
            surprised=surprised,
            tightening=revision.tightening,
            decay=revision.decay,
        ),
        surprised,
    )


def beliefs_after(
    experiences: Sequence[Experience],
    options: PosteriorOptions,
    revision: RevisionOptions | None,
) -> Beliefs:
    """Return the beliefs after campaigns, oldest first.

    Args:
        experiences: What they have shown.
        options: Of the posterior.
        revision: Of belief revision; None never revises, and then order does not matter.
    """
    beliefs = initial_beliefs(options)
    for experience in experiences:
        if revision is not None:
            beliefs = revised(beliefs, experience, options, revision)
        beliefs = learnt(beliefs, experience, options)
    return beliefs


def refusal(predictions: Mapping[str, Prediction], options: PosteriorOptions) -> str:
    """Return why a budget is refused, or nothing.

    pass@1 must not regress with a probability above `max_regression`, and no protected capability
    with one above `max_protected_regression`.
    """
    limits = dict.fromkeys(options.protected, options.max_protected_regression)
    for name, limit in {"pass@1": options.max_regression, **limits}.items():
        if name in predictions:
            chance = predictions[name].below(-options.regression_margin)
            if chance > limit:
                return f"{name} regresses with probability {chance:.2f}, above {limit:g}"
    return ""


def changes_json(
    predictions: Mapping[str, Prediction],
    measured: Mapping[str, Estimate],
    margin: float,
) -> dict[str, dict[str, float]]:
    """Return predictions as JSON values.

    Args:
        predictions: Of true changes.
        measured: Capabilities at the campaign's start, whose v is taken as that of its end too.
        margin: Of a regression.

    Returns:
        By capability: `mean` and `sd` of the true change, `measured_sd` of the change that will be
        measured, and `p_regress`, the probability of a true fall beyond the margin.
    """
    return {
        name: {
            "mean": prediction.mean,
            "sd": prediction.variance**0.5,
            "measured_sd": (prediction.variance + 2 * measured[name].variance) ** 0.5,
            "p_regress": prediction.below(-margin),
        }
        for name, prediction in predictions.items()
    }
