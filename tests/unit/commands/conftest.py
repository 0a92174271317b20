import contextlib
import json
import shutil
import time
from pathlib import Path

import pytest
from tests.unit.commands.study_tree import StudyTree

from crest import storage
from crest.commands.study import study_of
from crest.storage import write_json

ROOT = Path(__file__).parents[3]
SMOKE = Path("results/smoke")


class Study:
    """A finished smoke study, in a project that is the working directory."""

    folder = SMOKE

    def record(self, name):
        """Return the path of a record."""
        return SMOKE / "records" / f"{name}.json"

    def records(self, folder="."):
        """Return the paths of all records, or of those in a folder of records."""
        return sorted((SMOKE / "records" / folder).rglob("*.json"))

    def edit(self, name, **fields):
        """Change fields of a record's spec, as if the job had run with them."""
        record = json.loads(self.record(name).read_text())
        record["spec"] |= fields
        write_json(record, self.record(name))

    def configure(self, text):
        """Lay some more values over the study's preset."""
        preset = Path("workflow/presets/smoke.yaml")
        preset.write_text(f"{preset.read_text()}\n{text}")

    def flip_byte(self, path):
        """Change one byte in the middle of a result."""
        content = bytearray((SMOKE / path).read_bytes())
        content[len(content) // 2] ^= 1
        (SMOKE / path).write_bytes(content)

    def rewrite(self, path, name, option):
        """Change a result and its record, as if its job had run again and given other bytes."""
        (SMOKE / path).write_text("other")
        record = json.loads(self.record(name).read_text())
        digest = "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa"
        record["outputs"][option][0] |= {"sha256": digest, "bytes": 5}
        write_json(record, self.record(name))


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A project whose smoke study is finished; tests work on copies."""
    project = tmp_path_factory.mktemp("finished")
    shutil.copy(ROOT / "config.yaml", project)
    shutil.copytree(ROOT / "workflow/presets", project / "workflow/presets")
    with contextlib.chdir(project), pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "_sync", lambda _: None)
        StudyTree(study_of(SMOKE, ()), SMOKE).build()
    return project


@pytest.fixture
def study(finished, tmp_path):
    """A copy of a finished smoke study; its project is the working directory."""
    shutil.copytree(finished, tmp_path / "project")
    with contextlib.chdir(tmp_path / "project"):
        yield Study()


@pytest.fixture
def wait_until():
    def wait(condition, limit_s=60.0):
        end = time.monotonic() + limit_s
        while not condition() and time.monotonic() < end:
            time.sleep(0.01)
        return condition()

    return wait
