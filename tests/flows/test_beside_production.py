"""A hotfix that was squashed onto a production that had moved is tagged beside it; the next one starts there."""

from __future__ import annotations

import pytest
from building import FIX, Project
from forge import land


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
