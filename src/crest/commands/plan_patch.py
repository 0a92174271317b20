"""A project as an edit would leave it, without making the edit."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COPIED = ("Snakefile", "config.yaml", "workflow", "envs", "src")
"""What an edit can change of a plan; all else is linked."""
NEVER_LINKED = (".git", ".snakemake")
MEMORY = ("metadata", "incomplete")
"""What Snakemake remembers of files; locks and caches are left out."""


@contextmanager
def patched_project(project: Path, patch: Path) -> Iterator[Path]:
    """Yield a copy of a project with a patch applied; results and Snakemake's memory are links.

    Args:
        project: The project's folder, which is left as it is.
        patch: As `git diff` writes it, paths from the project's folder.

    Raises:
        FileNotFoundError: No such patch, or git is not installed.
        ValueError: The patch does not apply.
    """
    if not patch.is_file():
        raise FileNotFoundError(f"{patch}: no such file; write one with: git diff > {patch}")
    with tempfile.TemporaryDirectory(prefix="crest-plan-") as name:
        copy = Path(name)
        _copy(project.absolute(), copy)
        _apply(patch.absolute(), copy)
        yield copy


def _copy(project: Path, copy: Path) -> None:
    for entry in project.iterdir():
        place = copy / entry.name
        if entry.name in COPIED and entry.is_dir():
            shutil.copytree(entry, place, symlinks=True, ignore=_compiled)
        elif entry.name in COPIED:
            shutil.copy2(entry, place)
        elif entry.name not in NEVER_LINKED:
            place.symlink_to(entry, target_is_directory=entry.is_dir())
    for name in MEMORY:
        memory = project / ".snakemake" / name
        if memory.is_dir():
            (copy / ".snakemake").mkdir(exist_ok=True)
            (copy / ".snakemake" / name).symlink_to(memory, target_is_directory=True)


_compiled = shutil.ignore_patterns("__pycache__", "*.egg-info")


def _apply(patch: Path, copy: Path) -> None:
    """Apply the part of a patch that concerns copied files."""
    chosen = [f"--include={name}" for part in COPIED for name in (part, f"{part}/*")]
    command = ["git", "apply", "--whitespace=nowarn", *chosen, str(patch)]
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(copy.parent)}
    environment.pop("GIT_DIR", None)
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program on a file that the user names
            command, cwd=copy, env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise FileNotFoundError("git is not installed, and --after needs it to apply") from None
    if done.returncode != 0:
        why = " ".join(done.stderr.split()) or "no reason given"
        raise ValueError(
            f"{patch} does not apply to the code as it is now ({why}); write it anew with git diff"
        )
