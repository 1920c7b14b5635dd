"""`rollback`: a hotfix that reverts a bad one, made in memory, finished in one more command."""

from __future__ import annotations

import pytest
from building import APP, FIX, TARGETS, Project
from sandbox import Answer, Repo, half

WORSE = FIX.replace("value_15", "value_XV")


def rollback(repo: Repo, *words: str) -> Answer:
    return repo.hotfix("rollback", *words)


@pytest.fixture
def finished(fixed: Project) -> Project:
    """v1.4.3 is the bad hotfix, delivered everywhere."""
    assert fixed.clone.hotfix("finish").code == 0
    return fixed


def unchanged(project: Project, answer: Answer, code: int, *said: str) -> None:
    assert (answer.code, answer.out) == (code, "")
    assert all(each in answer.err for each in (*said, "nothing was changed")), answer.err
    assert "hotfix/revert-v1.4.3" not in project.clone.branches()


def test_from_rollback_to_delivered(finished: Project) -> None:
    clone, remote = finished.clone, finished.remote
    fix = remote.parents("v1.4.3^{commit}")[1]
    branches = remote.branches()
    clone.git("switch", "-q", "develop")
    half(clone)
    before = clone.snapshot()
    answer = rollback(clone)
    new = clone.tip("hotfix/revert-v1.4.3")
    assert (answer.code, answer.out) == (0, f"""\
hotfix/revert-v1.4.3 reverts v1.4.3, from v1.4.3: {new[:10]} Revert v1.4.3: Checkout fails
it goes to main only; decide about each other branch afterwards
next: git hotfix finish revert-v1.4.3
"""), answer.err  # fmt: skip
    after = clone.snapshot()
    log = "refs/hotfix/log/revert-v1.4.3"
    assert after.refs == {**before.refs, "refs/heads/hotfix/revert-v1.4.3": new, log: after.refs[log]}
    assert (after.head, after.index, after.files, after.stash) == (
        before.head, before.index, before.files, before.stash,
    )  # fmt: skip
    assert remote.branches() == branches
    assert clone.parents(new) == [remote.tip("v1.4.3")]
    assert clone.tree(new) == clone.tree("v1.4.2")
    assert clone.git("log", "-1", "--format=%B", new).strip() == (
        f"Revert v1.4.3: Checkout fails\n\nThis reverts commit {fix}.\n\nHotfix-Reverts: v1.4.3"
    )
    assert "Reverts: v1.4.3" in clone.git("log", "-1", "--format=%B", log)

    done = clone.hotfix("finish", "revert-v1.4.3", "--format", "json")
    assert (done.code, done.json["tag"]["name"]) == (4, "v1.4.4"), done.err
    assert done.targets == dict.fromkeys(TARGETS, ("merge", "pending"))
    assert done.json["next"][0] == "git hotfix backport revert-v1.4.3 --to develop"
    assert remote.log("4711")[-1] == "v1.4.3 is rolled back by hotfix revert-v1.4.3"
    assert remote.tree("v1.4.4") == remote.tree("main") == remote.tree("v1.4.2")
    assert {name: tip for name, tip in remote.branches().items() if name != "main"} == {
        name: tip for name, tip in branches.items() if name != "main"
    }
    some = clone.hotfix("backport", "revert-v1.4.3", "--to", "develop", "--format", "json")
    assert (some.code, some.targets) == (0, {"develop": ("merge", "merged")}), some.err
    assert remote.log("4711").count("v1.4.3 is rolled back by hotfix revert-v1.4.3") == 1
    assert remote.tree("develop")["app.py"] == APP
    assert remote.tree("release/1.5")["app.py"] == FIX
    assert clone.snapshot().files == before.files


@pytest.mark.slow
def test_a_tag_a_name_a_title_for_programs(finished: Project) -> None:
    clone = finished.clone
    answer = rollback(clone, "v1.4.3", "--issue", "OPS-9", "-m", "it was\nworse", "--format", "json")
    assert answer.code == 0, answer.err
    found = answer.json
    assert (found["reverts"], found["next"]) == ({"tag": "v1.4.3", "issue": "4711"}, ["git hotfix finish OPS-9"])
    assert found["hotfix"] == {
        "branch": "hotfix/OPS-9", "issue": "OPS-9", "title": "it was worse", "severity": "P0",
        "production": "refs/heads/main", "base_tag": "v1.4.3", "tag": None, "base": clone.tip("v1.4.3"),
        "tip": clone.tip("hotfix/OPS-9"),
    }  # fmt: skip
    assert clone.subjects("-1", "hotfix/OPS-9") == ["it was worse"]


@pytest.mark.slow
def test_an_older_hotfix_below_a_newer_one(finished: Project) -> None:
    """What is taken back is taken out of what runs now; the newer hotfix stays."""
    clone, remote = finished.clone, finished.remote
    assert clone.hotfix("start", "4712").code == 0
    first = clone.commit("another", {"app.py": FIX.replace("value_25 = 25", "value_25 = 0")})
    second = clone.commit("and more", {"more.txt": "x\n"})
    assert clone.hotfix("finish").code == 0
    assert rollback(clone, "v1.4.3").code == 0
    assert clone.tree("hotfix/revert-v1.4.3") == {
        **clone.tree("v1.4.2"), "app.py": APP.replace("value_25 = 25", "value_25 = 0"), "more.txt": "x\n",
    }  # fmt: skip
    assert clone.parents("hotfix/revert-v1.4.3") == [remote.tip("v1.4.4")]
    assert rollback(clone).code == 0
    assert clone.tree("hotfix/revert-v1.4.4") == remote.tree("v1.4.3")
    assert clone.git("log", "-1", "--format=%b", "hotfix/revert-v1.4.4").splitlines()[:2] == [
        f"This reverts commit {second}.", f"This reverts commit {first}.",
    ]  # fmt: skip


