"""Fetching where the references are so many that git needs seconds to find that nothing is new.

`git fetch` looks at each of 50,000 references of both sides several times: 1.2 s of processor time, for nothing new,
where `git ls-remote` takes 0.1 s. So the remote is asked first, what it says is compared with what is known here, and
only the difference is fetched. Where references are few, this would be a connection too much.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from git_hotfix.errors import Failure
from git_hotfix.git import listing, refs
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import HEADS, LOG, REMOTE_LOG, REMOTE_TAGS, TAGS, Oid, RefName
from git_hotfix.model.ref_update import RefUpdate

_BIG = 500_000  # bytes of packed references, some 8,000 of them
_FEW = 100  # references that are fetched by their names
_STAMP = "hotfix-fetched"  # a file of the git directory whose date says when
_LOOSE = 1000  # references in files of their own from which on packing them pays


def time_of_fetch(common_dir: Path) -> int | None:
    """When the remote's branches, tags and logbooks were last fetched (seconds since the epoch), None for never; what
    the user's own `git fetch` brings is only a part of it."""
    try:
        return int((common_dir / _STAMP).stat().st_mtime)
    except OSError:
        return None


def fetch(git: Git, name: str, common_dir: Path) -> str | None:
    """What `remote.fetch` does, at the price of what is new. Raises `Failure` (exit 3) where the remote is silent.

    Where the references had to be listed for it and nothing was new, the listing is the answer (see
    `listing.list_here`).
    """
    listed = _fetch(git, name, common_dir)
    with contextlib.suppress(OSError):  # only the age of a view hangs on it
        (common_dir / _STAMP).touch()
    return listed


def _fetch(git: Git, name: str, common_dir: Path) -> str | None:
    from git_hotfix.git import remote  # `time_of_fetch` is asked by every command

    if _size(common_dir / "packed-refs") > _BIG:
        try:
            listed, asked = listing.list_both(git, name)
        except Failure:
            remote.fetch(git, name)  # says it in git's own words
            return None
        found = _difference(git, name, listed, asked)
        if found == _Difference():
            return listed
        if found and _fetch_difference(git, name, found):
            return None
    remote.fetch(git, name)
    _pack(git, common_dir)
    return None


@frozen
class _Difference:
    """Copies of the remote's references that are not here yet or stand elsewhere, and those that are gone there."""

    fresh: tuple[str, ...] = ()
    gone: tuple[RefUpdate, ...] = ()


def _areas(name: str) -> tuple[tuple[str, str], ...]:
    """Where references stand there, and where their copies stand here; the same as in `remote.fetch`."""
    return (HEADS, f"refs/remotes/{name}/"), (TAGS, REMOTE_TAGS), (LOG, REMOTE_LOG)


def _difference(git: Git, name: str, listed: str, asked: str) -> _Difference | None:
    """What differs between there and here; None where that is so much, or so odd, that git should fetch all."""
    fresh, stale = dict[str, Oid](), dict[str, Oid]()
    for source, copy in _areas(name):
        there, here = listing.lines_below(asked, source), _without_default(listing.lines_below(listed, copy), copy)
        if listing.move_lines(there, source, copy) != here:  # as texts, of which nearly all are the same
            ours, theirs = (
                listing.ids_below(here, copy),
                listing.ids_below(listing.lines_below(listing.sort_lines(asked), source), source),
            )
            fresh.update((copy + ref, oid) for ref, oid in theirs.items() - ours.items())
            stale.update((copy + ref, oid) for ref, oid in ours.items() if ref not in theirs)
    if len(fresh) > _FEW or len(stale) > _FEW:
        return None
    symbolic = refs.symbolic(git, list(stale)) if stale else ()
    gone = (RefUpdate(RefName(ref), oid, None) for ref, oid in stale.items() if ref not in symbolic)
    return _Difference(tuple(fresh), tuple(gone))


def _without_default(lines: str, area: str) -> str:
    """`lines` without the one that says which branch of the remote is its default."""
    end = lines.find(f" {area}HEAD\n")
    return lines if end < 0 else lines[: lines.rfind("\n", 0, end) + 1] + lines[lines.index("\n", end) + 1 :]


def _fetch_difference(git: Git, name: str, difference: _Difference) -> bool:
    """Fetch what differs; False, and nothing is wrong, where git should fetch all."""
    # As `--prune` does: first what is gone, because a branch `a/b` may stand now where `a` stood.
    if difference.gone and refs.try_update(git, difference.gone, reason="git hotfix: prune"):
        return False
    from git_hotfix.git import remote

    specs = [f"+{_source_ref(name, ref)}:{ref}" for ref in difference.fresh]
    return not specs or git.run("fetch", *remote.FETCH, name, *specs, check=False).code == 0


def _source_ref(name: str, ref: str) -> str:
    return next(there + ref[len(here) :] for there, here in _areas(name) if ref.startswith(here))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _pack(git: Git, common_dir: Path) -> None:
    """Pack the references where the first fetch made a file for each of thousands of tags: reading 30,000 files takes
    0.6 s a process, and nobody else packs them before the next `git gc`."""
    try:
        loose = sum(1 for _ in (common_dir / REMOTE_TAGS).iterdir())
    except OSError:
        return
    if loose > _LOOSE:
        git.run("pack-refs", "--all", check=False)
