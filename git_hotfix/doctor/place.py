"""Checks of the remote and of what this clone holds of it."""

from __future__ import annotations

import os
import shlex

from git_hotfix.doctor.context import CheckResult, CloneContext, failure_result, name_some
from git_hotfix.errors import Failure
from git_hotfix.hotfix import stale_fork
from git_hotfix.model import patterns
from git_hotfix.model.command_line import git_command
from git_hotfix.model.names import HEADS, TAGS
from git_hotfix.model.redact import without_secrets
from git_hotfix.model.snapshot import Remote


def the_remote(clone: CloneContext) -> CheckResult:
    """There is one remote that hotfixes travel over."""
    if isinstance(clone.remote, Failure):
        return failure_result(clone.remote)
    if clone.remote is None:
        return CheckResult("ok", "none: hotfixes are finished in this repository alone")
    return CheckResult("ok", f"{clone.remote.name}, {without_secrets(clone.remote.url)}")


def other_remote(clone: CloneContext) -> CheckResult | None:
    """No other remote is ahead of the one that hotfixes travel over, as the team's is of an old fork."""
    if not isinstance(clone.remote, Remote) or isinstance(clone.production, Failure):
        return None
    matches = patterns.tags(clone.release_tags)
    other = stale_fork.find(clone.repository, clone.remote, clone.seen, clone.production, matches)
    return CheckResult("warn", other.says, "\nor: ".join(other.commands)) if other else None


def push_urls(clone: CloneContext) -> CheckResult | None:
    """One push goes to one place: of two, the first takes it and the second may refuse."""
    if not isinstance(clone.remote, Remote) or len(clone.remote.push_urls) < 2:
        return None
    name, urls = clone.remote.name, clone.remote.push_urls
    return CheckResult(
        "fail",
        f"{name} pushes to {len(urls)} places: no push to them is all or nothing",
        git_command("remote", "set-url", "--push", "--delete", name, without_secrets(urls[-1])),
    )


def answers(clone: CloneContext) -> CheckResult | None:
    """The remote answers, and this clone knows what it has. Asked with `--online` only."""
    answer = clone.answer
    if answer is None:
        return None
    if isinstance(answer, Failure):
        return CheckResult("fail", answer.message, f"git ls-remote {clone.remote_name}")
    seen = clone.seen
    known: dict[str, str] = {HEADS + name: oid for name, oid in seen.branches.items()}
    known |= {TAGS + name: oid for name, oid in seen.tags.ids.items()}
    there = {ref: oid for ref, oid in answer.items() if ref.startswith((HEADS, TAGS)) and not ref.endswith("^{}")}
    news = sorted(ref for ref, oid in there.items() if known.get(ref) != oid)
    if news:
        words = name_some([ref.split("/", 2)[2] for ref in news])
        return CheckResult(
            "warn", f"{clone.remote_name} has moved on: {words}", git_command("fetch", clone.remote_name or "")
        )
    return CheckResult("ok", f"{clone.remote_name} answers; all that it has is known here")


def whole(clone: CloneContext) -> CheckResult:
    """The clone has the history and the branches that a hotfix needs."""
    name = clone.remote_name or "origin"
    if clone.repository.shallow:
        return CheckResult(
            "fail", "shallow: the production tag or its history is hidden", f"git fetch --unshallow {shlex.quote(name)}"
        )
    if isinstance(clone.remote, Remote) and not clone.remote.fetches_all:
        return CheckResult(
            "fail",
            f"fetches a single branch of {name}: the others are hidden",
            f"git remote set-branches {shlex.quote(name)} '*' && git fetch {shlex.quote(name)}",
        )
    return CheckResult("ok", "whole: all history, all branches")


def writable(clone: CloneContext) -> CheckResult | None:
    """What a hotfix writes goes into the git directory."""
    common = clone.repository.common_dir
    closed = [place for place in (common, common / "objects", common / "refs", common / "reftable")
              if place.exists() and not os.access(place, os.W_OK)]  # fmt: skip
    if not closed:
        return None
    return CheckResult("fail", f"cannot be written: {closed[0]}", f"ls -ld {shlex.quote(str(closed[0]))}")


def partial(clone: CloneContext) -> CheckResult | None:
    """A partial clone asks the remote for contents in the middle of a merge."""
    if not clone.repository.is_partial:
        return None
    hint = "bring them all: git fetch --refetch --no-filter"
    return CheckResult(
        "warn", "partial: contents are fetched when they are needed, so a hotfix needs the network", hint
    )