@pytest.mark.slow
def test_a_conflict_makes_nothing_and_names_the_way_out(finished: Project) -> None:
    clone, remote = finished.clone, finished.remote
    assert clone.hotfix("start", "4712").code == 0
    clone.commit("on the same line", {"app.py": WORSE})
    assert clone.hotfix("finish").code == 0
    before, there = clone.snapshot(), remote.refs()
    answer = rollback(clone, "v1.4.3")
    unchanged(finished, answer, 4, "conflicts in", "  app.py (content)")
    assert (clone.snapshot(), remote.refs()) == (before, there)
    command = answer.err.partition("solve it by hand: ")[2].splitlines()[0]
    assert clone.run("sh", "-c", command).code == 1  # git revert stops at the conflict
    (clone.path / "app.py").write_text(APP)
    clone.git("add", "app.py")
    clone.git("revert", "--continue")
    done = clone.hotfix("finish", "--format", "json")
    assert (done.code, {status for _, status in done.targets.values()}) == (4, {"pending"}), done.err
    assert remote.tree("v1.4.5")["app.py"] == APP


@pytest.mark.slow
def test_a_release_is_no_hotfix(finished: Project) -> None:
    clone = finished.clone
    before = clone.snapshot()
    unchanged(finished, rollback(clone, "v1.4.2"), 2, "v1.4.2 was not made by git hotfix", "--from v1.4.1")
    unchanged(finished, rollback(clone, "v9"), 2, "there is no tag v9 on the remote", "git hotfix rollback v1.4.3")
    assert clone.snapshot() == before


@pytest.mark.slow
def test_what_is_taken_back_already(finished: Project) -> None:
    clone = finished.clone
    assert rollback(clone).code == 0
    again = rollback(clone)
    assert (again.code, "hotfix/revert-v1.4.3 exists here" in again.err) == (2, True)
    assert clone.hotfix("finish", "revert-v1.4.3").code == 4
    before = clone.snapshot()
    again = rollback(clone, "v1.4.3", "--issue", "again")
    assert (again.code, "no longer contains anything of v1.4.3" in again.err) == (2, True)
    default = rollback(clone)
    assert (default.code, "v1.4.4 is itself a rollback: it reverted v1.4.3" in default.err) == (2, True)
    assert clone.snapshot() == before
    assert rollback(clone, "v1.4.4").code == 0
    assert clone.tree("hotfix/revert-v1.4.4")["app.py"] == FIX


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a/b", "-x", "x.lock"])
def test_a_name_that_can_be_none(finished: Project, name: str) -> None:
    unchanged(finished, rollback(finished.clone, f"--issue={name}"), 2, "cannot name a hotfix")


@pytest.mark.slow
def test_another_clone_rolls_back_and_undoes(finished: Project) -> None:
    """It takes only the tag; and the delivery of a rollback is taken back like any other."""
    bob, remote = finished.another_clone("bob"), finished.remote
    bob.git("config", "user.name", "Bob")
    assert rollback(bob).code == 0
    assert bob.hotfix("finish", "revert-v1.4.3").code == 4
    assert bob.hotfix("backport", "revert-v1.4.3", "--to", "develop").code == 0
    assert remote.tree("develop")["app.py"] == APP
    answer = bob.hotfix("undo", "--format", "json")
    assert (answer.code, [each["status"] for each in answer.json["refs"]]) == (0, ["back"]), answer.err
    assert remote.tree("develop")["app.py"] == FIX


@pytest.mark.slow
def test_another_line(fixed: Project) -> None:
    """A hotfix of a support line is taken out of that line."""
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "origin", "v1.4.1^{commit}:refs/heads/support/1.4.1")
    assert clone.hotfix("start", "9", "--from", "v1.4.1", "--tag", "v1.4.1.1").code == 0
    clone.commit("fix the old line", {"app.py": FIX})
    done = clone.hotfix("finish", "--no-backport", "--format", "json")
    assert done.json["production"]["ref"] == "refs/heads/support/1.4.1", done.err
    assert rollback(clone, "v1.4.1.1", "--issue", "back").code == 0
    assert clone.parents("hotfix/back") == [remote.tip("v1.4.1.1")]
    main = remote.tip("main")
    assert clone.hotfix("finish", "back", "--no-backport").code in (0, 4)
    assert (remote.tip("main"), remote.tree("support/1.4.1")) == (main, remote.tree("v1.4.1"))
    assert "v1.4.1.2" in remote.tags()


@pytest.mark.slow
def test_a_hotfix_that_reverts_a_commit_of_its_own_is_delivered(project: Project) -> None:
    """Only what was there before it would be taken out of a target."""
    clone = project.clone
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("try a file", {"try.txt": "a\n"})
    clone.git("revert", "--no-edit", "HEAD")
    clone.commit("fix the checkout", {"app.py": FIX})
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets) == (0, dict.fromkeys(TARGETS, ("merge", "merged"))), answer.err
