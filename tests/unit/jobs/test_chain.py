from pathlib import Path

import pytest

from crest.checksums import SUMS, format_sums
from crest.jobs._chain import campaign_of, chain_checkpoints


def checkpoint(folder: Path, weights: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_text(weights)
    (folder / SUMS).write_text(format_sums(folder))
    return folder / SUMS


def test_checkpoints_have_the_names_of_their_folders_in_the_order_given(tmp_path: Path) -> None:
    paths = [
        checkpoint(tmp_path / "campaign10" / "peak", "better"),
        checkpoint(tmp_path / "campaign2" / "start", "worse"),
        checkpoint(tmp_path / "campaign10" / "end", "worse"),
    ]
    peak, start, end = chain_checkpoints(paths)
    assert [each.place for each in (peak, start, end)] == [
        "campaign10/peak",
        "campaign2/start",
        "campaign10/end",
    ]
    assert peak.keys == {"campaign": 10, "checkpoint": "peak"}
    assert peak.folder == tmp_path / "campaign10" / "peak"
    assert start.weights_sha256 == end.weights_sha256 != peak.weights_sha256


def test_the_campaign_is_told_by_the_folder_above() -> None:
    assert campaign_of(Path("chain/campaign12/rollouts.parquet")) == 12


def test_a_file_outside_a_campaign_has_none() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        campaign_of(Path("chain/rollouts.parquet"))
