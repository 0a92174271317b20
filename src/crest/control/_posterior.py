"""Bayesian linear regression of a campaign's change in one capability on its context.

The model of CARE v2 [ours]: `theta ~ N(0, tau^2 I)`, `y = x'theta + e`, `e ~ N(0, s^2 + v)`, where
y is the measured change, x the context, s the spread of true changes about the line and v the
sampling variance of the measurement. With known s and v the posterior of theta is normal, and one
campaign updates it in closed form (Bishop 2006, eq. 3.50 and 3.51, by the Sherman-Morrison
formula). Each capability has a regression of its own.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed of theta: a normal distribution.

    Attributes:
        mean: float64[feature].
        covariance: float64[feature, feature].
    """

    mean: Vector
    covariance: Vector


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is believed of the true change of a campaign that is yet to run: a normal distribution.

    The true change is what endlessly many samples would show, so v has no part in it.
    """

    mean: float
    variance: float

    def below(self, threshold: float) -> float:
        """Return the probability that the true change is below a threshold.

        Example:
            >>> Prediction(mean=0.1, variance=0.04).below(0.1)
            0.5
        """
        deviation = (threshold - self.mean) / math.sqrt(self.variance)
        return 0.5 * math.erfc(-deviation / math.sqrt(2))


def prior(num_features: int, tau: float) -> Posterior:
    """Return the belief before any campaign: every coefficient is N(0, tau^2)."""
    return Posterior(np.zeros(num_features), tau**2 * np.eye(num_features))


def updated(belief: Posterior, context: Vector, change: float, noise_variance: float) -> Posterior:
    """Return the belief after one campaign.

    Args:
        belief: Before it.
        context: x, float64[feature].
        change: y, as measured.
        noise_variance: s^2 + v, above zero.
    """
    direction = belief.covariance @ context
    gain = direction / (context @ direction + noise_variance)
    covariance = belief.covariance - np.outer(gain, direction)
    return Posterior(
        mean=belief.mean + gain * (change - context @ belief.mean),
        covariance=(covariance + covariance.T) / 2,
    )


def inflated(belief: Posterior, factor: float) -> Posterior:
    """Return a belief of the same mean whose covariance is larger by a factor."""
    return Posterior(belief.mean, factor * belief.covariance)


def predicted(belief: Posterior, context: Vector, spread: float) -> Prediction:
    """Return what is believed of the true change in a context.

    Args:
        belief: Of theta.
        context: x, float64[feature].
        spread: s, standard deviation of true changes about the line.
    """
    variance = context @ belief.covariance @ context + spread**2
    return Prediction(float(context @ belief.mean), float(variance))
