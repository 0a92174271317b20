import os

from hypothesis import settings

# The jobs' default; two runs of tests side by side would else wait for each other's threads.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Machines differ in speed, and a slow one is no fault of the code.
settings.register_profile("crest", deadline=None)
settings.load_profile("crest")


def pytest_addoption(parser):
    parser.addoption(
        "--torture",
        choices=("usual", "full"),
        default="usual",
        help="full: all hostile programs as every user, and all kills (see tests/torture)",
    )
    parser.addoption(
        "--edit-table",
        action="store_true",
        help="print what each edit of tests/workflow/test_staleness.py reruns",
    )
