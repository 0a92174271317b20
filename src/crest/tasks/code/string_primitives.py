"""Primitives on a text: to another text, or to a number."""

from crest.tasks.code.primitive import Kind, Primitive


def _text(
    name: str,
    wordings: tuple[str, str],
    value: str,
    mutants: tuple[str, str, str],
    params: tuple[int, ...] = (),
) -> Primitive:
    return Primitive(name, Kind.STRING, wordings, value, mutants, params)


def _number(
    name: str, wordings: tuple[str, str], value: str, mutants: tuple[str, str, str]
) -> Primitive:
    return Primitive(name, Kind.STRING, wordings, value, mutants, terminal=True)


STRINGS = (
    _text("upper", ("upper case", "capitals"), "x.upper()", ("x.lower()", "x.title()", "x")),
    _text("lower", ("lower case", "small letters"), "x.lower()", ("x.upper()", "x.title()", "x")),
    _text(
        "swap", ("swap case", "flip case"), "x.swapcase()", ("x.upper()", "x.lower()", "x.title()")
    ),
    _text(
        "title",
        ("title case", "capital per word"),
        "x.title()",
        ("x.upper()", "x.capitalize()", "x.lower()"),
    ),
    _text(
        "backward",
        ("reverse text", "spell backwards"),
        "x[::-1]",
        ("x[::-2]", "x[:0:-1]", "''.join(sorted(x))"),
    ),
    _text(
        "repeat",
        ("text {n} times", "repeat {n} times"),
        "x * {n}",
        ("x * {m}", "x[::{n}]", "x + ' ' + x"),
        (2, 3),
    ),
    _text(
        "hop",
        ("every {n} letters", "hop by {n} letters"),
        "x[::{n}]",
        ("x[::{m}]", "x[1::{n}]", "x[:{n}]"),
        (2, 3),
    ),
    _text(
        "past",
        ("skip {n} letters", "after {n} letters"),
        "x[{n}:]",
        ("x[:{n}]", "x[{m}:]", "x[-{n}:]"),
        (1, 2, 3, 4),
    ),
    _text(
        "chop",
        ("chop {n} end letters", "lose {n} end letters"),
        "x[:-{n}]",
        ("x[-{n}:]", "x[:-{m}]", "x[:{n}]"),
        (1, 2, 3, 4),
    ),
    _text(
        "start",
        ("first {n} letters", "cut to {n} letters"),
        "x[:{n}]",
        ("x[{n}:]", "x[:{m}]", "x[-{n}:]"),
        (3, 4, 5, 6),
    ),
    _text(
        "end",
        ("last {n} letters", "keep {n} end letters"),
        "x[-{n}:]",
        ("x[{n}:]", "x[-{m}:]", "x[:-{n}]"),
        (3, 4, 5, 6),
    ),
    _text(
        "join",
        ("drop spaces", "no spaces"),
        "x.replace(' ', '')",
        ("x.strip()", "x.replace(' ', '-')", "x.replace(' ', '', 1)"),
    ),
    _text(
        "letters",
        ("sort letters", "letters in order"),
        "''.join(sorted(x))",
        ("''.join(sorted(x)[::-1])", "''.join(sorted(set(x)))", "''.join(sorted(x.lower()))"),
    ),
    _number(
        "length", ("length", "text size"), "len(x)", ("len(set(x))", "len(x) - 1", "x.count(' ')")
    ),
    _number(
        "letter",
        ("count a", "how many a"),
        "x.count('a')",
        ("x.count('e')", "x.find('a')", "x.lower().count('a')"),
    ),
    _number(
        "wordcount",
        ("count words", "how many words"),
        "len(x.split())",
        ("x.count(' ')", "len(x)", "len(set(x))"),
    ),
)
