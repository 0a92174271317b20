"""A copy of the project that tests may edit and run, and the jobs that a run would do."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("Snakefile", "config.yaml", "workflow", "envs", "src")
PRESET = "workflow/presets/smoke.yaml"


@dataclass(frozen=True)
class Project:
    """A copy of the project that tests may edit."""

    folder: Path

    def snakemake(self, *arguments: str, preset: str = PRESET) -> subprocess.CompletedProcess:
        """Run Snakemake in the copy with a preset laid over its configuration."""
        command = [
            *(str(Path(sys.executable).with_name("snakemake")), "--cores", "2"),
            *("--workflow-profile", "workflow/profiles/default", "--configfile", preset),
            *arguments,
        ]
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def planned(self, *arguments: str, preset: str = PRESET) -> list["Job"]:
        """Return the jobs that a run would do now."""
        done = self.snakemake("--dry-run", *arguments, preset=preset)
        assert done.returncode == 0, done.stdout + done.stderr
        return parse_jobs(done.stdout + done.stderr)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace one occurrence of a text in a file of the copy."""
        file = self.folder / path
        text = file.read_text()
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        file.write_text(text.replace(old, new))


@dataclass(frozen=True)
class Job:
    """A planned job: its rule and wildcards."""

    rule: str
    wildcards: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> str | None:
        return dict(self.wildcards).get(name)


def parse_jobs(text: str) -> list[Job]:
    """Return the jobs that a dry run's output lists."""
    jobs = []
    for block in re.split(r"\n(?=(?:local)?rule \w+:)", text):
        rule = re.match(r"(?:local)?rule (\w+):", block)
        if rule is None:
            continue
        wildcards = re.search(r"^    wildcards: (.*)$", block, re.MULTILINE)
        pairs = wildcards.group(1).split(", ") if wildcards else []
        jobs.append(Job(rule.group(1), tuple(tuple(pair.split("=", 1)) for pair in pairs)))
    return jobs


def copy_project(folder: Path) -> Project:
    """Copy what a study needs, without products or caches."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(
                source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
            )
        else:
            shutil.copy2(source, folder / part)
    return Project(folder)
