"""Killed at random moments: the same command again ends where an undisturbed run does, and an abort
where nothing had begun.

GIT_HOTFIX_KILL_PARTS says how many times ten kills of each command are tried, GIT_HOTFIX_KILL_SEED at which moments.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from building import APP, TARGETS, Project, Templates, on_disk
from killing import apart, kill_after, locks, settled
from sandbox import Repo

KILLS = 10  # a test: no test may last for two minutes
PARTS = range(int(os.environ.get("GIT_HOTFIX_KILL_PARTS", "1")))
SEED = os.environ.get("GIT_HOTFIX_KILL_SEED", "0")
STARTS = 0.15  # seconds; before that Python only imports, and nothing has begun
CLASH = APP.replace("value_15 = 15", "value_15 = 0")
SOLVED = APP.replace("value_15 = 15", 'value_15 = "zero"')
DRAFTS = ("tmp_pack*", "tmp_idx*", "tmp_obj*", "tmp_objdir*", "incoming-*")


def _done(repo: Repo, *words: str, code: int = 0) -> None:
    answer = repo.hotfix(*words)
    assert answer.code == code, answer.err


def _nothing(project: Project) -> None:
    """The stage as it is."""


def _released(project: Project) -> None:
    project.clone.git("push", "-q", "origin", "hotfix/4711")
    project.released("v1.4.3", {"more.txt": "more\n", "VERSION": "1.4.3\n"})


def _pushed(project: Project) -> None:
    project.clone.git("push", "-q", "origin", "hotfix/4711")


def _reviewed(project: Project) -> None:
    """Pushed, and somebody else sits here now."""
    _pushed(project)
    project.clone.git("config", "user.name", "Grace")
    project.clone.git("config", "user.email", "grace@example.org")


def _finished(project: Project) -> None:
    _done(project.clone, "finish")


def _landed(project: Project) -> None:
    _done(project.clone, "finish", "--no-backport")


def _clashed(project: Project) -> None:
    project.clone.branch("feature/clash", "develop", "clash", {"app.py": CLASH})
    _done(project.clone, "finish", code=4)


def _solved(project: Project) -> None:
    _done(project.clone, "backport", "4711", "--resolve", "feature/clash")
    place = project.at("clone-resolve-feature-clash")
    (place.path / "app.py").write_text(SOLVED)
    place.git("add", "app.py")


@dataclass(frozen=True)
class Case:
    """A command, the stage that it starts from, what is done once on that and what in each copy, and its exit code."""

    words: tuple[str, ...]
    stage: str = "fixed"
    once: Callable[[Project], None] = _nothing
    each: Callable[[Project], None] = _nothing
    code: int = 0


START = ("start", "4711", "-m", "Checkout fails", "--severity", "P0", "--detected", "40m", "--push")
BACKPORT = ("backport", "4711")
CASES = {
    "start": Case(START, "plain"),
    "start-worktree": Case((*START, "--worktree"), "plain"),
    "update": Case(("update", "4711"), once=_released),
    "resolve": Case((*BACKPORT, "--resolve", "feature/clash"), once=_clashed),
    "continue": Case((*BACKPORT, "--continue"), once=_clashed, each=_solved),
    "skip": Case((*BACKPORT, "--skip", "feature/clash", "--reason", "is thrown away"), once=_clashed),
    "waive": Case(("waive", "max-lines", "--reason", "generated lines", "--issue", "4711"), once=_pushed),
    "approve": Case(("approve", "4711", "--yes"), once=_reviewed),
    "abandon": Case(("abandon", "4711", "--yes", "--reason", "not needed"), once=_pushed),
    "undo": Case(("undo", "4711", "--yes"), once=_finished, code=4),
    "rollback": Case(("rollback", "v1.4.3"), once=_finished),
    "finish": Case(("finish", "4711")),
    "backport": Case(BACKPORT, once=_landed),
}


def copy(base: Path, to: Path, case: Case) -> Project:
    """The stage of a case in a folder of its own; the server lives in a session of its own."""
    for part in ("home", "tmp", "remote.git", "clone"):
        shutil.copytree(base / part, to / part, symlinks=True)
    config = to / "clone" / ".git" / "config"
    config.write_text(config.read_text().replace(str(base), str(to)))
    project = on_disk(to, DATES[0])
    case.each(project)
    apart(project)
    return project


DATES: list[Any] = []


def prepared(templates: Templates, base: Path, case: Case) -> None:
    project = templates.copy(case.stage, base)
    DATES[:] = [project.dates]
    case.once(project)


def shape(repo: Repo, *areas: str) -> dict[str, tuple[str, ...]]:
    """Every reference with what an undisturbed run makes of it: parents, tree and message, not its date."""
    rows = repo.git("for-each-ref", "--format=%(refname) %(objecttype) %(tree)%(*tree) %(parent)%(*parent) %(subject)",
                    *(areas or ("refs/heads/", "refs/tags/"))).splitlines()  # fmt: skip
    return {row.split(" ", 1)[0]: tuple(row.split(" ")[1:]) for row in rows}


def logbook(repo: Repo, issue: str) -> list[str]:
    """The titles of all entries, in their order; two lines that were written at once are joined by none."""
    ref = f"refs/hotfix/log/{issue}"
    if not repo.refs(ref):
        return []
    return [title for title in repo.log(issue) if not title.startswith("join")]


def standing(place: Path, repo: Repo) -> dict[str, Any]:
    """A working tree: where HEAD is, index, files, and what is under way there."""
    there = Repo(place, repo.dates, repo.environment)
    git_dir = Path(there.git("rev-parse", "--absolute-git-dir"))
    head = there.git("symbolic-ref", "-q", "HEAD", check=False) or there.git("log", "-1", "--format=%T %s")
    under_way = [name for name in ("MERGE_HEAD", "CHERRY_PICK_HEAD", "hotfix-resolve") if (git_dir / name).exists()]
    files = {name: (mode, content) for name, (mode, content, _) in there.files().items() if name != ".git"}
    index = there.git("ls-files", "--stage")
    return {"head": head, "index": index, "files": files, "under way": under_way}


def state(project: Project) -> dict[str, Any]:
    """All that a command leaves, here and on the remote."""
    clone, remote = project.clone, project.remote
    rows = clone.git("worktree", "list", "--porcelain").splitlines()
    places = [Path(row.removeprefix("worktree ")) for row in rows if row.startswith("worktree ")]
    locked = [row for row in rows if row.startswith(("locked", "prunable"))]
    issues = sorted(
        {ref.rpartition("/")[2] for ref in {**clone.refs("refs/hotfix/log/"), **remote.refs("refs/hotfix/log/")}}
    )
    kept = clone.path / ".git" / "hotfix" / "rr-cache"  # what a human made of a conflict
    left = [*(clone.path / ".git" / "hotfix").glob("*"), *(clone.path / ".git").rglob("*.lock"),
            *remote.path.rglob("*.lock")]  # fmt: skip
    left += [
        file
        for pattern in DRAFTS
        for top in (clone.path / ".git", remote.path)
        for file in (top / "objects").rglob(pattern)
    ]
    return {
        "remote": shape(remote),
        "clone": shape(clone, "refs/heads/", "refs/tags/", "refs/remotes/"),
        "own": sorted(clone.refs("refs/hotfix/")),
        "logs": {issue: (logbook(clone, issue), logbook(remote, issue)) for issue in issues},
        "worktrees": {place.name: standing(place, clone) for place in places},
        "locked": locked,
        "left": sorted(str(file.relative_to(project.root)) for file in left if file != kept),
        "folders": sorted(place.name for place in project.root.iterdir()),
        "whole": [clone.run("git", "fsck", "--connectivity-only", "--no-dangling").code,
                  remote.run("git", "fsck", "--connectivity-only", "--no-dangling").code],
    }  # fmt: skip


def differences(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    return {key: (found[key], expected[key]) for key in expected if found[key] != expected[key]}


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", CASES)
def test_the_same_command_again(templates: Templates, tmp_path: Path, name: str, part: int) -> None:
    case = CASES[name]
    base = tmp_path / "base"
    prepared(templates, base, case)
    undisturbed = copy(base, tmp_path / "undisturbed", case)
    begun = time.monotonic()
    assert not kill_after(undisturbed.clone, case.words, 60, all_of_it=False)
    longest = time.monotonic() - begun
    settled(undisturbed.clone)
    expected = state(undisturbed)
    assert expected["left"] == []
    dice = random.Random(f"{name} {SEED} {part}")
    failures, killed = [], 0
    for number in range(KILLS):
        moment = dice.uniform(STARTS, longest * 1.05)
        project = copy(base, tmp_path / str(number), case)
        was_killed, failure = one(project, case, expected, moment, all_of_it=bool(number % 2))
        killed += was_killed
        if failure:
            failures.append(f"{name}, kill {number} after {moment:.3f} of {longest:.3f} s: {failure}")
        shutil.rmtree(project.root)
    print(f"{name}: {killed} of {KILLS} runs killed before their end, {len(failures)} failures")
    assert not failures, "\n".join(failures)


def one(project: Project, case: Case, expected: dict[str, Any], moment: float, *, all_of_it: bool) -> tuple[bool, str]:
    """Kill once and run again: whether the first run was killed, and what is wrong then, "" for nothing."""
    killed = kill_after(project.clone, case.words, moment, all_of_it=all_of_it)
    again = project.clone.hotfix(*case.words)
    settled(project.clone)
    wrong = differences(state(project), expected)
    # What had come to its end has nothing left to do, and says so.
    if not wrong and again.code in (case.code, 2):
        return killed, ""
    return killed, f"{'with its git ' if all_of_it else ''}exit {again.code}\n{wrong}\n{again.out}{again.err}"


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_abort(templates: Templates, tmp_path: Path, part: int) -> None:
    """Of a backport: the branches of remote and clone are those of before, and the backport is still owed."""
    case = CASES["backport"]
    base = tmp_path / "base"
    prepared(templates, base, case)
    timed = copy(base, tmp_path / "timed", case)
    begun = time.monotonic()
    assert not kill_after(timed.clone, case.words, 60, all_of_it=False)
    longest = time.monotonic() - begun
    dice = random.Random(f"abort {SEED} {part}")
    for number in range(KILLS):
        project = copy(base, tmp_path / str(number), case)
        clone, remote = project.clone, project.remote
        before, there = shape(clone), shape(remote)
        files, head = clone.files(), clone.snapshot().head
        moment, all_of_it = dice.uniform(STARTS, longest), bool(number % 2)
        killed = kill_after(clone, case.words, moment, all_of_it=all_of_it)
        settled(remote)  # a push that is still under way is not one that can be taken back
        ended = not (clone.path / ".git" / "hotfix").exists() or not list(
            (clone.path / ".git" / "hotfix").glob("journal*")
        )
        answer = clone.hotfix("backport", "--abort", "4711")
        about = f"killed {'with its git ' if all_of_it else ''}after {moment:.3f} of {longest:.3f} s: {killed}"
        assert answer.code == 0, f"{about}\n{answer.err}"
        if ended and "hotfix/4711" not in clone.branches():
            continue  # it had come to its end: there is nothing to abort
        assert (shape(remote), shape(clone)) == (there, before), about
        assert (clone.files(), clone.snapshot().head) == (files, head), about
        assert locks(clone) == []
        assert list((clone.path / ".git" / "hotfix").iterdir()) == []
        done = clone.hotfix("backport", "4711", "--format", "json")
        assert (done.code, done.targets) == (0, dict.fromkeys(TARGETS, ("merge", "merged"))), done.err
