"""String literals by what they mean: quotes, prefixes, escapes and joints do not count.

Python 3.12 began to split f-strings into tokens of their own, so f-strings are read here from
their source text, by the same code on every version. Covers every literal that is valid on
Python 3.11; what cannot be read, as quotes nested in quotes of their kind, counts as written.
"""

import ast
import json
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_OPENING = re.compile(r"([A-Za-z]*)('''|\"\"\"|'|\")")
_OPERATORS_ENDING_IN_EQUALS = "=!<>"

Normalise = Callable[[str], str]
"""Turns the source of an expression into its canonical text."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A replacement field: what stands between braces."""

    expression: str
    suffix: str
    spec: str


_Part = str | _Field


def canonical_strings(literals: Sequence[str], normalise: Normalise) -> str:
    """Return one text for a run of adjacent string literals.

    Args:
        literals: Source text of each literal, prefix and quotes included.
        normalise: Applied to the expressions inside f-strings.

    Example:
        >>> canonical_strings(["'a'", '"b"'], str) == canonical_strings(["'ab'"], str)
        True
    """
    try:
        return _canonical(literals, normalise)
    except (SyntaxError, ValueError, IndexError):
        return "as written " + json.dumps(list(literals))


def _canonical(literals: Sequence[str], normalise: Normalise) -> str:
    kinds = {_kind(literal) for literal in literals}
    if kinds == {"b"}:
        return "b" + b"".join(_evaluate(literal) for literal in literals).hex()
    parts: list[_Part] = []
    for literal in literals:
        parts += _parts(literal, normalise)
    marker = "t" if "t" in kinds else ""
    return marker + json.dumps([_encode(part) for part in _joined(parts)])


def _kind(literal: str) -> str:
    prefix = _split(literal)[0]
    return next((letter for letter in "bft" if letter in prefix), "")


def _split(literal: str) -> tuple[str, str]:
    opening = _OPENING.match(literal)
    if opening is None:
        raise ValueError(f"not a string literal: {literal!r}")
    quote = opening[2]
    return opening[1].lower(), literal[opening.end() : -len(quote)]


def _evaluate(literal: str) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value: bytes = ast.literal_eval(literal)
    return value


def _parts(literal: str, normalise: Normalise) -> list[_Part]:
    if _kind(literal) not in ("f", "t"):
        return [str(_evaluate(literal))]
    prefix, body = _split(literal)
    return _Scanner(body, raw="r" in prefix, normalise=normalise).parts()


def _joined(parts: Sequence[_Part]) -> list[_Part]:
    joined: list[_Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return joined


def _encode(part: _Part) -> str | list[str]:
    return part if isinstance(part, str) else [part.expression, part.suffix, part.spec]


class _Scanner:
    """Reads the body of one f-string from left to right."""

    def __init__(self, body: str, *, raw: bool, normalise: Normalise) -> None:
        self.body = body
        self.raw = raw
        self.normalise = normalise
        self.at = 0

    def parts(self, *, in_spec: bool = False) -> list[_Part]:
        """Return texts and fields up to the end, or up to the brace that closes a spec."""
        found: list[_Part] = []
        text = ""
        while self.at < len(self.body) and not (in_spec and self.body[self.at] == "}"):
            pair = self.body[self.at : self.at + 2]
            if pair[0] == "{" and (in_spec or pair != "{{"):
                found += [self._decode(text), self._field()]
                text = ""
            elif pair in ("{{", "}}"):
                text += pair[0]
                self.at += 2
            else:
                text += self._character()
        return [*found, self._decode(text)]

    def _character(self) -> str:
        """Return the source of one character, quotes escaped so that any quotes fit around."""
        rest = self.body[self.at :]
        if self.raw or rest[0] != "\\":
            self.at += 1
            return '\\"' if rest[0] == '"' and not self.raw else rest[0]
        if rest[1] in "{}":
            self.at += 1
            return "\\\\"
        length = rest.index("}") + 1 if rest.startswith("\\N{") else 2
        self.at += length
        return rest[:length]

    def _decode(self, text: str) -> str:
        return text if self.raw else str(_evaluate(f'"""{text}"""'))

    def _field(self) -> _Field:
        start = self.at + 1
        self.at = start
        self._skip_expression()
        source = self.body[start : self.at]
        suffix = ""
        if self.body[self.at] == "=":
            self.at += 1
            self._skip_spaces()
            suffix = self.body[start : self.at]  # f"{x = }" prints its own source
        if self.body[self.at] == "!":
            suffix += self.body[self.at : self.at + 2]
            self.at += 2
            self._skip_spaces()
        spec: list[_Part] = []
        if self.body[self.at] == ":":
            self.at += 1
            spec = self.parts(in_spec=True)
        if self.body[self.at] != "}":
            raise ValueError(f"no end of the field in {self.body!r}")
        self.at += 1
        encoded = json.dumps([_encode(part) for part in _joined(spec)])
        return _Field(self.normalise(source), suffix, encoded)

    def _skip_spaces(self) -> None:
        while self.body[self.at].isspace():
            self.at += 1

    def _skip_expression(self) -> None:
        """Move to the `=`, `!`, `:` or `}` that ends an expression."""
        depth = 0
        while depth or not self._ends_expression():
            character = self.body[self.at]
            if character in "'\"":
                self._skip_string()
                continue
            depth += (character in "([{") - (character in ")]}")
            self.at += 1

    def _ends_expression(self) -> bool:
        character, following = self.body[self.at], self.body[self.at + 1 : self.at + 2]
        if character == "=":
            compares = following == "=" or self.body[self.at - 1] in _OPERATORS_ENDING_IN_EQUALS
            return not compares
        return character in ":}" or (character == "!" and following != "=")

    def _skip_string(self) -> None:
        opening = _OPENING.match(self.body, self.at)
        if opening is None:
            raise ValueError(f"no string at {self.at} in {self.body!r}")
        self.at = self.body.index(opening[2], opening.end()) + len(opening[2])
