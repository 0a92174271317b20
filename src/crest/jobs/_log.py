"""The log of a job: one line an event, with the time of day."""

import logging
import sys


def start_log() -> None:
    """Send progress to standard error, which the workflow keeps as the job's log."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S"
    )
