"""How well scores order candidates, and whether they say how often these are right."""

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Array = NDArray[np.float64]

NUM_ECE_BINS = 15
_NULL_DRAWS = 200


def probabilities(scores: Array) -> Array:
    """Return the probability that a score, a logit, stands for."""
    return np.asarray(special.expit(scores))


def bins_of(predicted: Array, num_bins: int) -> NDArray[np.int64]:
    """Return the bin of each probability, of equally wide ones, 1.0 in the last."""
    return np.minimum((predicted * num_bins).astype(np.int64), num_bins - 1)


def calibration_error(predicted: Array, correct: Array, num_bins: int = NUM_ECE_BINS) -> float:
    """Return the expected calibration error: the mean distance of bins from the diagonal.

    Bins are equally wide and count by their candidates (Naeini et al. 2015). It is above zero for
    calibrated scores, too: see `null_calibration_error`.

    Args:
        predicted: float64[candidate] in [0, 1].
        correct: float64[candidate], 0 or 1.
        num_bins: How many bins.
    """
    residuals = np.bincount(bins_of(predicted, num_bins), predicted - correct, num_bins)
    return float(np.abs(residuals).sum() / len(predicted))


def null_calibration_error(
    predicted: Array, rng: np.random.Generator, num_bins: int = NUM_ECE_BINS
) -> float:
    """Return the mean calibration error of candidates that are right as often as predicted.

    Candidates are drawn one by one: those of one task, which are right or wrong together, have a
    larger one.
    """
    places = bins_of(predicted, num_bins)
    order = np.argsort(places, kind="stable")
    residuals = predicted - (rng.random((_NULL_DRAWS, len(predicted))) < predicted)
    edges = np.flatnonzero(np.diff(places[order], prepend=-1))
    sums = np.add.reduceat(residuals[:, order], edges, axis=1)
    return float(np.abs(sums).sum(axis=1).mean() / len(predicted))


def auc(scores: Array, correct: Array) -> float | None:
    """Return the chance that a right candidate scores above a wrong one; ties count half.

    None where all are right or all are wrong.
    """
    right = int(correct.sum())
    wrong = len(correct) - right
    if not right or not wrong:
        return None
    ranks = stats.rankdata(scores)
    return float((ranks[correct > 0].sum() - right * (right + 1) / 2) / (right * wrong))


def log_loss(scores: Array, correct: Array) -> float:
    """Return the mean negative log-likelihood of what is right under scores, which are logits."""
    return float(np.mean(np.logaddexp(0.0, scores) - correct * scores))
