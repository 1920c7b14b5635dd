"""start, update, --resolve and rollback that were killed: the same command again, or another one, brings to its end
what was begun, as it was said then."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from building import APP, FIX, TARGETS, Project
from killing import apart, kill_at, locks, settled
from proofs import rest_slow
from sandbox import Repo

from git_hotfix.model.logbook import trailers_of
from git_hotfix.model.names import BranchName, IssueId, Oid
from git_hotfix.runs import intents
from git_hotfix.runs.intents import Intent

START = ("start", "4711", "-m", "Checkout fails", "--severity", "P0", "--detected", "40m", "--push")
BRANCH = "refs/heads/hotfix/4711"
LOG = "refs/hotfix/log/4711"


def killed(project: Project, words: tuple[str, ...], state: str, word: str) -> None:
    """Killed when git says `state` of a reference transaction that holds `word`; the git itself ends."""
    apart(project)
    kill_at(project, words, project.clone.hook("reference-transaction", "exit 0"), word, state=state, all_of_it=False)
    settled(project.clone)


def started(repo: Repo) -> dict[str, str]:
    """The facts of the only entry."""
    assert repo.log("4711") == ["start hotfix 4711: Checkout fails"]
    return trailers_of(repo.git("log", "-1", "--format=%B", LOG))


def on(repo: Repo) -> str:
    """The branch that HEAD names."""
    return repo.git("symbolic-ref", "HEAD")


def tidy(project: Project) -> None:
    assert locks(project.clone) == []
    assert list((project.clone.path / ".git" / "hotfix").iterdir()) == []


@pytest.mark.parametrize(
    ("word", "more"),
    rest_slow([(BRANCH, ()), (BRANCH, ("--worktree",)), (LOG, ())], spread=True),
)  # fmt: skip
def test_start_carries_on_as_it_was_said(project: Project, word: str, more: tuple[str, ...]) -> None:
    """Also where the second run says less, and the time of detection was said as an age."""
    clone, remote = project.clone, project.remote
    killed(project, (*START, *more), "committed", word)
    [file] = (clone.path / ".git" / "hotfix").glob("intent-*")
    assert file.name == "intent-start-4711.json"
    doctor = clone.hotfix("doctor").out
    assert "1 interrupted: start 4711" in doctor
    assert "finish what was begun: git hotfix start 4711" in doctor
    answer = clone.hotfix("start", "4711")
    assert answer.code == 0, answer.err
    assert "the start of 4711 was interrupted; carrying on as it was said then: P0, Checkout fails\n" in answer.err
    facts = started(clone)
    assert (facts["Severity"], facts["Title"], facts["Base-Tag"]) == ("P0", "Checkout fails", "v1.4.2")
    assert facts["Detected"] < facts["Started"]
    assert remote.tip("hotfix/4711") == clone.tip("hotfix/4711") == clone.tip("v1.4.2^{}")
    assert remote.refs(LOG) == clone.refs(LOG)
    if more:
        there = project.at("clone-hotfix-4711")
        assert (on(there), on(clone)) == (BRANCH, "refs/heads/develop")
        assert there.git("status", "--porcelain") == ""
    else:
        assert on(clone) == BRANCH
    tidy(project)


@pytest.mark.slow
def test_another_command_records_what_start_had_begun(project: Project) -> None:
    """Somebody does not repeat start, but goes on to work: title and severity are in the logbook all the same."""
    clone = project.clone
    killed(project, tuple(word for word in START if word != "--push"), "committed", BRANCH)
    assert on(clone) == BRANCH
    clone.commit("fix the checkout", {"app.py": FIX})
    assert clone.hotfix("waive", "max-lines", "--reason", "generated lines").code == 0
    assert clone.log("4711") == ["start hotfix 4711: Checkout fails", "waive max-lines"]
    assert trailers_of(clone.git("log", "-1", "--format=%B", f"{LOG}~1"))["Severity"] == "P0"
    tidy(project)


@pytest.mark.slow
def test_files_that_a_killed_switch_had_written(project: Project) -> None:
    """The lock of the index, a file as the new commit has it, and one that is cut off: all of it is git's; a file with
    other words is somebody's, and git refuses to write over it."""
    clone = project.clone
    clone.commit("long", {"app.py": APP * 3, "own.txt": "x\n", "VERSION": "2\n"})
    killed(project, START, "prepared", BRANCH)
    top = clone.path / ".git"
    assert list((top / "hotfix").glob("intent-*")) != []
    if clone.refs(BRANCH):  # the git that was left alone ended
        clone.git("switch", "-q", "develop")
        clone.git("branch", "-D", "hotfix/4711")
    clone.git("reset", "-q", "--hard", "develop")
    (clone.path / "app.py").write_text(APP[:100])
    (clone.path / "VERSION").write_text("release 1.4.2\n")
    (top / "index.lock").write_text("")
    answer = clone.hotfix(*START)
    assert answer.code == 0, answer.err
    assert (on(clone), clone.git("status", "--porcelain")) == (BRANCH, "")
    assert (clone.path / "app.py").read_text() == APP
    tidy(project)


