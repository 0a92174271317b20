"""Texts that are no programs: each gets the status that says so, and crashes nobody."""

import pytest

from crest.records import Status

MALFORMED = {
    "opens a hundred thousand brackets": (
        f"{'(' * 100_000}\n",
        {Status.CE},
    ),
    "negates a hundred thousand times": (
        f"x = {'-' * 100_000}1\n",
        {Status.CE, Status.SIG},
    ),
    "holds a null byte": (
        "def f(x):\n    return 2\n\0",
        {Status.CE},
    ),
    "holds a lone surrogate": (
        "def f(x):\n    return '\ud800'\n",
        {Status.CE},
    ),
    "is a syntax error": (
        "def f(x) return 2\n",
        {Status.CE},
    ),
    "is empty": (
        "",
        {Status.NOCODE},
    ),
    "is only space": (
        " \n\t\n",
        {Status.NOCODE},
    ),
}


@pytest.mark.parametrize("text", MALFORMED)
def test_a_text_is_refused_that(text, hostile_grader, grade_one):
    source, statuses = MALFORMED[text]
    assert grade_one(hostile_grader, source, ((1,),), (2,)).status in statuses
