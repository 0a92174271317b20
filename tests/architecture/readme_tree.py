"""The project's tree with one line a file, from the files' own first lines.

`python tests/architecture/readme_tree.py` writes it between the marks in README.md; the test
`test_readme.py` compares.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
BEGIN, END = "<!-- tree -->\n```\n", "```\n<!-- /tree -->"
TOP = {
    "Snakefile": "table of contents of the workflow",
    "config.yaml": "the whole study at organism scale; every key with meaning and unit",
    "Makefile": "reproduce, extended, demo, test, lint, bench; each makes .venv first",
    "pyproject.toml": "package metadata and the settings of ruff, pytest and mypy",
    "requirements.lock": "every dependency, pinned",
}
FOLDERS = (
    "workflow/rules",
    "workflow/presets",
    "workflow/profiles",
    "envs",
    "src/crest",
    "benchmarks",
)
WIDTH = 44
COMMENTS = {
    ".yaml": r"#(.*)",
    ".html": r"\{#(.*)#\}",
    ".css": r"/\*(.*)\*/",
    ".js": r"/\*(.*)\*/",
}


def tree() -> str:
    """Return the tree as text."""
    lines = [_line(name, text) for name, text in TOP.items()]
    for folder in FOLDERS:
        lines.append(f"{folder}/")
        lines += _folder(ROOT / folder, 1)
    lines += [
        _line("tests/", "unit (mirrors src), integration, workflow, torture, architecture"),
        _line("results/", "products, and a page on how to read them"),
    ]
    return "".join(f"{line}\n" for line in lines)


def _folder(folder: Path, depth: int) -> list[str]:
    lines = []
    entries = sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name))
    for path in entries:
        if path.name.startswith(("__pycache__", ".")) or path.name == "results":
            continue
        if path.is_dir():
            lines.append(_line("  " * depth + path.name + "/", _summary(path / "__init__.py")))
            lines += _folder(path, depth + 1)
        elif path.name not in {"__init__.py", "py.typed"}:
            lines.append(_line("  " * depth + path.name, _summary(path)))
    return lines


def _summary(path: Path) -> str:
    """Return the first sentence of a file, which says what it is."""
    if not path.exists():
        return ""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return (ast.get_docstring(ast.parse(text)) or "").split("\n")[0]
    if path.suffix == ".smk":
        found = re.search(r'\A"""(.*)', text)
        rules = re.findall(r"^(?:use )?rule (\w+)(?: as (\w+))?", text, re.MULTILINE)
        names = ", ".join(renamed or name for name, renamed in rules)
        return found.group(1).rstrip('"') if found else names
    found = re.search(COMMENTS[path.suffix], text) if path.suffix in COMMENTS else None
    return found.group(1).strip() if found else ""


def _line(name: str, text: str) -> str:
    return f"{name:<{WIDTH}} {text}".rstrip()


if __name__ == "__main__":
    readme = ROOT / "README.md"
    page = readme.read_text(encoding="utf-8")
    head, rest = page.split(BEGIN)
    readme.write_text(head + BEGIN + tree() + END + rest.split(END)[1], encoding="utf-8")
