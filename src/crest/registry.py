"""Plug-ins by file name: the key of an entry is the name of its module.

`Registry("crest.control")["early_stop"]` is the module `crest.control.early_stop`. Adding a
method is adding a file; the code digest of a job follows only the entries that its spec names.
"""

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType


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
