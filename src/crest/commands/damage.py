"""Files that are not what the record of their job says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crest.checksums import SUMS, DamagedFileError, read_sums
from crest.commands.cells import job_words
from crest.commands.stamps import foreign_stamp, stamp_words
from crest.file_digests import FileDigests
from crest.job_record import FileRecord, JobRecord

REMAKE = "delete it, and snakemake makes it anew"


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that cannot be trusted.

    Attributes:
        path: The file.
        text: What is wrong, and the remedy.
        is_copy: Whether its job handed it on as it had read it.
    """

    path: Path
    text: str
    is_copy: bool = False


def output_faults(folder: Path, record: JobRecord, digests: FileDigests | None) -> Iterator[Fault]:
    """Yield what is wrong with the files that a job wrote.

    Args:
        folder: Of the results.
        record: Of the job.
        digests: Hashes of files; None compares sizes alone.
    """
    for file in record.output_files():
        path = folder / file.path
        if not path.is_file():
            yield Fault(path, "missing; run snakemake, which makes it anew")
        elif digests is None:
            yield from _size_faults(path, file)
        else:
            yield from _byte_faults(path, file, record, digests)


def files_behind(folder: Path, record: JobRecord) -> Iterator[Path]:
    """Yield the files that a job wrote, and those in the checkpoints among them."""
    for file in record.output_files():
        path = folder / file.path
        yield path
        if path.name == SUMS and path.parent.is_dir():
            yield from _visible(path.parent)


def _byte_faults(
    path: Path, file: FileRecord, record: JobRecord, digests: FileDigests
) -> Iterator[Fault]:
    try:
        digest = digests.of(path)
    except OSError as error:
        yield Fault(path, f"cannot be read ({error.strerror}); give yourself the right to it")
        return
    is_copy = _is_handed_on(file, record)
    faults = list(_checkpoint_faults(path.parent, digests)) if path.name == SUMS else []
    if digest != file.sha256:
        yield Fault(path, f"holds other bytes than were written{_origin(path, record)}; {REMAKE}")
    elif faults:
        yield from (replace(fault, is_copy=is_copy) for fault in faults)
    elif not is_copy and (words := foreign_stamp(path, record)):
        ours = job_words(record.spec)
        yield Fault(path, f"it says it is of {words}, its record says {ours}; {REMAKE}")


def _origin(path: Path, record: JobRecord) -> str:
    """Return where a file with other bytes comes from, if it is whole and says so."""
    words = foreign_stamp(path, record)
    return f": it says it is of {words}" if words else ""


def _is_handed_on(file: FileRecord, record: JobRecord) -> bool:
    """Return whether a job wrote a file as it read it, with the stamp of the file's own maker."""
    return file.sha256 in {each.sha256 for each in record.input_files()}


def _checkpoint_faults(folder: Path, digests: FileDigests) -> Iterator[Fault]:
    """Yield what is wrong with the files that a checkpoint's `SHA256SUMS` names."""
    remedy = f"delete {folder / SUMS}, and snakemake makes the checkpoint anew"
    try:
        sums = read_sums(folder)
    except (OSError, DamagedFileError) as error:
        yield Fault(folder / SUMS, f"cannot be used ({error}); {REMAKE}")
        return
    for name, expected in sums.items():
        if not (folder / name).is_file():
            yield Fault(folder / name, f"missing, but {SUMS} names it; {remedy}")
        elif digests.of(folder / name) != expected:
            yield Fault(folder / name, f"holds other bytes than {SUMS} says; {remedy}")


def _size_faults(path: Path, file: FileRecord) -> Iterator[Fault]:
    files = _visible(path.parent) if path.name == SUMS else [path]
    size = sum(each.stat().st_size for each in files)
    if size != file.bytes:
        words = stamp_words(path)
        origin = f" (it says it is of {words})" if words else ""
        yield Fault(path, f"has {size} bytes, not {file.bytes} as written{origin}; {REMAKE}")


def _visible(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
