from pathlib import Path

import crest.grading
from crest.grading import grader_version


def test_the_version_is_a_digest_and_does_not_change_between_calls():
    assert len(bytes.fromhex(grader_version())) == 32
    assert grader_version() == grader_version()


def test_the_files_that_run_in_the_jail_lie_in_the_package_whose_files_make_the_version():
    inside = Path(crest.grading.__file__).parent / "inside"
    assert {"stage.py", "zygote.py", "jail.py"} <= {path.name for path in inside.glob("*.py")}
