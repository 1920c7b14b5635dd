"""Random branches: what was solved once gives on every other one the very tree of a checkout with rerere on."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from proofs import rest_slow
from sandbox import Dates, Repo

from git_hotfix.conflicts import resolve
from git_hotfix.conflicts.resolve import ResolutionRules
from git_hotfix.git import merge
from git_hotfix.git.private_dir import private_git_dir
from git_hotfix.git.repository import open_repository
from git_hotfix.model.names import Oid
from git_hotfix.model.policy import Backport

BRANCHES = 5
Files = dict[str, list[str]]


def grown(repo: Repo, seed: int) -> None:
    """A base, a hotfix, and branches that changed some of its lines and some of their own, with any line end."""
    dice = random.Random(seed)
    end = dice.choice(["\n", "\r\n"])
    base = {f"file{number}": [f"{number} line {line}" for line in range(dice.randint(3, 25))] for number in range(2)}
    spots = [(name, dice.randrange(len(lines))) for name, lines in base.items() for _ in range(dice.randint(1, 2))]

    def commit(branch: str, files: Files) -> None:
        repo.git("switch", "-q", *(["-c", branch, "base"] if branch != "base" else ["-c", branch]))
        for name, lines in files.items():
            text = end.join(lines) + (end if dice.random() < 0.9 else "")
            (repo.path / name).write_bytes(text.encode())
        repo.commit(branch)

    def changed(word: str, odds: float) -> Files:
        files = {name: list(lines) for name, lines in base.items()}
        for name, line in spots:
            if dice.random() < odds:
                files[name][line] = f"{word} {line}"
        return files

    commit("base", base)
    commit("hotfix", changed("fix", 1.0))
    for number in range(BRANCHES):
        files = changed(dice.choice(["theirs", "theirs", "other"]), 0.9)
        for lines in files.values():
            if dice.random() < 0.6:
                lines.insert(dice.randrange(len(lines) + 1), f"own {number}")
        commit(f"branch{number}", files)


def solved_by_hand(repo: Repo) -> None:
    """Merge the hotfix into the first branch as a person does: every hunk becomes one line."""
    repo.git("switch", "-q", "--detach", "branch0")
    repo.git("merge", "-q", "hotfix", check=False)
    for name in repo.git("diff", "--name-only", "--diff-filter=U").split():
        kept, inside = [], False
        for line in (repo.path / name).read_bytes().split(b"\n"):
            if line.startswith(b"<<<<<<<"):
                kept.append(b"solved" + line[len(line.rstrip(b"\r")) :])
            inside = inside or line.startswith(b"<<<<<<<")
            if not inside:
                kept.append(line)
            inside = inside and not line.startswith(b">>>>>>>")
        (repo.path / name).write_bytes(b"\n".join(kept))
    repo.commit("by hand")


def as_git_does(repo: Repo, branch: str, memory: Path) -> str | None:
    """The tree of a real merge with that memory; None where it is left in conflict."""
    shutil.rmtree(repo.path / ".git" / "rr-cache")
    shutil.copytree(memory, repo.path / ".git" / "rr-cache")
    repo.git("switch", "-q", "--detach", branch)
    repo.git("merge", "-q", "--no-commit", "hotfix", check=False)
    tree = None if repo.git("ls-files", "--unmerged") else repo.git("write-tree")
    repo.git("reset", "-q", "--hard")
    return tree


@pytest.mark.parametrize("seed", rest_slow(range(8), now=3))
@pytest.mark.slow
def test_the_tree_is_that_of_a_checkout(tmp_path: Path, seed: int) -> None:
    repo = Repo(tmp_path / "work", Dates())
    repo.path.mkdir()
    repo.git("init", "-q")
    for setting in ("rerere.enabled", "rerere.autoupdate"):
        repo.git("config", setting, "true")
    grown(repo, seed)
    solved_by_hand(repo)
    memory = tmp_path / "memory"
    shutil.copytree(repo.path / ".git" / "rr-cache", memory)
    tips = [Oid(repo.tip(f"branch{number}")) for number in range(BRANCHES)]
    base, fix, by_hand = (Oid(repo.tip(name)) for name in ("base", "hotfix", "HEAD"))
    found = open_repository(repo.path)
    with private_git_dir(found, keep=False) as git:
        pairs = [(tip, fix) for tip in tips]
        how = ResolutionRules(found, Backport(keep_target=()), base, fix, (by_hand,))
        settled = resolve.settle(git, pairs, merge.merge_all(git, pairs), how)
    ours = {f"branch{number}": result.tree if result.clean else None for number, result in enumerate(settled)}
    assert ours == {branch: as_git_does(repo, branch, memory) for branch in ours}
    assert ours["branch0"] is not None
