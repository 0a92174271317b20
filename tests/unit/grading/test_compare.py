import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.grading.compare import canonical, equal
from crest.grading.decoder import DictItems, SetItems

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2),
    st.sampled_from([0.0, -0.0, 1.0, 0.5, 1e300, int(1e300), math.inf, -math.inf, 1j, 1 + 0j]),
    st.sampled_from(["", "1", "none", "b", "[1]", "é", "\ud800", ","]),
    st.sampled_from([b"", b"1"]),
)
HASHABLE = st.recursive(
    LEAVES, lambda inner: st.one_of(st.tuples(inner, inner), st.frozensets(inner)), max_leaves=4
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.sets(HASHABLE, max_size=3),
        st.dictionaries(HASHABLE, inner, max_size=3),
    ),
    max_leaves=6,
)


@given(VALUES, VALUES)
def test_values_without_nan_are_equal_exactly_when_python_says_so(value, other):
    assert equal(value, other) == (value == other)


@given(VALUES)
def test_every_value_equals_itself(value):
    assert equal(value, value)


@given(st.lists(HASHABLE), st.randoms())
def test_the_order_of_sets_and_dicts_does_not_matter(items, random):
    shuffled = items.copy()
    random.shuffle(shuffled)
    assert equal(SetItems(tuple(items)), SetItems(tuple(shuffled)))
    pairs = [(item, 1) for item in items]
    other = [(item, 1) for item in shuffled]
    assert equal(DictItems(tuple(pairs)), DictItems(tuple(other)))


def test_a_repeated_item_makes_another_set():
    assert not equal(SetItems((1, 1)), {1})
    assert not equal(DictItems(((1, 2), (1, 2))), {1: 2})


def test_nan_equals_nan_and_nothing_else():
    assert equal([math.nan], [-math.nan])
    assert not equal(math.nan, math.inf)
    assert not equal(math.nan, "nan")


def test_a_list_equals_a_tuple_at_any_depth():
    assert equal([(1, [2])], ([1, (2,)],))


@pytest.mark.parametrize(("value", "other"), [("1", b"1"), (1, "1"), (None, 0), ([], set())])
def test_kinds_of_values_never_mix(value, other):
    assert not equal(value, other)


def test_integers_compare_exactly_beyond_the_precision_of_floats():
    assert not equal(5 * 10**16 + 1, 5e16)
    assert equal(5 * 10**16, 5e16)


def test_what_is_not_plain_is_refused():
    with pytest.raises(ValueError, match="object is no plain value"):
        canonical([object()])


def test_what_is_nested_too_deeply_is_refused():
    value = []
    for _ in range(450):
        value = [value]
    with pytest.raises(ValueError, match="nested deeper"):
        canonical(value)
