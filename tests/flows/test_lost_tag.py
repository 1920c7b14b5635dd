"""A server that deletes the tag of a finished hotfix: it is told, and no second name is made."""

from __future__ import annotations

import pytest
from building import Project

SAID = "4711 was finished as v1.4.3, but origin no longer has that tag"


def test_finish_puts_its_own_tag_back_under_its_own_name(fixed: Project) -> None:
    remote, clone = fixed.remote, fixed.clone
    assert clone.hotfix("finish", "--yes", "--keep").code == 0
    made = remote.tip("v1.4.3")
    remote.git("tag", "-d", "v1.4.3")
    answer = clone.hotfix("finish", "4711", "--yes", "--keep")
    assert (answer.code, remote.tags(), remote.tip("v1.4.3")) == (0, {"v1.4.1", "v1.4.2", "v1.4.3"}, made)
    assert f"note: {SAID}\n" in answer.out


@pytest.mark.slow
def test_another_clone_puts_it_back_too(fixed: Project) -> None:
    assert fixed.clone.hotfix("finish", "--yes", "--keep").code == 0
    fixed.clone.git("push", "-q", "--no-verify", "origin", "hotfix/4711")
    spot = fixed.remote.tip("v1.4.3^0")
    fixed.remote.git("tag", "-d", "v1.4.3")
    bob = fixed.another_clone("bob")
    answer = bob.hotfix("finish", "4711", "--yes", "--keep")
    assert (answer.code, fixed.remote.tags()) == (0, {"v1.4.1", "v1.4.2", "v1.4.3"}), answer.err
    assert (fixed.remote.tip("v1.4.3^0"), SAID in answer.out) == (spot, True)


@pytest.mark.slow
def test_it_is_told_where_the_branch_is_gone_too(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish", "--yes").code == 0
    fixed.remote.git("tag", "-d", "v1.4.3")
    clone.git("tag", "-d", "v1.4.3")
    clone.git("fetch", "-q", "--prune", "origin", "+refs/tags/*:refs/hotfix/remote-tags/*")
    for words in (["status", "4711"], ["finish", "4711", "--yes"]):
        answer = clone.hotfix(*words)
        assert SAID in answer.out + answer.err, (words, answer)
    assert fixed.remote.tags() <= {"v1.4.1", "v1.4.2", "v1.4.3"}
