import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from crest.control._posterior import Prediction, inflated, predicted, prior, updated

NUMBERS = st.floats(-2, 2)
CAMPAIGN = st.tuples(
    st.lists(NUMBERS, min_size=3, max_size=3), NUMBERS, st.floats(0.001, 1.0)
)  # context, change, noise variance
CAMPAIGNS = st.lists(CAMPAIGN, max_size=8)


def after(campaigns, tau=0.15):
    belief = prior(3, tau)
    for context, change, noise in campaigns:
        belief = updated(belief, np.array(context), change, noise)
    return belief


@given(campaigns=CAMPAIGNS, tau=st.floats(0.05, 2.0))
def test_the_posterior_solves_the_normal_equations_of_all_campaigns_at_once(campaigns, tau):
    precision, moment = np.eye(3) / tau**2, np.zeros(3)
    for context, change, noise in campaigns:
        x = np.array(context)
        precision += np.outer(x, x) / noise
        moment += x * change / noise
    belief = after(campaigns, tau)
    np.testing.assert_allclose(belief.covariance @ precision, np.eye(3), atol=1e-6)
    np.testing.assert_allclose(precision @ belief.mean, moment, atol=1e-6)


@given(campaigns=CAMPAIGNS, order=st.randoms(use_true_random=False))
def test_the_order_of_campaigns_does_not_matter(campaigns, order):
    shuffled = list(campaigns)
    order.shuffle(shuffled)
    one, two = after(campaigns), after(shuffled)
    np.testing.assert_allclose(one.mean, two.mean, atol=1e-9)
    np.testing.assert_allclose(one.covariance, two.covariance, atol=1e-12)


@given(campaigns=CAMPAIGNS, one_more=CAMPAIGN, context=st.lists(NUMBERS, min_size=3, max_size=3))
def test_one_more_campaign_never_widens_a_prediction(campaigns, one_more, context):
    x = np.array(context)
    before, later = after(campaigns), after([*campaigns, one_more])
    wide, narrow = (predicted(belief, x, spread=0.08).variance for belief in (before, later))
    assert narrow <= wide + 1e-12


@given(campaigns=CAMPAIGNS)
def test_a_covariance_stays_symmetric_and_positive(campaigns):
    covariance = after(campaigns).covariance
    np.testing.assert_array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance).min() > 0


def test_one_coefficient_is_what_numerical_integration_of_bayes_rule_gives():
    tau, noise, data = 0.15, 0.02, [(1.0, 0.3), (0.5, -0.1), (2.0, 0.2)]
    belief = prior(1, tau)
    for context, change in data:
        belief = updated(belief, np.array([context]), change, noise)

    def joint(theta):
        likelihood = stats.norm.pdf([y - x * theta for x, y in data], scale=noise**0.5).prod()
        return likelihood * stats.norm.pdf(theta, scale=tau)

    def moment(power):
        return integrate.quad(lambda theta: theta**power * joint(theta), -1, 1, epsabs=1e-13)[0]

    mean = moment(1) / moment(0)
    assert belief.mean[0] == pytest.approx(mean, rel=1e-8)
    assert belief.covariance[0, 0] == pytest.approx(moment(2) / moment(0) - mean**2, rel=1e-8)


def test_a_measurement_without_information_changes_nothing():
    belief = updated(prior(2, 0.15), np.array([1.0, 1.0]), 0.5, noise_variance=1e12)
    np.testing.assert_allclose(belief.mean, 0, atol=1e-9)
    np.testing.assert_allclose(belief.covariance, 0.15**2 * np.eye(2), atol=1e-9)


def test_the_prior_predicts_no_change_with_a_spread_from_coefficients_and_campaigns():
    prediction = predicted(prior(2, 0.15), np.array([1.0, 2.0]), spread=0.08)
    assert prediction == Prediction(0.0, pytest.approx(0.15**2 * 5 + 0.08**2))


@given(mean=NUMBERS, variance=st.floats(0.001, 2), threshold=NUMBERS)
def test_a_probability_is_the_normal_distribution_s(mean, variance, threshold):
    expected = stats.norm.cdf(threshold, mean, variance**0.5)
    assert Prediction(mean, variance).below(threshold) == pytest.approx(expected, abs=1e-12)


def test_inflation_widens_and_does_not_move():
    belief = after([([1.0, 0.5, 0.2], 0.3, 0.01)])
    wider = inflated(belief, 1.5)
    np.testing.assert_array_equal(wider.mean, belief.mean)
    np.testing.assert_array_equal(wider.covariance, 1.5 * belief.covariance)


def test_the_posterior_learns_the_coefficients_that_made_the_data():
    rng = np.random.default_rng(0)
    truth = np.array([0.1, -0.2, 0.05])
    belief = prior(3, 0.15)
    for _ in range(4000):
        context = rng.standard_normal(3)
        change = context @ truth + 0.08 * rng.standard_normal()
        belief = updated(belief, context, change, 0.08**2)
    errors = np.sqrt(np.diag(belief.covariance))
    assert np.abs(belief.mean - truth).max() < 4 * errors.max() < 0.01
