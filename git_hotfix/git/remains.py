"""What is left on a branch of a change that came to it: asked of the content, file by file, hunk by hunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_hotfix.git import blobs, diff
from git_hotfix.git.hunks import State, state_of_all, state_of_hunk
from git_hotfix.git.run import Git, decode, encode
from git_hotfix.model.change import ChangeSet, FileChange, Hunk
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid

_LARGE = 1_000_000  # bytes of one side; a larger file is compared as a whole


@frozen
class Remains:
    """What is left of a change, and the files in which it is not as it came."""

    state: State
    paths: tuple[str, ...] = ()


def read_remains(git: Git, before: Oid, after: Oid, now: Oid, *, between: Sequence[Oid] = ()) -> Remains | None:
    """What `now` still has of the change before → after, a file that was renamed since included; None where that
    changes nothing. `between` are the commits of the change but the last one, where it has several."""
    own = diff.changes(git, before, after)
    if not own.files:
        return None
    later = _later_changes(git, own, after, now)  # what did not change since is not in it
    if not later:
        return Remains("there")
    lines = _lines_between(git, own, between)
    text = [file for file in own.files if file in later and _is_text(file) and _is_text(later[file])]
    sizes = blobs.sizes(git, [oid for file in text for oid in (file.new_oid, later[file].new_oid)])
    pairs = zip(text, sizes[::2], sizes[1::2], strict=True)
    small = [file for file, one, other in pairs if max(one or 0, other or 0) <= _LARGE]
    mine = _hunks(git, before, after, small)
    theirs = _hunks(git, after, now, [later[file] for file in small])
    states: dict[FileChange, State] = {}
    for file in own.files:
        if file not in later:
            states[file] = "there"
        elif file in small and mine[file]:
            follows = theirs[later[file]]
            states[file] = state_of_all([state_of_hunk(hunk, follows, lines.get(file.path, ())) for hunk in mine[file]])
        else:
            states[file] = _entry_state(file, later[file])
    moved = tuple(file.path for file, state in states.items() if state != "there")
    return Remains(state_of_all(list(states.values())), moved)


def _later_changes(git: Git, own: ChangeSet, after: Oid, now: Oid) -> dict[FileChange, FileChange]:
    """The files of `own` that changed since, each with what became of it."""
    moved = {file.old_path: file for file in diff.changes(git, after, now).files if file.status != "C"}
    return {file: moved[file.path] for file in own.files if file.path in moved}


def _is_text(file: FileChange) -> bool:
    modes = {mode for mode in (file.old_mode, file.new_mode) if mode != "000000"}
    return not file.binary and all(mode.startswith("100") for mode in modes)


def _entry_state(own: FileChange, later: FileChange) -> State:
    """What is left where lines tell nothing: a picture, a link, a mode, a file that is gone."""
    if (later.new_oid, later.new_mode) == (own.new_oid, own.new_mode):
        return "there"
    return "taken" if (later.new_oid, later.new_mode) == (own.old_oid, own.old_mode) else "reworked"


def _hunks(git: Git, before: Oid, after: Oid, files: Sequence[FileChange]) -> Mapping[FileChange, Sequence[Hunk]]:
    """The hunks of `files`, which are a part of what differs between `before` and `after`."""
    if not files:
        return {}
    in_order = ChangeSet(tuple(sorted(files, key=lambda file: encode(file.path))))
    found = diff.patches(git, before, after, in_order, part=True)
    return {file: diff.hunks(patch) for file, patch in found.items()}


def _lines_between(git: Git, own: ChangeSet, commits: Sequence[Oid]) -> dict[str, set[str]]:
    """path → the lines that it has in one of `commits`, and neither before nor after the change."""
    files = [file for file in own.files if _is_text(file) and "\n" not in file.path] if commits else []
    names = [
        name for file in files for name in (file.old_oid, file.new_oid, *(f"{oid}:{file.path}" for oid in commits))
    ]
    texts = iter(blobs.read(git, names))
    found = {}
    for file in files:
        ends = {line for _ in range(2) for line in _lines(next(texts))}
        found[file.path] = {line for _ in commits for line in _lines(next(texts))} - ends
    return found


def _lines(text: bytes | None) -> list[str]:
    return [decode(line) + "\n" for line in (text or b"").split(b"\n")]
