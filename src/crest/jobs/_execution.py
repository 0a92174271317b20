"""What jobs that sample or train set up: code check, threads, log, grader."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from crest.grading import Grader, GradingLimits, VerdictCache
from crest.records import Grade
from crest.spec import check_code, parse_spec

VERDICTS = Path(".crest/verdicts.sqlite")


@contextmanager
def execution(text: str) -> Iterator[tuple[dict[str, Any], Grade]]:
    """Yield a job's spec and a grader, on the spec's number of threads.

    Raises:
        RuntimeError: The code was edited since the job was planned.
        SandboxError: The machine cannot run programs in a jail.
    """
    spec = start_job(text)
    torch.set_num_threads(spec["config"]["threads"])
    limits = GradingLimits(**spec["config"]["grading"])
    with VerdictCache(VERDICTS) as cache, Grader(limits, cache) as grader:
        yield spec, grader.grade


def start_job(text: str) -> dict[str, Any]:
    """Return a job's spec after checking that the code is the one it was planned with."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S"
    )
    check_code(text)
    return parse_spec(text)
