"""Checkpoints that are cut off, changed, without checksums, or of another model."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tests.workflow.drills.by_hand import JobByHand, checksums, run, snakemake
from tests.workflow.project import RESULTS, Project

from crest.checksums import SUMS
from crest.models.organism.network import Organism
from crest.models.organism.policy import OrganismPolicy
from crest.models.organism.shape import load_shape, read_shape
from crest.models.organism.tokenizer import Tokenizer, TokenizerOptions
from crest.storage import write_sums

CAMPAIGN = "collapse/organism/naive/seed0/campaign2"
START = Path("collapse/organism/naive/seed0/campaign1/next")


def cut_off(folder: Path) -> None:
    path = folder / "model.safetensors"
    replace(path, path.read_bytes()[:100_000])


def flip_a_bit(folder: Path) -> None:
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    replace(path, bytes(content))


def lose_the_sums(folder: Path) -> None:
    (folder / SUMS).unlink()


def garble_the_sums(folder: Path) -> None:
    (folder / SUMS).write_text("not a checksum\n")


def replace(path: Path, content: bytes) -> None:
    """Write a file that other checkpoints may be linked to, leaving theirs alone."""
    path.unlink()
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (cut_off, "next/model.safetensors does not hold the bytes that SHA256SUMS names"),
        (flip_a_bit, "next/model.safetensors does not hold the bytes that SHA256SUMS names"),
        (lose_the_sums, "next/SHA256SUMS: No such file or directory"),
        (garble_the_sums, "next/SHA256SUMS has the line 'not a checksum'"),
    ],
)
def test_a_damaged_checkpoint_stops_a_campaign_before_any_work(
    finished_copy: Project, damage: Callable[[Path], None], why: str
) -> None:
    results, job = finished_copy.folder / RESULTS, JobByHand(finished_copy, CAMPAIGN)
    command = job.command()
    damage(results / START)
    before = checksums(results)
    failed = run(finished_copy, command)
    assert failed.returncode == 1
    assert f"{CAMPAIGN} failed: {RESULTS}/{START.parent}/{why}" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert "start: select" not in failed.stderr
    assert checksums(results) == before


@pytest.mark.parametrize("damage", [flip_a_bit, garble_the_sums])
def test_a_checkpoint_made_alone_is_the_same_and_nothing_after_it_runs_again(
    finished_copy: Project, damage: Callable[[Path], None]
) -> None:
    results, job = finished_copy.folder / RESULTS, JobByHand(finished_copy, CAMPAIGN)
    before, command = checksums(results), job.command()
    damage(results / START)
    failed = run(finished_copy, command)
    sums = f"{RESULTS}/{START}/{SUMS}"
    assert f"delete {sums}, run snakemake with that path as its first argument" in failed.stderr
    (finished_copy.folder / sums).unlink()
    alone = run(finished_copy, snakemake(sums))
    assert alone.returncode == 0, alone.stderr
    assert checksums(results) == before
    assert finished_copy.planned() == []


def put_another_model(folder: Path, *, hidden_size: int = 96, texts: tuple[str, ...] = ()) -> None:
    """Put a whole checkpoint of another model where one is; its checksums are right."""
    config = json.loads((folder / "config.json").read_text())
    torch.manual_seed(0)
    tokenizer = Tokenizer.load(folder)
    if texts:
        tokenizer = Tokenizer.train(texts, TokenizerOptions(vocab_size=config["vocab_size"]))
    options = read_shape(config).options.model_dump() | {"hidden_size": hidden_size}
    shape = load_shape("qwen2", options)
    OrganismPolicy(Organism(shape), tokenizer).save(folder)


def test_a_start_of_another_shape_than_the_base_is_refused(finished_copy: Project) -> None:
    failed = start_from(finished_copy, lambda folder: put_another_model(folder, hidden_size=64))
    assert "are not of one chain: hidden_size is 64 and 96; delete the one" in failed


def test_a_start_with_another_tokenizer_than_the_base_is_refused(finished_copy: Project) -> None:
    texts = tuple(f"w{a}{b} of {b}{a}; " for a in "abcdefghijklm" for b in "nopqrstuvwxyzab" * 3)
    failed = start_from(finished_copy, lambda folder: put_another_model(folder, texts=texts))
    assert "are not of one chain: their tokenizers differ" in failed


def test_a_model_of_another_architecture_is_refused(finished_copy: Project) -> None:
    def change(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text()) | {"model_type": "llama"}
        replace(folder / "config.json", json.dumps(config).encode())
        write_sums(folder)

    failed = start_from(finished_copy, change)
    assert "config.json: model_type is 'llama', but the organism has gemma3_text or qwen2" in failed


def test_weights_that_do_not_fit_their_configuration_are_refused(finished_copy: Project) -> None:
    def change(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text()) | {"intermediate_size": 128}
        replace(folder / "config.json", json.dumps(config).encode())
        write_sums(folder)

    failed = start_from(finished_copy, change)
    assert "model.safetensors does not fit config.json" in failed


def start_from(project: Project, change: Callable[[Path], None]) -> str:
    """Run a campaign from a changed checkpoint that no record names; return its last line."""
    results, job = project.folder / RESULTS, JobByHand(project, CAMPAIGN)
    command = job.command()
    for record in (results / "records/collapse/organism/naive/seed0").iterdir():
        record.unlink()
    change(results / START)
    before = checksums(results)
    failed = run(project, command)
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert checksums(results) == before
    (line,) = [line for line in failed.stderr.splitlines() if " failed: " in line]
    return line
