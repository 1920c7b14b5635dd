"""Worktrees: adding and removing linked ones, and what HEAD would lose."""

from __future__ import annotations

import contextlib
import shlex
import shutil
from pathlib import Path

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git, decode
from git_hotfix.model.names import BranchName


def add(git: Git, path: Path, commit: str, *, branch: BranchName | None = None, made: bool = False) -> None:
    """Add a linked worktree at `commit`, on a new `branch` or detached; with `made` on the branch that `commit` names.
    Raises `Failure` (exit 2) when git refuses."""
    words = ["-b", branch, "--no-track"] if branch else [] if made else ["--detach"]
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


def half_made(repository: Repository) -> list[Path]:
    """The folders below the git directory of worktrees whose making was killed before they had a HEAD: git locks one
    while it makes it, and writes zeros for the commit until it knows it. Until they go every fetch fails, because the
    zeros are an object that is nowhere."""
    found = []
    for folder in sorted((repository.common_dir / "worktrees").glob("*")):
        head = folder / "HEAD"
        try:
            zeros = not head.exists() or not head.read_text().strip().strip("0")
        except (OSError, UnicodeDecodeError):
            continue
        if zeros and (folder / "locked").exists() and not (folder / "reftable").exists():
            found.append(folder)
    return found


def place_of(folder: Path) -> Path | None:
    """Where the worktree stands that a folder below the git directory is for."""
    try:
        return Path((folder / "gitdir").read_text(errors="surrogateescape").strip()).parent
    except OSError:
        return None


def folder_of(repository: Repository, place: Path) -> Path | None:
    """The folder below the git directory of the worktree at `place`."""
    folders = (repository.common_dir / "worktrees").glob("*")
    return next((folder for folder in folders if place_of(folder) == place), None)


def clear(folder: Path) -> None:
    """Take away what is half made: the folder, and where its worktree stands git's own file; whatever else stands there
    stays."""
    place = place_of(folder)
    if place is not None:
        link = place / ".git"
        with contextlib.suppress(OSError):
            if Path(link.read_text(errors="surrogateescape").removeprefix("gitdir:").strip()) == folder:
                link.unlink()
                place.rmdir()
    shutil.rmtree(folder, ignore_errors=True)


def half_removed(repository: Repository) -> list[Path]:
    """The places of worktrees whose removal was killed: git deletes the files first and its own record last. What is
    left has no `.git` any more and holds nothing but files of the worktree's index; anything else is somebody's."""
    found = []
    for folder in sorted((repository.common_dir / "worktrees").glob("*")):
        place = place_of(folder)
        if place is None or not place.is_dir() or (place / ".git").exists():
            continue
        there = Git(repository.common_dir, {"GIT_DIR": str(folder)}, repository.git.pins)
        tracked = {decode(name) for name in there.run("ls-files", "-z", check=False).out.split(b"\0")}
        left = [file for file in place.rglob("*") if file.is_symlink() or not file.is_dir()]
        if all(str(file.relative_to(place)) in tracked for file in left):
            found.append(place)
    return found


def end_removal(repository: Repository, place: Path) -> None:
    """Bring a removal that was killed to its end. Raises `Failure` (exit 3) where git does not let its record go."""
    shutil.rmtree(place, ignore_errors=True)
    remove(repository.git, place)


def is_being_made(repository: Repository, place: Path) -> bool:
    """True where git still holds the lock under which it made the worktree at `place`: its files may be a part of
    them."""
    folder = folder_of(repository, place)
    return folder is not None and (folder / "locked").exists()


def enter(repository: Repository, place: Path) -> Git:
    """git in a worktree of `repository`: the one that it was opened from, or a linked one.

    Raises `Failure` (exit 3) before any git that could change something runs, where the folder is gone or is no longer
    that worktree: deleted or moved by hand, or another repository stands there now.
    """
    if place == repository.top:
        return repository.git
    there = Git(place, {}, repository.git.pins)
    if place.is_dir() and is_worktree(repository, there):
        return there
    what = "is not a worktree of this repository any more" if place.is_dir() else "is gone"
    raise Failure(
        f"the worktree {place} {what}",
        hint="deleted? forget it: git worktree prune\n"
        f"moved? say where it is now: git -C {shlex.quote(str(repository.common_dir))} worktree repair <its new path>",
        code=ExitCode.FAILED,
        unchanged="nothing was changed there",
    )


def is_worktree(repository: Repository, there: Git) -> bool:
    """True where `there` is the top of a worktree of `repository`, and not somewhere inside one or of another."""
    answer = there.run("rev-parse", "--path-format=absolute", "--git-common-dir", "--show-toplevel", check=False)
    if answer.code != 0 or len(answer.lines) != 2:
        return False
    common, top = map(Path, answer.lines)
    return common.samefile(repository.common_dir) and top.samefile(there.cwd)


def gone(repository: Repository) -> list[Path]:
    """The linked worktrees that git still lists and whose folder is not there."""
    places = []
    for file in sorted((repository.common_dir / "worktrees").glob("*/gitdir")):
        place = Path(file.read_text(errors="surrogateescape").strip()).parent
        if not (place / ".git").exists():
            places.append(place)
    return places


def would_lose_head(git: Git) -> bool:
    """True when HEAD is at a commit that no branch, tag or remote-tracking branch holds."""
    if git.run("rev-parse", "--quiet", "--verify", "HEAD", check=False).code != 0:
        return False
    areas = ("refs/heads", "refs/tags", "refs/remotes", "refs/hotfix")
    return not git.run("for-each-ref", "--count=1", "--contains=HEAD", "--format=x", *areas).out.strip()


def uncommitted(repository: Repository, place: str) -> int:
    """How many tracked files differ from HEAD in the worktree at `place`. Raises `Failure` where it is gone."""
    there = enter(repository, Path(place))
    # `git diff` would refresh the index file; `status` without optional locks leaves it as it is.
    answer = there.run("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames", check=False)
    return answer.out.count(b"\0")
