import math
from collections import Counter, OrderedDict, defaultdict, deque
from enum import IntEnum
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.grading.compare import equal
from crest.grading.decoder import DictItems, SetItems, decode
from crest.grading.inside.encoder import NESTING, NotPlainError, encode

LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(),
    st.complex_numbers(), st.characters(categories=["Cs"]),
)  # fmt: skip
HASHABLE = st.recursive(LEAVES, lambda inner: st.tuples(inner) | st.frozensets(inner), max_leaves=4)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner),
        st.tuples(inner, inner),
        st.sets(HASHABLE),
        st.dictionaries(HASHABLE, inner),
    ),
)


def round_trip(value):
    return decode(encode(value).encode("ascii"))


@given(VALUES)
def test_a_value_survives_the_round_trip(value):
    assert equal(round_trip(value), value)


@given(st.one_of(st.integers(), st.text(), st.binary(), st.booleans(), st.none()))
def test_a_leaf_keeps_its_type(value):
    assert round_trip(value) == value
    assert type(round_trip(value)) is type(value)


@given(st.floats())
def test_a_float_keeps_its_bits_but_for_the_kinds_of_nan(value):
    back = round_trip(value)
    assert type(back) is float
    assert back.hex() == value.hex()


@given(st.integers(), st.integers(-20_000, 20_000))
def test_long_integers_travel_in_time_linear_in_their_length(value, shift):
    long = value << abs(shift)
    assert round_trip(long) == long


def test_containers_keep_their_kind():
    assert round_trip((1, [2])) == (1, [2])
    assert round_trip({3}) == SetItems((3,))
    assert round_trip({4: (5,)}) == DictItems(((4, (5,)),))


class Point(NamedTuple):
    x: int
    y: int


class Colour(IntEnum):
    RED = 1


@pytest.mark.parametrize(
    ("value", "base"),
    [
        (Counter("aab"), {"a": 2, "b": 1}),
        (defaultdict(list, a=[1]), {"a": [1]}),
        (OrderedDict(b=1), {"b": 1}),
        (deque([1, 2], 5), [1, 2]),
        (Point(1, 2), (1, 2)),
        (Colour.RED, 1),
        (bytearray(b"a"), b"a"),
    ],
)
def test_instances_of_subclasses_travel_as_their_base(value, base):
    assert encode(value) == encode(base)


class Liar(list):
    def __iter__(self):
        return iter([9])

    def __len__(self):
        return 1


def test_overridden_methods_do_not_matter():
    assert encode(Liar([1, 2])) == "[1,2]"


@pytest.mark.parametrize("value", [object(), len, iter([]), range(3), type, {}.keys(), [print]])
def test_what_is_no_plain_value_is_refused(value):
    with pytest.raises(NotPlainError, match="no plain value"):
        encode(value)


def nested(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


def test_nesting_ends_at_its_cap():
    assert encode(nested(NESTING)) == "[" * NESTING + "]" * NESTING
    with pytest.raises(NotPlainError, match="nested deeper"):
        encode(nested(NESTING + 1))


def test_a_container_within_itself_is_refused():
    value = {}
    value[1] = [value]
    with pytest.raises(NotPlainError, match="nested deeper"):
        encode(value)


def test_the_text_is_ascii_without_line_ends():
    text = encode(["\n\r\u2028é\ud800", math.inf])
    assert text.isascii()
    assert "\n" not in text
