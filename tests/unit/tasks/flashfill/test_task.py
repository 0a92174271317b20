import pytest

from crest.tasks.flashfill.task import Task


def test_pairs_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="t has 2 inputs, 1 outputs and 2 flags"):
        Task("t", 1, "x", ("a", "b"), ("a",), (False, False))
