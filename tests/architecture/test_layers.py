"""Imports go downward only, and heavy libraries stay where they are needed."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
PACKAGE = SOURCE / "crest"

LAYERS = [
    {
        *("checksums", "closing", "components", "config", "config_faults", "failures"),
        *("job_record", "libraries", "records", "seeds"),
        *(
            "acceptances",
            "adoption",
            "between_runs",
            "disks",
            "file_digests",
            "file_times",
            "spec",
            "digest",
            "registry",
            "stopping",
        ),
        *("storage", "testing", "tracking"),
        "work",
    },
    {"grading", "models"},
    {"tasks"},
    {"learning", "statistics"},
    {"control", "selection"},
    {"audit", "campaigns", "crossover", "evaluate", "simulate"},
    {"report", "figures"},
    {"jobs", "plan"},
    {"commands"},
    {"cli"},
]
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}
TORCH_PARTS = {"models", "learning", "campaigns", "evaluate", "jobs", "selection"}
TABLE_PARTS = {"statistics", "figures", "report"}
NEVER_BY_ORGANISM = {"transformers", "peft", "bitsandbytes", "datasets", "trl", "accelerate"}
HUB = "crest.tasks.hub"  # the door to data sets, which opens `datasets` when it is used
HEAVY = {"torch", "snakemake", *NEVER_BY_ORGANISM}

FILES = sorted(PACKAGE.rglob("*.py"))


def name_of(path):
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in FILES}


def part_of(module):
    """Return the package or module directly under crest that a dotted name lies in."""
    return module.split(".")[1] if "." in module else ""


def imports_of(module):
    """Return the dotted names that a module imports anywhere in its text."""
    found = set()
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            origin = ".".join(filter(None, [base, node.module]))
            names = {f"{origin}.{alias.name}" for alias in node.names}
            found |= {name for name in names if name in MODULES} or {origin}
    return found


def libraries_of(module):
    return {name.partition(".")[0] for name in imports_of(module)} - {"crest"}


def loaded_after_importing(modules):
    """Return the top-level names in sys.modules of a fresh interpreter after some imports."""
    program = (
        "import importlib, json, sys\n"
        "for name in json.loads(sys.argv[1]): importlib.import_module(name)\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    command = [sys.executable, "-c", program, json.dumps(sorted(modules))]
    environment = {"PYTHONPATH": str(SOURCE), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_every_part_of_the_package_has_a_layer():
    assert {part_of(module) for module in MODULES} - {""} <= set(LEVEL)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_downward_only(module):
    part = part_of(module)
    others = {
        name
        for name in imports_of(module)
        if name.partition(".")[0] == "crest" and part_of(name) not in ("", part)
    }
    bottom = LEVEL.get(part, 0) == 0
    wrong = [
        f"{module} (layer {LEVEL[part]}) imports {name} (layer {LEVEL[part_of(name)]})"
        for name in sorted(others)
        if LEVEL[part_of(name)] > LEVEL[part]
        or (LEVEL[part_of(name)] == LEVEL[part] and not bottom)
    ]
    assert wrong == []


def test_snakemake_is_never_imported():
    assert [module for module in MODULES if "snakemake" in libraries_of(module)] == []


def test_torch_is_imported_only_where_tensors_are():
    users = {part_of(module) for module in MODULES if "torch" in libraries_of(module)}
    assert users <= TORCH_PARTS


def test_the_organism_never_names_the_libraries_of_large_models():
    assert {
        module: sorted(libraries_of(module) & NEVER_BY_ORGANISM)
        for module in MODULES
        if libraries_of(module) & NEVER_BY_ORGANISM
    } == {HUB: ["datasets"]}


def test_jobs_load_no_library_of_large_models():
    jobs = {module for module in MODULES if module.startswith("crest.jobs.")}
    assert jobs
    assert loaded_after_importing(jobs) & (NEVER_BY_ORGANISM | {"snakemake"}) == set()


def test_what_reads_tables_loads_no_torch():
    readers = {module for module in MODULES if part_of(module) in TABLE_PARTS}
    assert readers
    assert loaded_after_importing(readers) & HEAVY == set()


def test_planning_and_asking_load_no_torch():
    assert loaded_after_importing({"crest.plan", "crest.cli"}) & HEAVY == set()


def test_the_digest_needs_the_standard_library_alone():
    program = "import crest.digest"  # -S leaves installed libraries out of reach
    command = [sys.executable, "-S", "-c", program]
    environment = {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
