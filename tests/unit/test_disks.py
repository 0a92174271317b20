"""Disks without room."""

import os
from types import SimpleNamespace

import pytest

from crest.disks import full_disks

ROOMY = {"f_bavail": 1000, "f_frsize": 4096, "f_files": 100, "f_favail": 50}


def told(monkeypatch: pytest.MonkeyPatch, folder: str, **changes: int) -> list[str]:
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(**ROOMY | changes))
    return full_disks([folder])


def test_a_disk_with_room_is_not_named(monkeypatch, tmp_path) -> None:
    assert told(monkeypatch, str(tmp_path)) == []


def test_a_disk_without_blocks_is_named_with_what_helps(monkeypatch, tmp_path) -> None:
    (line,) = told(monkeypatch, str(tmp_path), f_bavail=3)
    assert line == f"{tmp_path}: no space left on its disk; free some, and run snakemake again"


def test_a_disk_without_names_is_named(monkeypatch, tmp_path) -> None:
    assert len(told(monkeypatch, str(tmp_path), f_favail=0)) == 1


def test_a_disk_that_counts_no_names_has_room(monkeypatch, tmp_path) -> None:
    assert told(monkeypatch, str(tmp_path), f_files=0, f_favail=0) == []


def test_a_folder_that_is_missing_has_room(monkeypatch, tmp_path) -> None:
    assert told(monkeypatch, str(tmp_path / "none"), f_bavail=0) == []
