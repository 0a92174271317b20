"""Primitives that end in one value: reductions of a list, and conditions on a list."""

from crest.tasks.code.primitive import Kind, Primitive


def _reduce(
    name: str,
    wordings: tuple[str, str],
    value: str,
    mutants: tuple[str, str, str],
    params: tuple[int, ...] = (),
) -> Primitive:
    return Primitive(name, Kind.REDUCE, wordings, value, mutants, params, terminal=True)


def _predicate(
    name: str,
    wordings: tuple[str, str],
    value: str,
    mutants: tuple[str, str, str],
    params: tuple[int, ...] = (),
) -> Primitive:
    return Primitive(name, Kind.PREDICATE, wordings, value, mutants, params, terminal=True)


REDUCES = (
    _reduce("sum", ("sum", "total"), "sum(x)", ("sum(x[1:])", "max(x)", "sum(map(abs, x))")),
    _reduce("max", ("max", "largest"), "max(x)", ("min(x)", "max(x, key=abs)", "x[-1]")),
    _reduce("min", ("min", "smallest"), "min(x)", ("max(x)", "min(x, key=abs)", "x[0]")),
    _reduce("count", ("count", "how many"), "len(x)", ("len(set(x))", "len(x) - 1", "sum(x)")),
    _reduce(
        "kinds",
        ("count distinct", "how many kinds"),
        "len(set(x))",
        ("len(x)", "len(set(x)) - 1", "len(set(map(abs, x)))"),
    ),
    _reduce(
        "spread",
        ("spread", "max minus min"),
        "max(x) - min(x)",
        ("max(x) + min(x)", "min(x) - max(x)", "x[-1] - x[0]"),
    ),
    _reduce(
        "median",
        ("upper median", "middle of sorted"),
        "sorted(x)[len(x) // 2]",
        ("x[len(x) // 2]", "sorted(x)[len(x) // 2 - 1]", "sorted(x)[len(x) // 3]"),
    ),
    _reduce(
        "squares",
        ("sum of squares", "total of squares"),
        "sum(v * v for v in x)",
        ("sum(v * 2 for v in x)", "sum(x) ** 2", "sum(v ** 3 for v in x)"),
    ),
    _reduce(
        "mean",
        ("floor mean", "whole average"),
        "sum(x) // len(x)",
        ("sum(x) // 2", "int(sum(x) / len(x))", "sum(x) % len(x)"),
    ),
    _reduce(
        "mode",
        ("mode", "most frequent"),
        "max(x, key=x.count)",
        ("min(x, key=x.count)", "max(x)", "max(x[::-1], key=x.count)"),
    ),
    _reduce(
        "ends",
        ("sum of ends", "first plus last"),
        "x[0] + x[-1]",
        ("x[0] - x[-1]", "x[0] + x[1]", "x[1] + x[-1]"),
    ),
    _reduce(
        "over",
        ("count above {n}", "how many over {n}"),
        "sum(v > {n} for v in x)",
        ("sum(v < {n} for v in x)", "sum(v >= {n} for v in x)", "sum(v > {m} for v in x)"),
        (1, 2, 3, 4, 5),
    ),
)

PREDICATES = (
    _predicate(
        "longer",
        ("longer than {n}", "over {n} items"),
        "len(x) > {n}",
        ("len(x) < {n}", "len(x) >= {n}", "len(x) > {m}"),
        (3, 4, 5),
    ),
    _predicate(
        "evensum",
        ("sum even", "even total"),
        "sum(x) % 2 == 0",
        ("sum(x) % 2", "len(x) % 2 == 0", "x[0] % 2 == 0"),
    ),
    _predicate(
        "climbs",
        ("first below last", "ends higher"),
        "x[0] < x[-1]",
        ("x[0] > x[-1]", "x[0] <= x[-1]", "x[1] < x[-1]"),
    ),
    _predicate(
        "has",
        ("has {n}", "contains {n}"),
        "{n} in x",
        ("{n} not in x", "{m} in x", "x[0] == {n}"),
        (0, 1, 2, 3),
    ),
    _predicate(
        "unequal",
        ("all distinct", "no repeats"),
        "len(set(x)) == len(x)",
        ("len(set(x)) < len(x)", "len(set(x)) > 1", "len(set(x)) == len(x) - 1"),
    ),
    _predicate(
        "peak",
        ("max above {n}", "some over {n}"),
        "max(x) > {n}",
        ("min(x) > {n}", "max(x) < {n}", "max(x) > {m}"),
        (5, 6, 7, 8),
    ),
)
