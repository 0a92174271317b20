import re

from crest.tasks.flashfill.inputs import (
    MAX_SEGMENTS,
    Format,
    draw_format,
    draw_irregular,
    draw_record,
    draw_segment,
)

SHAPES = {
    "word": "[a-z]{2,4}",
    "Word": "[A-Z][a-z]{1,3}",
    "WORD": "[A-Z]{2,4}",
    "number": "[0-9]{1,3}",
    "mixed": "([a-z]{1,2}[0-9]{1,2}|[0-9]{1,2}[a-z]{1,2})",
}


def shape(form):
    """Return a pattern of a format's records."""
    pieces = [SHAPES[form.segments[0]]]
    for separator, segment in zip(form.separators, form.segments[1:], strict=True):
        pieces += [re.escape(separator), SHAPES[segment]]
    return "".join(pieces)


def test_a_segment_looks_like_its_kind(rng):
    for kind, pattern in SHAPES.items():
        for _ in range(50):
            assert re.fullmatch(pattern, draw_segment(kind, rng))


def test_a_record_follows_its_format(rng):
    for _ in range(200):
        form = draw_format(rng)
        assert 2 <= len(form.segments) <= 4
        assert re.fullmatch(shape(form), draw_record(form, rng))


def test_an_irregular_record_of_one_format_shows_each_change(rng):
    form = Format(("word", "number"), ("-",))
    records = [draw_irregular(form, rng) for _ in range(300)]
    assert any(re.fullmatch("[a-z]{2,4}[^-a-z0-9] ?[0-9]{1,3}", text) for text in records)
    assert any(re.fullmatch("[a-z]{2,4}-[A-Z]{2,4}", text) for text in records)
    assert any(text.count("-") == 2 for text in records)


def test_an_irregular_record_departs_from_its_format(rng):
    # A change of kind may look regular only where a record of one kind is also one of another:
    # never, for these shapes; a segment more or less changes the number of separators.
    for form in (
        Format(("word", "number"), ("-",)),
        Format(("Word", "WORD", "number"), (" ",) * 2),
    ):
        assert all(not re.fullmatch(shape(form), draw_irregular(form, rng)) for _ in range(200))


def test_no_change_makes_too_many_or_too_few_segments(rng):
    longest = Format(("number",) * MAX_SEGMENTS, ("-",) * (MAX_SEGMENTS - 1))
    shortest = Format(("number",) * 2, ("-",))
    for _ in range(100):
        parts = re.findall("[0-9a-zA-Z]+", draw_irregular(longest, rng))
        assert MAX_SEGMENTS - 1 <= len(parts) <= MAX_SEGMENTS
        assert len(re.findall("[0-9a-zA-Z]+", draw_irregular(shortest, rng))) >= 2
