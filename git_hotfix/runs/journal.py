"""What a run is about to do, on disk before it does it: a killed run is told of and tidied by the next one."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from git_hotfix.model.names import IssueId, decode_component, encode_component
from git_hotfix.model.ref_update import RefUpdate


def _file(common_dir: Path, issue: IssueId) -> Path:
    return common_dir / "hotfix" / f"journal-{encode_component(issue)}.json"


def write(common_dir: Path, issue: IssueId, command: str, updates: Sequence[RefUpdate]) -> None:
    """Write the journal of a run: every reference with its old and new id, behind what stands there already (what the
    run planned first, or one that was killed). Complete on disk when this returns."""
    known = dict.fromkeys([*read(common_dir, issue), *updates])
    rows = [{"ref": item.ref, "old": item.old, "new": item.new} for item in known]
    file = _file(common_dir, issue)
    first = start_of_oldest(common_dir, issue) if file.exists() else time.time()
    body = {"schema": 1, "issue": issue, "command": command, "began": first, "updates": rows}
    write_whole(file, json.dumps(body))


def start_of_oldest(common_dir: Path, issue: IssueId) -> float:
    """When the oldest run of an open journal began, in seconds since the epoch."""
    file = _file(common_dir, issue)
    try:
        return float(json.loads(file.read_bytes())["began"])
    except (OSError, ValueError, KeyError, TypeError):
        return file.stat().st_mtime if file.exists() else time.time()


def read(common_dir: Path, issue: IssueId) -> list[RefUpdate]:
    """What an open journal holds; nothing where there is none, or one that nobody can read: the remote is the truth."""
    return _read(_file(common_dir, issue)) or []


def _read(file: Path) -> list[RefUpdate] | None:
    try:
        body = json.loads(file.read_bytes())
        known = [RefUpdate(row["ref"], row["old"], row["new"]) for row in body["updates"]]
        return known if body["issue"] and body["command"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find_unreadable(common_dir: Path) -> list[Path]:
    """The open journals that nobody can read."""
    return [file for file in sorted((common_dir / "hotfix").glob("journal-*.json")) if _read(file) is None]


def open_issues(common_dir: Path) -> list[IssueId]:
    """The issues whose last run did not come to its end."""
    names = (file.stem.removeprefix("journal-") for file in (common_dir / "hotfix").glob("journal-*.json"))
    return sorted(IssueId(decode_component(name)) for name in names)


def write_whole(file: Path, text: str) -> None:
    """Write a file that is never read half: complete on disk when this returns."""
    file.parent.mkdir(exist_ok=True)
    draft = file.with_suffix(".new")
    with draft.open("w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def is_interrupted(common_dir: Path, issue: IssueId) -> bool:
    """True when a run for `issue` did not come to its end. What it reached is asked from the remote, not from here."""
    return _file(common_dir, issue).exists()


def close(common_dir: Path, issue: IssueId) -> None:
    """The run came to its end."""
    _file(common_dir, issue).unlink(missing_ok=True)
