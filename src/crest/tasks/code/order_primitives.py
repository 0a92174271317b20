"""Primitives that move items or cut by position: orders, slices and neighbour pairs."""

from crest.tasks.code.primitive import Kind, Primitive

_MAPS = frozenset({Kind.MAP})
_FILTERS = frozenset({Kind.FILTER})


def _slice(
    name: str,
    wordings: tuple[str, str],
    part: str,
    mutants: tuple[str, str, str],
    params: tuple[int, ...] = (),
) -> Primitive:
    """Return a slice; `part` and `mutants` are what stands between the brackets."""
    first, second, third = (f"x[{mutant}]" for mutant in mutants)
    return Primitive(
        name=name,
        kind=Kind.SLICE,
        wordings=wordings,
        template=f"x[{part}]",
        mutants=(first, second, third),
        params=params,
        commutes_with=_MAPS,
    )


def _pair(
    name: str, wordings: tuple[str, str], value: str, mutants: tuple[str, str, str]
) -> Primitive:
    """Return a pair primitive; `value` and `mutants` are over the neighbours `a` and `b`."""
    first, second, third = (f"[{mutant} for a, b in zip(x, x[1:])]" for mutant in mutants)
    return Primitive(
        name=name,
        kind=Kind.PAIR,
        wordings=wordings,
        template=f"[{value} for a, b in zip(x, x[1:])]",
        mutants=(first, second, third),
    )


ORDERS = (
    Primitive(
        "sort",
        Kind.ORDER,
        ("sort", "smallest first"),
        "sorted(x)",
        ("sorted(x)[::-1]", "sorted(set(x))", "sorted(x, key=abs)"),
        commutes_with=_FILTERS,
    ),
    Primitive(
        "descend",
        Kind.ORDER,
        ("sort down", "largest first"),
        "sorted(x)[::-1]",
        ("sorted(x)", "x[::-1]", "sorted(x, key=abs)[::-1]"),
        commutes_with=_FILTERS,
    ),
    Primitive(
        "reverse",
        Kind.ORDER,
        ("reverse", "backwards"),
        "x[::-1]",
        ("x[::-2]", "x[:0:-1]", "sorted(x)[::-1]"),
        commutes_with=_MAPS | _FILTERS,
    ),
    Primitive(
        "size",
        Kind.ORDER,
        ("sort by abs", "closest to 0 first"),
        "sorted(x, key=abs)",
        ("sorted(x)", "sorted(map(abs, x))", "sorted(x, key=abs)[::-1]"),
        commutes_with=_FILTERS,
    ),
    Primitive(
        "distinct",
        Kind.ORDER,
        ("sort distinct", "sorted unique"),
        "sorted(set(x))",
        ("sorted(x)", "sorted(set(x))[::-1]", "list(dict.fromkeys(x))"),
        commutes_with=_FILTERS,
    ),
    Primitive(
        "rotate",
        Kind.ORDER,
        ("rotate left {n}", "move {n} to the end"),
        "x[{n}:] + x[:{n}]",
        ("x[-{n}:] + x[:-{n}]", "x[{m}:] + x[:{m}]", "x[{n}:]"),
        (1, 2, 3),
        commutes_with=_MAPS,
    ),
    Primitive(
        "mirror",
        Kind.ORDER,
        ("mirror", "append reverse"),
        "x + x[::-1]",
        ("x[::-1] + x", "x + x", "x + x[-2::-1]"),
        commutes_with=_MAPS | _FILTERS,
    ),
)

SLICES = (
    _slice(
        "first",
        ("first {n}", "take {n}"),
        ":{n}",
        ("{n}:", ":{m}", "-{n}:"),
        (2, 3, 4, 5),
    ),
    _slice(
        "last",
        ("last {n}", "tail of {n}"),
        "-{n}:",
        ("{n}:", "-{m}:", ":-{n}"),
        (2, 3, 4, 5),
    ),
    _slice(
        "skip",
        ("skip {n}", "drop first {n}"),
        "{n}:",
        (":{n}", "{m}:", ":-{n}"),
        (1, 2, 3),
    ),
    _slice(
        "cut",
        ("drop last {n}", "cut {n} off the end"),
        ":-{n}",
        ("-{n}:", ":-{m}", ":{n}"),
        (1, 2, 3),
    ),
    _slice(
        "stride",
        ("stride {n}", "one in {n}"),
        "::{n}",
        ("::{m}", "1::{n}", ":{n}"),
        (2, 3),
    ),
    _slice(
        "trim",
        ("trim ends", "drop first and last"),
        "1:-1",
        ("1:", ":-1", "2:-1"),
    ),
    _slice(
        "half",
        ("front half", "first half"),
        ":len(x) // 2",
        ("len(x) // 2:", ":len(x) // 2 + 1", ":len(x) // 3"),
    ),
)

PAIRS = (
    _pair("steps", ("steps", "differences"), "b - a", ("a - b", "a + b", "abs(b - a)")),
    _pair("sums", ("add neighbours", "adjacent sums"), "a + b", ("b - a", "a * b", "a + a")),
    _pair(
        "products", ("multiply neighbours", "adjacent products"), "a * b", ("a + b", "a * a", "b")
    ),
    _pair(
        "larger",
        ("max of neighbours", "adjacent max"),
        "max(a, b)",
        ("min(a, b)", "a", "max(a, -b)"),
    ),
    _pair("gaps", ("gaps", "step sizes"), "abs(b - a)", ("b - a", "abs(b + a)", "abs(b) - a")),
    Primitive(
        "rises",
        Kind.PAIR,
        ("keep rises", "only above previous"),
        "[b for a, b in zip(x, x[1:]) if b > a]",
        (
            "[b for a, b in zip(x, x[1:]) if b < a]",
            "[b for a, b in zip(x, x[1:]) if b >= a]",
            "[a for a, b in zip(x, x[1:]) if b > a]",
        ),
    ),
)
