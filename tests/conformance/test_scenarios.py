"""The conformance scenarios: inputs, and the end state that every clone, CI and the server see."""

from __future__ import annotations

import pytest
from building import FIX, TARGETS, Project
from proofs import rest_slow
from sandbox import half

EVERYWHERE = dict.fromkeys(TARGETS, ("merge", "merged"))


def fixed_everywhere(project: Project, *, tag: str = "v1.4.3") -> None:
    """production, tag and all targets of the project hold the fix, and nothing else came along."""
    remote = project.remote
    for branch in ("main", *TARGETS):
        assert remote.tree(branch)["app.py"] == FIX
        assert remote.git("rev-list", "--count", "--merges", f"{tag}^{{commit}}^..{branch}")
    assert remote.tree(tag) == {"README.md": "an app\n", "VERSION": "release 1.4.2\n", "app.py": FIX}


@pytest.mark.parametrize("words", [["8"], [""], ["9", "--from", "v0.0.1"]])
def test_a_refused_start_makes_no_reference(project: Project, words: list[str]) -> None:
    project.clone.git("branch", "hotfix/8", "v1.4.1")
    before = project.clone.snapshot()
    assert project.clone.hotfix("start", *words).code == 2
    assert project.clone.snapshot() == before


def test_no_production_tag(project: Project) -> None:
    project.clone.git("push", "-q", "origin", ":v1.4.1", ":v1.4.2")
    before = project.clone.snapshot()
    assert project.clone.hotfix("start", "8").code == 2
    assert project.clone.snapshot() == before


@pytest.mark.slow
def test_finish_from_an_unrelated_branch(fixed: Project) -> None:
    """Same result; the other branch and its uncommitted work stay."""
    clone = fixed.clone
    clone.git("switch", "-q", "-c", "mine", "origin/feature/login")
    clone.commit("my work", {"mine.txt": "one\n"})
    half(clone)
    before = clone.snapshot()
    answer = clone.hotfix("finish", "4711", "--format", "json")
    assert (answer.code, answer.targets) == (0, EVERYWHERE), answer.err
    fixed_everywhere(fixed)
    after = clone.snapshot()
    assert (after.head, after.index, after.files, after.stash) == (
        before.head, before.index, before.files, before.stash,
    )  # fmt: skip
    assert after.refs["refs/heads/mine"] == before.refs["refs/heads/mine"]
    assert "refs/heads/hotfix/4711" not in after.refs


@pytest.mark.slow
def test_finish_from_a_linked_worktree_beside_a_dirty_develop(project: Project) -> None:
    """The worktree that stands on develop is untouched and named with its command."""
    clone = project.clone
    half(clone)
    assert clone.hotfix("start", "4711", "--worktree", str(project.root / "there")).code == 0
    there = project.at("there")
    there.commit("fix", {"app.py": FIX})
    before, standing = clone.snapshot(), there.files()
    answer = there.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets) == (0, EVERYWHERE), answer.err
    fixed_everywhere(project)
    after = clone.snapshot()
    assert (after.head, after.index, after.files) == (before.head, before.index, before.files)
    assert after.refs["refs/heads/develop"] == before.refs["refs/heads/develop"]
    command = f"git -C {clone.path} merge --ff-only refs/remotes/origin/develop"
    assert answer.json["left"] == {"develop": command}
    assert there.files() == standing
    assert after.refs["refs/heads/main"] == project.remote.tip("main")
    said = there.hotfix("finish", "4711")
    assert said.code == 0


@pytest.mark.slow
def test_the_command_for_a_branch_left_behind_works(project: Project) -> None:
    clone = project.clone
    assert clone.hotfix("start", "4711", "--worktree", str(project.root / "there")).code == 0
    there = project.at("there")
    there.commit("fix", {"app.py": FIX})
    left = there.hotfix("finish", "--format", "json").json["left"]
    assert clone.run("sh", "-c", left["develop"]).code == 0
    assert clone.tip("develop") == project.remote.tip("develop")


@pytest.mark.slow
def test_main_moved_past_the_tag(fixed: Project) -> None:
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "main")
    other.commit("unreleased", {"unreleased.txt": "new\n"})
    other.git("push", "-q")
    assert fixed.clone.hotfix("finish").code == 0
    fixed_everywhere(fixed)
    assert "unreleased.txt" in fixed.remote.tree("main")


@pytest.mark.slow
def test_develop_missing(fixed: Project) -> None:
    fixed.remote.git("branch", "-D", "develop")
    fixed.clone.git("branch", "-D", "develop")
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.targets == {name: how for name, how in EVERYWHERE.items() if name != "develop"}
    assert fixed.remote.tree("v1.4.3")["app.py"] == FIX


