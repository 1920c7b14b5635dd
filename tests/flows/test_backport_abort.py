"""`backport --abort` after a kill: every branch as it was before, or a refusal that changes nothing."""

from __future__ import annotations

import pytest
from building import TARGETS, Project
from killing import kill_at, locks, settled
from proofs import rest_slow

KEPT = ("refs/heads/", "refs/tags/")
NOTHING = (
    "no conflict is open, and no run was interrupted: nothing was changed\n"
    "to take back a run that came to its end: git hotfix undo\n"
)


def on_production(project: Project) -> None:
    assert project.clone.hotfix("finish", "--no-backport").code == 0


@pytest.mark.parametrize(
    ("where", "name", "state", "word"),
    rest_slow(
        [
            ("remote", "post-receive", "", "refs/heads/feature/login"),
            ("clone", "pre-push", "", "refs/heads/develop "),
            ("remote", "post-receive", "", "refs/heads/develop"),
            ("clone", "reference-transaction", "committed", "refs/heads/develop"),
            ("clone", "reference-transaction", "committed", "refs/hotfix/run/4711/commits-"),  # no journal yet
        ],
        spread=True,
    ),
)
def test_a_killed_backport_is_taken_back(fixed: Project, where: str, name: str, state: str, word: str) -> None:
    clone, remote = fixed.clone, fixed.remote
    on_production(fixed)
    before, there = clone.snapshot(), remote.refs(*KEPT)
    hook = (clone if where == "clone" else remote).hook(name, "exit 0")
    kill_at(fixed, ("backport", "4711"), hook, word, state=state, all_of_it=False)
    settled(clone)
    answer = clone.hotfix("backport", "--abort")
    assert answer.code == 0, answer.err
    assert " of 4711 back; every branch is as it was" in answer.out
    assert clone.refs("refs/hotfix/run/", "refs/hotfix/staged/") == {}
    after = clone.snapshot()
    assert remote.refs(*KEPT) == there
    assert {ref: oid for ref, oid in after.refs.items() if not ref.startswith("refs/hotfix/log/")} == {
        ref: oid for ref, oid in before.refs.items() if not ref.startswith("refs/hotfix/log/")
    }
    assert (after.head, after.files, after.index, after.stash) == (
        before.head, before.files, before.index, before.stash,
    )  # fmt: skip
    assert locks(clone) == []
    done = clone.hotfix("backport", "4711", "--format", "json")
    assert (done.code, done.targets) == (0, dict.fromkeys(TARGETS, ("merge", "merged"))), done.err


@pytest.mark.slow
def test_one_that_others_built_on_is_refused(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    on_production(fixed)
    hook = remote.hook("post-receive", "exit 0")
    kill_at(fixed, ("backport", "4711"), hook, "refs/heads/feature/login", all_of_it=False)
    settled(clone)
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "develop")
    other.commit("built on it", {"develop.txt": "three\n"})
    other.git("push", "-q")
    before, there = clone.snapshot(), remote.refs()
    answer = clone.hotfix("backport", "--abort")
    assert answer.code == 4
    assert "1 reference is no longer what the journal of 4711 says" in answer.err
    assert "refs/heads/develop: it has moved since" in answer.err
    assert (clone.snapshot(), remote.refs()) == (before, there)
    assert clone.hotfix("backport", "4711").code == 0


@pytest.mark.slow
def test_production_is_never_taken_back(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    branches = remote.branches()
    hook = remote.hook("post-receive", "exit 0")
    kill_at(fixed, ("finish",), hook, "refs/heads/main", all_of_it=False)
    settled(clone)
    before, there = clone.snapshot(), remote.refs()
    answer = clone.hotfix("backport", "--abort")
    assert (answer.code, clone.snapshot(), remote.refs()) == (4, before, there)
    assert "main has the fix since the run for 4711 that was interrupted" in answer.err
    assert "git hotfix finish 4711" in answer.err
    assert clone.hotfix("finish", "4711").code == 0
    assert set(remote.branches()) == set(branches)


@pytest.mark.slow
def test_a_finish_that_was_killed_before_production(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    before, there = clone.snapshot(), remote.refs()
    hook = clone.hook("pre-push", "exit 0")
    kill_at(fixed, ("finish",), hook, "refs/heads/main ", all_of_it=True)
    settled(clone)
    answer = clone.hotfix("backport", "--abort", "4711")
    assert (answer.code, clone.snapshot(), remote.refs()) == (0, before, there), answer.err
    assert clone.hotfix("finish").code == 0


@pytest.mark.slow
def test_another_hotfix_is_left_alone(fixed: Project) -> None:
    clone = fixed.clone
    hook = clone.hook("pre-push", "exit 0")
    kill_at(fixed, ("finish",), hook, "refs/heads/main ", all_of_it=True)
    answer = clone.hotfix("backport", "--abort", "4712")
    assert (answer.code, answer.out) == (0, NOTHING)
    assert (clone.path / ".git" / "hotfix" / "journal-4711.json").exists()


@pytest.mark.slow
def test_what_was_delivered_is_not_called_as_it_was(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    assert clone.hotfix("finish").code == 0
    there = remote.refs()
    answer = clone.hotfix("backport", "--abort", "4711")
    assert (answer.code, answer.out, remote.refs()) == (0, NOTHING, there)


@pytest.mark.slow
def test_one_object_for_programs(fixed: Project) -> None:
    clone = fixed.clone
    on_production(fixed)
    kill_at(fixed, ("backport", "4711"), clone.hook("pre-push", "exit 0"), "refs/heads/develop ", all_of_it=True)
    first = clone.hotfix("backport", "--abort", "--format", "json").json
    second = clone.hotfix("backport", "--abort", "--format", "json").json
    head = {"schema": 1, "command": "backport", "ok": True, "exit_code": 0, "closed": [], "next": []}
    assert first == {**head, "taken_back": ["4711"]}
    assert second == {**head, "taken_back": []}
