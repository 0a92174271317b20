"""A patched copy differs by the patch alone, and the project stays as it was."""

import pytest

from crest.commands.plan_patch import patched_project

PATCH = """\
diff --git a/src/crest/one.py b/src/crest/one.py
--- a/src/crest/one.py
+++ b/src/crest/one.py
@@ -1 +1 @@
-ONE = 1
+ONE = 2
diff --git a/README.md b/README.md
--- a/README.md
+++ b/README.md
@@ -1 +1 @@
-A text that is not there.
+Another.
diff --git a/src/crest/new.py b/src/crest/new.py
new file mode 100644
--- /dev/null
+++ b/src/crest/new.py
@@ -0,0 +1 @@
+NEW = 1
"""


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    for path, text in {
        "Snakefile": "rule all:\n",
        "config.yaml": "a: 1\n",
        "README.md": "Words.\n",
        "src/crest/one.py": "ONE = 1\n",
        "results/claims.json": "{}\n",
        ".snakemake/metadata/a": "{}\n",
        ".snakemake/locks/0.output.lock": "a\n",
        ".git/config": "",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.fixture
def patch(tmp_path):
    path = tmp_path / "edit.patch"
    path.write_text(PATCH)
    return path


def test_the_edit_is_in_the_copy_alone(project, patch):
    with patched_project(project, patch) as copy:
        assert (copy / "src/crest/one.py").read_text() == "ONE = 2\n"
        assert (copy / "src/crest/new.py").read_text() == "NEW = 1\n"
        assert (copy / "Snakefile").read_text() == "rule all:\n"
        assert (copy / "README.md").read_text() == "Words.\n"
    assert (project / "src/crest/one.py").read_text() == "ONE = 1\n"
    assert not (project / "src/crest/new.py").exists()
    assert not copy.exists()


def test_results_and_what_is_remembered_of_them_are_seen_and_locks_are_not(project, patch):
    with patched_project(project, patch) as copy:
        assert (copy / "results/claims.json").read_text() == "{}\n"
        assert (copy / ".snakemake/metadata/a").exists()
        assert not (copy / ".snakemake/locks").exists()
        assert not (copy / ".git").exists()
    assert (project / "results/claims.json").exists()
    assert (project / ".snakemake/metadata/a").exists()


def test_a_patch_that_does_not_apply_is_refused(project, patch):
    (project / "src/crest/one.py").write_text("ONE = 3\n")
    with (
        pytest.raises(ValueError, match=r"does not apply to the code as it is now.*one\.py"),
        patched_project(project, patch),
    ):
        pass


def test_a_file_that_is_no_patch_is_refused(project, patch):
    patch.write_text("ONE = 2\n")
    with pytest.raises(ValueError, match="does not apply"), patched_project(project, patch):
        pass


def test_a_missing_patch_is_refused(project, tmp_path):
    with (
        pytest.raises(FileNotFoundError, match="write one with: git diff"),
        patched_project(project, tmp_path / "none.patch"),
    ):
        pass
