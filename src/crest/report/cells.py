"""Which cells of the grid there are: arm x seed, with the campaigns that have results."""

from collections.abc import Mapping
from typing import Any

import polars as pl


def cell_grid(campaigns: pl.DataFrame | None, study: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return one row an arm with one cell a seed: campaigns present, expected, and missing."""
    present = _present(campaigns)
    expected = set(range(1, study["campaigns"] + 1))
    return [
        {
            "method": method,
            "cells": [
                _cell(seed, present.get((method, seed), set()), expected) for seed in study["seeds"]
            ],
        }
        for method in study["arms"]
    ]


def missing_cells(grid: list[dict[str, Any]]) -> list[str]:
    """Return the cells without results as text, an arm and seed each."""
    return [
        f"{row['method']} seed {cell['seed']}: campaign {_runs(cell['missing'])}"
        for row in grid
        for cell in row["cells"]
        if cell["missing"]
    ]


def _cell(seed: int, present: set[int], expected: set[int]) -> dict[str, Any]:
    missing = sorted(expected - present)
    return {
        "seed": seed,
        "present": len(expected & present),
        "expected": len(expected),
        "missing": missing,
    }


def _present(campaigns: pl.DataFrame | None) -> dict[tuple[str, int], set[int]]:
    if campaigns is None:
        return {}
    found: dict[tuple[str, int], set[int]] = {}
    for method, seed, campaign in campaigns.select("method", "seed", "campaign").iter_rows():
        found.setdefault((method, seed), set()).add(campaign)
    return found


def _runs(numbers: list[int]) -> str:
    """Return sorted numbers with neighbours joined.

    Example:
        >>> _runs([1, 2, 3, 7])
        '1-3, 7'
    """
    runs: list[list[int]] = []
    for value in numbers:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
