"""What belongs to the user is, after every command, byte for byte what it was (PRODUCT, promise 8).

The user stands on develop with work half done, has a stash, three more worktrees (one dirty, one with a merge half
done, one detached), hooks, settings, and what rerere learned. Only references move, and what a command is asked to add.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from building import APP, Project
from sandbox import half

CLASH = APP.replace("value_15 = 15", "value_15 = 0")
SOLVED = APP.replace("value_15 = 15", 'value_15 = "zero"')
OTHERS = ("dirty", "merging", "detached")
# What a command may write in the git directory: references with their logs, objects, and files of our own.
OURS = ("objects", "refs", "logs/refs", "packed-refs", "reftable", "hotfix", "worktrees")


def contents(top: Path, *, without: tuple[str, ...] = ()) -> dict[str, tuple[int, str]]:
    """Every file below `top`: its mode, and a hash of its bytes or of where it leads."""
    found = {}
    for place in sorted(top.rglob("*")):
        name = str(place.relative_to(top))
        if name.startswith(without) or (place.is_dir() and not place.is_symlink()):
            continue
        data = os.fsencode(os.readlink(place)) if place.is_symlink() else place.read_bytes()  # noqa: PTH115
        found[name] = (stat.S_IMODE(place.lstat().st_mode), hashlib.sha256(data).hexdigest())
    return found


def seen(project: Project) -> dict[str, object]:
    """All that is the user's."""
    clone = project.clone
    git_dir = clone.path / ".git"
    places = {"": clone, **{name: project.at(name) for name in OTHERS}}
    return {
        "settings": contents(project.root / "home"),
        "git directory": contents(git_dir, without=OURS),
        "worktrees": {name: contents(git_dir / "worktrees" / name) for name in OTHERS},
        "rr-cache": (git_dir / "rr-cache").exists(),
        "stash": clone.git("stash", "list", "--format=%H %gs"),
        "files": {name: place.files() for name, place in places.items()},
        "folders": {name: sorted(str(each) for each in place.path.rglob("*") if each.is_dir() and not
                                 each.is_relative_to(git_dir)) for name, place in places.items()},
        "indexes": {name: place.git("ls-files", "-v", "--stage", "--debug") for name, place in places.items()},
    }  # fmt: skip


def busy(project: Project, *, rerere: bool, stand: str = "develop") -> None:
    """The user's own work, of every kind that a careless tool would lose."""
    clone, merging = project.clone, project.at("merging")
    if rerere:
        clone.git("config", "rerere.enabled", "true")
    clone.git("switch", "-q", stand)
    for name, words in {"dirty": ["-b", "side"], "merging": ["-b", "mine"], "detached": ["--detach"]}.items():
        clone.git("worktree", "add", "-q", *words, str(project.root / name), "v1.4.2")
    half(project.at("dirty"))
    theirs = merging.commit("theirs", {"mine.txt": "theirs\n"})
    merging.git("reset", "-q", "--hard", "HEAD~1")
    merging.commit("mine", {"mine.txt": "mine\n"})
    merging.git("merge", "-q", theirs, check=False)
    assert (clone.path / ".git" / "worktrees" / "merging" / "MERGE_HEAD").exists()
    (project.root / "detached" / "VERSION").write_text("changed\n")
    project.at("detached").git("add", "VERSION")
    (clone.path / "README.md").write_text("for later\n")
    clone.git("stash", "push", "-q", "-m", "for later")
    half(clone)
    (clone.path / ".git" / "info").mkdir(exist_ok=True)
    (clone.path / ".git" / "info" / "exclude").write_text("*.log\n")
    (clone.path / "build").mkdir()
    (clone.path / "build" / "ignored.log").write_text("ignored\n")
    (clone.path / "empty").mkdir()
    (clone.path / "link").symlink_to("nowhere")
    clone.git("update-index", "--assume-unchanged", "VERSION")
    clone.git("update-index", "--skip-worktree", "app.py")
    (clone.path / "app.py").write_text("my own\n")
    clone.hook("pre-push", "exit 0")
    for name in ("post-checkout", "post-commit", "post-merge", "post-index-change", "pre-commit", "post-rewrite"):
        clone.hook(name, "touch 'a hook ran here'")
    assert (clone.path / ".git" / "rr-cache").exists() == rerere


def clash(project: Project) -> None:
    project.clone.branch("feature/clash", "v1.4.2", "clash", {"app.py": CLASH})


def finished(project: Project) -> None:
    clash(project)
    assert project.clone.hotfix("finish", "4711").code == 4


def opened(project: Project) -> None:
    finished(project)
    assert project.clone.hotfix("backport", "4711", "--resolve", "feature/clash").code == 0


def solved(project: Project) -> None:
    opened(project)
    there = project.at("clone-resolve-feature-clash")
    (there.path / "app.py").write_text(SOLVED)
    there.git("add", "app.py")


