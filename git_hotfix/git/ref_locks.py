"""Lock files of references that a killed git left behind: known by what they hold, and only then cleared.

git writes the new value into `<reference>.lock` and renames it; killed in between, it leaves the file, and nothing
writes that reference again until somebody deletes it. What stands in one of ours is known: the journal says where each
reference was going, and the remote where a fetch would have put it. A lock that holds anything else is somebody's.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from git_hotfix.git import processes
from git_hotfix.git.repository import Repository
from git_hotfix.model.names import ABANDONED, LOG, RESOLVED, RUN, STAGED, RefName

_SETTLED = 1.0  # seconds without a change, after which nobody is about to rename a lock
# Where nobody but a run of ours writes, and only one runs at a time.
_OURS = (RUN, STAGED, RESOLVED, ABANDONED, LOG)
# Written while references are deleted, the hotfix branch's configuration with it, or while HEAD leaves that branch, and
# for the list and the tables of a reftable: these hold nothing that would say whose they are.
_SILENT = ("packed-refs.lock", "packed-refs.new", "config.lock", "HEAD.lock", "reftable/*.lock")


def wait_for_left_locks(repository: Repository, *, since: float) -> list[Path]:
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
    busy = processes.git_processes(repository) != []
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
    end = time.monotonic() + processes.PATIENCE
    while time.monotonic() < end and any(file.exists() for file in files):
        settled = all(time.time() - _mtime(file) >= _SETTLED for file in files)
        if settled and not processes.git_processes(repository):
            return
        time.sleep(processes.EVERY)
