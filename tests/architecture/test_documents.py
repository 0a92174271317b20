"""What the documents say of the project is so."""

import re
from pathlib import Path

import pytest
import yaml
from tests.architecture.readme_tree import BEGIN, END, ROOT, tree

LOCK = dict(
    line.split("==")
    for line in (ROOT / "requirements.lock").read_text().splitlines()
    if "==" in line
)


def test_the_tree_in_the_readme_is_the_tree() -> None:
    page = (ROOT / "README.md").read_text()
    shown = page.split(BEGIN)[1].split(END)[0]
    assert shown == tree(), "run: python tests/architecture/readme_tree.py"


@pytest.mark.parametrize("path", sorted((ROOT / "envs").glob("*.yaml")), ids=lambda path: path.name)
def test_pins_of_a_conda_environment_equal_the_lock(path: Path) -> None:
    (pip,) = [
        entry["pip"]
        for entry in yaml.safe_load(path.read_text())["dependencies"]
        if isinstance(entry, dict)
    ]
    pins = dict(line.split("==") for line in pip)
    assert pins
    assert pins == {name: LOCK[name] for name in pins}


def test_every_dependency_of_the_package_is_locked() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    block = text.split("dependencies = [")[1].split("]")[0]
    names = re.findall(r'"([\w.-]+)', block)
    assert names
    assert {name.lower() for name in names} <= {name.lower() for name in LOCK}


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    page = (ROOT / "README.md").read_text()
    named = set(re.findall(r"`make (\w+)`", page) + re.findall(r"^make (\w+)", page, re.MULTILINE))
    assert {"reproduce", "demo", "test"} <= named
    assert named <= targets


def test_every_rule_module_has_a_rule_of_its_name() -> None:
    rules = set()
    for path in (ROOT / "workflow/rules").glob("*.smk"):
        rules |= set(re.findall(r"^rule (\w+):", path.read_text(), re.MULTILINE))
    jobs = {path.stem for path in (ROOT / "src/crest/jobs").glob("[a-z]*.py")}
    assert jobs == rules


def test_no_document_names_a_path_of_a_machine() -> None:
    for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "results/README.md"):
        assert not re.search(r"(?<!\w)/(home|root|work|tmp|mnt)/", path.read_text()), path
