"""What a killed run left in the way of the next one: lock files of references, cleared where they are known."""

from __future__ import annotations

from collections.abc import Iterator

from git_hotfix.execution import journal
from git_hotfix.execution.lock import Dead
from git_hotfix.git import processes, ref_locks, remote
from git_hotfix.git.repository import Repository
from git_hotfix.model.names import (
    HEADS,
    LOG,
    REMOTE_LOG,
    REMOTE_TAGS,
    STAGED,
    TAGS,
    RefName,
    branch_ref,
    hotfix_branch,
)
from git_hotfix.model.situation import Remote


def recover(repository: Repository, place: Remote | None, *, died: Dead | None) -> list[str]:
    """Wait for what a killed run had started, clear the reference locks of killed runs, and return what to say of it.
    `died` is the run that was killed and left its lock, None where none did; open journals say of others.

    What is in the way and not known stays, for git to name it. Nothing is looked at where no run was killed.
    """
    left = processes.outlive(repository, died.run) if died else []
    notes = [f"a git that a killed run started is still at work here (process {pid})" for pid in left]
    issues = journal.open_ones(repository.common_dir)
    began = [journal.began(repository.common_dir, issue) for issue in issues] + ([died.began] if died else [])
    if not began:
        return notes
    files = ref_locks.left_behind(repository, since=min(began))
    if not files:
        return notes
    expected: dict[RefName, set[str]] = {}
    for issue in issues:
        for ref in _copies(branch_ref(hotfix_branch(issue)), place):
            expected.setdefault(ref, set())  # the end of a run deletes it, which a lock says by holding nothing
        for item in journal.read(repository.common_dir, issue):
            for ref in _copies(item.ref, place):
                expected.setdefault(ref, set()).update([item.new] if item.new else [])
    areas = (f"refs/remotes/{place.name}/", REMOTE_TAGS, REMOTE_LOG) if place else ()
    names = [file.relative_to(repository.common_dir).as_posix() for file in files]
    if place and any(name.startswith(areas) for name in names):
        for told, oid in remote.ask(repository.git, place.name).items():
            for ref in _copies(told, place):
                if ref.startswith(areas):
                    expected.setdefault(ref, set()).add(oid)
    cleared = ref_locks.clear(repository, files, expected, areas=areas)
    return [*notes, *(f"cleared {name}, which a killed run left" for name in cleared)]


def _copies(ref: RefName, place: Remote | None) -> Iterator[RefName]:
    """Every reference of this clone that a run moves where it moves `ref` on the remote."""
    yield ref
    if ref.startswith(HEADS):
        name = ref.removeprefix(HEADS)
        yield RefName(STAGED + name)
        if place:
            yield RefName(f"refs/remotes/{place.name}/{name}")
    elif ref.startswith(TAGS):
        yield RefName(REMOTE_TAGS + ref.removeprefix(TAGS))
    elif ref.startswith(LOG):
        yield RefName(REMOTE_LOG + ref.removeprefix(LOG))
