"""Specs: all that decides a job's output and is not an input file, as one canonical text.

A spec holds the job's slice of the config, its wildcards and seed, the versions of the libraries
that matter, the Python version, and the digest of the job's code. The workflow passes it as the
job's only parameter; the job keeps it in its record, and stamps what it asks for into its files.
"""

import hashlib
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crest.digest import Closure, code_closure, code_snapshot, code_texts
from crest.digest.archive import keep
from crest.failures import MendableError
from crest.libraries import library_of
from crest.storage import write_text

CLOSURES = Path(".crest/closures")
"""Where a job leaves its code, by digest, for `crest explain`."""

ANSWERED_BY = ("code", "libraries", "python")
"""Fields of a spec that say how its job was done, not what was asked of it."""
_OWN_FIELDS = ("job", "config", "choices", "code", "libraries", "python")


_ATOMS = {type(None), bool, int, str}


class EditedCodeError(MendableError, RuntimeError):
    """The code is no longer the code with which a job was planned."""


def make_spec(
    job: str,
    *,
    config: Mapping[str, Any],
    choices: Mapping[str, Sequence[str]] | None = None,
    **fields: Any,
) -> str:
    """Return a job's spec as canonical JSON: sorted keys, no spaces, plain finite values.

    Args:
        job: Name of a module in `crest.jobs`; its `main` is the entry of the code digest.
        config: The part of the study's config that the job reads, no more.
        choices: The registry entries that the job can name, by package, as
            `{"crest.control": ["early_stop"]}`; see `crest.digest`.
        **fields: Anything else that decides the output: wildcards, seed, threads.

    Raises:
        ValueError: A value is not finite, or a field has a reserved name.
        TypeError: A value is not plain, or a key is not text.
    """
    taken = sorted(set(fields) & set(_OWN_FIELDS))
    if taken:
        raise ValueError(f"spec of {job}: {', '.join(taken)} are set by make_spec; rename yours")
    chosen = {package: sorted(keys) for package, keys in (choices or {}).items()}
    closure = code_closure(entry_of(job), chosen)
    spec = {
        "job": job,
        "config": config,
        "choices": chosen,
        "code": closure.digest,
        "libraries": dict(map(library_of, closure.libraries)),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        **fields,
    }
    return canonical(spec)


def canonical(spec: Mapping[str, Any]) -> str:
    """Return a mapping of plain values as canonical JSON.

    Example:
        >>> canonical({"seed": 1, "arms": ("es", "naive")})
        '{"arms":["es","naive"],"seed":1}'
    """
    plain = spec if _is_plain(spec) else _plain(spec, "spec")
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False)


def parse_spec(text: str) -> dict[str, Any]:
    """Return a spec's fields.

    Raises:
        ValueError: The text is no spec.
    """
    try:
        spec = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not a spec: {text[:80]!r} ({error}); pass the workflow's text") from None
    missing = sorted({"job", "code", "choices"} - set(spec if isinstance(spec, dict) else ()))
    if missing:
        raise ValueError(f"not a spec: {text[:80]!r} lacks {', '.join(missing)}")
    return dict(spec)


def stamp_of(spec: str) -> str:
    """Return what a spec asks for, without the code and the libraries that answered it.

    Files carry this stamp, so that code which changes no value changes no byte.
    """
    fields = parse_spec(spec)
    return canonical({key: value for key, value in fields.items() if key not in ANSWERED_BY})


def spec_digest(spec: str) -> str:
    """Return the SHA-256 of a spec, as 64 hex digits."""
    return hashlib.sha256(spec.encode()).hexdigest()


def entry_of(job: str) -> str:
    """Return the function that runs a job, as the code digest names it."""
    return f"crest.jobs.{job}:main"


def present_closure(spec: Mapping[str, Any]) -> Closure:
    """Return what a spec's job can reach in the code as it is now.

    Raises:
        ValueError: The job, or a registry entry that it names, is gone.
    """
    return code_closure(entry_of(spec["job"]), spec["choices"])


def check_code(text: str, *, closures: Path = CLOSURES) -> dict[str, Any]:
    """Return a spec's fields, once the code is known to be the code that it describes.

    Every job calls this first: a workflow plans with the code of one moment and may start the job
    much later. The code is kept, so that a later edit can be shown.

    Raises:
        EditedCodeError: The code was edited after the workflow was planned.
    """
    spec = parse_spec(text)
    seen = closures / f"{_snapshot(spec)}.seen"
    if seen.is_file() and seen.read_text() == spec["code"]:
        return spec
    closure = present_closure(spec)
    if closure.digest != spec["code"]:
        raise EditedCodeError(
            f"{spec['job']}: its code was edited after the workflow was planned (digest"
            f" {closure.digest[:12]}, planned {spec['code'][:12]}); run snakemake again"
        )
    texts = code_texts(entry_of(spec["job"]), [piece.key for piece in closure.pieces])
    keep(closure, texts, closures)
    write_text(closure.digest, seen)
    return spec


def _snapshot(spec: Mapping[str, Any]) -> str:
    """Return a name for a job's code as it lies on disk: another byte anywhere, another name.

    Equal bytes have equal closures, so the second job with the same code need not trace it.
    """
    entry = entry_of(spec["job"])
    told = canonical({"entry": entry, "choices": spec["choices"], "python": sys.version})
    return hashlib.sha256(f"{told} {code_snapshot(entry)}".encode()).hexdigest()


def _is_plain(value: Any) -> bool:
    """Return whether JSON would read a value back as it is, tuples as lists."""
    kind = type(value)
    if kind in _ATOMS:
        return True
    if kind is dict:
        return all(type(key) is str for key in value) and all(map(_is_plain, value.values()))
    if kind is list or kind is tuple:
        return all(map(_is_plain, value))
    return kind is float and math.isfinite(value)


def _plain(value: Any, where: str) -> Any:
    """Return a value as JSON would read it back, or say where it is not plain."""
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"{where}: key {key!r} is not text; write it as a string")
        return {key: _plain(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{where}: {value} is not finite; leave the field out or use null")
    if value is None or type(value) in (str, bool, int, float):
        return value
    raise TypeError(f"{where}: {value!r} is not plain; pass text, numbers, lists or mappings")
