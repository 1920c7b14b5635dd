"""Both sides of changed source files, read at once and within bounds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from git_hotfix.model.change import SUBMODULE_MODE, SYMLINK_MODE, Content, FileChange
from git_hotfix.model.verdict import Finding
from git_hotfix.model.words import counted

SIZE = 1_000_000  # bytes of one side; a source file that a person wrote is a tenth of that
FILES = 200  # twenty times what 90 % of 917 genuine hotfixes touch
LINES = 20_000  # changed lines of all; a hundred times what 90 % of them change
_LINK = (SUBMODULE_MODE, SYMLINK_MODE)


class Sides(NamedTuple):
    """One changed file and its two contents; empty where a side does not exist."""

    file: FileChange
    before: bytes
    after: bytes


def sides(files: Iterable[FileChange], content: Content) -> tuple[tuple[Sides, ...], tuple[Finding, ...]]:
    """Both sides of `files`, links and submodules left out, and those that could not be read, with the reason."""
    wanted = [file for file in files if file.old_mode not in _LINK and file.new_mode not in _LINK]
    lines = sum(file.lines for file in wanted)
    if len(wanted) > FILES or lines > LINES:
        size = f"{counted(len(wanted), 'source file')} with {counted(lines, 'changed line')}"
        return (), (Finding(f"{size} are more than is looked into (at most {FILES} and {LINES:,})"),)
    sizes = content.sizes([oid for file in wanted for oid in (file.old_oid, file.new_oid)])
    small = [file for file in wanted if max(sizes[file.old_oid] or 0, sizes[file.new_oid] or 0) <= SIZE]
    blobs = content.blobs([oid for file in small for oid in (file.old_oid, file.new_oid)])
    found: list[Sides] = []
    unread = [
        Finding(f"its definitions were not read: it is larger than {SIZE // 10**6} MB", file.path)
        for file in wanted
        if file not in small
    ]
    for file in small:
        before = b"" if file.status == "A" else blobs[file.old_oid]
        after = b"" if file.status == "D" else blobs[file.new_oid]
        if before is None or after is None:
            unread.append(Finding("its content is not in this clone", file.path))
        else:
            found.append(Sides(file, before, after))
    return tuple(found), tuple(unread)
