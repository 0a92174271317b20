"""Primitives that treat a list item by item: maps and filters."""

from crest.tasks.code.primitive import Kind, Primitive


def _map(
    name: str,
    wordings: tuple[str, str],
    value: str,
    mutants: tuple[str, str, str],
    params: tuple[int, ...] = (),
) -> Primitive:
    """Return a pointwise map; `value` and `mutants` are expressions over the item `v`."""
    first, second, third = (f"[{mutant} for v in x]" for mutant in mutants)
    return Primitive(
        name=name,
        kind=Kind.MAP,
        wordings=wordings,
        template=f"[{value} for v in x]",
        mutants=(first, second, third),
        params=params,
        pointwise=True,
    )


def _filter(
    name: str,
    wordings: tuple[str, str],
    condition: str,
    mutants: tuple[str, str, str],
    params: tuple[int, ...] = (),
    *,
    pointwise: bool = True,
) -> Primitive:
    """Return a filter; `condition` and `mutants` are conditions on the item `v`."""
    first, second, third = (f"[v for v in x if {mutant}]" for mutant in mutants)
    return Primitive(
        name=name,
        kind=Kind.FILTER,
        wordings=wordings,
        template=f"[v for v in x if {condition}]",
        mutants=(first, second, third),
        params=params,
        pointwise=pointwise,
        commutes_with=frozenset({Kind.FILTER} if pointwise else ()),
    )


MAPS = (
    _map(
        "add",
        ("add {n}", "raise each by {n}"),
        "v + {n}",
        ("v - {n}", "v + {m}", "v * {n}"),
        (1, 2, 3, 4, 5),
    ),
    _map(
        "subtract",
        ("subtract {n}", "lower each by {n}"),
        "v - {n}",
        ("{n} - v", "v - {m}", "v + {n}"),
        (1, 2, 3, 4, 5),
    ),
    _map(
        "times",
        ("times {n}", "multiply by {n}"),
        "v * {n}",
        ("v * {m}", "v ** {n}", "v + {n}"),
        (2, 3, 4, 5),
    ),
    _map(
        "modulo",
        ("take each modulo {n}", "remainder by {n}"),
        "v % {n}",
        ("v // {n}", "v % {m}", "abs(v) % {n}"),
        (3, 4, 5, 6),
    ),
    _map(
        "divide",
        ("floor divide by {n}", "quotient by {n}"),
        "v // {n}",
        ("v % {n}", "v // {m}", "int(v / {n})"),
        (2, 3, 4, 5),
    ),
    _map(
        "square",
        ("square each", "times itself"),
        "v * v",
        ("v + v", "v ** 3", "v * abs(v)"),
    ),
    _map(
        "negate",
        ("negate", "flip signs"),
        "-v",
        ("abs(v)", "-abs(v)", "1 - v"),
    ),
    _map(
        "absolute",
        ("absolute values", "drop signs"),
        "abs(v)",
        ("-v", "max(v, 0)", "-abs(v)"),
    ),
    _map(
        "cap",
        ("cap at {n}", "at most {n}"),
        "min(v, {n})",
        ("max(v, {n})", "min(v, {m})", "min(v, -{n})"),
        (3, 4, 5, 6),
    ),
    _map(
        "floor",
        ("lift to {n}", "at least {n}"),
        "max(v, {n})",
        ("min(v, {n})", "max(v, {m})", "max(v, -{n})"),
        (1, 2, 3, 4),
    ),
    _map(
        "distance",
        ("distance to {n}", "how far from {n}"),
        "abs(v - {n})",
        ("v - {n}", "abs(v) - {n}", "abs(v - {m})"),
        (2, 3, 4, 5),
    ),
)

FILTERS = (
    _filter(
        "above",
        ("keep above {n}", "only over {n}"),
        "v > {n}",
        ("v >= {n}", "v < {n}", "v > {m}"),
        (1, 2, 3, 4, 5),
    ),
    _filter(
        "below",
        ("keep below {n}", "only under {n}"),
        "v < {n}",
        ("v <= {n}", "v > {n}", "v < {m}"),
        (2, 3, 4, 5, 6),
    ),
    _filter(
        "even",
        ("keep evens", "only even"),
        "v % 2 == 0",
        ("v % 2", "v % 4 == 0", "v // 2 == 0"),
    ),
    _filter(
        "odd",
        ("keep odds", "only odd"),
        "v % 2",
        ("v % 2 == 0", "v % 3", "v // 2"),
    ),
    _filter(
        "multiple",
        ("keep multiples of {n}", "only divisible by {n}"),
        "v % {n} == 0",
        ("v % {n}", "v % {m} == 0", "v // {n} == 0"),
        (3, 4, 5),
    ),
    _filter(
        "without",
        ("drop {n}s", "remove {n}s"),
        "v != {n}",
        ("v == {n}", "v != {m}", "v > {n}"),
        (1, 2, 3, 4, 5),
    ),
    _filter(
        "near",
        ("keep closer to 0 than {n}", "only size under {n}"),
        "abs(v) < {n}",
        ("abs(v) > {n}", "v < {n}", "abs(v) <= {n}"),
        (2, 3, 4, 5),
    ),
    _filter(
        "repeated",
        ("keep repeated", "only duplicates"),
        "x.count(v) > 1",
        ("x.count(v) == 1", "x.count(v) > 2", "x.count(v)"),
        pointwise=False,
    ),
    _filter(
        "rich",
        ("keep above mean", "only over average"),
        "v > sum(x) / len(x)",
        ("v < sum(x) / len(x)", "v > sum(x) // 2", "v >= sum(x) // len(x)"),
        pointwise=False,
    ),
)
