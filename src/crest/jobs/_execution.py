"""What jobs that sample or train set up: threads and a grader."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import torch

from crest.grading import Grader, VerdictCache
from crest.jobs._grader import open_grader
from crest.jobs._job import Job

VERDICTS = Path(".crest/verdicts.sqlite")


@contextmanager
def execution(job: Job) -> Iterator[Grader]:
    """Yield a grader, on the number of threads that a job's spec names.

    Raises:
        SandboxError: The machine cannot run programs in a jail.
    """
    torch.set_num_threads(job.config["threads"])
    grading = job.config["grading"]
    with closing(VerdictCache(VERDICTS)) as cache, open_grader(grading, cache) as grader:
        yield grader
