"""git's merge settings, as the policy says and not as whoever runs it has them."""

from __future__ import annotations

import pytest
from building import APP, FIX, Project
from proofs import rest_slow


def older_than_its_attributes(project: Project) -> None:
    """develop says that text has plain line ends, and app.py has others there still."""
    other = project.another_clone("develop")
    other.git("switch", "-q", "develop")
    (other.path / "app.py").write_bytes(APP.replace("\n", "\r\n").encode())
    other.commit("line ends of Windows")
    (other.path / ".gitattributes").write_text("*.py text\n")
    other.git("add", ".gitattributes")
    other.git("commit", "-q", "-m", "attributes")
    other.git("push", "-q")


@pytest.mark.parametrize(
    ("renormalize", "status"), rest_slow([(True, "merged"), (False, "conflict")], now=1, spread=True)
)
def test_line_ends_of_a_branch_that_is_older_than_its_attributes(
    fixed: Project, renormalize: bool, status: str
) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("config", "merge.renormalize", str(not renormalize).lower())
    fixed.set_policy(f'[merge]\nrenormalize = {str(renormalize).lower()}\n[backport]\ntargets = ["<develop>"]\n')
    older_than_its_attributes(fixed)
    done = clone.hotfix("finish", "--format", "json")
    assert done.targets == {"develop": ("merge", status)}, done.err
    if renormalize:
        assert remote.tree("develop")["app.py"] == FIX
    else:
        assert [each["path"] for each in done.json["targets"][0]["conflicts"]] == ["app.py"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "place"),
    [("conflict", None), ("true", "code/new.py"), ("false", "src/new.py")],
)
def test_a_new_file_in_a_folder_that_a_target_renamed(project: Project, setting: str, place: str | None) -> None:
    clone, remote = project.clone, project.remote
    text = f'[merge]\ndirectory-renames = "{setting}"\n[backport]\ntargets = ["<develop>"]\n'
    files = {f"src/{number}.py": f"{number}\n" * 20 for number in range(3)}
    project.released("v1.5.0", {".git-hotfix.toml": text, **files})
    other = project.at("release-v1.5.0")
    other.git("switch", "-q", "develop")
    other.git("merge", "-q", "main")
    other.git("mv", "src", "code")
    other.commit("rename the folder")
    other.git("push", "-q")
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("a new file", {"src/new.py": "new\n", "src/1.py": "one\n" + "1\n" * 20})
    assert clone.hotfix("waive", "new-module", "--reason", "the fix is a file of its own").code == 0
    done = clone.hotfix("finish", "--format", "json")
    assert done.targets["develop"] == ("merge", "merged" if place else "conflict"), done.err
    if place:
        assert remote.tree("develop")[place] == "new\n"
