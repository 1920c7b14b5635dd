"""new-dependency: a hotfix brings no package that production does not have yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from git_hotfix.gates.registry import Gate
from git_hotfix.manifests.registry import Declared, Manifest, Reader, Unreadable, read, reader_of
from git_hotfix.model import patterns
from git_hotfix.model.change import SUBMODULE_MODE, SYMLINK_MODE, FileChange
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.names import Oid
from git_hotfix.model.verdict import Finding, Judgement, Level

_WAIVE = "or record why: git hotfix waive new-dependency --reason …"


@dataclass(frozen=True)
class Options:
    """`[gates.new-dependency]`. 20 % of 917 genuine hotfixes touch a manifest, only 3.0 % add a dependency name."""

    development: Literal["fail", "warn", "pass"] = field(
        default="warn",
        metadata={"doc": "level of a new name that production runs without", "source": "it does not reach production"},
    )
    known: tuple[str, ...] = field(
        default=(),
        metadata={"doc": "names that are never new, as the findings spell them", "source": "3.0 % add a name"},
    )


@dataclass(frozen=True)
class _Side:
    """What the manifests of one ecosystem declare together, and those that could not be read (path → reason)."""

    names: frozenset[str]
    own: frozenset[str]
    dynamic: frozenset[str]
    unreadable: Mapping[str, str]


def check(facts: Facts, options: Options) -> Judgement:
    """Compare the names in each changed manifest with those of all manifests of the base."""
    found: list[Finding] = []
    unread: list[Finding] = []
    changed: dict[str, list[tuple[FileChange, Reader]]] = {}
    for file in facts.changes.files:
        reader = _reader(facts, file.path) if file.status != "D" else None
        if reader is not None:
            changed.setdefault(reader.ecosystem, []).append((file, reader))
    blobs = facts.content.blobs([file.new_oid for files in changed.values() for file, _ in files])
    for files in changed.values():
        tips: dict[str, Manifest] = {}
        for file, reader in files:
            manifest = _read(reader, file.path, file.new_mode, blobs.get(file.new_oid))
            if isinstance(manifest, Manifest):
                tips[file.path] = manifest
            else:
                unread.append(Finding(manifest, path=file.path))
        news, computed = _compared(facts, files, tips, options)
        found += news
        unread += computed
    measured = "not known" if unread and not found else f"{len(found)} new"
    return Judgement(measured, "0 new", tuple(found), tuple(unread))


def _reader(facts: Facts, path: str) -> Reader | None:
    files = facts.policy.files
    return None if patterns.paths(files.tests + files.vendored)(path) else reader_of(path)


def _read(reader: Reader, path: str, mode: str, content: bytes | None) -> Manifest | str:
    """The manifest, or in words why there is none."""
    if mode in (SYMLINK_MODE, SUBMODULE_MODE):
        return "is a link: what it declares cannot be read"
    if content is None:
        return "its content is not in this clone: what it declares cannot be read"
    try:
        return read(reader, path, content)
    except Unreadable as error:
        return f"cannot be read: {error.reason}"


def _compared(
    facts: Facts, files: Iterable[tuple[FileChange, Reader]], tips: Mapping[str, Manifest], options: Options
) -> tuple[list[Finding], list[Finding]]:
    """What is new, and what could not be read."""
    # Most manifests that a fix touches bring nothing: the old side of the same file tells, and no other is read.
    old = {file.old_path: file.old_oid for file, _ in files if file.status != "A"}
    known = _side(facts, {path: oid for path, oid in old.items() if _reader(facts, path)})
    if any(_news(tip, known) or tip.dynamic - known.dynamic for tip in tips.values()):
        ecosystem = next(reader.ecosystem for _, reader in files)
        base = facts.content.base_files()
        known = _side(facts, {path: oid for path, oid in base.items() if _of(ecosystem, _reader(facts, path))})
    own = known.own.union(*(tip.own for tip in tips.values()))
    found: list[Finding] = []
    computed: list[Finding] = []
    for path, tip in tips.items():
        for declared in _news(tip, known):
            if declared.development and options.development == "pass":
                continue
            if declared.name not in own and declared.name not in options.known:
                found.append(_new(path, declared, known, options))
        if tip.dynamic - known.dynamic:
            computed.append(Finding("what it requires is computed when it runs, and that part changed", path=path))
    return found, computed


def _of(ecosystem: str, reader: Reader | None) -> bool:
    return reader is not None and reader.ecosystem == ecosystem


def _news(tip: Manifest, known: _Side) -> list[Declared]:
    return [declared for name, declared in tip.names.items() if name not in known.names]


def _new(path: str, declared: Declared, known: _Side, options: Options) -> Finding:
    level: Level = "warn" if declared.development and options.development == "warn" else "fail"
    kind = "new development dependency" if declared.development else "new dependency"
    hint = f"fix it without {declared.name}, {_WAIVE}"
    if known.unreadable and level == "fail":
        names = ", ".join(sorted(known.unreadable)[:3])
        hint = f"{hint}\nat the base these could not be read, it may be declared there: {names}"
    version = f" {declared.version}" if declared.version else ""
    return Finding(f"{kind} {declared.name}{version}", path, declared.line or None, hint, level)


def _side(facts: Facts, files: Mapping[str, Oid]) -> _Side:
    blobs = facts.content.blobs(files.values())
    names: set[str] = set()
    own: set[str] = set()
    dynamic: set[str] = set()
    unreadable: dict[str, str] = {}
    for path, oid in files.items():
        reader = _reader(facts, path)
        manifest = _read(reader, path, "", blobs.get(oid)) if reader else ""
        if isinstance(manifest, Manifest):
            names.update(manifest.names)
            own |= manifest.own
            dynamic |= manifest.dynamic
        elif manifest:
            unreadable[path] = manifest
    return _Side(frozenset(names), frozenset(own), frozenset(dynamic), unreadable)


GATE = Gate("new-dependency", "no new dependency", check, Options, order=31)
