"""What is wrong with a configuration, in the words of its reader: path, fault, value, remedy."""

from typing import Any

from pydantic import BaseModel, ValidationError

UNION_BRANCHES = {"constrained-float", "float", "literal['collapsing','healthy']"}
REMEDIES = {
    "extra_forbidden": "unknown key; remove it or correct its spelling (config.yaml has them all)",
    "missing": "this key is missing; config.yaml shows it with its meaning",
    "float_parsing": "not a number; write it like 0.001 or 1.0e-3, or name a role where one fits",
    "int_parsing": "not a whole number; write it like 20",
    "too_short": "an empty list; name at least one",
    "string_pattern_mismatch": "not a name; use small letters, digits and _, a letter first",
}


def fault_lines(error: ValidationError) -> list[str]:
    """Return one line a path; a value that fits no branch of a union is one fault."""
    lines: dict[str, str] = {}
    for fault in error.errors(include_url=False):
        line = _line(fault)
        lines.setdefault(line.partition(": ")[0] if fault["loc"] else line, line)
    return list(lines.values())


def _line(fault: Any) -> str:
    path = ".".join(str(part) for part in fault["loc"] if part not in UNION_BRANCHES)
    message = REMEDIES.get(fault["type"], fault["msg"].removeprefix("Value error, "))
    given = fault["input"]
    shown = "" if isinstance(given, dict | BaseModel) or fault["type"] == "missing" else given
    value = f" (got {shown!r})" if shown != "" else ""
    return f"{path}: {message}{value}" if path else f"{message}{value}"
