"""One digest on all Python versions: each test starts another interpreter and compares."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "src"
SAMPLE = Path(__file__).parent / "sample.txt"
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
VERSIONS = sorted({"3.11", "3.12", "3.13", "3.14"} - {HERE})

PROGRAM = """
import ast, json, sys
from pathlib import Path
from crest.digest import code_closure
from crest.digest.tokens import TokenisedSource

def canonical(path):
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    tokens = TokenisedSource(source, tree)
    return [tokens.statement(node) for node in tree.body]

sample, package = Path(sys.argv[1]), Path(sys.argv[2])
print(json.dumps({
    "sample": canonical(sample),
    "package": {path.name: canonical(path) for path in sorted(package.rglob("*.py"))},
    "storage": code_closure("crest.storage:write_parquet").digest,
    "seeds": code_closure("crest.seeds:uniforms").digest,
}))
"""


def interpreter(version):
    """Return the path of another Python, from PATH or pyenv."""
    installed = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    return str(installed[-1]) if installed else shutil.which(f"python{version}")


def results(python, source):
    command = [python, "-c", PROGRAM, str(SAMPLE), str(source / "crest")]
    environment = {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy of the package, so that all interpreters read the same text."""
    folder = tmp_path_factory.mktemp("source")
    return shutil.copytree(SOURCE, folder, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def here(source):
    return results(sys.executable, source)


@pytest.mark.parametrize("version", VERSIONS)
def test_digests_are_equal_on_other_python_versions(version, source, here):
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no python{version} in PATH or ~/.pyenv: equality with it is not checked")
    assert results(python, source) == here
