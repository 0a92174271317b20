"""What jobs that sample or train set up: threads and a grader."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from crest.grading import Grader
from crest.jobs._grader import remembering_grader
from crest.jobs._job import Job


@contextmanager
def execution(job: Job) -> Iterator[Grader]:
    """Yield a grader, on the number of threads that a job's spec names.

    Raises:
        SandboxError: The machine cannot run programs in a jail.
    """
    torch.set_num_threads(job.config["threads"])
    with remembering_grader(job.config["grading"]) as grader:
        yield grader
