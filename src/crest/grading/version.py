"""The grader's version: a digest of its files.

The zygote is started as a file, so no walk over imports finds it; the version names every file of
the package instead. Verdicts of different versions are never mixed.
"""

import hashlib
from functools import cache
from pathlib import Path

DIGEST_FILES = ()
"""None for the code digest: the version decides which verdicts are looked up, not what they are."""


@cache
def grader_version() -> str:
    """Return the SHA-256 over names and contents of the package's source files."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