@pytest.mark.slow
def test_a_start_that_made_no_branch_never_was(project: Project) -> None:
    """Killed with its git in the middle of the switch; then somebody goes on with something else."""
    clone = project.clone
    clone.commit("more", {"app.py": APP * 3, "VERSION": "2\n"})
    before = clone.snapshot()
    apart(project)
    kill_at(project, START, clone.hook("reference-transaction", "exit 0"), BRANCH, state="prepared", all_of_it=True)
    assert clone.files() != before.files
    assert clone.hotfix("abandon", "4711", "--yes").code == 2
    after = clone.snapshot()
    assert (after.head, {name: kept[:2] for name, kept in after.files.items()}) == (
        before.head, {name: kept[:2] for name, kept in before.files.items()},
    )  # fmt: skip
    assert clone.git("status", "--porcelain") == ""
    assert clone.refs("refs/heads/hotfix/", "refs/hotfix/log/") == {}
    tidy(project)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("state", "word"),
    rest_slow([("committed", "refs/remotes/origin/hotfix/4711"), ("prepared", BRANCH), ("prepared", LOG),
               ("committed", LOG)], spread=True),
)  # fmt: skip
def test_update_carries_on_after_its_push(fixed: Project, state: str, word: str) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "origin", "hotfix/4711")
    fixed.released("v1.4.3", {"more.txt": "more\n"})
    clone.git("fetch", "-q")
    killed(fixed, ("update", "4711"), state, word)
    answer = clone.hotfix("update", "4711")
    assert (answer.code, answer.out) == (0, "hotfix/4711 is already based on v1.4.3\n"), answer.err
    assert "the update of 4711 was interrupted; what was left of it is done now\n" in answer.err
    assert clone.tip("hotfix/4711") == remote.tip("hotfix/4711")
    assert clone.parents("hotfix/4711") == [clone.tip("v1.4.3^{}")]
    assert clone.git("status", "--porcelain") == ""
    assert (clone.path / "more.txt").read_text() == "more\n"
    assert clone.log("4711") == remote.log("4711")
    assert clone.log("4711")[-1] == "update hotfix 4711 to v1.4.3"
    assert clone.log("4711").count("update hotfix 4711 to v1.4.3") == 1
    tidy(fixed)


def half_made(clone: Repo, name: str, *, locked: str = "initializing") -> Path:
    """What SIGKILL inside `git worktree add` leaves."""
    folder, place = clone.path / ".git" / "worktrees" / name, clone.path.with_name(name)
    folder.mkdir(parents=True)
    place.mkdir()
    (folder / "HEAD").write_text(f"{'0' * 40}\n")
    (folder / "commondir").write_text("../..\n")
    (folder / "gitdir").write_text(f"{place}/.git\n")
    (folder / "locked").write_text(locked)
    (place / ".git").write_text(f"gitdir: {folder}\n")
    return place


