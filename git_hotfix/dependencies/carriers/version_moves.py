"""Which changes of a file move the project's own version, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.dependencies.carriers.own_versions import OwnVersions
from git_hotfix.dependencies.carriers.table import Carrier, carrier_of
from git_hotfix.dependencies.carriers.version_files import is_version_file, names_versions
from git_hotfix.model.change import Content, FileChange

_SIZE = 5_000_000  # bytes; the largest lock files of npm


def move_only_their_version(files: Sequence[FileChange], content: Content) -> list[FileChange]:
    """Those of `files` whose two sides differ in nothing but the project's own version, as the parser of the format
    reads them, and in no more lines than that takes."""
    asked = [file for file in files if file.status == "M" and file.old_mode == file.new_mode and file.lines]
    carriers = {file.path: carrier_of(file.path) for file in asked}
    # However many they are, git is asked once.
    content.blobs(oid for file in asked if carriers[file.path] for oid in (file.old_oid, file.new_oid))
    return [file for file in asked if _moves_only_its_version(file, carriers[file.path], content)]


def _moves_only_its_version(file: FileChange, carrier: Carrier | None, content: Content) -> bool:
    if carrier is None:
        return is_version_file(file.path) and names_versions(
            file.path,
            (
                line.encode("utf-8", "surrogateescape").rstrip(b"\r\n")
                for hunk in content.hunks(file)
                for _, line in (*hunk.added, *hunk.removed)
            ),
        )
    blobs = content.blobs([file.old_oid, file.new_oid])
    before, after = (_read(carrier, blobs[oid]) for oid in (file.old_oid, file.new_oid))
    if before is None or after is None or before.rest != after.rest or before.versions.keys() != after.versions.keys():
        return False
    moved = sum(version != after.versions[place] for place, version in before.versions.items())
    return 0 < file.lines <= 2 * moved


def _read(carrier: Carrier, content: bytes | None) -> OwnVersions | None:
    if content is None or len(content) > _SIZE:
        return None
    try:
        return carrier.read(content)
    except Exception:  # the parsers of a dozen formats raise what they like; what cannot be read is counted
        return None
