"""Fetching where the references are so many that git needs seconds to find that nothing is new.

`git fetch` looks at each of 50,000 references of both sides several times: 1.2 s of processor time, for nothing new,
where `git ls-remote` takes 0.1 s. So the remote is asked first, what it says is compared with what is known here, and
only the difference is fetched. Where references are few, this would be a connection too much.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from git_hotfix.git import refs, remote
from git_hotfix.git.run import Git, decode
from git_hotfix.model.names import HEADS, LOG, REMOTE_LOG, REMOTE_TAGS, TAGS, Oid, RefName
from git_hotfix.model.ref_update import RefUpdate

_BIG = 500_000  # bytes of packed references, some 8,000 of them
_FEW = 100  # references that are fetched by their names
_LOOSE = 1000  # references in files of their own from which on packing them pays


def fetch(git: Git, name: str, common_dir: Path) -> None:
    """What `remote.fetch` does, at the price of what is new. Raises `Failure` (exit 3) where the remote is silent."""
    if _size(common_dir / "packed-refs") > _BIG and _fetch_difference(git, name):
        return
    remote.fetch(git, name)
    _pack(git, common_dir)


def _places(name: str) -> tuple[tuple[str, str], ...]:
    """Where references stand there, and where their copies stand here; the same as in `remote.fetch`."""
    return (HEADS, f"refs/remotes/{name}/"), (TAGS, REMOTE_TAGS), (LOG, REMOTE_LOG)


def _fetch_difference(git: Git, name: str) -> bool:
    """Fetch what differs, where that is little; False, and nothing is wrong, where git should fetch all."""
    answer = git.run("ls-remote", "--quiet", "--refs", "--end-of-options", name, check=False)
    if answer.code != 0:
        return False  # git fetch says it in its own words
    there = set[bytes]()
    lines = answer.out.splitlines()
    for source, copy in _places(name):
        begin = b"\t" + source.encode()
        there |= {line.replace(begin, b"\t" + copy.encode(), 1) for line in lines if begin in line}
    here = _known(git, [copy for _, copy in _places(name)])
    fresh = dict(decode(line).split("\t", 1)[::-1] for line in there - here)
    stale = dict(decode(line).split("\t", 1)[::-1] for line in here - there)
    gone = [RefUpdate(RefName(ref), Oid(oid), None) for ref, oid in stale.items() if ref not in fresh]
    if len(fresh) > _FEW or len(gone) > _FEW:
        return False
    # As `--prune` does: first what is gone, because a branch `a/b` may stand now where `a` stood.
    if gone and refs.try_update(git, gone, reason="git hotfix: prune"):
        return False
    specs = [f"+{_source(name, ref)}:{ref}" for ref in fresh]
    return not specs or git.run("fetch", *remote.FETCH, name, *specs, check=False).code == 0


def _known(git: Git, areas: Sequence[str]) -> set[bytes]:
    """`<oid> TAB <ref>` of every reference below `areas` that is no symbolic one."""
    out = git.run("for-each-ref", "--format=%(symref)%09%(objectname)%09%(refname)", *areas).out
    return {line[1:] for line in out.splitlines() if line.startswith(b"\t")}


def _source(name: str, ref: str) -> str:
    return next(there + ref[len(here) :] for there, here in _places(name) if ref.startswith(here))


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
