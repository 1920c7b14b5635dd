"""A working tree whose switch to another commit was killed: as it was before, without what anybody wrote since.

git refuses a switch that would overwrite changes, so each file that differs between the two commits was as the old one
has it. Killed, git leaves some of them as the new one has them, one of them cut off, and its lock on the index.
"""

from __future__ import annotations

from pathlib import Path

from git_hotfix.git import processes
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git, decode
from git_hotfix.model.names import Oid


def restore(repository: Repository, there: Git, old: Oid, new: Oid, *, since: float) -> None:
    """Put the files back that a switch from `old` to `new`, begun at `since` (seconds since the epoch), had written.

    Nothing happens while a git works in the repository, or where the index is not the old commit's: then the switch had
    come to its end but for HEAD, or somebody went on. A file that holds neither the new content nor the beginning of it
    is somebody's and stays.
    """
    lock = Path(there.text("rev-parse", "--path-format=absolute", "--git-path", "index.lock"))
    if processes.git_processes(repository) or not _clear_lock(lock, since):
        return
    there.run("update-index", "-q", "--refresh", check=False)
    if there.run("diff-index", "--cached", "--quiet", old, "--", check=False).code != 0:
        return
    out = there.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", old, new, check=False).out
    between = {decode(name) for name in out.split(b"\0") if name}
    kept = there.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--diff-filter=A", old, new).out
    fresh = {decode(name) for name in kept.split(b"\0") if name}
    changed = there.run("diff-files", "-z", "--name-only", check=False).out
    for path in between & {decode(name) for name in changed.split(b"\0") if name}:
        if _comes_from_switch(there, path, new):
            there.run("checkout-index", "--force", "--index", "--", path)
    for path in fresh:
        file = there.cwd / path
        if file.is_file() and not file.is_symlink() and _comes_from_switch(there, path, new):
            file.unlink()


def take_back(repository: Repository, there: Git, old: Oid, new: Oid, *, since: float) -> None:
    """Take a switch from `old` to `new` back whose HEAD did not move, also where the index had followed already; git
    refuses where somebody changed what it would write."""
    restore(repository, there, old, new, since=since)
    if not processes.git_processes(repository):
        there.run("read-tree", "-m", "-u", new, old, check=False)


def _clear_lock(lock: Path, since: float) -> bool:
    """True where no lock is left; one that is older than the switch is somebody else's."""
    try:
        if lock.stat().st_mtime < since:
            return False
        lock.unlink()
    except FileNotFoundError:
        pass
    return True


def _comes_from_switch(there: Git, path: str, new: Oid) -> bool:
    file = there.cwd / path
    try:
        content = file.read_bytes() if not file.is_symlink() else None
    except OSError:
        content = b""  # deleted
    answer = there.run("cat-file", "--filters", f"{new}:{path}", check=False)
    return content is not None and (content == b"" or (answer.code == 0 and answer.out.startswith(content)))
