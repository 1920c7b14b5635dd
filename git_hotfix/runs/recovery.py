"""What a killed run left in the way of the next one: lock files of references, cleared where they are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from git_hotfix.git import leftovers, processes, ref_locks, remote, worktrees
from git_hotfix.git.repository import Repository
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import (
    HEADS,
    LOG,
    REMOTE_LOG,
    REMOTE_TAGS,
    STAGED,
    TAGS,
    RefName,
    branch_ref,
)
from git_hotfix.model.snapshot import Remote
from git_hotfix.runs import intents, journal
from git_hotfix.runs.lock import Dead

_ALIVE = "alive-"  # with the name of a killed run: one of its gits did not end


@frozen
class Recovery:
    """What was cleared, by its name below the git directory, and the gits of killed runs that did not end."""

    cleared: tuple[str, ...] = ()
    alive: tuple[int, ...] = ()


def recover(repository: Repository, place: Remote | None, *, died: Dead | None) -> Recovery:
    """Wait for what killed runs had started, and clear the reference locks that they left. `died` is the run that was
    killed and left its lock, None where none did; open journals say of others.

    What is in the way and not known stays, for git to name it. Nothing is looked at where no run was killed.
    """
    alive = _wait_for_gits(repository, [died.run] if died else [])
    cleared = [*_clear_worktrees(repository), *_clear_locks(repository, place, died)]
    if died:
        leftovers.sweep(repository, since=died.began)
    return Recovery(tuple(cleared), tuple(alive))


def _clear_worktrees(repository: Repository) -> list[str]:
    """Clear the worktrees whose making was killed, since nothing can be fetched while one is there, and what a killed
    removal left of others."""
    folders = worktrees.list_half_made(repository)
    removed = worktrees.list_half_removed(repository)
    if not (folders or removed) or processes.git_processes(repository):
        return []
    for folder in folders:
        worktrees.clear_half_made(folder)
    for place in removed:
        worktrees.end_removal(repository, place)
    return [f"worktrees/{folder.name}" for folder in folders]


def _wait_for_gits(repository: Repository, runs: Sequence[str]) -> list[int]:
    """Wait for the gits of killed runs; the name of a run of which one is left stays on disk for the next time."""
    folder = repository.common_dir / "hotfix"
    before = [file.name.removeprefix(_ALIVE) for file in folder.glob(f"{_ALIVE}*")]
    found = []
    for run in dict.fromkeys([*before, *runs]):
        left = processes.outlive(repository, run)
        found += left
        if left:
            (folder / f"{_ALIVE}{run}").touch()
        else:
            (folder / f"{_ALIVE}{run}").unlink(missing_ok=True)
    return found


def _clear_locks(repository: Repository, place: Remote | None, died: Dead | None) -> list[str]:
    issues = journal.open_issues(repository.common_dir)
    begun = intents.read_open(repository.common_dir)
    began = [journal.start_of_oldest(repository.common_dir, issue) for issue in issues] + ([died.began] if died else [])
    began += [each.began for each in begun]
    if not began:
        return []
    files = ref_locks.wait_for_left_locks(repository, since=min(began))
    if not files:
        return []
    expected: dict[RefName, set[str]] = {}
    for issue in issues:
        for item in journal.read(repository.common_dir, issue):
            for ref in _local_copies(item.ref, place):
                # Its end deletes the hotfix branch, which a lock says by holding nothing.
                expected.setdefault(ref, set()).update([item.new] if item.new else [])
    for each in begun:
        for ref in _local_copies(branch_ref(each.branch), place):
            expected.setdefault(ref, set()).update([each.new] if each.new else [])
    areas = (f"refs/remotes/{place.name}/", REMOTE_TAGS, REMOTE_LOG) if place else ()
    names = [file.relative_to(repository.common_dir).as_posix() for file in files]
    if place and any(name.startswith(areas) for name in names):
        for told, oid in remote.ask(repository.git, place.name).items():
            for ref in _local_copies(told, place):
                if ref.startswith(areas):
                    expected.setdefault(ref, set()).add(oid)
    return ref_locks.clear(repository, files, expected, areas=areas)


def _local_copies(ref: RefName, place: Remote | None) -> Iterator[RefName]:
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
