"""What a command that moves one branch is about to do, on disk before it does it: start, rollback, update, bump,
--resolve and abandon.

A run of finish has a journal of many references (`journal.py`). These commands have one branch and one entry of the
logbook, and both are decided, the entry with its times, before anything is written: the same command again, or another
one that acts on this repository, brings to its end what was begun, and writes no entry twice.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import BranchName, IssueId, Oid, encode_component
from git_hotfix.runs import journal

Command = Literal["start", "rollback", "update", "bump", "resolve", "abandon"]


@frozen
class Intent:
    """One command under way. `branch` goes from `old` (None: it is made) to `new` (None: it is deleted); `there` is
    where it stood on the remote that gets it too, None where that does not. `place` is a worktree that is made for it,
    "" for none; of `resolve`, `branch` is the target. `began` in seconds since the epoch."""

    command: Command
    issue: IssueId
    branch: BranchName
    old: Oid | None
    new: Oid | None
    entry: Entry | None = None
    there: Oid | None = None
    push: bool = False
    place: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    began: float = field(default_factory=time.time)


_FIELDS = ("command", "issue", "branch", "old", "new", "there", "push", "place", "began")


def _file(common_dir: Path, intent: Intent) -> Path:
    target = f"-{encode_component(intent.branch)}" if intent.command == "resolve" else ""
    return common_dir / "hotfix" / f"intent-{intent.command}-{encode_component(intent.issue)}{target}.json"


def write(common_dir: Path, intent: Intent) -> None:
    """Write down what is about to be done. Complete on disk when this returns."""
    told = {name: getattr(intent, name) for name in _FIELDS}
    entry = intent.entry
    told["entry"] = {"kind": entry.kind, "title": entry.title, "facts": dict(entry.facts)} if entry else None
    told["words"] = dict(intent.words)
    journal.write_whole(_file(common_dir, intent), json.dumps(told))


def close(common_dir: Path, intent: Intent) -> None:
    """It is done, or nothing of it was."""
    _file(common_dir, intent).unlink(missing_ok=True)


def read_open(common_dir: Path) -> list[Intent]:
    """What was begun and did not come to its end, oldest first; a file that nobody can read is none: see
    `find_unreadable`."""
    found = [_read(file) for file in _files(common_dir)]
    return sorted((each for each in found if each), key=lambda each: each.began)


def find_unreadable(common_dir: Path) -> list[Path]:
    """The files of killed commands, of runs of finish too, that nobody can read: nothing carries on what they say."""
    return [*(file for file in _files(common_dir) if _read(file) is None), *journal.find_unreadable(common_dir)]


def _files(common_dir: Path) -> list[Path]:
    return sorted((common_dir / "hotfix").glob("intent-*.json"))


def find(common_dir: Path, command: Command, issue: IssueId) -> Intent | None:
    """What was begun by one command for an issue."""
    return next((each for each in read_open(common_dir) if (each.command, each.issue) == (command, issue)), None)


def _read(file: Path) -> Intent | None:
    try:
        told = json.loads(file.read_bytes())
        entry = told.pop("entry")
        words = told.pop("words")
        known = {name: told[name] for name in _FIELDS}
        made = Entry(entry["kind"], entry["title"], entry["facts"]) if entry else None
        return Intent(**known, entry=made, words=words)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
