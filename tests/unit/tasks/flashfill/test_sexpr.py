import pytest

from crest.tasks.flashfill.sexpr import Text, parse_expressions


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", []),
        ("a", ["a"]),
        ("(a (b) ())", [["a", ["b"], []]]),
        ('(f "a b")', [["f", Text("a b")]]),
        ('"say ""hi"""', [Text('say "hi"')]),
        ('""', [Text("")]),
        ('"; no ( comment"', [Text("; no ( comment")]),
        ('a ; (comment "\nb', ["a", "b"]),
        ("|a b|", ["|a b|"]),
        ('"two\nlines"', [Text("two\nlines")]),
    ],
)
def test_expressions_are_read(source, expected):
    assert parse_expressions(source) == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("(a\n(b)", "line 2: 1 brackets stay open"),
        ("(a)\n)", "line 2: a bracket closes that none opens"),
        ('(a)\n\n"b', "line 3: a quote or bar is never closed"),
        ("|a", "line 1: a quote or bar is never closed"),
    ],
)
def test_what_does_not_match_is_named_by_line(source, message):
    with pytest.raises(ValueError, match=message):
        parse_expressions(source)


def test_depth_is_no_limit():
    deep = 100_000
    (expression,) = parse_expressions("(" * deep + ")" * deep)
    for _ in range(deep - 1):
        (expression,) = expression
    assert expression == []
