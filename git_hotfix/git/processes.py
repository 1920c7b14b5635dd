"""The gits that work in a repository now, which of them a run started, and which push started this process: told by
Linux, elsewhere by nobody."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from git_hotfix.git.repository import Repository

MARK = "GIT_HOTFIX_STARTED_BY"
"""Names the run to every process that it starts."""

PATIENCE = 5.0
"""Seconds that a lock is waited for: what a killed run had started may still be at work, and ends by itself."""

LONGEST = 20.0
"""Seconds that the git of a killed run is waited for: a push that the server's hooks look at takes some."""

EVERY = 0.1
"""Seconds between two looks."""

# They were started by a run, too, and wait for the next one for minutes or for ever; no reference is theirs.
_SERVANTS = {b"credential-cache--daemon", b"fsmonitor--daemon"}
_TOLD = Path("/proc/self/cwd")
_NAMING = (b"--git-dir", b"--work-tree")
_SAYING = (b"GIT_DIR=", b"GIT_COMMON_DIR=", b"GIT_WORK_TREE=")


def outlive(repository: Repository, run: str) -> list[int]:
    """Wait until no git of a dead run works in the repository, and return those that were still at work when patience
    ended: what it still writes would come after its journal is gone."""
    end = time.monotonic() + LONGEST
    while _TOLD.exists() and (left := git_processes(repository, of=run)):
        if time.monotonic() >= end:
            return left
        time.sleep(EVERY)
    return []


def git_processes(repository: Repository, *, of: str | None = None) -> list[int]:
    """The processes of git that work in this repository or one of its worktrees, but for those that started this one
    and those that only wait to be asked; on another system than Linux a guess that there is one. `of` asks only for
    those that this run started.
    """
    if not _TOLD.exists():
        return [0]
    roots = [str(place.resolve()) for place in _git_folders(repository)]
    above = {str(pid) for pid in _ancestors()}
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and process.name not in above:
            with contextlib.suppress(OSError):
                if (
                    (process / "comm").read_bytes().startswith(b"git")
                    and (of is None or _belongs_to_run(process, of))
                    and _SERVANTS.isdisjoint(_words(process))
                    and any(place == root or place.startswith(f"{root}/") for place in _places(process)
                            for root in roots)
                ):  # fmt: skip
                    found.append(int(process.name))
    return found


def _git_folders(repository: Repository) -> Iterator[Path]:
    yield repository.common_dir
    if repository.top:
        yield repository.top
    for file in (repository.common_dir / "worktrees").glob("*/gitdir"):
        with contextlib.suppress(OSError):
            yield Path(file.read_text().strip()).parent


def _belongs_to_run(process: Path, run: str) -> bool:
    return f"{MARK}={run}".encode() in (process / "environ").read_bytes().split(b"\0")


def _words(process: Path) -> list[bytes]:
    return (process / "cmdline").read_bytes().split(b"\0")


def _places(process: Path) -> Iterator[str]:
    """Where a git works: its folder, and what its command line and its environment name as its repository."""
    cwd = (process / "cwd").readlink()
    yield str(cwd)
    words = _words(process)
    named = [word.partition(b"=")[2] for word in words if word.startswith(_NAMING)]
    named += [value for word, value in pairwise(words) if word in _NAMING]
    with contextlib.suppress(OSError):
        variables = (process / "environ").read_bytes().split(b"\0")
        named += [each.partition(b"=")[2] for each in variables if each.startswith(_SAYING)]
    yield from (str((cwd / os.fsdecode(each)).resolve()) for each in named if each)


def _ancestors() -> Iterator[int]:
    """This process and those above it: `git hotfix` is a git that waits for us."""
    pid = os.getpid()
    with contextlib.suppress(OSError, ValueError, IndexError):
        while pid > 1:
            yield pid
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def push_above() -> tuple[str, ...] | None:
    """What the `git push` that started this process, by its hook, was given after `push`; None where no such git is
    above, or nobody can tell."""
    for pid in _ancestors():
        with contextlib.suppress(OSError):
            words = [os.fsdecode(word) for word in _words(Path(f"/proc/{pid}"))[:-1]]
            if words and Path(words[0]).name == "git" and "push" in words:
                return tuple(words[words.index("push") + 1 :])
    return None


def is_dry(words: Sequence[str]) -> bool:
    """True where `git push` with these words could be one that only shows what it would do; a word that git would take
    for the value of another counts too."""
    for word in words:
        if word == "--":
            return False
        if len(word) > 3 and "--dry-run".startswith(word):
            return True
        # `-on` is the push option `n`; every other letter of a cluster stands for itself.
        if word.startswith("-") and not word.startswith("--") and "n" in word.partition("o")[0]:
            return True
    return False
