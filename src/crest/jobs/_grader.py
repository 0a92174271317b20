"""The grader of a job, from its spec's slice of the configuration."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from crest.grading import Grader, GradingLimits, VerdictCache

log = logging.getLogger(__name__)

VERDICTS = Path(".crest/verdicts.sqlite")


def open_grader(grading: Mapping[str, Any], cache: VerdictCache | None = None) -> Grader:
    """Return a grader for the section `grading` of the configuration; close it after use.

    Args:
        grading: The section as the spec holds it: what holds programs, and their limits.
        cache: Verdicts known from earlier; None judges every program anew.

    Raises:
        SandboxError: The machine cannot hold programs as the configuration wants it.
    """
    limits = dict(grading)
    isolation = limits.pop("isolation")
    grader = Grader(GradingLimits(**limits), cache, isolation=isolation)
    if grader.level.name == "none":
        log.warning(
            "programs run without protection, with the rights of this job, because of "
            "`grading.isolation: none`: grade only programs that you trust"
        )
    return grader


@contextmanager
def remembering_grader(grading: Mapping[str, Any]) -> Iterator[Grader]:
    """Yield a grader that knows the verdicts of all jobs on this machine, and adds its own.

    Raises:
        SandboxError: The machine cannot hold programs as the configuration wants it.
    """
    with closing(VerdictCache(VERDICTS)) as cache, open_grader(grading, cache) as grader:
        yield grader
