"""What counts for the size of a hotfix: the production files of which more moved than the project's own version."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from git_hotfix.dependencies.carriers.version_moves import move_only_their_version
from git_hotfix.model.change import CAP, Content, FileChange
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.reading_size import is_text
from git_hotfix.model.sources import is_source
from git_hotfix.model.verdict import Finding
from git_hotfix.model.words import counted


def note_of_uncounted(facts: Facts) -> tuple[Finding, ...]:
    """A note of the production files that `counted_files` leaves out; nothing where there is none."""
    number = len(facts.production) - len(counted_files(facts))
    if not number:
        return ()
    message = f"{counted(number, 'file')} not counted: deleted, or only the project's version moved"
    return (Finding(message, level="note"),)


def counted_files(facts: Facts) -> tuple[FileChange, ...]:
    """The production files that count.

    A file of which only the project's own version moved does not: a release writes it to a dozen files. A file that was
    deleted counts when it is source code, and its lines never do: there is nothing new in it to look at, and
    `definition-removed` and `rollback` say what is gone.
    """
    files = facts.production
    versions = move_only_their_version(files, facts.content)
    gone = [file for file in files if file.status == "D" and not is_source(file.path)]
    left_out = {*versions, *gone}
    return tuple(file for file in files if file not in left_out)


def texts_that_git_takes_for_binary(files: Iterable[FileChange], content: Content) -> Collection[FileChange]:
    """Those of `files` that hold a NUL byte, which makes git count nothing, and are source by name or text by content.
    Larger than `CAP` none is: it cannot be read."""
    binary = [file for file in files if file.binary and file.status != "D"]
    sizes = content.sizes([oid for file in binary for oid in (file.old_oid, file.new_oid) if oid.strip("0")])
    small = [file for file in binary if max(sizes.get(file.old_oid) or 0, sizes[file.new_oid] or 0) <= CAP]
    blobs = content.blobs([file.new_oid for file in small])
    return frozenset(
        file
        for file in small
        if is_source(file.path) or is_source(file.old_path) or is_text(blobs[file.new_oid] or b"\0")
    )
