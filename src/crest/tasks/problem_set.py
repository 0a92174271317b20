"""The digest of a set of problems: equal sets, tests included, have equal digests."""

import hashlib
from collections.abc import Iterable

from crest.records import Problem
from crest.tasks.bank import dump_tests


def problem_set_sha256(problems: Iterable[Problem]) -> str:
    """Return the SHA-256 over all that a model and a grader see of problems, in any order."""
    digests = sorted(_digest(problem) for problem in problems)
    return hashlib.sha256(b"".join(digests)).hexdigest()


def _digest(problem: Problem) -> bytes:
    seen = (problem.task_id, problem.prompt, problem.prelude, dump_tests(problem.tests))
    return hashlib.sha256(repr((*seen, problem.continues_prompt)).encode()).digest()
