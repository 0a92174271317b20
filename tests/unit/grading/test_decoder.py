import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.grading.decoder import UndecodableError, decode


@given(st.binary())
def test_arbitrary_bytes_decode_or_are_refused(data):
    with contextlib.suppress(UndecodableError):
        decode(data)


@given(st.text(alphabet='[]{}":,1etruinlsdco0xaf.-', max_size=40))
def test_near_misses_decode_or_are_refused(text):
    with contextlib.suppress(UndecodableError):
        decode(text.encode("ascii"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"NaN",
        b"Infinity",
        b'{"object":1}',
        b"{}",
        b'{"int":1}',
        b'{"int":"12"}',
        b'{"int":"0x1_0"}',
        b'{"int":" 0x1"}',
        b'{"float":"1.0"}',
        b'{"float":"INF"}',
        b'{"tuple":"ab"}',
        b'{"set":{"set":[]}}',
        b'{"dict":[[1,2,3]]}',
        b'{"dict":[1]}',
        b'{"complex":[1,2]}',
        b'{"complex":[1.0]}',
        b'{"bytes":"0g"}',
        b'{"tuple":[],"set":[]}',
        b'{"tuple":[],"tuple":[]}',
        b"[1,]",
        b"[" * 100_000,
        b"9" * 10_000,
        "é".encode(),
        b"1\x00",
    ],
)
def test_what_the_encoder_never_writes_is_refused(data):
    with pytest.raises(UndecodableError):
        decode(data)
