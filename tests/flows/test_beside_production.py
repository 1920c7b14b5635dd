"""A hotfix that was squashed onto a production that had moved is tagged beside it; the next one starts there."""

from __future__ import annotations

from building import FIX, Project
from forge import land


def finished_beside(project: Project, *words: str) -> None:
    clone = project.clone
    clone.commit("fix the checkout", {"app.py": FIX})
    clone.git("push", "-q", "origin", "HEAD")
    bob = project.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("main moves", {"other.txt": "x\n"})
    bob.git("push", "-q", "origin", "main")
    land(project, "squash")
    done = clone.hotfix("finish", *words)
    assert done.code == 0, done.err


def test_the_lower_of_two_tags_of_one_commit_was_fixed(project: Project) -> None:
    """`lib/v9.0` is the highest version of all, and on production; `app/v1.3` is made on top of it."""
    clone = project.clone
    clone.tag("app/v1.2", "v1.4.2^{commit}")
    clone.tag("lib/v9.0", "v1.4.2^{commit}")
    clone.git("config", "hotfix.releaseTags", "app/v* lib/v*")
    assert clone.hotfix("start", "4711", "--from", "app/v1.2").code == 0
    finished_beside(project)
    assert clone.hotfix("start", "12").out.startswith("hotfix/12 starts at app/v1.3 ")
    assert clone.tip("hotfix/12") == clone.tip("refs/hotfix/remote-tags/app/v1.3")


def test_a_lower_version_was_asked_for(fixed: Project) -> None:
    clone = fixed.clone
    finished_beside(fixed, "--tag", "v1.4.1.9")
    assert clone.hotfix("start", "12").out.startswith("hotfix/12 starts at v1.4.1.9 ")
    assert clone.tip("hotfix/12") == clone.tip("refs/hotfix/remote-tags/v1.4.1.9")
