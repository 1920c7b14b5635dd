"""Which own-version fields of a repository follow its release tags, and which of them do not state the next one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from git_hotfix.dependencies.carriers import locks
from git_hotfix.dependencies.carriers.fields import (
    Field,
    bare,
    holds_number,
    locate,
    part_of,
    put,
    read_versions,
    same_places,
    stating,
)
from git_hotfix.dependencies.carriers.numbers import read_written, restated, states
from git_hotfix.dependencies.carriers.own_versions import Place
from git_hotfix.dependencies.carriers.table import CARRIERS
from git_hotfix.model.change import SYMLINK_MODE, ChangeSet, Content
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid
from git_hotfix.model.versions import Version

MOST = 2_000  # files that could carry a version; of more the ones that lie deepest are not looked at
_COMPUTED = rb"dynamic|[$@][{(]|attr:|file:|0\.0\.0-"
_MANIFESTS = ("pyproject.toml", "setup.cfg", "pom.xml", "package.json", "build.gradle", "build.gradle.kts")


@frozen
class Followed:
    """One file of the base, all own versions that it states as written, and the places of those that state the number
    of the base tag."""

    path: str
    oid: Oid
    versions: Mapping[Place, str]
    places: Sequence[Place]


@frozen
class FileNow:
    """Where a file is in the fix: its path there, and its blob."""

    path: str
    oid: Oid


@frozen
class Disagreement:
    """A field of the fix that follows the tags and does not state the next one: the `path` of its file now, where it
    stands, what was expected there (None where its form cannot say it), and whether the fix changed it."""

    path: str
    field: Field
    expected: str | None
    changed: bool


def carriers(content: Content, counts: Callable[[str], bool]) -> Mapping[str, Oid]:
    """The files of the base that could carry a version, and that count; the shallowest, where they are many."""
    names = (*locks.READERS, *(name for carrier in CARRIERS for name in carrier.names))
    plain = frozenset(name for name in names if "*" not in name)
    ends = tuple(name.removeprefix("*") for name in names if "*" in name)

    def may_carry(path: str) -> bool:
        name = path[path.rfind("/") + 1 :].lower()
        return (name in plain or name.endswith(ends) or name.strip("._").startswith("version")) and counts(path)

    return content.base_files_where(may_carry, most=MOST)


def followed(files: Mapping[str, Oid], blobs: Mapping[Oid, bytes | None], number: Version) -> list[Followed]:
    """Those of `files` with fields that state `number`.

    Only such a field follows the tags: what was another number already when the base was tagged is something else's,
    or is kept by somebody who does not mind.
    """
    found = []
    for path, oid in files.items():
        content = blobs[oid]
        read = read_versions(path, content) if holds_number(content, number) else None
        places = stating(read.versions, number) if read else []
        if read and places:
            found.append(Followed(path, oid, read.versions, places))
    return found


def computed(files: Mapping[str, Oid], blobs: Mapping[Oid, bytes | None]) -> list[str]:
    """The manifests near the top whose version is made when they are built: nothing of it stands in the tree."""
    found = []
    for path, oid in files.items():
        content = blobs[oid] or b""
        near = path.count("/") < 2 and path.rpartition("/")[2] in _MANIFESTS
        if near and re.search(_COMPUTED, content) and _is_computed(path, content):
            found.append(path)
    return found


def _is_computed(path: str, content: bytes) -> bool:
    if path.endswith("pyproject.toml"):
        return _has_dynamic_version(content)
    read = read_versions(path, content)
    values = read.versions.values() if read else ()
    return any(re.search(r"[$@][{(]|^(?:attr|file):|^0\.0\.0-", value) for value in values)


def _has_dynamic_version(content: bytes) -> bool:
    """By `dynamic` of PEP 621, and by the table of poetry-dynamic-versioning."""
    from git_hotfix.dependencies.syntax.toml import load

    try:
        document = load(content)[1]
        tools = document.get("tool", {})
        return "version" in document.get("project", {}).get("dynamic", ()) or "poetry-dynamic-versioning" in tools
    except Exception:  # what cannot be read is no reason for a word about it
        return False


def current_files(
    content: Content, changes: ChangeSet, fields: Sequence[Followed]
) -> list[tuple[Followed, FileNow, bytes | None]]:
    """The followed files as the fix has them, and their contents; without those that it deletes."""
    changed = {file.old_path: file for file in changes.files if file.status != "A"}
    found = []
    for each in fields:
        file = changed.get(each.path)
        if file is None:
            found.append((each, FileNow(each.path, each.oid)))
        elif file.status != "D" and file.new_mode != SYMLINK_MODE:
            found.append((each, FileNow(file.path, file.new_oid)))
    blobs = content.blobs(now.oid for _, now in found)
    return [(each, now, blobs[now.oid]) for each, now in found]


def disagreements(
    file: Followed, now: FileNow, content: bytes | None, old: Version, new: Version
) -> Iterator[Disagreement]:
    """The followed fields of one file that do not state `new`. A field that the fix deletes is no field any more."""
    after = read_versions(now.path, content)
    if after is None or content is None:
        return
    places = same_places(file.versions, after.versions)
    expected: dict[Place, tuple[str | None, bool]] = {}
    for was in file.places:
        place = places.get(was)
        if place is None:
            continue
        part = part_of(was, file.versions[was], new)
        value = after.versions[place]
        agrees = bare(value) == part if part is not None else states(value, new)
        if not agrees:
            wanted = part if part is not None else restated(file.versions[was], old, new)
            expected[place] = wanted, value != file.versions[was]
    fields = locate(now.path, content, list(expected)) if expected else []
    for field in sorted(fields, key=lambda each: each.start):
        yield Disagreement(now.path, field, *expected[field.place])


def edited(path: str, content: bytes, wrong: Sequence[Disagreement]) -> bytes | None:
    """The file with what was expected at the very bytes of each wrong field; None where that would change anything
    else, as the reader of the format sees it."""
    before = read_versions(path, content)
    if before is None or any(each.field.start < 0 or each.expected is None for each in wrong):
        return None
    spans = {(each.field.start, each.field.end): each.expected or "" for each in wrong}
    after = put(content, {span: _text_at(content[slice(*span)], value) for span, value in spans.items()})
    made = read_versions(path, after)
    return after if made and made.rest == before.rest and made.versions.keys() == before.versions.keys() else None


def _text_at(old: bytes, expected: str) -> bytes:
    """What takes the place of `old`: a number without what stands around it; a tuple keeps its spaces."""
    written = read_written(expected)
    if written:
        return written.core.encode()
    parts = re.findall(r"\d+", expected)
    if len(parts) == len(re.findall(rb"\d+", old)):
        numbers = iter(parts)
        return re.sub(rb"\d+", lambda _: next(numbers).encode(), old)
    return ", ".join(parts).encode()


def stated_in(files: Mapping[str, bytes | None], number: Version) -> bool:
    """Whether any of `files` states `number` as an own version."""
    read = (read_versions(path, content) for path, content in files.items() if holds_number(content, number))
    return any(each is not None and bool(stating(each.versions, number)) for each in read)
