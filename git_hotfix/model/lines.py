"""The changed lines of a hotfix, read within bounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from git_hotfix.model.change import CAP, SUBMODULE_MODE, Content, FileChange, Hunk
from git_hotfix.model.reading_size import is_text
from git_hotfix.model.sources import is_source
from git_hotfix.model.verdict import Finding
from git_hotfix.model.words import counted

LINES = 200_000  # changed lines that gates look at; parsing them takes about half a second
BINARY = 1_000_000  # bytes; of a larger file that git takes for binary the bytes tell whether it is text
_WIDTH = 32  # bytes; of a file that git takes for binary the lines are not counted, so they are guessed


def readable(
    files: Iterable[FileChange], content: Content
) -> tuple[list[tuple[FileChange, Sequence[Hunk]]], tuple[Finding, ...]]:
    """The hunks of `files`, submodules and deleted files left out, and what is too large to be read.

    A file that does not fit into what is left of `LINES` is skipped, and the others are read. Of binary files those
    are read that are source by name, small, or text by content: one NUL byte must not hide a line.
    """
    wanted = [file for file in files if file.status != "D" and SUBMODULE_MODE not in (file.old_mode, file.new_mode)]
    sizes = content.sizes([file.new_oid for file in wanted if file.binary])
    read: list[tuple[FileChange, Sequence[Hunk]]] = []
    unread: list[Finding] = []
    left = LINES
    for file in wanted:
        lines = file.lines
        if file.binary:
            size = sizes[file.new_oid] or 0
            if size > CAP or (size > BINARY and not is_source(file.path) and not _is_text(file, content)):
                if is_source(file.path):
                    unread.append(Finding(f"not read: it is larger than {CAP // 10**6} MB", file.path))
                continue
            lines = size // _WIDTH
        if lines > left:
            message = f"not read for its {counted(lines, 'line')}: the hotfix changes more than {LINES:,}"
            unread.append(Finding(message, file.path))
            continue
        left -= lines
        read.append((file, content.hunks(file)))
    return read, tuple(unread)


def _is_text(file: FileChange, content: Content) -> bool:
    return is_text(content.blobs([file.new_oid])[file.new_oid] or b"\0")
