"""The order in which training on a fixed set takes its items: every epoch anew, by a seed."""

import math
from collections.abc import Iterator, Sequence

from crest import seeds


def batches_of(
    num_items: int, batch_size: int, num_epochs: float, stream: Sequence[str | int]
) -> Iterator[list[int]]:
    """Yield the numbers of the items of each step.

    An epoch takes every item once; its last batch may be smaller. A fraction of an epoch is
    rounded up to whole batches.

    Args:
        num_items: At least 1.
        batch_size: Items a step, at least 1.
        num_epochs: Passes over the items, above 0.
        stream: Names what the order is for; equal streams give equal orders.
    """
    per_epoch = math.ceil(num_items / batch_size)
    for step in range(math.ceil(num_epochs * per_epoch)):
        epoch, place = divmod(step, per_epoch)
        if place == 0:
            order = seeds.generator(*stream, "order", epoch).permutation(num_items).tolist()
        yield order[place * batch_size : (place + 1) * batch_size]
