import itertools

import numpy as np
import pytest
from scipy import stats

from crest.statistics.power import (
    POWER,
    _flip_p,
    detectable_by_flips,
    detectable_by_t,
    seeds_needed,
)
from crest.statistics.sign_flip import sign_flip_p


@pytest.mark.parametrize("num", [3, 5, 10])
def test_t_finds_the_detectable_difference_in_four_of_five_studies(num):
    rng = np.random.default_rng(0)
    studies = rng.standard_normal((20_000, num)) + detectable_by_t(num, 0.95)
    found = stats.ttest_1samp(studies, 0.0, axis=1).pvalue <= 0.05
    assert found.mean() == pytest.approx(POWER, abs=0.01)


def test_t_agrees_with_the_noncentral_t():
    shift, limit = detectable_by_t(5, 0.95) * np.sqrt(5), stats.t.ppf(0.975, 4)
    power = stats.nct.sf(limit, 4, shift) + stats.nct.cdf(-limit, 4, shift)
    assert power == pytest.approx(POWER, abs=1e-4)


def test_five_seeds_cannot_pass_the_exact_test_and_six_can_if_all_agree():
    rng = np.random.default_rng(0)
    assert detectable_by_flips(5, 0.95, rng) is None
    six = detectable_by_flips(6, 0.95, rng)
    # Six pairs reach p <= .05 only where all differences have one sign.
    assert stats.norm.cdf(six) ** 6 == pytest.approx(POWER, abs=0.02)


def test_at_ten_pairs_flips_need_little_more_than_t():
    flips = detectable_by_flips(10, 0.95, np.random.default_rng(0))
    assert detectable_by_t(10, 0.95) <= flips <= 1.02 * detectable_by_t(10, 0.95)
    above = detectable_by_flips(11, 0.95, np.random.default_rng(0))
    assert above == detectable_by_t(11, 0.95)


def test_p_of_many_studies_is_that_of_each():
    studies = np.random.default_rng(1).normal(0.5, 1, (50, 6))
    assert _flip_p(studies).tolist() == pytest.approx([sign_flip_p(study) for study in studies])


def test_more_seeds_show_smaller_differences():
    needed = [detectable_by_t(num, 0.95) for num in range(2, 30)]
    assert all(fewer > more for fewer, more in itertools.pairwise(needed))


def test_the_seeds_needed_show_the_difference_and_one_fewer_do_not():
    num = seeds_needed(0.08, 0.05, 0.95)
    assert detectable_by_t(num, 0.95) * 0.08 <= 0.05 < detectable_by_t(num - 1, 0.95) * 0.08
    assert seeds_needed(0.0, 0.05, 0.95) == 2
    assert seeds_needed(10.0, 0.05, 0.95) is None
