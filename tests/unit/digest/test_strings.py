import pytest

from crest.digest.strings import canonical_strings


def canonical(*literals):
    return canonical_strings(literals, str.strip)


def test_every_quoting_of_a_text_is_equal():
    assert len({canonical(one) for one in ("'é'", '"é"', "'''é'''", "u'é'", "'\\xe9'")}) == 1


def test_a_joint_between_literals_does_not_count():
    assert canonical("f'{a}b'", "'c'", 'f"{d}"') == canonical("f'{a}bc{d}'")


def test_text_that_looks_like_a_field_is_no_field():
    assert canonical("'{a}'") == canonical("f'{{a}}'") != canonical("f'{a}'")


@pytest.mark.parametrize(
    "literal",
    [
        "f'{a}'",
        "f'{b}'",
        "f'{a!r}'",
        "f'{a:r}'",
        "f'{a=}'",
        "f'{a = }'",
        "f'{a=!r}'",
        "f'{a:{b}}'",
        "f'{a:{b}c}'",
        "f'{a}a'",
        "f'a{a}'",
        "f'{a}{a}'",
        "f'{a!=b}'",
        "f'{a==b}'",
        "f'{a[\":\"]}'",
        "f'{(lambda x: x)}'",
        "f'{ {1: 2}[1] }'",
        "f'\\N{BULLET}'",
        "rf'\\N{a}'",
        "b'a'",
        "f'''{a}\n'''",
    ],
)
def test_literals_with_different_meaning_differ(literal):
    others = {"f'{a}'", "f'{b}'", "'a'", "'{a}'", "f'{a!s}'", "f'{a:>3}'"} - {literal}
    assert canonical(literal) not in {canonical(other) for other in others}


def test_what_cannot_be_read_is_kept_as_written():
    assert canonical("f'{a'") == """as written ["f'{a'"]"""
