"""A hotfix that was squashed onto a production that had moved is tagged beside it; the next one starts there."""

from __future__ import annotations

import pytest
from building import FIX, Project
from forge import land
from proofs import rest_slow


def landed_beside(project: Project) -> None:
    clone = project.clone
    clone.commit("fix the checkout", {"app.py": FIX})
    clone.git("push", "-q", "origin", "HEAD")
    bob = project.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("main moves", {"other.txt": "x\n"})
    bob.git("push", "-q", "origin", "main")
    land(project, "squash")


def test_the_lower_of_two_tags_of_one_commit_was_fixed(project: Project) -> None:
    """`lib/v9.0` is the highest version of all, and on production; `app/v1.2.1` is made on top of it."""
    clone = project.clone
    clone.tag("app/v1.2", "v1.4.2^{commit}")
    clone.tag("lib/v9.0", "v1.4.2^{commit}")
    clone.git("config", "hotfix.releaseTags", "app/v* lib/v*")
    assert clone.hotfix("start", "4711", "--from", "app/v1.2").code == 0
    landed_beside(project)
    assert clone.hotfix("finish").code == 0
    assert clone.hotfix("start", "12", "--package", "app").out.startswith("hotfix/12 starts at app/v1.2.1 ")
    assert clone.tip("hotfix/12") == clone.tip("refs/hotfix/remote-tags/app/v1.2.1")


@pytest.mark.slow
def test_a_lower_version_is_refused(fixed: Project) -> None:
    """Nobody would find it there; on production any name is found."""
    clone, remote = fixed.clone, fixed.remote
    landed_beside(fixed)
    before = remote.refs()
    answer = clone.hotfix("finish", "--tag", "v1.4.1.9")
    assert answer.code == 2
    assert "v1.4.1.9 is not higher than v1.4.2, and would stand beside main" in answer.err
    assert remote.refs() == before
    assert clone.hotfix("finish", "--tag", "v1.4.2.1").code == 0
    assert clone.hotfix("start", "12").out.startswith("hotfix/12 starts at v1.4.2.1 ")


@pytest.mark.slow
def test_a_lower_version_by_a_template_is_found(project: Project) -> None:
    """Where names are not raised from the tag below, every tag is asked whether it holds the highest one."""
    clone = project.clone
    project.released("w9000", {".git-hotfix.toml": 'tag = "w{issue}"\nrelease-tags = ["w*"]\n'})
    assert clone.hotfix("start", "4711").code == 0
    landed_beside(project)
    assert clone.hotfix("finish").code == 0
    assert clone.hotfix("start", "12").out.startswith("hotfix/12 starts at w4711 ")


def test_a_hotfix_on_top_of_one_that_was_squashed_is_finished_too(fixed: Project) -> None:
    """Its tag stands on a tag beside production, and production has neither."""
    clone = fixed.clone
    landed_beside(fixed)
    assert clone.hotfix("finish", "--no-backport").code == 0
    assert clone.hotfix("start", "12").code == 0
    clone.commit("another fix (#12)", {"README.md": "# Twelve\n"})
    assert clone.hotfix("finish", "--yes", "--no-backport", "--strategy", "squash").code == 0
    assert clone.tip("refs/hotfix/remote-tags/v1.4.4^{commit}") == clone.tip("hotfix/12")
    rows = clone.hotfix("list", "--format", "json").json["hotfixes"]
    assert {row["issue"]: row["owes"] for row in rows} == dict.fromkeys(("12", "4711"), "4 branches")
    assert clone.hotfix("backport", "12", "--yes").code == 0
    assert clone.hotfix("finish", "12").out.startswith("12 is finished: v1.4.4 on ")
    again = clone.hotfix("backport", "v1.4.4")
    assert (again.code, "12" in again.out) == (0, True), again.err


@pytest.mark.parametrize("strategy", rest_slow(["merge", "squash"]))
def test_a_fix_beside_the_lines_of_one_that_was_squashed_is_no_conflict(fixed: Project, strategy: str) -> None:
    clone, remote = fixed.clone, fixed.remote
    landed_beside(fixed)
    assert clone.hotfix("finish").code == 0
    assert clone.hotfix("start", "12").code == 0
    both = FIX.replace("value_14 = 14\n", 'value_14 = "fourteen"\n')
    clone.commit("the line above it (#12)", {"app.py": both})
    before = remote.tip("main")
    done = clone.hotfix("finish", "--yes", "--strategy", strategy, "--format", "json")
    assert (done.code, done.json["tag"]["name"]) == (0, "v1.4.4"), done.err
    assert remote.git("show", "main:app.py") == both.strip("\n")
    assert remote.git("diff", "--name-only", before, "main") == "app.py"
    assert remote.git("show", "develop:app.py") == both.strip("\n")
