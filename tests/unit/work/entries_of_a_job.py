"""The entries that a job of the tests writes."""

from crest.work import Work


def weights(number: int) -> bytes:
    """Return the bytes of a file that is kept."""
    return f"weights {number} ".encode() * 50


def moments(number: int) -> bytes:
    """Return the bytes of a file that is dropped."""
    return f"moments {number} ".encode() * 50


def commit(work: Work, number: int) -> None:
    """Add the entry of a number."""
    work.commit(
        f"step {number} of 9",
        {"curve": [0.1 * each for each in range(number)]},
        files={"weights": lambda path: path.write_bytes(weights(number))},
        transient={"moments": lambda path: path.write_bytes(moments(number))},
    )


def check(work: Work) -> int:
    """Check that a folder holds whole entries from the first on, and return how many."""
    for number, entry in enumerate(work.entries):
        assert entry.reached == f"step {number} of 9"
        assert entry.values == {"curve": [0.1 * each for each in range(number)]}
        assert work.path(number, "weights").read_bytes() == weights(number)
    if work.last is not None:
        last = work.last.number
        assert work.path(last, "moments").read_bytes() == moments(last)
    return len(work.entries)
