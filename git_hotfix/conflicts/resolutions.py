"""Resolutions that were made before: those that git's rerere recorded for the user, and those that this tool did.

The user's `rr-cache` is only read. Ours is a folder of its own: an `rr-cache` that appears in a repository silently
switches rerere on for every merge that its user makes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from git_hotfix.git import blobs, merge, trees
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git, encode
from git_hotfix.git.trees import Draft, File
from git_hotfix.model.conflict_text import MARKER
from git_hotfix.model.frozen import frozen

OWN = "hotfix/rr-cache"
KEPT = 60 * 24 * 3600  # seconds; as long as git keeps what rerere recorded (gc.rerereResolved)
_LARGEST = 20_000_000  # bytes of a recorded file; what is larger was not written by a person
_TRIED = 20  # resolutions of one conflict that are tried


@frozen
class Resolution:
    """What somebody made of a conflict: the normalized text before, the text after, and the path, which is None where
    the user's own rerere recorded it (it keeps none)."""

    before: bytes
    after: bytes
    path: str | None = None


def find(repository: Repository, identity: str) -> list[Resolution]:
    """All resolutions of the conflict that rerere calls `identity`: ours from the newest to the oldest, then the
    user's in rerere's order, unless they switched rerere off."""
    found = [*_own_resolutions(repository.common_dir / OWN / identity)]
    if (repository.setting("rerere.enabled") or "true").lower() not in ("false", "no", "off", "0"):
        found += _users_resolutions(repository.common_dir / "rr-cache" / identity)
    return [each for each in found if not re.search(MARKER, each.after, re.MULTILINE)][:_TRIED]


def _own_resolutions(folder: Path) -> Iterator[Resolution]:
    dated = []
    for file in _list_files(folder):
        with contextlib.suppress(OSError):
            if file.suffix == ".resolution":
                dated.append((file.stat().st_mtime_ns, file))
    for _, file in sorted(dated, reverse=True):
        content = _read_content(file)
        head, _, rest = (content or b"").partition(b"\n")
        with contextlib.suppress(ValueError, KeyError, TypeError):
            facts = json.loads(head)
            size, path = facts["before"], facts["path"]
            if isinstance(path, str) and isinstance(size, int) and 0 <= size <= len(rest):
                yield Resolution(rest[:size], rest[size:], path)


def _users_resolutions(folder: Path) -> Iterator[Resolution]:
    """`preimage` and `postimage`, then `preimage.1` and `postimage.1` (git's rerere.c, "variants")."""
    numbers = [int(file.name.partition(".")[2] or 0) for file in _list_files(folder)
               if re.fullmatch(r"postimage(\.\d{1,6})?", file.name)]  # fmt: skip
    for number in sorted(numbers):
        ending = f".{number}" if number else ""
        before, after = _read_content(folder / f"preimage{ending}"), _read_content(folder / f"postimage{ending}")
        if before is not None and after is not None:
            yield Resolution(before, after)


def _list_files(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _read_content(file: Path) -> bytes | None:
    try:
        return file.read_bytes() if file.is_file() and file.stat().st_size <= _LARGEST else None
    except OSError:
        return None


def record(repository: Repository, identity: str, resolution: Resolution) -> None:
    """Keep a resolution, in place of an older one of the same text in the same path. `path` must be known."""
    assert resolution.path is not None
    folder = repository.common_dir / OWN / identity
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(encode(resolution.path) + b"\0" + resolution.before).hexdigest()[:40]
    head = json.dumps({"path": resolution.path, "before": len(resolution.before)}).encode()
    draft = folder / f"{name}.new"
    with draft.open("wb") as stream:
        stream.write(head + b"\n" + resolution.before + resolution.after)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(folder / f"{name}.resolution")


def forget_old(repository: Repository) -> None:
    """Drop our resolutions that are older than git would keep them."""
    limit = time.time() - KEPT
    for folder in _list_files(repository.common_dir / OWN):
        with contextlib.suppress(OSError):
            for file in _list_files(folder):
                if file.stat().st_mtime < limit:
                    file.unlink()
            folder.rmdir()  # refused while something is in it


def replay(git: Git, wanted: Sequence[tuple[bytes, Sequence[Resolution]]]) -> list[bytes | None]:
    """For every normalized text in conflict, what the first of its resolutions makes of it that applies; None where
    none does.

    rerere merges what changed from `before` to `after` into the text, and so does this: all at once, by the same merge
    of git, in a fixed number of processes for each round of resolutions.
    """
    found: list[bytes | None] = [None] * len(wanted)
    for turn in range(max((len(resolutions) for _, resolutions in wanted), default=0)):
        jobs: list[tuple[int, Resolution]] = []
        for number, (text, resolutions) in enumerate(wanted):
            if found[number] is not None or turn >= len(resolutions):
                continue
            if resolutions[turn].before == text:
                found[number] = resolutions[turn].after
            else:
                jobs.append((number, resolutions[turn]))
        for (number, _), result in zip(
            jobs, _merge_texts(git, [(wanted[n][0], each) for n, each in jobs]), strict=True
        ):
            found[number] = result
    return [None if each is None or re.search(MARKER, each, re.MULTILINE) else each for each in found]


def _merge_texts(git: Git, jobs: Sequence[tuple[bytes, Resolution]]) -> list[bytes | None]:
    """The three-way merges of (text, resolution), each in a tree of one file."""
    if not jobs:
        return []
    drafts: list[Draft] = []
    bases: dict[bytes, int] = {}
    results: dict[tuple[bytes, bytes], int] = {}

    def draft(content: bytes, parent: int | None) -> int:
        drafts.append(Draft(None, {"file": File("100644", content)}, parent))
        return len(drafts) - 1

    pairs = []
    for text, resolution in jobs:
        before, after = resolution.before, resolution.after
        if before not in bases:
            bases[before] = draft(before, None)
        if (before, after) not in results:
            results[before, after] = draft(after, bases[before])
        pairs.append((draft(text, bases[before]), results[before, after]))
    made = trees.commits(git, drafts)
    merged = merge.merge_all(git, [(made[ours], made[theirs]) for ours, theirs in pairs])
    clean = [number for number, each in enumerate(merged) if each.clean]
    found: list[bytes | None] = [None] * len(jobs)
    for number, content in zip(clean, blobs.read(git, [f"{merged[n].tree}:file" for n in clean]), strict=True):
        found[number] = content
    return found