@pytest.mark.slow
def test_a_half_made_worktree_is_named_and_cleared(fixed: Project) -> None:
    """Until then every fetch fails, and git says nothing of the worktree."""
    clone = fixed.clone
    place = half_made(clone, "clone-resolve-x")
    kept = half_made(clone, "with-a-note")
    (kept / "note.txt").write_text("mine\n")
    folder = clone.path / ".git" / "worktrees"
    clone.git("-C", "../remote.git", "update-ref", "refs/heads/new", "main")
    doctor = clone.hotfix("doctor").out
    assert f"half-made worktrees, which stop every fetch: {folder}/clone-resolve-x {folder}/with-a-note" in doctor
    answer = clone.hotfix("finish")
    assert answer.code == 0, answer.err
    assert "worktrees/clone-resolve-x, which a killed run left\n" in answer.err
    assert (place.exists(), list(folder.glob("*"))) == (False, [])
    assert sorted(file.name for file in kept.iterdir()) == ["note.txt"]
    assert "half-made" not in clone.hotfix("doctor").out


@pytest.mark.slow
def test_a_half_made_worktree_stays_while_a_git_works_here(fixed: Project) -> None:
    import subprocess

    clone = fixed.clone
    half_made(clone, "clone-resolve-x")
    busy = subprocess.Popen(["git", "cat-file", "--batch"], cwd=clone.path, stdin=subprocess.PIPE)
    try:
        clone.hotfix("abandon", "4711", "--yes")
        assert (clone.path / ".git" / "worktrees" / "clone-resolve-x").exists()
    finally:
        assert busy.stdin
        busy.stdin.close()
        busy.wait(timeout=10)


WAIVE = ("waive", "max-lines", "--reason", "two\n\nparagraphs")
SKIP = ("backport", "4711", "--skip", "feature/login", "--reason", "thrown away")


@pytest.mark.slow
@pytest.mark.parametrize("words", [WAIVE, SKIP])
def test_what_is_said_twice_is_one_entry(fixed: Project, words: tuple[str, ...]) -> None:
    clone = fixed.clone
    for _ in range(2):
        assert clone.hotfix(*words).code == 0
    assert len(clone.log("4711")) == 2
    other = [word.replace("two", "other").replace("thrown", "given") for word in words]
    assert clone.hotfix(*other).code == 0
    assert len(clone.log("4711")) == 3
    if words[0] == "waive":
        assert clone.hotfix("waive", "--withdraw", "4711-W1").code == 0
        assert clone.hotfix(*words).code == 0
        assert len(clone.log("4711")) == 5


