"""Worktrees: adding and removing linked ones, and what HEAD would lose."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
from pathlib import Path

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import history
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git, decode
from git_hotfix.model.names import BranchName

_REMOVAL = "hotfix-removal"  # in the folder of a worktree that was to go


def add(git: Git, path: Path, commit: str, *, branch: BranchName | None = None, made: bool = False) -> None:
    """Add a linked worktree at `commit`, on a new `branch` or detached; with `made` on the branch that `commit` names.
    Raises `Failure` (exit 2) when git refuses."""
    words = ["-b", branch, "--no-track"] if branch else [] if made else ["--detach"]
    there = path / ".git"
    stood = there.exists()
    answer = git.run("worktree", "add", "--quiet", *words, "--", str(path), commit, check=False)
    # The exit code of a post-checkout hook becomes git's own, and by then the worktree is there.
    if answer.code != 0 and (stood or not there.exists()):
        from git_hotfix.git.merge import fetch_of_missing  # who only looks at worktrees merges nothing

        raise Failure(
            f"git cannot add a worktree at {path}: {answer.last_words}",
            hint=fetch_of_missing(answer.err) or "name another place",
            code=ExitCode.USAGE,
        )


def remove(repository: Repository, place: Path) -> None:
    """Remove a linked worktree, whatever stands in it.

    That it goes is written down first: git deletes its files before its record, and only a removal that somebody asked
    for may be brought to its end. Raises `Failure` (exit 3) where git refuses.
    """
    folder = folder_of(repository, place)
    if folder is not None:
        (folder / _REMOVAL).touch()
    try:
        repository.git.run("worktree", "remove", "--force", "--force", "--", str(place))
    except Failure:
        if folder is not None:
            (folder / _REMOVAL).unlink(missing_ok=True)
        raise


def list_half_made(repository: Repository) -> list[Path]:
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
    link = _path_in(folder / "gitdir")
    return link.parent if link else None


def folder_of(repository: Repository, place: Path) -> Path | None:
    """The folder below the git directory of the worktree at `place`, by that name or, where none has it, by another
    name of the same place."""
    places = {folder: place_of(folder) for folder in _folders(repository)}
    named = (folder for folder, each in places.items() if each == place)
    same = (folder for folder, each in places.items() if each and os.path.realpath(each) == os.path.realpath(place))
    return next(named, None) or next(same, None)


def _folders(repository: Repository) -> list[Path]:
    return sorted((repository.common_dir / "worktrees").glob("*"))


def _path_in(file: Path, word: str = "") -> Path | None:
    """The path in a file of git's, behind `word`; with `worktree.useRelativePaths` it begins at that file's folder."""
    try:
        told = file.read_bytes().removesuffix(b"\n")
    except OSError:
        return None
    return Path(os.path.normpath(file.parent / os.fsdecode(told.removeprefix(word.encode())).lstrip(" ")))


def _is_in_place(folder: Path) -> bool:
    """True where the worktree that `folder` is for is still there: the place names the folder, and the folder it."""
    place = place_of(folder)
    link = _path_in(place / ".git", "gitdir:") if place else None
    return link is not None and os.path.realpath(link) == os.path.realpath(folder)


def clear_half_made(folder: Path) -> None:
    """Take away what is half made: the folder, and where its worktree stands git's own file; whatever else stands there
    stays."""
    place = place_of(folder)
    if place is not None and _is_in_place(folder):
        with contextlib.suppress(OSError):
            (place / ".git").unlink()
            place.rmdir()
    shutil.rmtree(folder, ignore_errors=True)


def list_half_removed(repository: Repository) -> list[Path]:
    """The places of worktrees whose removal by `remove` was killed: git deletes the files first and its own record
    last. What is left has no `.git` any more and holds nothing but files of the worktree's index; anything else is
    somebody's."""
    found = []
    for folder in _folders(repository):
        place = place_of(folder)
        if place is None or not (folder / _REMOVAL).exists() or not place.is_dir() or (place / ".git").exists():
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
    remove(repository, place)


def is_being_made(repository: Repository, place: Path) -> bool:
    """True where git still holds the lock under which it made the worktree at `place`: its files may be a part of
    them."""
    folder = folder_of(repository, place)
    return folder is not None and (folder / "locked").exists()


def enter(repository: Repository, place: Path) -> Git:
    """git in a worktree of `repository`: the one that it was opened from, or a linked one.

    Raises `Failure` (exit 3) before any git that could change something runs, where the folder is gone or is no longer
    that worktree: deleted or moved by hand, or another repository stands there now, or a link leads to another of its
    worktrees. git's own two notes are held against each other: the place names the folder, and the folder the place.
    """
    folder = folder_of(repository, place)
    if place == repository.top and repository.git_dir.samefile(folder or repository.common_dir):
        return repository.git
    there = Git(place, {}, repository.git.pins)
    if _is_in_place(folder) if folder else place.is_dir() and _is_main(repository, there):
        return there
    what = "is not a worktree of this repository any more" if place.is_dir() else "is gone"
    raise Failure(
        f"the worktree {place} {what}",
        hint="deleted? forget it: git worktree prune\n"
        f"moved? say where it is now: git -C {shlex.quote(str(repository.common_dir))} worktree repair <its new path>",
        code=ExitCode.FAILED,
        unchanged="nothing was changed there",
    )


def enter_clean(repository: Repository, place: str, branch: BranchName, again: str) -> Git:
    """git in the worktree `place`, which stands on `branch`. Raises `Failure` (exit 2) where it has uncommitted
    changes; `again` is the command to be repeated then."""
    at = enter(repository, Path(place))
    # A file that was only touched, or copied with its repository, would stop `reset --keep` after a push.
    at.run("update-index", "-q", "--refresh", check=False)
    if at.run("status", "--porcelain", "-z", "--untracked-files=no").out:
        raise Failure(
            f"{place} has uncommitted changes on {branch}",
            hint=f"commit or stash them, then: {again}",
            code=ExitCode.USAGE,
        )
    return at


def _is_main(repository: Repository, there: Git) -> bool:
    """True where `there` is the top of the main worktree of `repository`."""
    wanted = {"--git-dir": repository.common_dir, "--show-toplevel": there.cwd}
    answers = {what: there.run("rev-parse", "--path-format=absolute", what, check=False) for what in wanted}
    return all(answer.text and Path(answer.text).samefile(wanted[what]) for what, answer in answers.items())


def list_gone(repository: Repository) -> list[Path]:
    """The linked worktrees that git still lists and that are not where it has them: the folder is gone, or something
    else stands there."""
    places = {folder: place_of(folder) for folder in _folders(repository)}
    return [place for folder, place in places.items() if place is not None and not _is_in_place(folder)]


def would_lose_head(git: Git) -> bool:
    """True when HEAD is at a commit that no branch, tag or remote-tracking branch holds."""
    if history.resolve(git, "HEAD") is None:
        return False
    areas = ("refs/heads", "refs/tags", "refs/remotes", "refs/hotfix")
    return not git.run("for-each-ref", "--count=1", "--contains=HEAD", "--format=x", *areas).out.strip()


def list_uncommitted(repository: Repository, place: str) -> int:
    """How many tracked files differ from HEAD in the worktree at `place`. Raises `Failure` where it is gone."""
    there = enter(repository, Path(place))
    # `git diff` would refresh the index file; `status` without optional locks leaves it as it is.
    answer = there.run("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames", check=False)
    return answer.out.count(b"\0")
