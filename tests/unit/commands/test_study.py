import contextlib
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from snakemake.utils import update_config

from crest.commands.study import merged, study_of
from crest.config import ConfigError

ROOT = Path(__file__).parents[3]

keys = st.sampled_from("abc")
mappings = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def project(tmp_path):
    """A working directory with the study's configuration and presets."""
    (tmp_path / "workflow/presets").mkdir(parents=True)
    (tmp_path / "config.yaml").write_text((ROOT / "config.yaml").read_text())
    for preset in (ROOT / "workflow/presets").glob("*.yaml"):
        (tmp_path / "workflow/presets" / preset.name).write_text(preset.read_text())
    with contextlib.chdir(tmp_path):
        yield tmp_path


@given(*(st.dictionaries(keys, mappings, max_size=3) for _ in range(2)))
def test_an_overlay_is_laid_over_as_snakemake_does(base, overlay):
    expected = yaml.safe_load(yaml.safe_dump(base))
    update_config(expected, overlay)
    assert merged(base, overlay) == expected


def test_without_a_preset_config_yaml_is_the_study(project):
    for results in (None, Path("results"), project / "results"):
        assert study_of(results, ()).config.study.campaigns == 10


def test_the_preset_that_writes_to_the_folder_is_the_study(project):
    plan = study_of(project / "results/smoke", ())
    assert plan.results == "results/smoke"
    assert plan.config.study.max_steps == 3


def test_a_folder_that_no_configuration_writes_to_has_no_study(project):
    assert study_of(project / "elsewhere", ()) is None


def test_named_files_are_the_study_wherever_the_results_lie(project):
    (project / "seeds.yaml").write_text("study: {seeds: [7]}\n")
    files = [Path("workflow/presets/smoke.yaml"), Path("seeds.yaml")]
    plan = study_of(project / "elsewhere", files)
    assert plan.config.study.seeds == (7,)
    assert plan.config.study.max_steps == 3


def test_outside_a_project_there_is_no_study(tmp_path):
    with contextlib.chdir(tmp_path):
        assert study_of(Path("results"), ()) is None


def test_json_serves_as_configuration(project):
    (project / "short.json").write_text('{"study": {"campaigns": 1}}')
    assert study_of(None, [Path("short.json")]).config.study.campaigns == 1


def test_a_broken_preset_of_another_folder_does_not_matter(project):
    (project / "workflow/presets/broken.yaml").write_text("results: results/broken\nstudy: 3\n")
    assert study_of(project / "results/smoke", ()).results == "results/smoke"
    with pytest.raises(ConfigError, match="study"):
        study_of(project / "results/broken", ())


@pytest.mark.parametrize(
    ("text", "words"), [("a: [", "not YAML"), ("- 1", "no configuration"), ("", "no configuration")]
)
def test_a_file_that_is_no_configuration_is_named(project, text, words):
    (project / "other.yaml").write_text(text)
    with pytest.raises(ValueError, match=f"other.yaml: {words}"):
        study_of(None, [Path("other.yaml")])


@pytest.mark.usefixtures("project")
def test_a_missing_file_is_named():
    with pytest.raises(FileNotFoundError, match=r"none\.yaml"):
        study_of(None, [Path("none.yaml")])
