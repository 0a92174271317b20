"""The banks of tasks that jobs of the crossover study read."""

from crest.jobs._job import Job
from crest.tasks.flashfill.table import read_tasks
from crest.tasks.flashfill.task import Task

BANKS = ("easy", "hard")


def read_banks(job: Job) -> dict[str, list[Task]]:
    """Return the tasks of each bank, from the job's inputs of its name."""
    return {bank: read_tasks(getattr(job.files, bank)) for bank in BANKS}
