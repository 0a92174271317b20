"""The study that a folder of results belongs to, from the configuration of the project."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from crest.config import load_config
from crest.plan import Plan

CONFIG = Path("config.yaml")
PRESETS = Path("workflow/presets")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NO_STUDY = (
    "no configuration here writes to {results}: run in the project's folder, or name the study "
    "with --configfile"
)


def add_configfile(parser: ArgumentParser) -> None:
    """Declare the option that names a study, as it is given to Snakemake."""
    parser.add_argument(
        "--configfile",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="laid over config.yaml, as with snakemake (default: the preset that writes to the "
        "folder of results)",
    )


def study_of(results: Path | None, configfiles: Sequence[Path]) -> Plan | None:
    """Return the study whose configuration writes to a folder of results.

    Args:
        results: The folder; None for that of config.yaml alone.
        configfiles: Laid over config.yaml of the working directory. If there are none: config.yaml
            alone, or with the first preset that writes to the folder.

    Returns:
        The study; None if no configuration here writes to the folder.

    Raises:
        FileNotFoundError: A file of configuration that was named is not there.
        ConfigError: The configuration is wrong.
        ValueError: A file holds no mapping in YAML or JSON.
    """
    if configfiles:
        raw = _base()
        for path in configfiles:
            raw = merged(raw, _read(path))
        return Plan(load_config(raw))
    for raw in _candidates():
        if results is None or _same_folder(raw.get("results"), results):
            return Plan(load_config(raw))
    return None


def results_folders() -> list[Path]:
    """Return the folders to which config.yaml and the presets write, as far as they are there."""
    named = dict.fromkeys(raw.get("results") for raw in _candidates())
    return [Path(name) for name in named if isinstance(name, str) and Path(name).is_dir()]


def merged(base: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping with another laid over it, key by key at every depth.

    Example:
        >>> merged({"a": {"b": 1, "c": 2}, "d": [1, 2]}, {"a": {"b": 3}, "d": [4]})
        {'a': {'b': 3, 'c': 2}, 'd': [4]}
    """
    result = dict(base)
    for key, value in overlay.items():
        if isinstance(value, Mapping):
            below = result.get(key, {})
            result[key] = merged(below if isinstance(below, Mapping) else {}, value) or below
        else:
            result[key] = value
    return result


def _candidates() -> Iterator[dict[str, Any]]:
    """Yield config.yaml alone, then with each preset; nothing without config.yaml."""
    base = _base()
    if not base:
        return
    yield base
    for preset in sorted(PRESETS.glob("*.yaml")):
        yield merged(base, _read(preset))


def _base() -> dict[str, Any]:
    """Return config.yaml of the working directory, nothing without it."""
    return _read(CONFIG) if CONFIG.is_file() else {}


def _read(path: Path) -> dict[str, Any]:
    """Return a file of configuration: JSON, or else YAML."""
    text = path.read_text(encoding="utf-8")
    try:
        value = json.loads(text)
    except ValueError:
        value = _read_yaml(text, path)
    if isinstance(value, dict):
        return value
    raise ValueError(f"{path}: no configuration (got {value!r:.40}); write `key: value` lines")


def _read_yaml(text: str, path: Path) -> Any:
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader, the faster of two
    except yaml.YAMLError as error:
        where = " ".join(str(error).split())
        raise ValueError(f"{path}: not YAML ({where}); correct it") from None


def _same_folder(named: Any, results: Path) -> bool:
    return isinstance(named, str) and Path(named).resolve() == results.resolve()
