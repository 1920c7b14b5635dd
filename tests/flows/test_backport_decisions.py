"""`backport --skip` and `--abort`: a target that will not get the fix, and conflicts that are closed again."""

from __future__ import annotations

import pytest
from building import FIX, TARGETS, Project
from test_backport_abort import NOTHING
from test_backport_resolve import SOLVED, backport, clash, finished, nothing_left, opened, solve, worktrees

ALREADY = dict.fromkeys(TARGETS, ("merge", "already"))


@pytest.mark.parametrize("words", [[], ["--reason", ""], ["--reason", "  "]])
def test_a_skip_needs_a_reason(fixed: Project, words: list[str]) -> None:
    clash(fixed)
    finished(fixed, "feature/clash")
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = backport(fixed.clone, "--skip", "feature/clash", *words)
    assert (answer.code, answer.out, fixed.clone.snapshot(), fixed.remote.refs()) == (2, "", before, there)
    assert "--skip needs a --reason" in answer.err


def test_a_reason_without_a_skip(fixed: Project) -> None:
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = backport(fixed.clone, "--reason", "because")
    assert (answer.code, answer.out, fixed.clone.snapshot(), fixed.remote.refs()) == (2, "", before, there)


@pytest.mark.slow
def test_a_target_that_is_left_out(fixed: Project) -> None:
    """The decision is recorded where everybody sees it, and the hotfix is done."""
    clone, remote = fixed.clone, fixed.remote
    theirs = clash(fixed)
    finished(fixed, "feature/clash")
    opened(fixed, "feature/clash")
    answer = backport(clone, "--skip", "feature/clash", "--reason", "it is thrown away", "--format", "json")
    assert (answer.code, answer.targets) == (0, {**ALREADY, "feature/clash": ("merge", "skipped")}), answer.err
    reasons = {each["ref"]: each["reason"] for each in answer.json["targets"]}
    assert reasons["refs/heads/feature/clash"] == "it is thrown away"
    assert remote.tip("feature/clash") == theirs
    assert remote.log("4711")[-2:] == ["skip feature/clash", "close hotfix 4711"]
    assert remote.git("log", "-1", "--skip=1", "--format=%B", "refs/hotfix/log/4711").strip().splitlines()[-3:] == [
        "Event: skip", "Target: refs/heads/feature/clash", "Reason: it is thrown away",
    ]  # fmt: skip
    assert "hotfix/4711" not in clone.branches()
    nothing_left(fixed)


