import pytest

from crest.cli import COMMANDS, build_parser, main


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    assert all(name in out for name in COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_of_its_own(name, capsys):
    with pytest.raises(SystemExit) as end:
        build_parser().parse_args([name, "--help"])
    assert end.value.code == 0
    assert f"crest {name}" in capsys.readouterr().out


def test_no_command_is_an_error(capsys):
    with pytest.raises(SystemExit) as end:
        main([])
    assert end.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


def test_doctor_prints_one_property_a_line(capsys):
    status = main(["doctor"])
    first = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert first[:2] == ["python", "cores"]
    assert first[-1] == "grading"
    assert status in (0, 1)
