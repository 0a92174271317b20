"""Rewrites of a program that mean the same, and edits of one token that may not."""

import ast
import io
import json
import tokenize

from crest.digest.scan import scan

FILLING = ["", "# x = 1", "        # deep"]
BETWEEN = [" ", "  ", " \\\n  "]
INSIDE = [" ", "\n", "\n  # note\n\n      "]
INDENTS = [" ", "  ", "\t", " " * 8]
ENDS = ["", "", "  # é: 'x"]


def whole_tokens(source):
    """Return tokens with their texts; an f-string is one token on every Python version."""
    rows, opened = source.splitlines(), []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        name = tokenize.tok_name[token.type]
        if name == "FSTRING_START":
            opened.append(token.start)
        elif name == "FSTRING_END":
            (row, start), (_, end) = opened.pop(), token.end
            if not opened:
                yield tokenize.STRING, rows[row - 1][start:end]
        elif not opened:
            yield token.type, token.string


def reformatted(source, rng):
    """Return the source with other white space, comments, quotes, line joints and indentation."""
    indent = rng.choice(INDENTS)
    lines, line, level, depth = [], [], 0, 0
    for kind, text in whole_tokens(source):
        level += (kind == tokenize.INDENT) - (kind == tokenize.DEDENT)
        if kind == tokenize.NEWLINE:
            lines.append(indent * level + "".join(line) + rng.choice(ENDS))
            lines += rng.sample(FILLING, rng.randrange(3))
            line = []
        elif kind in (tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.OP):
            line += [rng.choice(INSIDE if depth else BETWEEN)] * bool(line)
            line.append(requoted(text, rng) if kind == tokenize.STRING else text)
            depth += (text in "([{") - (text in ")]}")
    return "\n".join(lines) + "\n"


def requoted(literal, rng):
    """Return a plain string literal with other quotes, any other literal as it is."""
    if literal[0] not in "'\"":
        return literal
    value = ast.literal_eval(literal)
    return rng.choice([repr(value), json.dumps(value), f'"""{value}"""', f"u'''{value}'''"])


def without_idle(source):
    """Return the syntax tree as text, statements that do nothing left out."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(getattr(node, "body", None), list):
            node.body = [one for one in node.body if not is_idle(one)]
    return ast.dump(tree)


def is_idle(node):
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return constant or isinstance(node, ast.Pass)


def compiles(source):
    try:
        compile(source, "edited", "exec")
    except SyntaxError:
        return False
    return True


def edits(source):
    """Return the source with one token lengthened or left out, for every token in it."""
    encoded = [line.encode() for line in source.splitlines(keepends=True)]
    for token in scan(source):
        row, start = token.position
        text = token.text.encode()
        if token.kind == tokenize.NEWLINE or b"\n" in text:
            continue
        for change in (text + b"0", text[:-1] + b"!" + text[-1:], b"(" + text + b")", b" "):
            edited = encoded[row - 1][:start] + change + encoded[row - 1][start + len(text) :]
            lines = [*encoded[: row - 1], edited, *encoded[row:]]
            yield b"".join(lines).decode()
