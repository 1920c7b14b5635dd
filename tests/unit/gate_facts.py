"""Literal facts for the tests of gates: a repository of two trees that stand in a dictionary."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from git_hotfix.model.change import ChangeSet, FileChange, Hunk
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

    def sizes(self, oids: Iterable[Oid]) -> Mapping[Oid, int | None]:
        return {oid: None if blob is None else len(blob) for oid, blob in self.blobs(oids).items()}

    def not_reverted(self) -> Sequence[str]:
        return self.conflicts

    def hunks(self, change: FileChange) -> Sequence[Hunk]:
        old = (self.base.get(change.old_path) or b"").decode("latin-1").splitlines()
        new = (self.tip.get(change.path) or b"").decode("latin-1").splitlines()
        lines = list(difflib.ndiff(old, new))
        added = tuple((n, line[2:]) for n, line in enumerate(lines) if line.startswith("+ "))
        removed = tuple((n, line[2:]) for n, line in enumerate(lines) if line.startswith("- "))
        return [Hunk(1, 1, added, removed)]


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
    files = []
    for path in sorted({*base, *tip}):
        if path not in tip:
            files.append(change(path, "D"))
        elif path not in base:
            files.append(change(path, "A"))
        elif base[path] != tip[path]:
            files.append(change(path))
    return facts(*files, content=Trees(base, tip), **other)


def waived(given: Facts, gates: str, *, tree: Oid = TREE) -> Facts:
    """The same facts with a waiver of `gates` in the logbook."""
    entry = Entry("waiver", "waive", {"Tree": tree, "Gates": gates, "Reason": "the pager"})
    return replace(given, hotfix=replace(given.hotfix, logbook=Logbook(IssueId("4711"), (entry,))))
