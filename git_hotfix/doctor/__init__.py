"""What can be wrong with a clone: one table of small checks for `git hotfix doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from git_hotfix.doctor import gate, leftovers, machine, place, scheme
from git_hotfix.doctor.context import CheckResult, CloneContext
from git_hotfix.model.frozen import frozen


@frozen
class Check:
    """One question to a clone: its name, and the function that answers it (None: it does not arise here)."""

    id: str
    look: Callable[[CloneContext], CheckResult | None]


CHECKS = (
    Check("git", machine.git_version),
    Check("packages", machine.packages),
    Check("command", machine.on_path),
    Check("identity", machine.identity),
    Check("signing", machine.signing),
    Check("remote", place.the_remote),
    Check("other-remote", place.other_remote),
    Check("push-url", place.push_urls),
    Check("online", place.answers),
    Check("clone", place.whole),
    Check("writable", place.writable),
    Check("partial", place.partial),
    Check("production", scheme.production),
    Check("develop", scheme.develop),
    Check("policy", scheme.policy),
    Check("prefixes", scheme.prefixes),
    Check("requires", scheme.requires),
    Check("approvals", scheme.approvals),
    Check("production-tag", scheme.production_tag),
    Check("newer-release", scheme.newer_line),
    Check("tags", scheme.tags),
    Check("gate", gate.in_place),
    Check("hooks-path", gate.hooks_path),
    Check("hook-manager", gate.manager),
    Check("lock", leftovers.lock),
    Check("ref-lock", leftovers.table_locks),
    Check("journal", leftovers.journals),
    Check("begun", leftovers.begun_commands),
    Check("unreadable", leftovers.unreadable_files),
    Check("scratch", leftovers.scratch_folders),
    Check("pins", leftovers.pins),
    Check("half-made", leftovers.half_made_worktrees),
    Check("worktrees", leftovers.gone_worktrees),
    Check("resolve", leftovers.open_conflicts),
)


def examine(clone: CloneContext) -> Iterator[tuple[Check, CheckResult]]:
    """Every check that arises, with what it saw; in the order of the table."""
    for check in CHECKS:
        result = check.look(clone)
        if result is not None:
            yield check, result
