"""Records and files of a folder of results that do not fit together."""

from collections.abc import Iterator

from crest.commands.cells import job_words
from crest.commands.damage import Fault
from crest.commands.result_tree import ResultTree, is_given
from crest.commands.stamps import stamp_words
from crest.commands.strays import Strays

_MAKE = "run snakemake, which makes it anew, or copy it with its record"


def tree_faults(tree: ResultTree, strays: Strays) -> Iterator[Fault]:
    """Yield what is wrong with records, with parents that they name, and with files beside them.

    Args:
        tree: The results.
        strays: What no record names.
    """
    for name, text in tree.broken.items():
        yield Fault(tree.path(name), text.partition(": ")[2])
    yield from _rival_faults(tree)
    readers = _readers_of_unmade(tree)
    for unmade, reader in sorted(readers.items()):
        said = f"{reader} read it, but no record says what made it"
        yield Fault(tree.path(unmade), f"{said}; {_MAKE}")
    for path in strays.unknown:
        words = "" if path.relative_to(tree.folder).as_posix() in readers else stamp_words(path)
        if words:
            yield Fault(path, f"it says it is of {words}, but no record names it; delete it")


def _rival_faults(tree: ResultTree) -> Iterator[Fault]:
    """Yield records that say of the same files that their jobs made them."""
    rivals: dict[tuple[str, ...], list[str]] = {}
    for path, names in tree.rivals.items():
        rivals.setdefault(names, []).append(path)
    for (first, *others), paths in rivals.items():
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        said = f"{' and '.join(others)} too says that its job made {paths[0]}{more}"
        yield Fault(tree.path(first), f"{said}; delete the one that is not in its place")


def _readers_of_unmade(tree: ResultTree) -> dict[str, str]:
    """Return the files that no record names as made, with a job that read each."""
    return {
        file.path: job_words(record.spec)
        for record in tree.records.values()
        for file in record.input_files()
        if file.path not in tree.makers and not is_given(file.path)
    }