@pytest.mark.slow
def test_a_glob_leaves_many_out(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    theirs = {name: clash(fixed, name) for name in ("feature/a-one", "feature/a-two", "feature/b")}
    finished(fixed, *theirs)
    answer = backport(clone, "--skip", "feature/a-*", "--reason", "old", "--format", "json")
    assert (answer.code, answer.targets) == (
        4,
        {
            **ALREADY,
            **dict.fromkeys(("feature/a-one", "feature/a-two"), ("merge", "skipped")),
            "feature/b": ("merge", "conflict"),
        },
    ), answer.err
    assert answer.json["next"] == ["git hotfix backport 4711 --resolve feature/b"]
    assert {name: remote.tip(name) for name in theirs} == theirs
    assert "hotfix/4711" in clone.branches()


@pytest.mark.slow
def test_several_branches_are_left_out_at_once(fixed: Project) -> None:
    """Each name counts, not the last; one that names nothing leaves all as it is."""
    clone = fixed.clone
    names = ("feature/a", "feature/b", "feature/c")
    for name in names:
        clash(fixed, name)
    finished(fixed, *names)
    before = clone.snapshot()
    answer = backport(clone, "--skip", "feature/a", "--skip", "feature/x*", "--reason", "old")
    assert (answer.code, clone.snapshot()) == (2, before)
    answer = backport(
        clone, "--skip", "feature/a", "--skip", "refs/heads/feature/b", "--reason", "old", "--format", "json"
    )
    assert answer.code == 4, answer.err
    assert {name: answer.targets[name][1] for name in names} == {
        "feature/a": "skipped", "feature/b": "skipped", "feature/c": "conflict",
    }  # fmt: skip
    assert clone.log("4711")[-2:] == ["skip feature/a", "skip feature/b"]
    assert backport(clone, "--skip", "feature/*", "--reason", "old").code == 0


@pytest.mark.slow
def test_a_glob_that_names_nothing(fixed: Project) -> None:
    clash(fixed)
    finished(fixed, "feature/clash")
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = backport(fixed.clone, "--skip", "feature/x*", "--reason", "old")
    assert (answer.code, answer.out, fixed.clone.snapshot(), fixed.remote.refs()) == (2, "", before, there)
    assert "no branch on the remote is called feature/x*" in answer.err


@pytest.mark.slow
def test_a_colleague_sees_the_decision(fixed: Project) -> None:
    clash(fixed, "feature/a")
    clash(fixed, "feature/b")
    fixed.clone.git("push", "-q", "origin", "hotfix/4711")
    finished(fixed, "feature/a", "feature/b")
    assert backport(fixed.clone, "--skip", "feature/a", "--reason", "old").code == 4
    answer = backport(fixed.another_clone("bob"), "--format", "json")
    assert answer.code == 4, answer.err
    assert (answer.targets["feature/a"], answer.targets["feature/b"]) == (("merge", "skipped"), ("merge", "conflict"))


@pytest.mark.slow
def test_an_abort_closes_all(fixed: Project) -> None:
    """Every branch is as it was; the conflicts can be opened again."""
    clone, remote = fixed.clone, fixed.remote
    clash(fixed, "feature/one")
    clash(fixed, "feature/two")
    finished(fixed, "feature/one", "feature/two")
    before, there = clone.snapshot(), remote.refs()
    solve(opened(fixed, "feature/one"))
    opened(fixed, "feature/two")
    answer = backport(clone, "--abort")
    assert (answer.code, answer.out) == (0, "closed 2 open conflicts; every branch is as it was\n")
    assert (clone.snapshot(), remote.refs()) == (before, there)
    nothing_left(fixed)
    solve(opened(fixed, "feature/one"))
    assert worktrees(clone) == ["clone", "clone-resolve-feature-one"]
    assert backport(clone, "--continue", "--format", "json").targets["feature/one"] == ("merge", "merged")
    assert remote.tree("feature/one")["app.py"] == SOLVED


def test_an_abort_with_nothing_open(fixed: Project) -> None:
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = backport(fixed.clone, "--abort")
    assert (answer.code, fixed.clone.snapshot(), fixed.remote.refs()) == (0, before, there)
    assert answer.out == NOTHING


@pytest.mark.slow
def test_an_abort_takes_no_other_hotfix_along(fixed: Project) -> None:
    """Two hotfixes with a conflict each: the other one's work stays."""
    clone, remote = fixed.clone, fixed.remote
    clash(fixed)
    finished(fixed, "feature/clash")
    first = opened(fixed, "feature/clash")
    assert clone.hotfix("start", "4712").code == 0
    clone.commit("another", {"app.py": FIX.replace("value_25 = 25", "value_25 = 0")})
    clone.branch("feature/other", "develop", "other", {"app.py": FIX.replace("value_25 = 25", "value_25 = 1")})
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 4, answer.err
    assert backport(clone, "--resolve", "feature/other", issue="4712").code == 0
    assert backport(clone, "--abort", issue="4712").code == 0
    assert worktrees(clone) == ["clone", first.path.name]
    assert remote.tree("v1.4.4")["app.py"] == FIX.replace("value_25 = 25", "value_25 = 0")


@pytest.mark.slow
def test_a_pattern_leaves_out_only_branches_that_lack_the_fix(fixed: Project) -> None:
    """A branch that has the fix needs no decision, and one that is named by its whole name is a mistake."""
    clone = fixed.clone
    clash(fixed, "feature/a")
    finished(fixed, "feature/a")
    log, refs = clone.log("4711"), fixed.remote.refs()
    answer = backport(clone, "--skip", "feature/login", "--reason", "old")
    assert (answer.code, clone.log("4711"), fixed.remote.refs()) == (2, log, refs)
    assert "feature/login already has the fix" in answer.err
    answer = backport(clone, "--skip", "*", "--reason", "old", "--format", "json")
    assert (answer.code, answer.targets) == (0, {**ALREADY, "feature/a": ("merge", "skipped")}), answer.err
    assert [line for line in clone.log("4711") if line.startswith("skip")] == ["skip feature/a"]
