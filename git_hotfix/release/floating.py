"""Floating tags: which of them move to the tags of this run, and how: each with a lease, after the tag that it moves to
stands on the remote.

They are not part of the first push: a server that keeps them from moving must not keep the fix from production.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence

from git_hotfix.git import refs
from git_hotfix.git.remote import PushResult
from git_hotfix.git.repository import Repository
from git_hotfix.model.floating import names_of
from git_hotfix.model.frozen import replace
from git_hotfix.model.names import REMOTE_TAGS, BranchName, Oid, RefName, TagName, tag_ref
from git_hotfix.model.plan import Delivery, FloatingTag, TagPlan
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.report.server_words import lines_about
from git_hotfix.runs.transport import Transport

Again = Callable[[], Sequence[FloatingTag]]
"""Looks at the remote again, and plans anew."""


def plan_floating(
    snapshot: Snapshot, tag: TagPlan | None, deliveries: Sequence[Delivery] = ()
) -> tuple[FloatingTag, ...]:
    """The floating tags that the hotfix's `tag` and the lines' tags of `deliveries` move. None moves where it stands
    there already, or where a higher release of its part is known."""
    templates = snapshot.policy.tags.floating
    made = [release for release in (tag, *(release.tag for release in deliveries)) if release]
    if not templates or not made:
        return ()
    there = snapshot.refs.tags
    releases = {*filter(snapshot.policy.is_release_tag, there), *(release.name for release in made)}
    found: dict[TagName, FloatingTag] = {}
    for release in made:
        for name in names_of(templates, release.name, releases):
            if there.commits.get(name) != release.target and not _is_branch(snapshot, name):
                found[name] = FloatingTag(name, there.ids.get(name), release.target, release.name)
    return tuple(found.values())


def refusal_notes(snapshot: Snapshot, tag: TagPlan | None) -> tuple[str, ...]:
    """Why floating tags that a policy wants for `tag` do not move, in words."""
    names = names_of(snapshot.policy.tags.floating, tag.name, {tag.name}) if tag else []
    return tuple(
        f"floating tag {name} is not moved: there is a branch {name}, and git could not tell one from the other"
        for name in names
        if _is_branch(snapshot, name)
    )


def _is_branch(snapshot: Snapshot, name: TagName) -> bool:
    return BranchName(name) in {**snapshot.refs.branches, **snapshot.refs.local}


def updates_of(floating: Sequence[FloatingTag]) -> list[RefUpdate]:
    """What moving them writes."""
    return [RefUpdate(tag_ref(each.name), each.old, each.new) for each in floating]


def move(transport: Transport, floating: Sequence[FloatingTag], again: Again) -> tuple[FloatingTag, ...]:
    """Push them, each for itself. One that somebody moved meanwhile is planned anew once: it may stand on a higher
    release now, and stays there then."""
    done, stale = _push_tags(transport, floating)
    if stale:
        fresh = [each for each in again() if each.name in stale]
        more, left = _push_tags(transport, fresh)
        done += more
        done += [replace(each, status="failed", reason=left[each.name].reason) for each in fresh if each.name in left]
    return tuple(done)


def _push_tags(
    transport: Transport, floating: Sequence[FloatingTag]
) -> tuple[list[FloatingTag], dict[TagName, PushResult]]:
    """What became of them, but for those that had moved, which are returned beside."""
    if not floating:
        return [], {}
    updates = updates_of(floating)
    answer = transport.push(updates, atomic=False, tier=2)
    done: list[FloatingTag] = []
    stale: dict[TagName, PushResult] = {}
    for tag in floating:
        ref = tag_ref(tag.name)
        result = answer.results[ref]
        if result.status == "stale":
            stale[tag.name] = result
            continue
        if result.status != "ok":
            lines = lines_about(answer.words, ref, [item.ref for item in updates])
            tag = replace(tag, status="failed", reason=result.reason, said=tuple((ref, line) for line in lines))
        done.append(tag)
    return done, stale


def follow(repository: Repository, snapshot: Snapshot, floating: Sequence[FloatingTag]) -> None:
    """This clone knows where they stand now; the user's own tags of these names follow where they stood there, too."""
    if snapshot.remote is None:
        return
    moved = [each for each in floating if each.status == "moved"]
    here = snapshot.refs.local_tags.ids
    known = {} if snapshot.refs.tags_guessed else snapshot.refs.tags.ids
    wanted = [RefUpdate(RefName(REMOTE_TAGS + each.name), known.get(each.name), each.new) for each in moved]
    wanted += [RefUpdate(tag_ref(each.name), each.old, each.new) for each in moved if here.get(each.name) == each.old]
    refs.try_update(repository.git, wanted, reason="git hotfix: floating tags")


def move_command(remote: str, tag: FloatingTag) -> str:
    """The command that moves one by hand, where it still is where it was seen."""
    ref = tag_ref(tag.name)
    lease = shlex.quote(f"--force-with-lease={ref}:{tag.old or ''}")
    return f"git push {lease} {shlex.quote(remote)} {Oid(tag.new)}:{shlex.quote(ref)}"
