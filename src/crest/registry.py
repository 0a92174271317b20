"""Plug-ins by file name: the key of an entry is the name of its module.

`Registry("crest.control")["early_stop"]` is the module `crest.control.early_stop`. Adding a
method is adding a file; the code digest of a job follows only the entries that its spec names.
"""

import ast
import importlib
import importlib.util
import pkgutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any


@dataclass(frozen=True, slots=True)
class Registry:
    """The modules of one package, by name.

    Attributes:
        package: Dotted name of the package whose modules are the entries. Modules whose names
            start with an underscore are not entries.
    """

    package: str

    def names(self) -> list[str]:
        """Return the names of all entries, sorted."""
        search = importlib.import_module(self.package).__path__
        names = (info.name for info in pkgutil.iter_modules(search))
        return sorted(name for name in names if not name.startswith("_"))

    def __getitem__(self, key: str) -> ModuleType:
        """Return the module of an entry.

        Raises:
            KeyError: No such entry; the message lists those there are.
        """
        if key not in self.names():
            raise KeyError(f"{self.package} has no entry {key!r}; it has {', '.join(self.names())}")
        return importlib.import_module(f"{self.package}.{key}")

    def literal(self, key: str, name: str) -> Any:
        """Return a module-level constant of an entry, read without importing the entry.

        Planning hundreds of jobs so costs no import of what only the jobs need.

        Raises:
            KeyError: The entry has no such constant, or its value is no literal.
        """
        spec = importlib.util.find_spec(f"{self.package}.{key}")
        if spec is None or spec.origin is None:
            raise KeyError(f"{self.package} has no entry {key!r}; it has {self.names()}")
        assigned = _assigned(Path(spec.origin).read_text(encoding="utf-8"))
        if name not in assigned:
            raise KeyError(f"{self.package}.{key} does not assign {name} at module level")
        return ast.literal_eval(assigned[name])


@cache
def _assigned(text: str) -> dict[str, ast.expr]:
    """Return the values that a module's text assigns at module level, the first of each name."""
    found: dict[str, ast.expr] = {}
    for node in ast.parse(text).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and node.value is not None:  # type: ignore[attr-defined]
                found.setdefault(target.id, node.value)  # type: ignore[attr-defined]
    return found