def refused(project: Project) -> None:
    project.clone.commit("a module", {"helper.py": "x = 1\n"})


def newer(project: Project) -> None:
    """A colleague releases something else meanwhile."""
    other = project.another_clone("colleague")
    other.git("switch", "-q", "main")
    other.commit("release 1.4.3", {"VERSION": "1.4.3\n"})
    other.git("push", "-q")
    other.tag("v1.4.3")


def clashing_production(project: Project) -> None:
    other = project.another_clone("colleague")
    other.git("switch", "-q", "main")
    other.commit("in the way", {"app.py": CLASH})
    other.git("push", "-q")


def newer_work(project: Project) -> None:
    """Production has moved past its tag."""
    other = project.another_clone("colleague")
    other.git("switch", "-q", "main")
    other.commit("unreleased", {"new.txt": "new\n"})
    other.git("push", "-q")


def nothing(project: Project) -> None:
    pass


@dataclass(frozen=True)
class Case:
    """A command line, what happened before the user's work was looked at, and its exit code."""

    words: str
    before: Callable[[Project], None] = nothing
    code: int = 0
    rerere: bool = False

    def __str__(self) -> str:
        return f"{self.words} after {self.before.__name__}{' with rerere' if self.rerere else ''}"


QUICK = [
    Case("finish 4711 --dry-run"), Case("finish 4711", clash, 4), Case("finish 4711", refused, 1),
    Case("update 4711", newer),
    Case("backport 4711 --resolve feature/clash", finished, rerere=True), Case("backport 4711 --continue", solved),
    Case("undo 4711 --yes", finished, 4), Case("waive max-lines --issue 4711 --reason because"),
]  # fmt: skip
DELIVERING = [
    Case("finish 4711", clash, 4), Case("backport 4711", finished, 4),
    Case("backport 4711 --resolve feature/clash", finished), Case("backport 4711 --continue", opened, 4),
    Case("backport 4711 --continue", solved), Case("backport 4711 --abort", opened),
    Case("backport 4711 --skip feature/clash --reason gone", opened),
]  # fmt: skip
SLOW = [
    Case("check 4711"), Case("check 4711 --fetch --format sarif"), Case("status 4711 --fetch"), Case("list --fetch"),
    Case("doctor --online"), Case("init --dry-run"), Case("hooks status", code=1), Case("completion bash"),
    Case("finish 4711 --dry-run", clash, 4), Case("backport 4711 --dry-run", finished, 4),
    Case("undo 4711 --dry-run", finished, 4), Case("start 4712 --worktree ../new"), Case("approve 4711 --yes"),
    Case("abandon 4711 --yes"), Case("finish 4711 --yes"), Case("finish 4711", clashing_production, 4),
    Case("finish 4711 --no-backport"), Case("rollback v1.4.3", finished),
    *DELIVERING, *(Case(each.words, each.before, each.code, rerere=True) for each in DELIVERING),
]  # fmt: skip
CASES = [*QUICK, *(pytest.param(each, marks=pytest.mark.slow, id=str(each)) for each in SLOW if each not in QUICK)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_command_leaves_what_is_the_users(fixed: Project, case: Case) -> None:
    case.before(fixed)
    busy(fixed, rerere=case.rerere)
    before = seen(fixed)
    # Who approves had no hand in the fix.
    env = {f"GIT_{role}_EMAIL": "grace@example.org" for role in ("AUTHOR", "COMMITTER") if "approve" in case.words}
    answer = fixed.clone.hotfix(*case.words.split(), env=env)
    assert answer.code == case.code, answer.out + answer.err
    assert seen(fixed) == before


@pytest.mark.slow
@pytest.mark.parametrize("moved", [False, True])
def test_finish_on_the_hotfix_branch_moves_head_alone(fixed: Project, moved: bool) -> None:
    """To production where that has the very same tree, else to nowhere; never a file and no line of the index."""
    clone = fixed.clone
    tip = clone.tip("HEAD")
    if moved:
        newer_work(fixed)
    busy(fixed, rerere=False, stand="hotfix/4711")
    before = seen(fixed)
    answer = clone.hotfix("finish", "4711")
    assert answer.code == 0, answer.out + answer.err
    after = seen(fixed)
    on = clone.git("symbolic-ref", "-q", "HEAD", check=False)
    assert (on, clone.tip("HEAD")) == (("", tip) if moved else ("refs/heads/main", clone.tip("main")))
    nowhere = f"You are on no branch now (HEAD is detached at {tip[:10]}): git switch "
    assert answer.out.splitlines()[-1].startswith(nowhere if moved else "You are on main now")
    for each in (before, after):
        for name in ("HEAD", "logs/HEAD"):
            each["git directory"].pop(name, None)  # type: ignore[attr-defined]
    assert after == before
