"""Disks without room: a job there fails, and may be unable to write even that into its log."""

import os
from collections.abc import Iterable
from pathlib import Path

ROOM = 1 << 16
"""Bytes that a log and a record take, generously."""


def full_disks(folders: Iterable[str]) -> list[str]:
    """Return what to say about folders on disks without room; those that are missing have room."""
    return [
        f"{folder}: no space left on its disk; free some, and run snakemake again"
        for folder in folders
        if Path(folder).exists() and _is_full(folder)
    ]


def _is_full(folder: str) -> bool:
    disk = os.statvfs(folder)
    no_names = disk.f_files > 0 and disk.f_favail == 0
    return disk.f_bavail * disk.f_frsize < ROOM or no_names
