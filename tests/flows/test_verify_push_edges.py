"""The push gate where production is new, is another line, or gets a hotfix under other ids."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import FIX, Project
from proofs import rest_slow
from sandbox import Repo


def gated(clone: Repo) -> Repo:
    assert clone.hotfix("hooks", "install").code == 0
    return clone


def pushes(clone: Repo, *refspecs: str) -> bool:
    return clone.run("git", "push", "-q", "origin", *refspecs).code == 0


def test_a_squashed_hotfix_with_its_tag(fixed: Project) -> None:
    clone = gated(fixed.clone)
    clone.git("switch", "-q", "main")
    clone.git("merge", "-q", "--squash", "hotfix/4711")
    clone.commit("Squash hotfix 4711")
    assert not pushes(clone, "main")
    clone.git("tag", "-a", "v1.4.3", "-m", "v1.4.3")
    assert pushes(clone, "main", "v1.4.3")


@pytest.mark.slow
def test_a_support_line_takes_no_hotfix_without_its_tag(project: Project) -> None:
    clone = project.clone
    clone.branch("support/1.4", "v1.4.1", "support one", {"support.txt": "one\n"})
    clone.tag("v1.4.1.1", "origin/support/1.4")
    assert clone.hotfix("start", "7", "--from", "v1.4.1.1").code == 0
    gated(clone).commit("fix", {"app.py": FIX})
    assert not pushes(clone, "hotfix/7:support/1.4")
    clone.git("tag", "-a", "v1.4.1.2", "-m", "v1.4.1.2")
    assert pushes(clone, "hotfix/7:support/1.4", "v1.4.1.2")


@pytest.mark.slow
def test_production_may_come_after_another_branch(project: Project, tmp_path: Path) -> None:
    place = tmp_path / "empty.git"
    place.mkdir()
    Repo(place, project.dates, project.clone.environment).git("init", "-q", "--bare")
    clone = gated(project.clone)
    clone.git("remote", "set-url", "origin", str(place))
    clone.git("for-each-ref", "--format=delete %(refname)", "refs/remotes")
    for ref in clone.git("for-each-ref", "--format=%(refname)", "refs/remotes").splitlines():
        clone.git("update-ref", "--no-deref", "-d", ref)
    assert pushes(clone, "develop")
    assert pushes(clone, "main", "v1.4.2")


@pytest.mark.slow
def test_a_hotfix_pushed_to_main_as_it_is_can_still_be_finished(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "origin", "hotfix/4711:main")
    assert clone.hotfix("finish").code == 0
    assert remote.tip("v1.4.3") == remote.tip("main")


@pytest.mark.slow
@pytest.mark.parametrize("words", rest_slow([[":main"], ["--force", "HEAD~3:main"]], now=1))
def test_production_that_this_clone_never_fetched_does_not_go_and_not_back(project: Project, words: list[str]) -> None:
    clone = gated(project.another_clone("one", "--single-branch", "-b", "develop"))
    project.remote.git("symbolic-ref", "HEAD", "refs/heads/develop")
    before = project.remote.refs()
    answer = clone.run("git", "push", "-q", "origin", *words)
    assert (answer.code, project.remote.refs()) == (1, before)
    assert "main, which releases come from" in answer.err


@pytest.mark.slow
def test_a_support_line_does_not_go_back_behind_its_release(project: Project) -> None:
    clone = gated(project.clone)
    clone.branch("support/1.4", "v1.4.1", "support one", {"support.txt": "one\n"})
    clone.tag("v1.4.1.1", "origin/support/1.4")
    clone.git("fetch", "-q")
    answer = clone.run("git", "push", "-q", "--force", "origin", "v1.4.1^0:refs/heads/support/1.4")
    assert answer.code == 1
    assert "fail deletion: this push takes support/1.4 back behind v1.4.1.1\n" in answer.err
    assert pushes(clone, ":support/1.4")
    assert clone.run("git", "push", "-q", "--no-verify", "--force", "origin", "v1.4.1^0:refs/heads/main").code == 0
