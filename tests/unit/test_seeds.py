import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.seeds import derive_seed, generator, uniforms

NAMES = st.lists(st.text() | st.integers(), max_size=4)


def test_seeds_never_change():
    assert derive_seed("rollout", 0) == 736524927738886624


@given(NAMES)
def test_a_seed_fits_into_63_bits(names):
    assert 0 <= derive_seed(*names) < 2**63


@given(NAMES, NAMES)
def test_different_names_have_different_seeds(one, two):
    assert (derive_seed(*one) == derive_seed(*two)) == (one == two)


def test_equal_names_give_equal_draws_and_others_do_not():
    draws = [generator("a", seed).random(4).tolist() for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


@given(st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=5), st.integers(1, 6), st.data())
def test_a_draw_depends_on_its_row_and_position_alone(seeds, num, data):
    rows = np.array(seeds, dtype=np.uint64)
    order = data.draw(st.permutations(range(len(seeds))))
    whole = uniforms(rows, num + 3)
    assert np.array_equal(uniforms(rows[order], num), whole[order, :num])


def test_draws_are_uniform_and_unrelated_between_neighbouring_rows():
    draws = uniforms(np.arange(4000, dtype=np.uint64), 25)
    assert draws.min() >= 0
    assert draws.max() < 1
    counts = np.bincount((draws.ravel() * 20).astype(int), minlength=20)
    expected = draws.size / 20
    assert ((counts - expected) ** 2 / expected).sum() < 43.8  # chi-squared, 19 degrees, p = 0.001
    for one, two in ((draws[:-1], draws[1:]), (draws[:, :-1], draws[:, 1:])):
        correlation = np.corrcoef(one.ravel(), two.ravel())[0, 1]
        assert abs(correlation) < 4 / np.sqrt(one.size)


@pytest.mark.parametrize("seed", [0, 2**63 - 1, 2**64 - 1])
def test_draws_equal_the_published_generator(seed):
    """SplitMix64 by whole numbers, against the vectorised form."""
    mask, state, expected = 2**64 - 1, seed, []
    for _ in range(5):
        state = (state + 0x9E3779B97F4A7C15) & mask
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        expected.append(((mixed ^ (mixed >> 31)) >> 11) * 2.0**-53)
    assert uniforms(np.array([seed], dtype=np.uint64), 5)[0].tolist() == expected
