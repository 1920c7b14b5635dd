"""Checks for what an interrupted run left behind."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from git_hotfix.doctor.context import CheckResult, CloneContext, name_some
from git_hotfix.git import worktrees
from git_hotfix.model.command_line import command_line
from git_hotfix.model.names import RUN, STAGED, decode_component, short
from git_hotfix.runs import scratch


def lock(clone: CloneContext) -> CheckResult | None:
    """A lock that nobody holds any more is taken over by the next run; one that is not a lock stops every run."""
    file = clone.repository.common_dir / "hotfix" / "lock"
    if not file.exists():
        return None
    try:
        holder = json.loads(file.read_text())
        pid, what = int(holder["pid"]), str(holder["what"])
    except (OSError, ValueError, KeyError, TypeError):
        return CheckResult("fail", f"{file} is not a git-hotfix lock", f"look at it, then: rm {file}")
    if _is_alive(pid):
        return CheckResult("warn", f"git hotfix {what} is running here (process {pid})", "wait for it")
    return CheckResult("warn", f"git hotfix {what} was killed and left its lock", "the next run takes it over")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def scratch_folders(clone: CloneContext) -> CheckResult | None:
    """Folders that killed runs of a command left in the temporary folder; nobody can use them, so they are removed."""
    found = scratch.sweep(clone.repository.common_dir)
    return CheckResult("ok", f"removed what a killed run left: {name_some(found)}") if found else None


def table_locks(clone: CloneContext) -> CheckResult | None:
    """A reftable has one lock for all its references, which lives for milliseconds; git leaves it when it is killed."""
    common = clone.repository.common_dir
    found = [file for top in (common, *sorted((common / "worktrees").glob("*")))
             if (file := top / "reftable" / "tables.list.lock").exists()]  # fmt: skip
    if not found:
        return None
    files = " ".join(shlex.quote(str(file)) for file in found)
    return CheckResult("fail", f"references are locked: {files}", f"when no git is at work here: rm {files}")


def journals(clone: CloneContext) -> CheckResult | None:
    """Runs that did not come to their end: the same command again finishes them."""
    folder = clone.repository.common_dir / "hotfix"
    files = sorted(set(folder.glob("journal-*.json")) - {*clone.unreadable})
    found = [command_line(str(told["command"]), str(told["issue"])) for file in files if (told := _read_file(file))]
    return _interrupted_result(found)


def _interrupted_result(commands: Sequence[str]) -> CheckResult | None:
    if not commands:
        return None
    message = f"{len(commands)} interrupted: {name_some([each.removeprefix('git hotfix ') for each in commands])}"
    return CheckResult("fail", message, f"finish what was begun: {commands[0]}")


def _read_file(file: Path) -> dict[str, Any]:
    """What a file holds that can be read; nothing where its command came to its end meanwhile."""
    try:
        return dict(json.loads(file.read_text()))
    except OSError:
        return {}


def begun_commands(clone: CloneContext) -> CheckResult | None:
    """Commands that were killed with one branch under way: the same command again carries on."""
    folder = clone.repository.common_dir / "hotfix"
    files = sorted(set(folder.glob("intent-*.json")) - {*clone.unreadable})
    found = [_command_again(told) for file in files if (told := _read_file(file))]
    return _interrupted_result(found)


def _command_again(told: Mapping[str, Any]) -> str:
    """The command again, as far as it has to be said."""
    command, issue, branch = str(told["command"]), str(told["issue"]), str(told["branch"])
    if command == "rollback":
        return command_line("rollback", issue=issue)
    if command == "resolve":
        return command_line("backport", issue, resolve=branch)
    return command_line(command, issue)


def unreadable_files(clone: CloneContext) -> CheckResult | None:
    """What killed runs wrote down and nobody can read: every command passes it over."""
    if not clone.unreadable:
        return None
    files = " ".join(shlex.quote(str(file)) for file in clone.unreadable)
    hint = f"see with git hotfix list what is half done, then: rm {files}"
    return CheckResult("fail", f"a killed run left what cannot be read, and no command carries it on: {files}", hint)


def half_made_worktrees(clone: CloneContext) -> CheckResult | None:
    """Worktrees whose making was killed: until they go every fetch fails, and says nothing of them."""
    found = worktrees.list_half_made(clone.repository)
    if not found:
        return None
    folders = " ".join(shlex.quote(str(folder)) for folder in found)
    what = f"half-made worktrees, which stop every fetch: {folders}"
    return CheckResult("fail", what, f"the next git hotfix command that acts clears them; by hand: rm -r {folders}")


def pins(clone: CloneContext) -> CheckResult | None:
    """References that keep the objects of a run alive, without that run."""
    own = [ref for ref in clone.seen.own if ref.startswith((RUN, STAGED))]
    if not own:
        return None
    issues = sorted({decode_component(ref[len(RUN) :].split("/")[0]) for ref in own if ref.startswith(RUN)})
    hint = command_line("finish", issues[0]) if issues else "the next finish clears them"
    return CheckResult("warn", f"{len(own)} references of an interrupted run: {name_some(own)}", hint)


def gone_worktrees(clone: CloneContext) -> CheckResult | None:
    """Linked worktrees whose folder was deleted or moved by hand: git still takes their branch for checked out."""
    found = worktrees.list_gone(clone.repository)
    if not found:
        return None
    hint = "deleted? git worktree prune; moved? git worktree repair <its new path>"
    return CheckResult("warn", f"worktrees that are gone: {name_some([str(place) for place in found])}", hint)


def open_conflicts(clone: CloneContext) -> CheckResult | None:
    """Conflicts that were opened and are neither solved nor given up."""
    found = []
    for note in sorted((clone.repository.common_dir / "worktrees").glob("*/hotfix-resolve")):
        try:
            told = json.loads(note.read_text())
            place = Path((note.parent / "gitdir").read_text().strip()).parent
            found.append((f"{short(told['target'])} for hotfix {told['issue']} in {place}", told["issue"]))
        except (OSError, ValueError, KeyError, TypeError):
            found.append((str(note), ""))
    if not found:
        return None
    words, issue = name_some([each for each, _ in found]), found[0][1]
    hint = f"{command_line('backport', issue, continue_=True)}, or --abort" if issue else "git hotfix backport --abort"
    return CheckResult("fail", f"conflicts open: {words}", hint)