@pytest.mark.slow
def test_branches_named_like_tags(fixed: Project) -> None:
    """The right reference is merged and tagged, whatever shadows it."""
    clone, remote = fixed.clone, fixed.remote
    clone.branch("release/v1.4.2", "develop", "shadow", {"shadow.txt": "x\n"})
    for tag in ("hotfix/4711", "main", "develop", "origin/develop"):
        clone.tag(tag, "v1.4.1")
    tip = clone.git("rev-parse", "refs/heads/hotfix/4711")
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.targets == {**EVERYWHERE, "release/v1.4.2": ("merge", "merged")}
    for branch in ("main", *TARGETS):
        assert remote.parents(f"refs/heads/{branch}")[1] == tip
        assert remote.tree(f"refs/heads/{branch}")["app.py"] == FIX
    assert remote.tip("refs/tags/v1.4.3") == remote.tip("refs/heads/main")


@pytest.mark.slow
def test_local_main_behind_the_remote(fixed: Project) -> None:
    fixed.clone.git("branch", "-f", "main", "v1.4.1")
    assert fixed.clone.hotfix("finish").code == 0
    fixed_everywhere(fixed)
    assert fixed.clone.tip("main") == fixed.remote.tip("main")


@pytest.mark.slow
def test_local_main_ahead_of_the_remote(fixed: Project) -> None:
    """Local work is neither shipped nor lost."""
    clone = fixed.clone
    clone.git("switch", "-q", "main")
    mine = clone.commit("not pushed", {"mine.txt": "work\n"})
    clone.git("switch", "-q", "hotfix/4711")
    assert clone.hotfix("finish").code == 0
    fixed_everywhere(fixed)
    assert "mine.txt" not in fixed.remote.tree("main")
    assert clone.tip("main") == mine


@pytest.mark.slow
def test_a_squashed_pull_request_then_backport(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "origin", "hotfix/4711")
    forge = fixed.another_clone("forge")
    forge.git("switch", "-q", "main")
    forge.git("merge", "-q", "--squash", "origin/hotfix/4711")
    forge.git("commit", "-q", "-m", "Checkout fails (#1)")
    forge.git("push", "-q")
    forge.tag("v1.4.3", "main")
    answer = clone.hotfix("backport", "4711", "--format", "json")
    assert (answer.code, answer.targets) == (0, EVERYWHERE), answer.err
    fixed_everywhere(fixed)
    there = remote.refs("refs/heads/", "refs/tags/")
    again = clone.hotfix("backport", "v1.4.3", "--format", "json")
    assert again.code == 0, again.err
    assert {status for _, status in again.targets.values()} <= {"already"}
    assert remote.refs("refs/heads/", "refs/tags/") == there


@pytest.mark.slow
@pytest.mark.parametrize("annotated", rest_slow([True, False]))
@pytest.mark.parametrize("place", ["here", "there"])
@pytest.mark.parametrize("same", [True, False])
def test_a_tag_that_exists(fixed: Project, annotated: bool, place: str, same: bool) -> None:
    """A taken name is refused before any change; only a tag of the remote that stands on base + fix is adopted."""
    spot = "hotfix/4711" if same else "develop"
    fixed.clone.tag("v1.4.3", spot, annotated=annotated, push=place == "there")
    if place == "there":
        fixed.clone.git("tag", "-d", "v1.4.3")
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = fixed.clone.hotfix("finish", "--tag", "v1.4.3")
    if same and place == "there":
        assert (answer.code, fixed.remote.refs()["refs/tags/v1.4.3"]) == (0, there["refs/tags/v1.4.3"]), answer.err
        fixed_everywhere(fixed)
        return
    assert (answer.code, fixed.clone.snapshot(), fixed.remote.refs()) == (3, before, there)


@pytest.mark.slow
@pytest.mark.parametrize("annotated", [True, False])
def test_a_tag_made_by_hand_on_what_landed(fixed: Project, annotated: bool) -> None:
    """Production has the fix and somebody tagged it: recognised as done, the targets follow."""
    clone = fixed.clone
    clone.git("push", "-q", "origin", "hotfix/4711:main")
    clone.tag("v1.4.3", "hotfix/4711", annotated=annotated)
    oid = fixed.remote.git("rev-parse", "refs/tags/v1.4.3")
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets) == (0, EVERYWHERE), answer.err
    fixed_everywhere(fixed)
    assert fixed.remote.git("rev-parse", "refs/tags/v1.4.3") == oid


@pytest.mark.slow
def test_the_same_command_again_makes_no_commit(fixed: Project) -> None:
    assert fixed.clone.hotfix("finish").code == 0
    before, there = fixed.clone.everything(), fixed.remote.everything()
    again = fixed.clone.hotfix("finish", "4711")
    assert again.code == 0
    assert fixed.remote.everything() == there
    after = fixed.clone.everything()
    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} == set()
