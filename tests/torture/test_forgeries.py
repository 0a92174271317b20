"""Programs that write bytes of their own to the grader: none may pass, none may slow it down."""

from textwrap import dedent

import pytest

from crest.records import Status

CALLS = ((1,), (2,), (3,))
SECRETS = (918_273_645, "k7-secret-k7", [46, 19, 83])

FORGERIES = {
    "forges results on every descriptor": r"""
        import os
        line = b'R918273646\nR"guess"\nR[1]\n'
        for fd in range(64):
            try:
                os.write(fd, line)
            except OSError:
                pass
        os._exit(0)
    """,
    "forges passing verdicts on every descriptor": r"""
        import os
        for fd in range(64):
            for line in (b'PASS\n', b'{"status": "PASS"}\n',
                         b'true\n', b'[true,true,true]\n', b'\x01' * 64):
                try:
                    os.write(fd, line)
                except OSError:
                    pass
        os._exit(0)
    """,
    "forges the zygote's report on every descriptor": """
        import os, struct
        report = struct.pack('=BiQQ', 0, 0, 1, 1) * 50
        for fd in range(3, 64):
            try:
                os.write(fd, report)
            except OSError:
                pass
        def f(x):
            return x
    """,
    "forges a fault of the grader": """
        import os, struct
        for fd in range(3, 64):
            try:
                os.write(fd, struct.pack('=BiQQ', 3, 0, 0, 0))
            except OSError:
                pass
        def f(x):
            return x
    """,
    "forges the grader's own error text": r"""
        import os
        os.write(4, b'{"missing": "seccomp"}\n')
        def f(x):
            raise RuntimeError
    """,
    "leaves results for the next program": r"""
        import os
        def f(x):
            os.lseek(4, 0, 0)
            os.write(4, b'Rnull\n' * 100)
            return x
    """,
    "writes more lines than there are calls": r"""
        import os
        def f(x):
            os.write(4, b'R1\n' * 1000)
            return x
    """,
    "nests a forged result too deeply to read": r"""
        import os
        os.write(4, b'R' + b'[' * 100000 + b']' * 100000 + b'\n')
        os._exit(0)
    """,
    "forges unknown tags and broken payloads": r"""
        import os
        os.write(4, b'R{"object":1}\nR{"int":"9"}\nR{"tuple":1,"set":2}\n')
        os._exit(0)
    """,
    "forges numbers that are no JSON": r"""
        import os
        os.write(4, b'RNaN\nR1_0\nRInfinity\n')
        os._exit(0)
    """,
    "forges an integer of a million digits": r"""
        import os
        os.write(4, b'R' + b'9' * 1000000 + b'\nR1\nR1\n')
        os._exit(0)
    """,
    "forges bytes that are no text": """
        import os
        os.write(4, bytes(range(256)) * 4)
        os._exit(0)
    """,
}


@pytest.mark.parametrize("deed", FORGERIES)
def test_a_forgery_earns_nothing_when_it(deed, hostile_grader, grade_one):
    source = dedent(FORGERIES[deed])
    verdict = grade_one(hostile_grader, source, CALLS, SECRETS)
    assert verdict.status is not Status.PASS
    assert not any(verdict.passed_tests)


def test_a_set_of_colliding_hashes_is_refused_without_hashing(hostile_grader, grade_one):
    """20000 multiples of the hash modulus cost seconds in a set; the grader builds none."""
    source = """
import os
items = ','.join('{"int":"%#x"}' % (k * (2**61 - 1)) for k in range(20000))
os.write(4, b'R{"set":[' + items.encode() + b']}\\n')
os._exit(0)
"""
    expected = (set(range(20_000)),)
    assert grade_one(hostile_grader, source, ((1,),), expected).status is Status.WA
