"""The work folder of a job that may last."""

from crest.jobs._job import Job
from crest.work import Work, open_work


def job_work(job: Job) -> Work:
    """Return a job's work folder: open until the job ends, gone once its record is written.

    Raises:
        InUseError: Another process works in it.
    """
    work = job.open.enter_context(open_work(job.text, job.inputs))
    job.when_recorded.append(work.discard)
    return work
