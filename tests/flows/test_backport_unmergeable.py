"""A target that git cannot merge is that target's own outcome: production, tag and every other target go on."""

from __future__ import annotations

import pytest
from building import APP, FIX, TARGETS, Project
from sandbox import Repo

FETCH = "git fetch --refetch --no-filter"


def stranger(clone: Repo, name: str, files: dict[str, str]) -> None:
    """A branch of the remote that has no commit in common with any other."""
    tree = clone.git("mktree", stdin="".join(
        f"100644 blob {clone.git('hash-object', '-w', '--stdin', stdin=text)}\t{path}\n" for path, text in files.items()
    ))  # fmt: skip
    clone.git(
        "push", "-q", "--no-verify", "origin", f"{clone.git('commit-tree', '-m', 'site', tree)}:refs/heads/{name}"
    )


def lacking(clone: Repo, name: str) -> str:
    """A branch of the remote whose `app.py` this clone has not, as in a partial clone; the id of that."""
    clone.branch(name, "v1.4.2", "edit", {"app.py": APP.replace("value_30 = 30", "value_30 = 0")})
    clone.git("fetch", "-q")
    blob = clone.git("rev-parse", f"origin/{name}:app.py")
    (clone.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    return blob


def treeless(clone: Repo, name: str) -> str:
    """A branch of the remote whose tip has lost its tree in this clone; the id of that."""
    clone.branch(name, "v1.4.2", "a file of its own", {f"{name}.txt": "work\n"})
    clone.git("fetch", "-q")
    tree = clone.git("rev-parse", f"origin/{name}^{{tree}}")
    clone.git("switch", "-q", "develop")
    (clone.path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    return tree


def test_a_branch_without_its_tree_stops_no_other(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    tree = treeless(clone, "feature/broken")
    before = remote.git("rev-parse", "feature/broken")
    answer = clone.hotfix("finish", "4711", "--format", "json")
    assert (answer.code, answer.targets) == (
        4, {**dict.fromkeys(TARGETS, ("merge", "merged")), "feature/broken": ("merge", "failed")}
    ), answer.err  # fmt: skip
    [failed] = [each for each in answer.json["targets"] if each["status"] == "failed"]
    reason = f"unable to read tree {tree}; to get it: {FETCH}"
    assert (failed["reason"], failed["new"]) == (reason, None)
    assert answer.json["next"] == ["git hotfix backport 4711 --to feature/broken"]
    assert remote.git("rev-parse", "feature/broken") == before
    again = clone.hotfix("backport", "4711", "--format", "json")
    assert (again.code, again.targets["feature/broken"]) == (4, ("merge", "failed")), again.err
    assert remote.git("rev-parse", "feature/broken") == before
    refused = clone.hotfix("backport", "4711", "--resolve", "feature/broken")
    assert (refused.code, refused.out) == (3, "")
    assert f"git cannot merge into feature/broken: unable to read tree {tree}" in refused.err


def test_finish_goes_on_without_them(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("switch", "-q", "develop")
    stranger(clone, "feature/copied", {"app.py": APP})
    stranger(clone, "feature/site", {"app.py": "another application\n"})
    blob = lacking(clone, "feature/lacking")
    answer = clone.hotfix("finish", "4711", "--format", "json")
    assert answer.code == 4, answer.err
    assert answer.targets == {
        **dict.fromkeys(TARGETS, ("merge", "merged")), "feature/copied": ("cherry-pick", "merged"),
        "feature/lacking": ("merge", "failed"), "feature/site": ("cherry-pick", "conflict"),
    }  # fmt: skip
    assert {each["ref"]: each["reason"] for each in answer.json["targets"] if each["status"] == "failed"} == {
        "refs/heads/feature/lacking": f"unable to read blob object {blob}; to get it: {FETCH}"
    }
    assert answer.json["next"] == [
        "git hotfix backport 4711 --to feature/lacking",
        "git hotfix backport 4711 --resolve feature/site",
    ]  # fmt: skip
    assert "v1.4.3" in remote.tags()
    assert remote.tree("feature/copied")["app.py"] == FIX
    refused = clone.hotfix("backport", "4711", "--resolve", "feature/lacking")
    assert (refused.code, refused.out) == (3, "")
    assert f"git cannot merge into feature/lacking: unable to read blob object {blob}" in refused.err


@pytest.mark.slow
def test_where_only_a_merge_is_wanted_a_branch_of_other_origin_has_failed(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("switch", "-q", "main")
    clone.commit("policy", {".git-hotfix.toml": '[backport]\nstrategy = "merge"\n'})
    clone.git("push", "-q", "origin", "main")
    clone.git("switch", "-q", "hotfix/4711")
    stranger(clone, "feature/copied", {"app.py": APP})
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets["feature/copied"]) == (4, ("merge", "failed"))
    assert answer.json["next"] == [
        "git hotfix backport 4711 --skip feature/copied --reason 'git cannot merge it'"
    ]  # fmt: skip


@pytest.mark.slow
def test_a_target_is_left_out_before_production_has_the_fix(fixed: Project) -> None:
    clone = fixed.clone
    stranger(clone, "feature/site", {"app.py": "another application\n"})
    answer = clone.hotfix("backport", "4711", "--skip", "feature/site", "--reason", "a site")
    assert (answer.code, answer.out) == (0, """\
finish will leave out feature/site: a site
next: git hotfix finish 4711
"""), answer.err  # fmt: skip
    done = clone.hotfix("finish", "--format", "json")
    assert (done.code, done.targets["feature/site"]) == (0, ("merge", "skipped")), done.err


@pytest.mark.slow
def test_a_hotfix_that_git_dies_of_for_one_branch(project: Project) -> None:
    """git 2.39 dies of an assertion where a file is moved into a folder that the branch moved to where it was."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("tools", {"tools/hello": "hello\n", "world": APP})
    clone.git("push", "-q", "origin", "main")
    clone.tag("v1.4.3")
    clone.branch("feature/top", "v1.4.3", "to the top", {"hello": "hello\n", "tools/hello": None, "world": None})
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix", {"world": None, "tools/world": APP, "app.py": FIX})
    assert clone.hotfix("waive", "rename", "--reason", "it is the fix").code == 0
    dies = clone.run("git", "merge-tree", "--write-tree", "origin/feature/top", "HEAD").code < 0
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets["feature/top"]) == (4, ("merge", "failed" if dies else "conflict"))
    assert "v1.4.4" in project.remote.tags()
