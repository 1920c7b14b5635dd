"""`undo`: a delivery is taken back where it still is what the run made it, and listed where it is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from building import APP, FIX, TARGETS, Project
from sandbox import Answer, Repo, Snapshot, at_terminal, half

LOG = "refs/hotfix/log/4711"


def undo(repo: Repo, *words: str) -> Answer:
    return repo.hotfix("undo", *words)


def statuses(answer: Answer) -> dict[str, str]:
    return {each["ref"].split("/", 2)[2]: each["status"] for each in answer.json["refs"]}


def without_log(refs: dict[str, str]) -> dict[str, str]:
    return {ref: oid for ref, oid in refs.items() if ref != LOG}


def same(before: Snapshot, after: Snapshot) -> None:
    """All of a clone as it was, but for the logbook, which only grows."""
    assert without_log(dict(after.refs)) == without_log(dict(before.refs))
    assert (after.head, after.index, after.files, after.stash, after.config) == (
        before.head, before.index, before.files, before.stash, before.config,
    )  # fmt: skip


KEPT = {"main": "kept", "v1.4.3": "kept"}
BACK = dict.fromkeys(TARGETS, "back")
ALREADY = dict.fromkeys(TARGETS, "already")


@pytest.fixture
def finished(fixed: Project) -> Project:
    """The fix is everywhere, and the hotfix branch is gone here and there."""
    fixed.clone.git("push", "-q", "-u", "origin", "hotfix/4711")
    assert fixed.clone.hotfix("finish").code == 0
    return fixed


def test_the_targets_go_back_and_production_stays(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "-u", "origin", "hotfix/4711")
    before, there = clone.snapshot(), remote.refs()
    assert clone.hotfix("finish").code == 0
    main, tag = remote.tip("main"), remote.refs("refs/tags/v1.4.3")
    answer = undo(clone, "--format", "json")
    assert (answer.code, statuses(answer)) == (4, {**KEPT, **BACK}), answer.err
    assert answer.json["next"] == ["git hotfix rollback v1.4.3"]
    [kept] = [each for each in answer.json["refs"] if each["ref"] == "refs/heads/main"]
    assert kept["revert"] == f"git revert -m 1 {main}"
    assert without_log(remote.refs()) == without_log({**there, "refs/heads/main": main, **tag})
    after = clone.snapshot()
    assert without_log(dict(after.refs)) == without_log({**before.refs, "refs/heads/main": main, **tag})
    assert (after.head, after.index, after.files, after.config) == (
        before.head, before.index, before.files, before.config,
    )  # fmt: skip
    assert clone.refs(LOG) == remote.refs(LOG)
    assert remote.log("4711")[-2:] == ["close hotfix 4711", "undo the finish of hotfix 4711"]
    lines = remote.git("log", "-1", "--format=%an%n%B", LOG).splitlines()
    assert lines[0] == "Ada"
    assert lines[lines.index("Back: refs/heads/develop") + 1 :][:3] == [
        " refs/heads/release/1.5", " refs/heads/feature/login", " refs/heads/feature/search",
    ]  # fmt: skip
    assert {"Left: refs/heads/main", " refs/tags/v1.4.3"} <= set(lines)
    assert list(fixed.private_git_dir.iterdir()) == []


@pytest.mark.slow
def test_what_people_read_and_a_second_time(finished: Project) -> None:
    clone, remote = finished.clone, finished.remote
    new = {name: remote.tip(name)[:10] for name in (*TARGETS, "main")}
    main = remote.tip("main")
    first = undo(clone)
    old = {name: remote.tip(name)[:10] for name in TARGETS}
    left = f"""\
main keeps it; to revert it there, on main: git revert -m 1 {main}
"""
    assert (first.code, first.out) == (4, f"""\
