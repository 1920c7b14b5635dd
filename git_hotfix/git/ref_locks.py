"""Lock files of references that a killed git left behind: known by what they hold, and only then cleared.

git writes the new value into `<reference>.lock` and renames it; killed in between, it leaves the file, and nothing
writes that reference again until somebody deletes it. What stands in one of ours is known: the journal says where each
reference was going, and the remote where a fetch would have put it. A lock that holds anything else is somebody's.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from git_hotfix.git.repository import Repository
from git_hotfix.model.names import ABANDONED, RESOLVED, RUN, STAGED, RefName

_PATIENCE = 5.0  # seconds; what a killed run had started may still be at work, and ends by itself
_SETTLED = 1.0  # seconds without a change, after which nobody is about to rename a lock
_EVERY = 0.1
# Where nobody but a run of ours writes, and only one runs at a time.
_OURS = (RUN, STAGED, RESOLVED, ABANDONED)
_NAMING = (b"--git-dir", b"--work-tree")
_SAYING = (b"GIT_DIR=", b"GIT_COMMON_DIR=", b"GIT_WORK_TREE=")
# Written while references are deleted, the hotfix branch's configuration with it, or while HEAD leaves that branch, and
# for the list and the tables of a reftable: these hold nothing that would say whose they are.
_SILENT = ("packed-refs.lock", "packed-refs.new", "config.lock", "HEAD.lock", "reftable/*.lock")


def left_behind(repository: Repository, *, since: float) -> list[Path]:
    """The lock files of references that appeared at or after `since` (seconds since the epoch) and are still there when
    all that a killed run had started has ended, or patience has."""
    found = [file for file in _locks(repository.common_dir) if _mtime(file) >= since]
    if found:
        _wait(repository, found)
    return [file for file in found if time.time() - _mtime(file) >= _SETTLED and file.exists()]


def clear(
    repository: Repository,
    files: Sequence[Path],
    expected: Mapping[RefName, Collection[str]],
    *,
    areas: tuple[str, ...] = (),
) -> list[str]:
    """Delete those of `files` that are a killed run's, and return their names below the git directory.

    `expected` says for every reference the values that were on their way, `areas` where only a fetch writes. One that
    holds no value (of a deletion, or of a git that was killed before it wrote) is only taken for ours when no git works
    in this repository, which only Linux tells.
    """
    busy = _gits(repository) != []
    cleared = []
    for file in files:
        name = file.relative_to(repository.common_dir).as_posix()
        if _is_ours(file, name, expected, (*_OURS, *areas), busy=busy):
            file.unlink(missing_ok=True)
            cleared.append(name)
    return cleared


def _locks(common_dir: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(common_dir / "refs"):
        yield from (Path(folder, name) for name in names if name.endswith(".lock"))
    for pattern in _SILENT:
        yield from common_dir.glob(pattern)


def _is_ours(
    file: Path, name: str, expected: Mapping[RefName, Collection[str]], areas: tuple[str, ...], *, busy: bool
) -> bool:
    try:
        content = file.read_bytes()
    except OSError:
        return False
    if not name.startswith("refs/"):
        return not busy
    ref = os.fsdecode(os.fsencode(name)).removesuffix(".lock")
    known = expected.get(RefName(ref), ())
    value = content.removesuffix(b"\n").decode("ascii", "replace")
    if ref.startswith(_OURS):
        known = {*known, value} if _is_id(value) else known
    if value:
        return value in known
    return not busy and (RefName(ref) in expected or ref.startswith(areas))


def _is_id(text: str) -> bool:
    return len(text) in (40, 64) and all(letter in "0123456789abcdef" for letter in text)


def _mtime(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _wait(repository: Repository, files: list[Path]) -> None:
    """Until no lock is left, or all have settled and no git works here, or patience ends."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and any(file.exists() for file in files):
        settled = all(time.time() - _mtime(file) >= _SETTLED for file in files)
        if settled and not _gits(repository):
            return
        time.sleep(_EVERY)


def _gits(repository: Repository) -> list[int]:
    """The processes of git that work in this repository or one of its worktrees, but for those that started this one;
    on another system than Linux a guess that there is one."""
    places = [repository.common_dir, *([repository.top] if repository.top else [])]
    for file in (repository.common_dir / "worktrees").glob("*/gitdir"):
        with contextlib.suppress(OSError):
            places.append(Path(file.read_text().strip()).parent)
    if not Path("/proc/self/cwd").exists():
        return [0]
    roots = [str(place.resolve()) for place in places]
    above = {str(pid) for pid in _ancestors()}
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and process.name not in above:
            with contextlib.suppress(OSError):
                if (process / "comm").read_bytes().startswith(b"git") and any(
                    place == root or place.startswith(f"{root}/") for place in _places(process) for root in roots
                ):
                    found.append(int(process.name))
    return found


def _places(process: Path) -> Iterator[str]:
    """Where a git works: its folder, and what its command line and its environment name as its repository."""
    cwd = (process / "cwd").readlink()
    yield str(cwd)
    words = (process / "cmdline").read_bytes().split(b"\0")
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
