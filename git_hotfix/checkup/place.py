"""Checks of the remote and of what this clone holds of it."""

from __future__ import annotations

import os
import shlex

from git_hotfix import stale_fork
from git_hotfix.checkup.patient import Patient, Sight, failed, some
from git_hotfix.errors import Failure
from git_hotfix.model import patterns
from git_hotfix.model.names import HEADS, TAGS
from git_hotfix.model.redact import without_secrets
from git_hotfix.model.situation import Remote


def the_remote(patient: Patient) -> Sight:
    """There is one remote that hotfixes travel over."""
    if isinstance(patient.remote, Failure):
        return failed(patient.remote)
    if patient.remote is None:
        return Sight("ok", "none: hotfixes are finished in this repository alone")
    return Sight("ok", f"{patient.remote.name}, {without_secrets(patient.remote.url)}")


def other_remote(patient: Patient) -> Sight | None:
    """No other remote is ahead of the one that hotfixes travel over, as the team's is of an old fork."""
    if not isinstance(patient.remote, Remote) or isinstance(patient.production, Failure):
        return None
    matches = patterns.tags(patient.release_tags)
    other = stale_fork.find(patient.repository, patient.remote, patient.seen, patient.production, matches)
    return Sight("warn", other.says, "\nor: ".join(other.commands)) if other else None


def push_urls(patient: Patient) -> Sight | None:
    """One push goes to one place: of two, the first takes it and the second may refuse."""
    if not isinstance(patient.remote, Remote) or len(patient.remote.push_urls) < 2:
        return None
    name, urls = patient.remote.name, patient.remote.push_urls
    return Sight(
        "fail",
        f"{name} pushes to {len(urls)} places: no push to them is all or nothing",
        f"git remote set-url --push --delete {name} {without_secrets(urls[-1])}",
    )


def answers(patient: Patient) -> Sight | None:
    """The remote answers, and this clone knows what it has. Asked with `--online` only."""
    answer = patient.answer
    if answer is None:
        return None
    if isinstance(answer, Failure):
        return Sight("fail", answer.message, f"git ls-remote {patient.remote_name}")
    seen = patient.seen
    known: dict[str, str] = {HEADS + name: oid for name, oid in seen.branches.items()}
    known |= {TAGS + name: oid for name, oid in seen.tags.ids.items()}
    there = {ref: oid for ref, oid in answer.items() if ref.startswith((HEADS, TAGS)) and not ref.endswith("^{}")}
    news = sorted(ref for ref, oid in there.items() if known.get(ref) != oid)
    if news:
        words = some([ref.split("/", 2)[2] for ref in news])
        return Sight("warn", f"{patient.remote_name} has moved on: {words}", f"git fetch {patient.remote_name}")
    return Sight("ok", f"{patient.remote_name} answers; all that it has is known here")


def whole(patient: Patient) -> Sight:
    """The clone has the history and the branches that a hotfix needs."""
    name = patient.remote_name or "origin"
    if patient.repository.shallow:
        return Sight("fail", "shallow: the production tag or its history is hidden", f"git fetch --unshallow {name}")
    if isinstance(patient.remote, Remote) and not patient.remote.fetches_all:
        return Sight(
            "fail",
            f"fetches a single branch of {name}: the others are hidden",
            f"git remote set-branches {name} '*' && git fetch {name}",
        )
    return Sight("ok", "whole: all history, all branches")


def writable(patient: Patient) -> Sight | None:
    """What a hotfix writes goes into the git directory."""
    common = patient.repository.common_dir
    closed = [place for place in (common, common / "objects", common / "refs", common / "reftable")
              if place.exists() and not os.access(place, os.W_OK)]  # fmt: skip
    if not closed:
        return None
    return Sight("fail", f"cannot be written: {closed[0]}", f"ls -ld {shlex.quote(str(closed[0]))}")


def partial(patient: Patient) -> Sight | None:
    """A partial clone asks the remote for contents in the middle of a merge."""
    if not patient.repository.is_partial:
        return None
    hint = "bring them all: git fetch --refetch --no-filter"
    return Sight("warn", "partial: contents are fetched when they are needed, so a hotfix needs the network", hint)
