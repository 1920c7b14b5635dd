"""`start --from`: the branch that is production for a tag, and what is promised when a command fails half-way."""

from __future__ import annotations

import pytest
from building import Project


def line(project: Project, tag: str, issue: str = "1") -> str:
    name = ("--tag", f"{tag}-hf1")  # what came after the tag on its line is not a question here
    answer = project.clone.hotfix("start", issue, "--from", tag, *name, "--format", "json")
    assert answer.code == 0, answer.err
    project.clone.git("switch", "-q", "develop")
    return str(answer.json["hotfix"]["production"])


def test_a_release_branch_that_comes_after_the_tag_is_not_its_line(project: Project) -> None:
    assert line(project, "v1.4.2") == "refs/heads/main"
    assert line(project, "v1.4.1", "2") == "refs/heads/main"


@pytest.mark.slow
def test_a_support_branch_made_of_the_tag_is(project: Project) -> None:
    clone = project.clone
    clone.branch("support/1.4", "v1.4.1", "support one", {"support.txt": "one\n"})
    clone.branch("support/later", "v1.4.2", "support two", {"support.txt": "two\n"})
    assert line(project, "v1.4.1") == "refs/heads/support/1.4"
    assert line(project, "v1.4.2", "2") == "refs/heads/main"
    clone.tag("v1.4.1.1", "origin/support/1.4")
    assert line(project, "v1.4.1.1", "3") == "refs/heads/support/1.4"


@pytest.mark.slow
def test_a_branch_that_is_named_after_another_version_is_not_the_line_of_a_tag(project: Project) -> None:
    clone = project.clone
    for name in ("1.4", "1.3", "2.x"):
        clone.git("push", "-q", "--no-verify", "origin", f"v1.4.1^{{commit}}:refs/heads/{name}")
    assert line(project, "v1.4.1") == "refs/heads/1.4"


@pytest.mark.slow
def test_a_choice_between_equal_lines_and_a_prefix_that_is_none_are_told(project: Project) -> None:
    clone = project.clone
    for name in ("b", "a", "c"):
        clone.git("push", "-q", "--no-verify", "origin", f"v1.4.1^{{commit}}:refs/heads/support/{name}")
    clone.git("config", "hotfix.prefix", "a..b/")
    answer = clone.hotfix("start", "77", "--from", "v1.4.1", "--tag", "v1.4.1.1", "--format", "json")
    assert (answer.code, answer.json["hotfix"]["production"]) == (0, "refs/heads/support/a"), answer.err
    assert "note: support/a is production for v1.4.1; support/b, support/c could be it as well\n" in answer.err
    assert "note: hotfix.prefix: 'a..b/' can begin no branch name and is not used\n" in answer.err


def test_a_release_branch_is_the_line_of_a_tag_that_only_it_has(project: Project) -> None:
    clone = project.clone
    clone.branch("release/1.0", "v1.4.1", "old line", {"old.txt": "one\n"})
    clone.tag("v1.0.9", "origin/release/1.0")
    assert line(project, "v1.0.9") == "refs/heads/release/1.0"


def test_a_tag_of_a_tag_is_a_production_tag(project: Project) -> None:
    clone = project.clone
    clone.git("tag", "-a", "inner", "-m", "inner", "main")
    clone.git("tag", "-a", "v1.5.0", "-m", "outer", "inner")
    clone.git("push", "-q", "origin", "v1.5.0")
    started = clone.hotfix("start", "1", "--format", "json")
    assert started.json["hotfix"]["base_tag"] == "v1.5.0"


def test_nothing_is_made_where_nobody_is_known_to_write(project: Project) -> None:
    clone = project.clone
    clone.git("config", "user.useConfigOnly", "true")
    (project.root / "home" / ".gitconfig").write_text("")
    before = clone.snapshot()
    answer = clone.hotfix("start", "1")
    assert (answer.code, clone.branches(), clone.snapshot().head) == (3, {**clone.branches()}, before.head)
    assert "hotfix/1" not in clone.branches()


def test_nothing_is_made_where_the_worktree_cannot_be(project: Project) -> None:
    clone = project.clone
    place = project.root / "there"
    place.mkdir()
    (place / "file").write_text("mine")
    answer = clone.hotfix("start", "1", "--worktree", str(place))
    assert (answer.code, "hotfix/1" in clone.branches()) == (2, False)
    assert clone.hotfix("start", "1").code == 0
