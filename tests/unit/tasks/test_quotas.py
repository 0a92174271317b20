import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.tasks.code.quotas import apportion, check_weights

WEIGHTS = st.dictionaries(st.text(max_size=3), st.floats(0.01, 100), min_size=1, max_size=8)


@given(st.integers(0, 2000), WEIGHTS)
def test_quotas_add_up_and_differ_from_the_share_by_less_than_one(total, weights):
    quotas = apportion(total, weights)
    assert sum(quotas.values()) == total
    for name, weight in weights.items():
        assert abs(quotas[name] - total * weight / sum(weights.values())) < 1 + 1e-9


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"sting": 1.0}, "family_weights names sting: write only map_reduce"),
        ({"string": 0.0}, "give every family 0 or more"),
        ({"string": -1.0, "cond": 1.0}, "give every family 0 or more"),
        ({}, "give every family 0 or more"),
    ],
)
def test_impossible_weights_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        check_weights(weights)
