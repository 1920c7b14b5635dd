"""Hotfix branches of another prefix: a setting of the team or of the clone, known to every command and every gate."""

from __future__ import annotations

import pytest
from building import FIX, TARGETS, Project
from proofs import rest_slow
from sandbox import Repo


def flow(project: Project) -> Repo:
    """The clone with the prefix that git-flow's own text uses."""
    project.clone.git("config", "gitflow.prefix.hotfix", "hotfix-")
    return project.clone


def test_from_start_to_finished_below_the_clones_prefix(project: Project) -> None:
    clone = flow(project)
    assert clone.hotfix("start", "hotfix-77").code == 0
    assert clone.head() == "ref: refs/heads/hotfix-77\n"
    assert clone.log("77") == ["start hotfix 77"]
    clone.commit("fix the checkout (#77)", {"app.py": FIX})
    assert clone.hotfix("check", "--format", "json").json["hotfix"]["branch"] == "hotfix-77"
    assert clone.hotfix("list", "--format", "json").json["hotfixes"][0]["issue"] == "77"
    answer = clone.hotfix("finish", "--yes", "--format", "json")
    assert {name: status for name, (_, status) in answer.targets.items()} == dict.fromkeys(TARGETS, "merged")
    assert "v1.4.3" in project.remote.tags()
    assert not [name for name in {**clone.branches(), **project.remote.branches()} if "77" in name]
    assert clone.hotfix("undo", "--yes").code == 4  # production and tag stay
    assert clone.subjects("hotfix-77", "-1") == ["fix the checkout (#77)"]


@pytest.mark.slow
def test_the_gate_knows_a_branch_made_by_hand_and_its_merge(project: Project) -> None:
    clone = flow(project)
    assert clone.hotfix("hooks", "install").code == 0
    clone.git("switch", "-q", "-c", "hotfix-78", "v1.4.2")
    clone.commit("fix the checkout (#78)", {"app.py": FIX})
    clone.git("switch", "-q", "main")
    clone.git("merge", "-q", "--no-ff", "--no-edit", "hotfix-78")
    before = project.remote.refs()
    answer = clone.run("git", "push", "-q", "origin", "main")
    assert (answer.code, project.remote.refs()) == (1, before)
    assert "main receives hotfix-78 without its tag" in answer.err
    clone.git("switch", "-q", "hotfix-78")
    clone.git("merge", "-q", "--no-edit", "develop")
    answer = clone.run("git", "push", "-q", "origin", "hotfix-78")
    assert (answer.code, project.remote.refs()) == (1, before)
    assert "fail base: holds" in answer.err


@pytest.mark.slow
def test_the_policys_prefix_holds_in_every_clone(project: Project) -> None:
    project.set_policy('prefixes = ["bugfix/", "fix-"]\n', fetched=True)
    clone = project.clone
    assert clone.hotfix("hooks", "install").code == 0
    assert clone.hotfix("start", "bugfix/5").code == 0
    assert clone.head() == "ref: refs/heads/bugfix/5\n"
    for branch in ("fix-6", "hotfix/7"):
        clone.git("switch", "-q", "-C", branch, "develop")
        answer = clone.run("git", "push", "-q", "origin", branch)
        assert (answer.code, f"{branch} · P1" in answer.err) == (1, True), answer.err
    by_url = clone.run("git", "push", "-q", str(project.remote.path), "fix-6")
    assert (by_url.code, "fix-6 · P1" in by_url.err) == (1, True), by_url.err
    clone.git("switch", "-q", "-c", "feature/new", "develop")
    assert clone.run("git", "push", "-q", "origin", "feature/new").code == 0


def test_two_branches_for_one_issue_are_a_question(project: Project) -> None:
    clone = flow(project)
    for branch in ("hotfix/7", "hotfix-7"):
        clone.git("branch", branch, "v1.4.2")
    before = clone.snapshot()
    answer = clone.hotfix("check", "7")
    assert (answer.code, clone.snapshot()) == (2, before)
    assert "two branches are named after 7: hotfix-7 and hotfix/7" in answer.err
    assert "git branch -m hotfix/7 hotfix/7-2" in answer.err
    assert "hotfix-7 exists here" in clone.hotfix("start", "hotfix/7").err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "words"), rest_slow([("hotfix", "hotfix/7"), ("hotfix/7/again", "hotfix/7")], spread=True)
)
def test_a_branch_in_the_way_is_named_with_the_command_that_helps(project: Project, name: str, words: str) -> None:
    clone, other = project.clone, name.replace("/", "-")
    clone.git("push", "-q", "origin", f"main:refs/heads/{name}")
    clone.git("branch", name, "main")
    before = clone.snapshot()
    answer = clone.hotfix("start", "7")
    assert (answer.code, clone.snapshot()) == (2, before)
    assert f"there is a branch {name} here, and git cannot have {words} beside it" in answer.err
    hint = next(line for line in answer.err.splitlines() if "git branch -m" in line)
    assert clone.run("sh", "-c", hint.partition("rename it: ")[2]).code == 0
    assert f"old-{other}" in project.remote.branches()
    assert clone.hotfix("start", "7", "--push").code == 0


@pytest.mark.slow
def test_a_tag_that_would_have_the_name_of_a_branch(project: Project) -> None:
    project.set_policy('tag = "hotfix-{issue}"\n', fetched=True)
    clone = flow(project)
    before = clone.snapshot()
    answer = clone.hotfix("start", "7")
    assert (answer.code, clone.snapshot()) == (2, before)
    assert "tag hotfix-7 would have the name of its own branch" in answer.err
    assert "git hotfix start 7 --tag <another name>" in answer.err
    clone.git("switch", "-q", "-c", "hotfix-7", "v1.4.2")
    clone.commit("fix the checkout (#7)", {"app.py": FIX})
    there = project.remote.refs()
    answer = clone.hotfix("finish", "--yes")
    assert (answer.code, project.remote.refs()) == (2, there)
    assert "tag hotfix-7 would have the name of a branch" in answer.err


def test_init_tells_every_clone_what_git_flow_keeps_in_one(project: Project) -> None:
    clone = flow(project)
    assert 'prefixes = ["hotfix-"]\n' in clone.hotfix("init", "--dry-run").out
