"""Changes that a person reviewed and found harmless, listed beside the results in question."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crest.storage import read_json, write_json

ACCEPTED = "accepted.json"
"""The list, directly under a folder of results; the report shows it."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One decision about some jobs.

    Attributes:
        why: The reason that was given.
        by: Who decided.
        at: When, in UTC, as ISO 8601 writes it.
        changes: What differed, a line each.
        jobs: The jobs in words.
        records: Their records, relative to the folder of results.
        undone: Whether the decision takes an earlier one back.
    """

    why: str
    by: str
    at: str
    changes: Sequence[str]
    jobs: Sequence[str]
    records: Sequence[str]
    undone: bool = False


def read_acceptances(path: Path) -> list[Acceptance]:
    """Return a list of decisions, oldest first; empty if there is no such file.

    Raises:
        ValueError: It is no such list, or damaged.
    """
    try:
        return [_acceptance(value) for value in read_json(path)["decisions"]]
    except FileNotFoundError:
        return []
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path}: no list of accepted changes ({error}); restore it, or delete it, and the "
            "records alone tell what was accepted"
        ) from None


def add_acceptance(acceptance: Acceptance, path: Path) -> None:
    """Put a decision at the end of a list, atomically."""
    decisions = [*read_acceptances(path), acceptance]
    write_json({"decisions": [asdict(each) for each in decisions]}, path)


def _acceptance(value: Mapping[str, Any]) -> Acceptance:
    return Acceptance(**value)
