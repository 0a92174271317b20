import shutil
import subprocess

import pytest

from crest.checksums import SUMS, DamagedFileError, check_sums, read_sums, sha256_of
from crest.storage import empty_folder, link_folder, write_sums


@pytest.fixture
def checkpoint(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(bytes(range(256)))
    (folder / ".hidden").write_text("not a part")
    write_sums(folder)
    return folder


def test_sums_name_every_visible_file(checkpoint):
    assert set(read_sums(checkpoint)) == {"config.json", "model.safetensors"}
    assert read_sums(checkpoint)["config.json"] == sha256_of(checkpoint / "config.json")
    check_sums(checkpoint)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_sums_are_those_of_sha256sum(checkpoint):
    done = subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=checkpoint, check=False)
    assert done.returncode == 0


def test_a_flipped_bit_is_found_and_named(checkpoint):
    weights = checkpoint / "model.safetensors"
    weights.write_bytes(b"\x01" + weights.read_bytes()[1:])
    with pytest.raises(DamagedFileError, match=r"model\.safetensors does not hold.*delete .*SUMS"):
        check_sums(checkpoint)


def test_a_missing_file_is_found_and_named(checkpoint):
    (checkpoint / "config.json").unlink()
    with pytest.raises(DamagedFileError, match=r"config\.json is missing"):
        check_sums(checkpoint)


@pytest.mark.parametrize("line", ["half a line", "00  config.json", f"{'0' * 64}  ../x"])
def test_a_line_that_is_none_of_sha256sum_is_refused(checkpoint, line):
    (checkpoint / SUMS).write_text(line + "\n")
    with pytest.raises(DamagedFileError, match="has the line"):
        read_sums(checkpoint)


def test_a_folder_without_sums_is_no_checkpoint(checkpoint):
    (checkpoint / SUMS).unlink()
    with pytest.raises(FileNotFoundError):
        check_sums(checkpoint)


def test_a_linked_checkpoint_is_whole_and_its_sums_have_times_of_their_own(checkpoint, tmp_path):
    link_folder(checkpoint, tmp_path / "next")
    check_sums(tmp_path / "next")
    assert (tmp_path / "next" / "config.json").samefile(checkpoint / "config.json")
    assert not (tmp_path / "next" / SUMS).samefile(checkpoint / SUMS)


def test_an_emptied_checkpoint_is_none(checkpoint):
    empty_folder(checkpoint)
    assert list(checkpoint.iterdir()) == []
