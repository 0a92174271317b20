"""Which cell of the study a spec describes: its arm, seed, campaign, table or figure."""

from collections.abc import Mapping
from typing import Any

NAMES = (
    *("grid", "collection", "study", "model", "method", "seed", "campaign"),
    *("round", "pool", "num_tasks"),
    *("table", "statistic", "figure", "split"),
)
_ENTRIES = {
    "compute_statistic": ("crest.statistics.tables", "statistic"),
    "draw_figure": ("crest.figures", "figure"),
}
_SHOWN = {"method": "arm"}


def cell_of(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return what tells a job from the others of its rule, in a fixed order.

    Example:
        >>> cell_of({"job": "train_base", "config": {}, "choices": {}, "seed": 3})
        {'seed': 3}
    """
    config = spec.get("config", {})
    fields = {**config.get("settings", {}), **spec.get("keys", {}), **_plain_fields(spec)}
    if spec["job"] in _ENTRIES:
        package, name = _ENTRIES[spec["job"]]
        fields[name] = ", ".join(spec["choices"].get(package, ()))
    return {name: fields[name] for name in NAMES if name in fields}


def job_words(spec: Mapping[str, Any]) -> str:
    """Return a job and its cell in words.

    Example:
        >>> job_words({"job": "train_base", "config": {}, "choices": {}, "seed": 3})
        'train_base, seed 3'
    """
    return ", ".join([str(spec["job"]), *cell_words(cell_of(spec))])


def cell_words(cell: Mapping[str, Any]) -> list[str]:
    """Return the parts of a cell in words."""
    return [f"{_SHOWN.get(name, name)} {value}" for name, value in cell.items()]


def _plain_fields(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {name: spec[name] for name in NAMES if isinstance(spec.get(name), str | int)}
