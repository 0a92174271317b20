"""Specs from parts of the configuration."""

from collections.abc import Mapping, Sequence
from typing import Any

from crest.spec import make_spec


def plain_spec(
    job: str,
    config: Mapping[str, Any],
    choices: Mapping[str, Sequence[str]] | None = None,
    **fields: Any,
) -> str:
    """Return a job's spec, with sections of the configuration as dictionaries."""
    return make_spec(job, config=_plain(config), choices=choices or {}, **_plain(fields))


def _plain(value: Any) -> Any:
    """Return the value with models as dictionaries and tuples as lists."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
