"""Belief revision: what a surprise does to beliefs and thresholds.

The definition of CARE v2 [ours]: a Mahalanobis deviation of y from its prediction above the root of
chi-squared's 95% point, with a worse outcome, inflates the covariance by 1.5 and tightens both
thresholds by .1 for two campaigns, decaying .05 a clean one. Readings of what that leaves open
[ours]: capabilities have regressions of their own, so the deviation takes them as independent;
the outcome is worse where pass@1 is below its prediction; the covariance is inflated before the
campaign's own outcome updates it; the thresholds are the gate's two ratios; a second surprise sets
the tightening to .1 anew and does not add to it.

The capabilities are measured on the same samples and rise and fall together, so that the deviation
exceeds the limit more often than in 5% of campaigns that go as believed.
"""

from collections.abc import Mapping

from crest.control._posterior import Prediction
from crest.records import Estimate

CHI_SQUARED_95 = (3.8415, 5.9915, 7.8147, 9.4877)
"""95% points of chi-squared with 1 to 4 degrees of freedom."""


def squared_deviation(
    predictions: Mapping[str, Prediction], outcome: Mapping[str, Estimate]
) -> float:
    """Return the squared Mahalanobis deviation of a measured change from its prediction.

    Args:
        predictions: Of the true change of each capability.
        outcome: The measured changes; their v adds to the variance of the prediction.
    """
    return sum(
        (outcome[name].value - prediction.mean) ** 2
        / (prediction.variance + outcome[name].variance)
        for name, prediction in predictions.items()
    )


def is_bad_surprise(predictions: Mapping[str, Prediction], outcome: Mapping[str, Estimate]) -> bool:
    """Return whether a campaign went worse than predicted, and implausibly far from it."""
    limit = CHI_SQUARED_95[len(predictions) - 1]
    worse = outcome["pass@1"].value < predictions["pass@1"].mean
    return worse and squared_deviation(predictions, outcome) > limit


def next_tightening(before: float, *, surprised: bool, tightening: float, decay: float) -> float:
    """Return how far the gate's ratios are raised for the next campaign.

    Args:
        before: How far they were raised for the last one.
        surprised: Whether that one was a bad surprise.
        tightening: The rise after a surprise.
        decay: What a campaign without one takes off.

    Example:
        >>> next_tightening(0.0, surprised=True, tightening=0.1, decay=0.05)
        0.1
        >>> next_tightening(0.1, surprised=False, tightening=0.1, decay=0.05)
        0.05
    """
    return tightening if surprised else max(before - decay, 0.0)
