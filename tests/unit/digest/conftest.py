from pathlib import Path

import pytest

from crest.digest import Closure, code_closure

REGISTRY = """
import importlib
class Registry:
    def __init__(self, package): self.package = package
    def __getitem__(self, key): return importlib.import_module(f"{self.package}.{key}")
"""


class Toy:
    """A package `toy` on disk, whose entry is `toy.job:main`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("__init__.py", "")
        self.write("registry.py", REGISTRY)

    def write(self, path: str, text: str) -> None:
        file = self.root / "toy" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.root / "toy" / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is not once in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def closure(self, **choices: list[str]) -> Closure:
        named = {f"toy.{package}": keys for package, keys in choices.items()}
        return code_closure("toy.job:main", named, root=self.root)

    def digest(self) -> str:
        return self.closure().digest

    def symbols(self, **choices: list[str]) -> set[str]:
        return set(self.closure(**choices).symbols)


@pytest.fixture
def toy(tmp_path):
    return Toy(tmp_path)
