"""Functions that write bytes of their own to the grader."""

from tests.torture.case import hack

from crest.testing import FunctionTests

PROGRAMS = {
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
    "forges a status that no program can have": r"""
        import os
        os.write(4, b'P\nPASS\nIE\n')
        os._exit(0)
    """,
    "forges an answer behind a hole": r"""
        import os
        os.lseek(4, 1 << 20, 0)
        os.write(4, b'R1\nR2\nR3\n')
        os._exit(0)
    """,
    "forges objects with repeated keys": r"""
        import os
        os.write(4, b'R{"int":"0x1","int":"0x2"}\nR{}\nR{"set":[46,19,83]}\n')
        os._exit(0)
    """,
    "forges a table of a million empty lists": r"""
        import os
        os.write(4, b'R[' + b'[],' * 600000 + b'[]]\n')
        os._exit(0)
    """,
    "turns the result descriptor into stdout": """
        import os
        os.dup2(1, 4)
        def f(x):
            return x
    """,
    "closes every descriptor": """
        import os
        os.closerange(0, 64)
        def f(x):
            return x
    """,
    "maps the result into memory and writes it there": r"""
        import mmap, os
        os.write(4, b' ' * 4096)
        with mmap.mmap(4, 4096) as m:
            m[:12] = b'R918273646\nR'
        os._exit(0)
    """,
    "makes its process go on as a zygote": """
        import sys
        def f(x):
            frame = sys._getframe()
            while frame:
                for name in ('exit_process', 'run_child', 'write_result'):
                    if name in frame.f_globals:
                        frame.f_globals[name] = lambda *a, **k: 0
                frame = frame.f_back
            return x
    """,
    "runs the loop of the zygote itself": """
        import sys
        def f(x):
            frame = sys._getframe()
            while frame.f_back:
                frame = frame.f_back
            names = frame.f_globals
            settings = {'kill_cpu_s': 9, 'wall_s': 9, 'output_bytes': 9}
            names['serve'](settings, type('Filter', (), {'header': None}), lambda: 0)
    """,
    "encodes its answers in its own way": """
        import sys
        def f(x):
            names = sys._getframe(1).f_globals['encode'].__globals__
            names['EXACT'][int] = lambda value, nesting: '918273646\\nRtrue\\nRtrue'
            return x
    """,
}

COLLIDING = {
    "forges a set of colliding hashes": r"""
        import os
        items = ','.join('{"int":"%#x"}' % (k * (2**61 - 1)) for k in range(20000))
        os.write(4, b'R{"set":[' + items.encode() + b']}\n')
        os._exit(0)
    """,
    "forges a dict of colliding keys": r"""
        import os
        pairs = ','.join('[{"int":"%#x"},1]' % (k * (2**61 - 1)) for k in range(20000))
        os.write(4, b'R{"dict":[' + pairs.encode() + b']}\n')
        os._exit(0)
    """,
}

ALL = tuple(range(20_000))
CASES = [hack(name, source) for name, source in PROGRAMS.items()]
CASES += [
    hack(name, source, FunctionTests("f", ((1,),), (expected,)))
    for (name, source), expected in zip(
        COLLIDING.items(), (set(ALL), dict.fromkeys(ALL, 1)), strict=True
    )
]
