"""Worktrees: adding and removing linked ones, and what HEAD would lose."""

from __future__ import annotations

from pathlib import Path

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git.run import Git
from git_hotfix.model.names import BranchName, Oid


def add(git: Git, path: Path, commit: Oid, *, branch: BranchName | None = None) -> None:
    """Add a linked worktree at `commit`, on a new `branch` or detached. Raises `Failure` (exit 2) when git refuses."""
    words = ["-b", branch, "--no-track"] if branch else ["--detach"]
    there = path / ".git"
    stood = there.exists()
    answer = git.run("worktree", "add", "--quiet", *words, "--", str(path), commit, check=False)
    # The exit code of a post-checkout hook becomes git's own, and by then the worktree is there.
    if answer.code != 0 and (stood or not there.exists()):
        raise Failure(
            f"git cannot add a worktree at {path}: {answer.last_words}",
            hint="name another place",
            code=ExitCode.USAGE,
            unchanged="nothing was changed",
        )


def remove(git: Git, path: Path) -> None:
    """Remove a linked worktree, whatever stands in it."""
    git.run("worktree", "remove", "--force", "--force", "--", str(path))


def would_lose_head(git: Git) -> bool:
    """True when HEAD is at a commit that no branch, tag or remote-tracking branch holds."""
    if git.run("rev-parse", "--quiet", "--verify", "HEAD", check=False).code != 0:
        return False
    areas = ("refs/heads", "refs/tags", "refs/remotes", "refs/hotfix")
    return not git.run("for-each-ref", "--count=1", "--contains=HEAD", "--format=x", *areas).out.strip()


def uncommitted(git: Git, place: str) -> int:
    """How many tracked files differ from HEAD in the worktree at `place`."""
    there = Git(Path(place), git.environment if git.cwd == Path(place) else {}, git.pins)
    # `git diff` would refresh the index file; `status` without optional locks leaves it as it is.
    answer = there.run("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames", check=False)
    return answer.out.count(b"\0")
