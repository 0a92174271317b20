import pytest

from crest.cli import main


def test_a_stale_file_is_listed_and_fails(results, capsys):
    assert main(["verify", str(results)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[:4]] == [
        ["job", "current", "stale", "orphan", "unreadable", "unstamped"],
        ["(no", "job)", "0", "0", "0", "0", "1"],
        ["make_tasks", "2", "1", "0", "0", "0"],
        ["make_tea", "0", "0", "1", "0", "0"],
    ]
    assert {f"stale       {results}/stale.parquet", f"orphan      {results}/gone.json"} < set(lines)


def test_a_damaged_file_is_named_and_the_others_are_still_verified(results, capsys):
    whole = (results / "stale.parquet").read_bytes()
    (results / "torn.parquet").write_bytes(whole[: len(whole) // 2])
    (results / "torn.json").write_text("{")
    assert main(["verify", str(results)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"unreadable  {results}/torn.parquet" in lines
    assert f"unreadable  {results}/torn.json" in lines
    assert f"stale       {results}/stale.parquet" in lines


def test_a_folder_of_the_present_code_passes(results, capsys):
    (results / "stale.parquet").unlink()
    (results / "gone.json").unlink()
    assert main(["verify", str(results)]) == 0
    assert "made by the present code" in capsys.readouterr().out


def test_a_copied_folder_is_verified_alike(results, capsys):
    copied = results.rename(results.parent / "elsewhere")
    assert main(["verify", str(copied)]) == 1
    assert "stale" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["results", "missing"])
def test_nothing_to_verify_is_no_pass(tmp_path, name):
    (tmp_path / "results").mkdir()
    assert main(["verify", str(tmp_path / name)]) != 0