the finish of 4711
branch          result
main            kept    others may have fetched or deployed it
v1.4.3          kept    others may have fetched or deployed it
develop         back    {new["develop"]} → {old["develop"]}
release/1.5     back    {new["release/1.5"]} → {old["release/1.5"]}
feature/login   back    {new["feature/login"]} → {old["feature/login"]}
feature/search  back    {new["feature/search"]} → {old["feature/search"]}
{left}hotfix/4711 is open again
left to do:
  git hotfix rollback v1.4.3
""")  # fmt: skip
    before, there = clone.snapshot(), remote.refs()
    again = undo(clone)
    assert (again.code, clone.snapshot(), remote.refs()) == (4, before, there)
    assert "there is nothing left to undo\n" in again.out


@pytest.mark.slow
def test_it_is_open_again_and_can_be_finished(finished: Project) -> None:
    clone, remote = finished.clone, finished.remote
    main = remote.tip("main")
    assert undo(clone).code == 4
    assert "4 branches" in clone.hotfix("list").out
    assert (
        "taken back by Ada <ada@example.org>: 4 references went back; it is open again\n" in clone.hotfix("status").out
    )
    status = clone.hotfix("status", "--format", "json").json
    assert (status["next"], status["logbook"][-1]["kind"]) == (["git hotfix backport 4711"], "undo")
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets) == (0, dict.fromkeys(TARGETS, ("merge", "merged"))), answer.err
    assert (remote.tip("main"), remote.log("4711")[-1]) == (main, "close hotfix 4711")
    assert remote.log("4711").count("close hotfix 4711") == 2
    assert "hotfix/4711" not in remote.branches() | clone.branches()
    # What goes on after an undo is one run with what stayed: production is still known to be of it.
    assert statuses(undo(clone, "--format", "json")) == {**KEPT, **BACK}


@pytest.mark.slow
def test_production_is_said_twice(fixed: Project) -> None:
    """By the flag and by an answer: then everything is as it was before the finish."""
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "-u", "origin", "hotfix/4711")
    before, there = clone.snapshot(), remote.refs()
    assert clone.hotfix("finish").code == 0
    finished, gone = clone.snapshot(), remote.refs()
    for words in (("--production",), ("--production", "--yes")):
        answer = undo(clone, *words)
        assert (answer.code, answer.out) == (2, "")
        assert "no terminal to ask on" in answer.err
        code, said = at_terminal(clone, "n\n", "undo", *words)
        assert (code, clone.snapshot(), remote.refs()) == (4, finished, gone)
        assert "undo main and v1.4.3 all the same? [y/N]" in said
    assert at_terminal(clone, "y\n", "undo", "--production")[0] == 0
    same(before, clone.snapshot())
    assert without_log(remote.refs()) == without_log(there)
    assert clone.refs("refs/hotfix/remote-tags/v1.4.3") == {}
    assert "Withdrawn: v1.4.3" in remote.git("log", "-1", "--format=%B", LOG)
    assert clone.hotfix("status", "--format", "json").json["next"] == ["git hotfix finish"]
    again = clone.hotfix("finish", "--format", "json")
    assert (again.code, again.json["tag"]["name"]) == (0, "v1.4.3"), again.err


@pytest.mark.slow
def test_a_dry_run_leaves_nothing(finished: Project) -> None:
    clone = finished.clone
    before, there = clone.everything(), finished.remote.everything()
    answer = undo(clone, "--dry-run", "--production", "--format", "json")
    assert (answer.code, answer.json["pushed"]) == (0, False)
    assert statuses(answer) == {"main": "back", "v1.4.3": "back", **BACK}
    assert undo(clone, "--dry-run").code == 4
    assert (clone.everything(), finished.remote.everything()) == (before, there)
    assert list(finished.private_git_dir.iterdir()) == []


@pytest.mark.slow
def test_what_has_moved_is_left_with_its_revert(finished: Project) -> None:
    clone, remote = finished.clone, finished.remote
    merge = remote.tip("develop")
    bob = finished.another_clone("bob")
    bob.git("switch", "-q", "develop")
    theirs = bob.commit("on top", {"develop.txt": "three\n"})
    bob.git("push", "-q")
    bob.git("push", "-q", "origin", ":feature/login")
    bob.git("push", "-q", "--force", "origin", "main~1:feature/search")
    answer = undo(clone, "--format", "json")
    expected = {"develop": "moved", "release/1.5": "back", "feature/login": "gone", "feature/search": "gone"}
    assert (answer.code, statuses(answer)) == (4, {**KEPT, **expected}), answer.err
    assert remote.tip("develop") == theirs
    [moved] = [each for each in answer.json["refs"] if each["status"] == "moved"]
    assert moved["revert"] == f"git revert -m 1 {merge}"
    bob.git("pull", "-q")
    assert bob.run(*moved["revert"].split(), "--no-edit").code == 0
    assert bob.tree("develop")["app.py"] == APP


@pytest.mark.slow
def test_a_cherry_pick_is_reverted_by_its_range(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    old = clone.branch("release/1.0", "v1.4.1", "an old line", {"old-line.txt": "kept\n"})
    assert clone.hotfix("finish").code == 0
    pick = remote.tip("release/1.0")
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", "release/1.0")
    bob.commit("on top", {"more.txt": "x\n"})
    bob.git("push", "-q")
    answer = undo(clone, "--format", "json")
    [moved] = [each for each in answer.json["refs"] if each["status"] == "moved"]
    assert (moved["ref"], moved["revert"]) == ("refs/heads/release/1.0", f"git revert {old}..{pick}")


@pytest.mark.slow
def test_a_lease_that_is_lost_between_look_and_push(finished: Project) -> None:
    """Somebody pushes after the plan was made: theirs stays, the rest goes back."""
    clone, remote = finished.clone, finished.remote
    merge = remote.tip("develop")
    theirs = remote.git("commit-tree", f"{merge}^{{tree}}", "-p", merge, "-m", "theirs")
    clone.hook("pre-push", 'case "$(cat)" in *refs/heads/develop*) '
               f'git -C "{remote.path}" update-ref refs/heads/develop {theirs};; esac')  # fmt: skip
    answer = undo(clone, "--format", "json")
    assert (answer.code, statuses(answer)) == (4, {**KEPT, **BACK, "develop": "moved"}), answer.err
    assert remote.tip("develop") == theirs
    [moved] = [each for each in answer.json["refs"] if each["status"] == "moved"]
    assert moved["revert"] == f"git revert -m 1 {merge}"
    assert clone.tip("develop") == merge


@pytest.mark.slow
def test_what_is_protected_is_left(finished: Project) -> None:
    """The remote refuses production and one release; nothing here says otherwise than the remote."""
    clone, remote = finished.clone, finished.remote
    remote.hook(
        "update", 'case "$1" in refs/heads/main|refs/heads/release/*) echo "$1 is protected" >&2; exit 1;; esac'
    )
    main, release, tags = remote.tip("main"), remote.tip("release/1.5"), remote.refs("refs/tags/")
    assert at_terminal(clone, "y\n", "undo", "--production")[0] == 4
    assert (remote.tip("main"), remote.tip("release/1.5")) == (main, release)
    assert remote.refs("refs/tags/") == tags == clone.refs("refs/tags/")
    assert clone.tip("main") == main
    assert remote.tree("develop")["app.py"] == APP
    again = undo(clone, "--format", "json")
    assert statuses(again) == {**KEPT, **ALREADY, "release/1.5": "refused"}
    [refused] = [each for each in again.json["refs"] if each["status"] == "refused"]
    assert (refused["revert"], again.code) == (f"git revert -m 1 {release}", 4)


@pytest.mark.slow
def test_a_remote_that_refuses_everything(finished: Project) -> None:
    finished.remote.hook("pre-receive", "exit 1")
    there = finished.remote.refs()
    answer = undo(finished.clone, "--format", "json")
    assert (answer.code, statuses(answer)) == (4, {**KEPT, **dict.fromkeys(TARGETS, "refused")}), answer.err
    assert finished.remote.refs() == there


@pytest.mark.slow
def test_checked_out_branches_and_files_stay(finished: Project) -> None:
    clone = finished.clone
    clone.git("switch", "-q", "develop")
    release = finished.linked("release", "release/1.5")
    half(clone)
    merge, old = clone.tip("develop"), finished.remote.parents("develop")[0]
    before, beside = clone.snapshot(), release.snapshot()
    answer = undo(clone, "--format", "json")
    assert answer.code == 4, answer.err
    after = clone.snapshot()
    assert (after.head, after.index, after.files, clone.tip("develop")) == (
        before.head, before.index, before.files, merge,
    )  # fmt: skip
    assert (release.snapshot().files, release.tip("HEAD")) == (beside.files, beside.refs["refs/heads/release/1.5"])
    assert set(answer.json["left"]) == {"develop", "release/1.5"}
    clone.git("reset", "-q", "staged.txt")
    done = clone.run("sh", "-c", answer.json["left"]["develop"])
    assert (done.code, clone.tip("develop")) == (0, old), done.err
    assert (clone.path / "README.md").read_text() == "half done\n"


@pytest.mark.slow
def test_local_work_on_top_stays(finished: Project) -> None:
    clone = finished.clone
    mine = clone.git("commit-tree", "develop^{tree}", "-p", "develop", "-m", "mine")
    clone.git("update-ref", "refs/heads/develop", mine)
    assert statuses(undo(clone, "--format", "json"))["develop"] == "back"
    assert clone.tip("develop") == mine


@pytest.mark.slow
def test_a_merge_made_by_hand_is_not_lost(fixed: Project) -> None:
    """What a human solved waits again, and the next delivery takes it."""
    clone, remote = fixed.clone, fixed.remote
    theirs = clone.branch("feature/clash", "develop", "clash", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    assert clone.hotfix("finish").code == 4
    assert clone.hotfix("backport", "4711", "--resolve", "feature/clash").code == 0
    place = fixed.at("clone-resolve-feature-clash")
    (place.path / "app.py").write_text(APP.replace("value_15 = 15", 'value_15 = "XV"'))
    place.git("add", "app.py")
    assert clone.hotfix("backport", "4711", "--continue").code == 0
    solved = remote.tip("feature/clash")
    answer = undo(clone, "--format", "json")
    assert (answer.code, statuses(answer)) == (0, {"feature/clash": "back"}), answer.err
    assert (remote.tip("feature/clash"), answer.json["run"]["command"]) == (theirs, "backport")
    assert remote.tree("develop")["app.py"] == FIX
    assert "hotfix/4711" in clone.branches()
    assert "git hotfix undo 4711 --all" in undo(clone).out
    assert clone.hotfix("backport", "4711").code == 0
    assert remote.tip("feature/clash") == solved
    answer = undo(clone, "--all", "--format", "json")
    assert (answer.code, statuses(answer)) == (4, {**KEPT, **BACK, "feature/clash": "back"}), answer.err


@pytest.mark.slow
def test_another_clone_knows_no_run(finished: Project) -> None:
    bob = finished.another_clone("bob")
    there = finished.remote.refs()
    answer = undo(bob, "4711")
    assert (answer.code, answer.out, finished.remote.refs()) == (2, "", there)
    assert "this clone did not run a finish or backport of 4711" in answer.err
    assert "git hotfix rollback v1.4.3" in answer.err
    assert undo(bob).code == 2


@pytest.mark.slow
def test_a_record_that_cannot_be_read(finished: Project) -> None:
    file = finished.clone.path / ".git" / "hotfix-runs" / "4711.json"
    file.write_text('{"schema": 1, "runs": [{}]}')
    answer = undo(finished.clone)
    assert (answer.code, "is not a git-hotfix record" in answer.err) == (3, True)


@pytest.mark.slow
def test_without_a_remote(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("branch", "release/1.5", "origin/release/1.5")
    clone.git("remote", "remove", "origin")
    before = clone.snapshot()
    done = clone.hotfix("finish", "--format", "json")
    assert done.code == 0, done.err
    assert undo(clone).code == 4
    assert at_terminal(clone, "y\n", "undo", "--production")[0] == 0
    same(before, clone.snapshot())


KILLED = [
    ("clone", "pre-push", "", "refs/heads/hotfix/4711"),
    ("remote", "post-receive", "", "refs/heads/develop"),
    ("remote", "post-receive", "", "refs/heads/feature/login"),
    ("clone", "reference-transaction", "committed", "refs/heads/develop"),
    ("clone", "reference-transaction", "committed", LOG),
    ("remote", "post-receive", "", LOG),
]
ON_INPUT = 'case "$(cat)" in *"{word}"*) ;; *) exit 0;; esac'
KILL = 'while [ ! -s "{file}" ]; do sleep 0.01; done; read -r pid < "{file}"; kill -9 "$pid"'


@pytest.mark.parametrize(("where", "name", "state", "word"), KILLED)
@pytest.mark.slow
def test_killed_and_run_again(fixed: Project, where: str, name: str, state: str, word: str) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "-u", "origin", "hotfix/4711")
    before, there = clone.snapshot(), remote.refs()
    assert clone.hotfix("finish").code == 0
    main, tag = remote.refs("refs/heads/main"), remote.refs("refs/tags/v1.4.3")
    kill(clone, (clone if where == "clone" else remote).hook(name, "exit 0"), word, state, fixed.root / "pid")
    again = undo(clone)
    assert again.code == 4, again.err
    assert without_log(remote.refs()) == without_log({**there, **main, **tag})
    assert without_log(dict(clone.snapshot().refs)) == without_log({**before.refs, **main, **tag})
    assert clone.refs(LOG) == remote.refs(LOG)
    assert remote.log("4711").count("undo the finish of hotfix 4711") == 1
    assert list((clone.path / ".git" / "hotfix").iterdir()) == []


def kill(clone: Repo, hook: Path, word: str, state: str, file: Path) -> None:
    when = f'[ "$1" = "{state}" ] || exit 0\n' if state else ""
    hook.write_text(f"#!/bin/sh\n{when}{ON_INPUT.format(word=word)}\n{KILL.format(file=file)}\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "git_hotfix", "undo"], cwd=clone.path, env={**os.environ, **clone.environment},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    file.write_text(f"{process.pid}\n")
    assert process.wait(timeout=60) == -signal.SIGKILL
    hook.unlink()


@pytest.mark.slow
def test_a_finish_that_was_killed_and_resumed_is_one_run(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    branches = remote.branches()
    file, hook = fixed.root / "pid", remote.hook("post-receive", "exit 0")
    hook.write_text(f"#!/bin/sh\n{ON_INPUT.format(word='refs/heads/develop')}\n{KILL.format(file=file)}\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "git_hotfix", "finish"], cwd=clone.path, env={**os.environ, **clone.environment},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    file.write_text(f"{process.pid}\n")
    assert process.wait(timeout=60) == -signal.SIGKILL
    hook.unlink()
    assert clone.hotfix("finish", "4711").code == 0
    answer = undo(clone, "--format", "json")
    assert (answer.code, statuses(answer)) == (4, {**KEPT, **BACK}), answer.err
    assert remote.branches() == {**branches, "main": remote.tip("main")}


@pytest.mark.slow
def test_undo_of_a_backport_stands_on_the_hotfix_branch_again(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish", "--no-backport").code == 0
    files = clone.files()
    assert clone.hotfix("backport", "4711").code == 0
    assert clone.head() == "ref: refs/heads/main\n"
    assert clone.hotfix("undo", "--yes").code == 0
    assert (clone.head(), clone.files()) == ("ref: refs/heads/hotfix/4711\n", files)
    assert clone.git("status", "--porcelain") == ""