@pytest.mark.slow
def test_a_killed_rollback_begins_its_logbook_once(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish").code == 0
    killed(fixed, ("rollback", "v1.4.3"), "committed", "refs/hotfix/log/revert-v1.4.3")
    assert clone.hotfix("rollback", "v1.4.3").code == 0
    assert clone.log("revert-v1.4.3") == ["start hotfix revert-v1.4.3: Revert v1.4.3: Checkout fails"]
    tidy(fixed)


@pytest.mark.slow
def test_the_logbook_tells_what_a_killed_backport_had_delivered(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    assert clone.hotfix("finish", "--no-backport").code == 0
    before = remote.tips(*TARGETS)
    killed(fixed, ("backport", "4711"), "committed", "refs/remotes/origin/develop")
    assert clone.hotfix("backport", "4711").code == 0
    assert clone.log("4711")[-2:] == ["deliver hotfix 4711 to 4 branches", "close hotfix 4711"]
    told = trailers_of(clone.git("log", "-1", "--format=%B", f"{LOG}~1"))["Delivered"].split("\n")
    after = remote.tips(*TARGETS)
    assert sorted(told) == sorted(f"refs/heads/{name} {before[name]}..{after[name]}" for name in TARGETS)
    tidy(fixed)


RESOLVE = ("backport", "4711", "--resolve", "feature/clash")


def clashed(project: Project) -> Path:
    """A target that conflicts is left over by finish; where its worktree is going to stand."""
    clash = APP.replace("value_15 = 15", "value_15 = 0")
    project.clone.branch("feature/clash", "develop", "clash", {"app.py": clash})
    assert project.clone.hotfix("finish").code == 4
    return project.root / "clone-resolve-feature-clash"


@pytest.mark.slow
def test_resolve_that_was_killed_is_opened_in_the_same_place(fixed: Project) -> None:
    place = clashed(fixed)
    killed(fixed, RESOLVE, "committed", " HEAD")
    for _ in range(2):
        assert fixed.clone.hotfix(*RESOLVE).code == 0
    assert [each.name for each in fixed.root.iterdir() if "resolve" in each.name] == [place.name]
    assert fixed.at(place.name).git("diff", "--name-only", "--diff-filter=U") == "app.py"
    tidy(fixed)


@pytest.mark.slow
@pytest.mark.parametrize("words", [RESOLVE, ("backport", "--abort"), (*SKIP[:3], "feature/clash", *SKIP[4:])])
def test_what_a_killed_resolve_left_is_cut_off(fixed: Project, words: tuple[str, ...]) -> None:
    place = clashed(fixed)
    killed(fixed, RESOLVE, "committed", " HEAD")
    assert list((fixed.clone.path / ".git" / "hotfix").glob("intent-resolve-*")) != []
    assert fixed.clone.hotfix(*words).code == 0
    assert place.exists() == (words == RESOLVE)
    tidy(fixed)


@pytest.mark.slow
@pytest.mark.parametrize("later", [0, 60])
def test_nobody_loses_what_they_wrote_in_a_worktree_of_a_killed_resolve(fixed: Project, later: int) -> None:
    """A file that is newer than the index of the merge was not written by it."""
    place, clone = clashed(fixed), fixed.clone
    assert clone.hotfix(*RESOLVE).code == 0
    tip, app = BranchName("feature/clash"), place / "app.py"
    intents.write(
        clone.path / ".git",
        Intent("resolve", IssueId("4711"), tip, None, Oid(clone.tip("origin/feature/clash")), place=str(place)),
    )
    when = app.stat().st_mtime + later
    app.write_text("mine\n")
    os.utime(app, (when, when))
    assert clone.hotfix(*RESOLVE).code == 0
    assert (app.read_text() == "mine\n") == bool(later)


def test_what_nobody_can_read_is_said(fixed: Project) -> None:
    """Cut short by a full disk of another program, or written by a later version: it was passed over in silence."""
    ours = fixed.clone.path / ".git" / "hotfix"
    ours.mkdir(exist_ok=True)
    intent, run = ours / "intent-abandon-9.json", ours / "journal-4711.json"
    intent.write_text('{"command": "aban')
    run.write_text(json.dumps({"schema": 9, "issue": "4711"}))
    says = f"a killed run left what cannot be read, and no command carries it on: {intent} {run}"
    assert f"{says}\n" in fixed.clone.hotfix("status").out
    assert says in json.loads(fixed.clone.hotfix("status", "--format", "json").out)["notes"]
    checks = json.loads(fixed.clone.hotfix("doctor", "--format", "json").out)["checks"]
    assert [each for each in checks if each["id"] in ("journal", "begun", "unreadable")] == [
        {
            "id": "unreadable",
            "status": "fail",
            "message": says,
            "hint": f"see with git hotfix list what is half done, then: rm {intent} {run}",
        }
    ]
    intent.unlink()
    run.unlink()
    assert says not in fixed.clone.hotfix("status").out
