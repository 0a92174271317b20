import errno

import pytest

from crest.work import Kept


class Clock:
    """A clock that is moved by hand."""

    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s


def keep(kept, clock, names, seconds_each):
    for name in names:
        if kept.recall(name) is None:
            clock.now_s += seconds_each
            kept.put(name, [name, len(name)], f"piece {name}")


def test_pieces_are_recalled_by_the_next_run(opened):
    clock = Clock()
    with opened() as work, Kept(work, now=clock) as kept:
        keep(kept, clock, "abc", 5.0)
    with opened() as work, Kept(work, now=clock) as kept:
        assert [kept.recall(name) for name in "abcd"] == [["a", 1], ["b", 1], ["c", 1], None]


@pytest.mark.parametrize(("seconds_each", "entries"), [(0.01, 1), (1.0, 2), (3.0, 6)])
def test_entries_are_as_rare_as_wanted_and_hold_every_piece(opened, seconds_each, entries):
    clock = Clock()
    with opened() as work:
        with Kept(work, every_s=3.0, now=clock) as kept:
            keep(kept, clock, "abcdef", seconds_each)
        assert len(work.entries) == entries
        assert sorted(name for entry in work.entries for name in entry.values) == list("abcdef")


def test_what_was_finished_is_kept_when_the_block_ends_by_an_exception(opened):
    clock = Clock()

    def run():
        with opened() as work, Kept(work, now=clock) as kept:
            keep(kept, clock, "ab", 0.1)
            raise KeyError

    with pytest.raises(KeyError):
        run()
    with opened() as work:
        assert work.last.reached == "piece b"


def test_a_full_disk_is_not_asked_again(opened):
    clock = Clock()

    def run():
        with opened() as work, Kept(work, now=clock) as kept:
            keep(kept, clock, "ab", 0.1)
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        run()
    with opened() as work:
        assert work.last is None
