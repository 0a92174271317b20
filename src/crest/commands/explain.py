"""Say which code made a result file, and what has been edited since."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crest.commands.answer import Answer
from crest.commands.libraries import installed_version
from crest.commands.stamps import Stamp, State, read_stamp
from crest.spec import present_closure, recorded_symbols

HELP = "say what made a result file, and which functions changed since"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "file", type=Path, help="a .parquet, .json or .safetensors file, or a checkpoint folder"
    )


def run(arguments: Namespace) -> Answer:
    """Return the file's job and every symbol that changed."""
    stamp = read_stamp(arguments.file)
    lines = [f"{arguments.file}: {stamp.state.value}"]
    if stamp.state is State.UNREADABLE:
        return Answer((*lines, stamp.problem), 1)
    if stamp.state is State.UNSTAMPED:
        lines.append("It carries no spec, so no job of this package wrote it.")
        return Answer(tuple(lines), 1)
    lines += _origin(stamp.spec)
    if stamp.state is State.ORPHAN:
        return Answer((*lines, stamp.problem), 1)
    return Answer((*lines, *_code(stamp)), int(stamp.state is State.STALE))


def compare(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return one line for each symbol that is not the same in two closures."""
    words = {name: "changed" for name in then.keys() & now.keys() if then[name] != now[name]}
    words |= dict.fromkeys(now.keys() - then.keys(), "added")
    words |= dict.fromkeys(then.keys() - now.keys(), "removed")
    return [f"  {words[name]:8}{name}" for name in sorted(words)]


def _origin(spec: Mapping[str, Any]) -> Iterator[str]:
    """Return the job, and the versions that differ from those installed."""
    chosen = ", ".join(key for keys in spec["choices"].values() for key in keys)
    yield f"job {spec['job']}{f' with {chosen}' if chosen else ''}, code {spec['code'][:12]}"
    own = {"job", "choices", "code", "libraries", "python"}
    for field in sorted(spec.keys() - own):
        yield f"  {field}: {json.dumps(spec[field], sort_keys=True)}"
    for name, then in sorted(spec.get("libraries", {}).items()):
        now = installed_version(name).partition("+")[0]
        if now != then:
            yield f"{name} was {then}, is {now}"


def _code(stamp: Stamp) -> list[str]:
    closure = present_closure(stamp.spec)
    if stamp.state is State.CURRENT:
        return [f"Its {len(closure.symbols)} symbols are those of the present code."]
    then = recorded_symbols(stamp.spec["code"])
    if then is None:
        return [
            f"The present code is {closure.digest[:12]}. What changed is unknown, since no job",
            "left a record of the old code in .crest/closures here.",
        ]
    edits = compare(then, closure.symbols)
    return [f"The present code is {closure.digest[:12]}. Since then:", *edits]
