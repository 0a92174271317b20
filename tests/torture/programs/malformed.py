"""Texts that are no programs: each gets the status that says so, and crashes nobody."""

from tests.torture.case import failing

from crest.records import Status
from crest.testing import FunctionTests

PROGRAMS = {
    "opens a hundred thousand brackets": (f"{'(' * 100_000}\n", {Status.CE}),
    "negates a hundred thousand times": (f"x = {'-' * 100_000}1\n", {Status.CE, Status.SIG}),
    "indents a thousand times": (
        "".join(f"{' ' * depth}if 1:\n" for depth in range(1000)) + " " * 1000 + "pass\n",
        {Status.CE},
    ),
    "is one line of a megabyte": (  # a slow machine runs out of time before memory
        f"x = {'1+' * 500_000}1\n",
        {Status.CE, Status.SIG, Status.MLE, Status.TLE},
    ),
    "is a megabyte of names": (
        "".join(f"x{number} = {number}\n" for number in range(60_000)),
        {Status.LOAD, Status.TLE, Status.MLE, Status.CE},
    ),
    "holds a number of a hundred thousand digits": (f"x = {'9' * 100_000}\n", {Status.CE}),
    "holds a null byte": ("def f(x):\n    return 2\n\0", {Status.CE}),
    "holds a lone surrogate": ("def f(x):\n    return '\ud800'\n", {Status.CE}),
    "declares an unknown encoding": (
        "# -*- coding: no-such-code -*-\ndef f(x):\n    return 3\n",
        {Status.WA, Status.CE},
    ),
    "is a syntax error": ("def f(x) return 2\n", {Status.CE}),
    "mixes tabs and spaces": ("def f(x):\n        y = 2\n\treturn y\n", {Status.CE}),
    "warns until it fails": (
        "import warnings\nwarnings.simplefilter('error')\nwarnings.warn('x')\n",
        {Status.LOAD},
    ),
    "is empty": ("", {Status.NOCODE}),
    "is only space": (" \n\t\n", {Status.NOCODE}),
    "is a remark": ("# def f(x): return 2\n", {Status.LOAD}),
    "is a text about a program": ("The answer is to return two.\n", {Status.CE}),
    "is a second block in fences": (
        "def f(x):\n    return 3\n```\n\n```python\ndef f(x):\n    return 2\n",
        {Status.CE},
    ),
    "is a program in fences": ("```python\ndef f(x):\n    return 2\n```\n", {Status.CE}),
    "is a table of constants of exponential size": (
        "x = ((((((1,) * 99) * 99) * 99) * 99) * 99) * 99\n",
        {Status.LOAD, Status.MLE, Status.TLE, Status.CE},
    ),
    "has a constant shifted out of memory": (
        "x = 1 << (1 << 40)\n",
        {Status.LOAD, Status.MLE, Status.CE},
    ),
}

TESTS = FunctionTests("f", ((1,),), (2,))
CASES = [
    failing(name, source, TESTS, frozenset(allowed)) for name, (source, allowed) in PROGRAMS.items()
]
