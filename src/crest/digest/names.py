"""What a name means: a symbol of ours, one of our modules, or something of a third party."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crest.digest.modules import Import, Module, Package
from crest.digest.references import Reference


@dataclass(frozen=True, slots=True, order=True)
class Symbol:
    """A top-level function, class or assignment."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"


@dataclass(frozen=True, slots=True, order=True)
class ModuleValue:
    """One of our modules used as an object, which hides what is taken from it."""

    module: str

    def __str__(self) -> str:
        return self.module


@dataclass(frozen=True, slots=True, order=True)
class External:
    """Something outside our package, by its dotted name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, order=True)
class Missing:
    """A name that one of our modules does not visibly have."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}:{self.name}?"


Target = Symbol | ModuleValue | External | Missing


def resolve(
    package: Package, module: Module, reference: Reference, inner: Sequence[Import]
) -> list[Target]:
    """Return all that a dotted name may mean inside a module.

    Args:
        package: Our package.
        module: Where the name is used.
        reference: The dotted name.
        inner: Imports inside the code that uses the name.

    Returns:
        Empty for builtins and for names that nothing visible binds.
    """
    starts: list[Target] = []
    for found in inner:
        if found.name == reference.root:
            starts += _follow(package, found, frozenset())
    starts += _lookup(package, module, reference.root, frozenset())
    return sorted(
        {end for start in starts for end in _descend(package, start, reference.attributes)},
        key=str,
    )


def exports(package: Package, module: Module) -> list[Target]:
    """Return what a module's import statements bind, as others may take it from the module."""
    return [target for found in module.imports for target in _follow(package, found, frozenset())]


def _descend(package: Package, start: Target, attributes: Sequence[str]) -> Iterator[Target]:
    """Take attributes as long as they lead from module to module."""
    if isinstance(start, External):
        yield External(".".join((start.name, *attributes)))
    elif not isinstance(start, ModuleValue) or not attributes:
        yield start
    elif not _is_dunder(attributes[0]):
        module = package.module(start.module)
        found = _lookup(package, module, attributes[0], frozenset()) if module else []
        for target in found or [Missing(start.module, attributes[0])]:
            yield from _descend(package, target, attributes[1:])


def _lookup(
    package: Package, module: Module, name: str, seen: frozenset[tuple[str, str]]
) -> list[Target]:
    """Return what a module's name means, through its imports, submodules and star imports."""
    if (module.name, name) in seen:
        return []
    seen |= {(module.name, name)}
    found: list[Target] = [Symbol(module.name, name)] if name in module.definitions else []
    for one in module.imports:
        if one.name == name:
            found += _follow(package, one, seen)
    if not found and module.is_package and package.module(f"{module.name}.{name}"):
        found.append(ModuleValue(f"{module.name}.{name}"))
    for one in module.imports:
        origin = package.module(one.module) if one.name == "*" and not found else None
        if origin is not None:
            found += _lookup(package, origin, name, seen)
    return found


def _follow(package: Package, found: Import, seen: frozenset[tuple[str, str]]) -> list[Target]:
    """Return what an import statement binds."""
    if found.name == "*":
        return []
    if not package.owns(found.module):
        suffix = f".{found.attribute}" if found.attribute else ""
        return [External(found.module + suffix)]
    if found.attribute is None:
        return [ModuleValue(found.module)]
    origin = package.module(found.module)
    targets = _lookup(package, origin, found.attribute, seen) if origin else []
    return targets or [Missing(found.module, found.attribute)]


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")
