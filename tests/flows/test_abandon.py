"""`abandon`: a hotfix is given up, here and on the remote, and its commits stay reachable."""

from __future__ import annotations

import pytest
from building import FIX, Project
from sandbox import half

KEPT = "refs/hotfix/abandoned/4711"


def test_a_hotfix_is_given_up(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "-u", "origin", "hotfix/4711")
    tip, before, branches = clone.tip("HEAD"), clone.snapshot(), remote.branches()
    answer = clone.hotfix("abandon", "--reason", "it was the network")
    assert (answer.code, answer.out) == (0, f"""\
hotfix/4711 is abandoned; its commits stay under {KEPT}
You are on no branch now (HEAD is detached at {tip[:10]}): git switch develop
to go on with them: git switch -c hotfix/4711 {KEPT}
"""), answer.err  # fmt: skip
    assert remote.branches() == {name: oid for name, oid in branches.items() if name != "hotfix/4711"}
    assert remote.tags() == {"v1.4.1", "v1.4.2"}
    after = clone.snapshot()
    assert (after.head, after.files, after.index, after.stash) == (
        f"{tip}\n", before.files, before.index, before.stash,
    )  # fmt: skip
    log = after.refs["refs/hotfix/log/4711"]
    assert after.refs == {
        **{ref: oid for ref, oid in before.refs.items() if ref != "refs/heads/hotfix/4711"},
        KEPT: tip, "refs/hotfix/log/4711": log,
    }  # fmt: skip
    assert remote.refs("refs/hotfix/")["refs/hotfix/log/4711"] == log
    assert remote.log("4711") == ["start hotfix 4711: Checkout fails", "abandon hotfix 4711"]
    assert "Reason: it was the network" in remote.git("log", "-1", "--format=%B", "refs/hotfix/log/4711")
    assert 'branch "hotfix/4711"' not in after.config.decode()
    assert clone.hotfix("list").out.splitlines()[0] == "no hotfix is open"


@pytest.mark.slow
def test_the_command_that_goes_on_works(fixed: Project) -> None:
    clone = fixed.clone
    tip = clone.tip("HEAD")
    answer = clone.hotfix("abandon")
    assert answer.code == 0, answer.err
    command = answer.out.splitlines()[-1].removeprefix("to go on with them: ")
    assert clone.run("sh", "-c", command).code == 0
    assert clone.tip("hotfix/4711") == tip
    assert clone.hotfix("finish").code == 0
    assert fixed.remote.tree("develop")["app.py"] == FIX


def test_one_that_was_never_pushed(fixed: Project) -> None:
    clone = fixed.clone
    tip, there = clone.tip("HEAD"), fixed.remote.refs()
    answer = clone.hotfix("abandon", "--format", "json")
    assert answer.code == 0, answer.err
    assert (answer.json["kept"], answer.json["hotfix"]["tip"], clone.tip(KEPT)) == (KEPT, tip, tip)
    assert fixed.remote.refs() == there


@pytest.mark.slow
def test_one_that_only_a_colleague_has(fixed: Project) -> None:
    """The branch is on the remote only."""
    fixed.clone.git("push", "-q", "origin", "hotfix/4711")
    bob = fixed.another_clone("bob")
    before, tip = bob.snapshot(), fixed.clone.tip("HEAD")
    answer = bob.hotfix("abandon", "4711")
    assert answer.code == 0, answer.err
    assert "hotfix/4711" not in fixed.remote.branches()
    assert bob.tip(KEPT) == tip
    after = bob.snapshot()
    assert (after.head, after.files, after.index) == (before.head, before.files, before.index)


def test_with_work_under_way(fixed: Project) -> None:
    """HEAD detaches at the tip; every file stays."""
    clone = fixed.clone
    half(clone)
    before, tip = clone.snapshot(), clone.tip("HEAD")
    assert clone.hotfix("abandon").code == 0
    after = clone.snapshot()
    assert (after.head, after.files, after.index) == (f"{tip}\n", before.files, before.index)
    assert "hotfix/4711" not in clone.branches()


@pytest.mark.slow
def test_again_under_the_same_issue(fixed: Project) -> None:
    """What was given up first is not overwritten, and the second hotfix owes nothing to the first."""
    clone = fixed.clone
    first = clone.tip("HEAD")
    assert clone.hotfix("abandon", "--reason", "wrong").code == 0
    clone.git("switch", "-q", "develop")
    answer = clone.hotfix("start", "4711", "-m", "Second try")
    assert answer.code == 0, answer.err
    second = clone.commit("another fix", {"app.py": FIX.replace("fifteen", "XV")})
    assert clone.hotfix("abandon").code == 0
    kept = clone.refs("refs/hotfix/abandoned/")
    assert sorted(kept.values()) == sorted([first, second])
    assert kept[KEPT] == first


def test_a_colleagues_newer_commit_is_not_lost(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("push", "-q", "origin", "hotfix/4711")
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", "hotfix/4711")
    theirs = bob.commit("theirs", {"theirs.txt": "one\n"})
    bob.git("push", "-q")
    before, there = clone.snapshot(), fixed.remote.refs()
    answer = clone.hotfix("abandon")
    assert (answer.code, answer.out, clone.snapshot(), fixed.remote.refs()) == (3, "", before, there)
    assert f"hotfix/4711 on origin is at {theirs[:10]}" in answer.err
    assert "nothing was changed" in answer.err


@pytest.mark.slow
def test_a_remote_that_refuses_the_deletion(fixed: Project) -> None:
    """Nothing is lost, and the same command again ends the job."""
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "origin", "hotfix/4711")
    hook = remote.hook("update", 'case "$1" in refs/heads/hotfix/*) echo "kept" >&2; exit 1;; esac')
    tip = clone.tip("HEAD")
    answer = clone.hotfix("abandon")
    assert (answer.code, remote.tip("hotfix/4711"), clone.tip("hotfix/4711")) == (3, tip, tip)
    assert "hotfix/4711 could not be deleted on origin" in answer.err
    hook.unlink()
    assert clone.hotfix("abandon").code == 0
    assert "hotfix/4711" not in {**remote.branches(), **clone.branches()}
    assert clone.refs("refs/hotfix/abandoned/") == {KEPT: tip}


@pytest.mark.slow
def test_one_that_is_in_production(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish", "--no-backport").code == 0
    before, there = clone.snapshot(), fixed.remote.refs()
    answer = clone.hotfix("abandon")
    assert (answer.code, answer.out, clone.snapshot(), fixed.remote.refs()) == (2, "", before, there)
    assert "4711 is in production as v1.4.3" in answer.err
    assert "git hotfix backport 4711" in answer.err


@pytest.mark.parametrize("words", [["9"], []])
def test_no_such_hotfix(project: Project, words: list[str]) -> None:
    before, there = project.clone.snapshot(), project.remote.refs()
    answer = project.clone.hotfix("abandon", *words)
    assert (answer.code, answer.out, project.clone.snapshot(), project.remote.refs()) == (2, "", before, there)
