"""A hotfix branch that stays when everything is done, because somebody or the policy says so."""

from __future__ import annotations

import pytest
from building import Project


def test_finish_keeps_the_branch_where_it_is_told_to(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "origin", "hotfix/4711")
    tip, head = clone.tip("HEAD"), clone.head()
    done = clone.hotfix("finish", "--keep", "--format", "json")
    assert (done.code, done.json["next"], done.json["notes"]) == (0, [], ["hotfix/4711 is kept"]), done.err
    assert (clone.branches()["hotfix/4711"], remote.branches()["hotfix/4711"], clone.head()) == (tip, tip, head)
    assert remote.log("4711")[-1] == "close hotfix 4711"
    everything = remote.refs()
    [row] = clone.hotfix("list", "--format", "json").json["hotfixes"]
    assert (row["issue"], row["owes"]) == ("4711", "nothing")
    status = clone.hotfix("status", "--format", "json").json
    assert (status["next"], {each["status"] for each in status["targets"]}) == ([], {"already"})
    for command in ("finish", "backport"):
        again = clone.hotfix(command, "4711", "--keep")
        assert (again.code, remote.refs()) == (0, everything)


@pytest.mark.slow
def test_the_run_that_closes_it_knows_that_it_stays(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    remote.hook("update", 'case "$1" in refs/heads/develop|refs/heads/hotfix-to/*) exit 1;; esac')
    assert clone.hotfix("finish", "--keep").code == 4
    (remote.path / "hooks" / "update").unlink()
    other = fixed.another_clone("bob")
    done = other.hotfix("backport", "4711", "--format", "json")
    assert (done.code, done.json["notes"]) == (0, ["hotfix/4711 is kept"]), done.err
    assert "hotfix/4711" in clone.branches()


@pytest.mark.slow
def test_the_policy_keeps_it_and_undo_leaves_it(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    fixed.set_policy("keep-branch = true\n")
    before = remote.refs("refs/heads/")
    assert clone.hotfix("finish").code == 0
    tip = clone.tip("hotfix/4711")
    undone = clone.hotfix("undo", "--yes")
    assert (undone.code, clone.tip("hotfix/4711")) == (4, tip), undone.err
    assert [each["issue"] for each in clone.hotfix("list", "--format", "json").json["hotfixes"]] == ["4711"]
    assert {**remote.refs("refs/heads/"), "refs/heads/main": before["refs/heads/main"]} == before
