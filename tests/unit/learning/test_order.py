import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.learning.order import batches_of


@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 3))
def test_every_epoch_takes_every_item_once(num_items, batch_size, num_epochs):
    batches = list(batches_of(num_items, batch_size, num_epochs, ("test",)))
    per_epoch = len(batches) // num_epochs
    for epoch in range(num_epochs):
        own = batches[epoch * per_epoch : (epoch + 1) * per_epoch]
        assert sorted(item for batch in own for item in batch) == list(range(num_items))
        assert all(len(batch) == batch_size for batch in own[:-1])


def test_epochs_and_streams_have_orders_of_their_own_and_equal_streams_equal_ones():
    first, second = batches_of(20, 20, 2, ("a", 1))
    assert first != second
    assert list(batches_of(20, 20, 2, ("a", 1))) == [first, second]
    assert list(batches_of(20, 20, 2, ("a", 2))) != [first, second]


@pytest.mark.parametrize(("num_epochs", "num_batches"), [(0.5, 2), (1.0, 4), (1.25, 5), (0.1, 1)])
def test_a_part_of_an_epoch_is_rounded_up_to_whole_batches(num_epochs, num_batches):
    assert len(list(batches_of(10, 3, num_epochs, ("test",)))) == num_batches
