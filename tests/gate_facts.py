"""Literal facts for the tests of gates: a repository of two trees that stand in a dictionary."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from git_hotfix.approvals import judge
from git_hotfix.approvals.judge import KnownPeople
from git_hotfix.model.change import ChangeSet, FileChange, Hunk, Version
from git_hotfix.model.hotfix import Facts, Hotfix
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import BranchName, IssueId, Oid, TagName
from git_hotfix.model.policy import Policy

NULL = Oid("0" * 40)
TREE = Oid("7" * 40)
BASE_TREE = Oid("b" * 40)
HOTFIX = Hotfix(
    issue=IssueId("4711"),
    branch=BranchName("hotfix/4711"),
    production=BranchName("main"),
    base_tag=TagName("v1.4.2"),
    base=Oid("1" * 40),
    tip=Oid("2" * 40),
    tip_tree=TREE,
    base_tree=BASE_TREE,
)


@dataclass
class Trees:
    """A `Content` whose blob ids are the side and the path: `base:setup.py`."""

    base: Mapping[str, bytes | None] = field(default_factory=dict)
    tip: Mapping[str, bytes | None] = field(default_factory=dict)
    conflicts: Sequence[str] = ()

    def blobs(self, oids: Iterable[Oid]) -> Mapping[Oid, bytes | None]:
        return {oid: (self.base if oid.startswith("base:") else self.tip).get(oid.partition(":")[2]) for oid in oids}

    def base_files(self) -> Mapping[str, Oid]:
        return {path: Oid(f"base:{path}") for path in self.base}

    def base_files_at(self, paths: Collection[str]) -> Mapping[str, Oid]:
        return {path: Oid(f"base:{path}") for path in paths if path in self.base}

    def base_files_named(self, ends: tuple[str, ...], parts: tuple[str, ...]) -> Mapping[str, Oid]:
        found = self.base_files()
        return {path: oid for path, oid in found.items() if path.endswith(ends) or any(part in path for part in parts)}

    def base_files_where(self, holds: Callable[[str], bool], *, most: int) -> Mapping[str, Oid]:
        return {path: oid for path, oid in self.base_files().items() if holds(path)}

    def files_above(self, path: str) -> Mapping[str, Oid]:
        folders = {"/".join(path.split("/")[:depth]) for depth in range(path.count("/") + 1)}
        return {file: oid for file, oid in self.base_files().items() if file.rpartition("/")[0] in folders}

    def sizes(self, oids: Iterable[Oid]) -> Mapping[Oid, int | None]:
        return {oid: None if blob is None else len(blob) for oid, blob in self.blobs(oids).items()}

    def conflicts_of_revert(self) -> Sequence[str]:
        return self.conflicts

    def versions(self, commits: Sequence[Oid]) -> Sequence[Version]:
        return ()

    def hunks(self, change: FileChange) -> Sequence[Hunk]:
        old = _lines(self.base.get(change.old_path) if change.status != "A" else b"")
        new = _lines(self.tip.get(change.path) if change.status != "D" else b"")
        return [
            Hunk(
                old_from + 1,
                new_from + 1,
                tuple(enumerate(new[new_from:new_to], new_from + 1)),
                tuple(enumerate(old[old_from:old_to], old_from + 1)),
            )
            for kind, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
                None, old, new, autojunk=False
            ).get_opcodes()
            if kind != "equal"
        ]


def _lines(blob: bytes | None) -> list[str]:
    """The lines of a file, each with its end, as hunks hold them."""
    parts = (blob or b"").decode("utf-8", "surrogateescape").split("\n")
    return [f"{part}\n" for part in parts[:-1]] + [f"{part}\n" for part in parts[-1:] if part]


def change(path: str, status: str = "M", **other: Any) -> FileChange:
    """A change of a regular file; `old` is the path on the other side."""
    old = other.pop("old", path)
    facts: dict[str, Any] = {
        "old_mode": "000000" if status == "A" else "100644",
        "new_mode": "000000" if status == "D" else "100644",
        "old_oid": NULL if status == "A" else Oid(f"base:{old}"),
        "new_oid": NULL if status == "D" else Oid(f"tip:{path}"),
    }
    return FileChange(path, old, status, **{**facts, **other})


def facts(*files: FileChange, content: Trees | None = None, policy: Policy | None = None, **other: Any) -> Facts:
    """The facts of a hotfix with these changes."""
    return Facts(
        **{
            "hotfix": HOTFIX,
            "changes": ChangeSet(files),
            "commits": (),
            "policy": policy or Policy(),
            "content": content or Trees(),
            "newest_tag": TagName("v1.4.2"),
            **other,
        }
    )


def between(base: Mapping[str, bytes | None], tip: Mapping[str, bytes | None], **other: Any) -> Facts:
    """The facts of a hotfix whose base and tip hold these files."""
    content = Trees(base, tip)
    files = []
    for path in sorted({*base, *tip}):
        status = "D" if path not in tip else "A" if path not in base else "M" if base[path] != tip[path] else ""
        if status:
            hunks = content.hunks(change(path, status))
            binary = b"\0" in (base.get(path) or b"") + (tip.get(path) or b"")
            added, deleted = sum(len(each.added) for each in hunks), sum(len(each.removed) for each in hunks)
            counts = {} if binary else {"added": added, "deleted": deleted}
            files.append(change(path, status, binary=binary, **counts))
    return facts(*files, content=content, **other)


def waived(given: Facts, gates: str, *, tree: Oid = TREE) -> Facts:
    """The same facts with a waiver of `gates` in the logbook."""
    entry = Entry("waiver", "waive", {"Waiver": "4711-W1", "Tree": tree, "Gates": gates, "Reason": "the pager"})
    book = Logbook(IssueId("4711"), (entry,))
    waivers, _ = judge.judge_approvals(book, given.hotfix.tip_tree, KnownPeople(), given.policy)
    return replace(given, hotfix=replace(given.hotfix, logbook=book), waivers=waivers)
