"""Compare every result file with the present code; needs nothing but the files themselves."""

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from crest.commands.answer import Answer, columns
from crest.commands.stamps import Stamp, State, read_stamp

HELP = "compare all result files with the present code; exit 1 if one is stale"
SUFFIXES = (".parquet", ".json", ".safetensors")
_FAULTS = (State.STALE, State.ORPHAN, State.UNREADABLE)


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path("results"),
        help="folder of results, also a copied one (default: %(default)s)",
    )


def run(arguments: Namespace) -> Answer:
    """Return a table of states by job, then the files that are stale.

    Raises:
        FileNotFoundError: No such folder.
    """
    folder = arguments.folder
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: no such folder; name the folder of results")
    stamps = {path: read_stamp(path) for path in result_files(folder)}
    if not any(stamp.spec for stamp in stamps.values()):
        return Answer((f"{folder}: no file carries a spec, so nothing can be verified",), 1)
    faults = {path: stamp for path, stamp in stamps.items() if stamp.state in _FAULTS}
    lines = [*_table(stamps), "", *_list(faults)]
    return Answer(tuple(lines), int(bool(faults)))


def result_files(folder: Path) -> list[Path]:
    """Return the files below a folder that can carry a spec, hidden ones left out."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _table(stamps: Mapping[Path, Stamp]) -> list[str]:
    counts = Counter((stamp.job, stamp.state) for stamp in stamps.values())
    jobs = sorted({job for job, _ in counts})
    rows = [
        (job if job != "-" else "(no job)", *(str(counts[job, state]) for state in State))
        for job in jobs
    ]
    return columns([("job", *(state.value for state in State)), *rows])


def _list(faults: Mapping[Path, Stamp]) -> list[str]:
    if not faults:
        return ["All files that carry a spec were made by the present code."]
    listed = [f"{stamp.state.value:12}{path}" for path, stamp in faults.items()]
    return [*listed, "`crest explain FILE` names the edits; `snakemake` makes the files anew."]
