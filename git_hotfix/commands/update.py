"""`git hotfix update`: replay a hotfix on the newest production tag, without a checkout where that is possible."""

from __future__ import annotations

import argparse
from pathlib import Path

from git_hotfix import picking
from git_hotfix.commands.session import Session, opened
from git_hotfix.desk import Desk, Fix
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.execution import recording
from git_hotfix.execution.transport import transport_of
from git_hotfix.git import history, refs, worktrees
from git_hotfix.hotfix import named, newest_but_own, require_seen
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import Oid, TagName, branch_ref
from git_hotfix.model.plan import Target
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.versions import not_higher
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `update` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix; left out where the current branch says it")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the branch on the newest tag (or there already), 4 when the replay conflicts."""
    with opened(streams, view="fetch", lock_for="update") as session:
        hotfix = named(session.git, session.situation, arguments.issue)
        newest, lost = _newest(session, hotfix), None
        new = hotfix.tip if newest.commit == hotfix.base else _replayed(session, hotfix, newest)
        if new != hotfix.tip:
            lost = _lost_tag(session, hotfix, newest)
            _moved(session, hotfix, newest, new, lost)
    if arguments.format == "json":
        body = {"hotfix": {**as_json.hotfix(hotfix), "base_tag": newest.name, "base": newest.commit, "tip": new}}
        streams.raw(as_json.document("update", ExitCode.DONE, body))
    elif new == hotfix.tip:
        streams.out(f"{hotfix.branch} stands on {newest.name} already")
    else:
        streams.out(f"{hotfix.branch} is replayed on {newest.name}: {hotfix.tip[:10]} → {new[:10]}")
        if lost:
            streams.out(f"the tag cannot be {lost} any more; to choose another name: git hotfix finish --tag NAME")
        streams.out("waivers and evidence held for the old code; next: git hotfix check")
    return ExitCode.DONE


def _newest(session: Session, hotfix: Hotfix) -> Tag:
    """The newest production tag of the hotfix's line. Raises `Failure` (exit 2) for a hotfix that holds none."""
    require_seen(session.git, session.situation, hotfix)
    newest = newest_but_own(session.git, session.situation, hotfix)
    if newest is None or hotfix.base is None:
        raise Failure(f"{hotfix.branch} starts at no production tag", hint="git hotfix check", code=ExitCode.USAGE)
    return newest


def _lost_tag(session: Session, hotfix: Hotfix, newest: Tag) -> TagName | None:
    """The name that `start` recorded for the tag, where a release has it meanwhile or is higher."""
    known = session.situation.refs.tags
    return hotfix.tag if hotfix.tag and (hotfix.tag in known or not_higher(hotfix.tag, newest.name)) else None


def _replayed(session: Session, hotfix: Hotfix, newest: Tag) -> Oid:
    """The hotfix's commits on top of the newest tag, in memory. Raises `Failure` (exit 4) on a conflict."""
    assert hotfix.base
    if hotfix.tip == hotfix.base:
        return newest.commit  # nothing is committed yet
    desk = Desk(session.repository, session.git, session.repository.identity)
    target = Target(branch_ref(hotfix.branch), newest.commit, 2)
    [result] = picking.replay(desk, Fix(hotfix, hotfix.base, hotfix.tip), [target])
    if result.conflicts:
        files = "\n".join(f"{conflict.path} ({conflict.kind})" for conflict in result.conflicts)
        raise Failure(
            f"{hotfix.branch} conflicts with {newest.name}",
            hint=f"git rebase --onto {newest.commit[:12]} {hotfix.base[:12]} {hotfix.branch}\n{files}",
            code=ExitCode.OPEN,
            unchanged="nothing was changed",
        )
    if result.status == "failed":
        raise Failure(
            f"git cannot replay {hotfix.branch} on {newest.name}: {result.reason}", unchanged="nothing was changed"
        )
    if result.new is None:
        raise Failure(
            f"{newest.name} holds this fix already",
            hint=f"git hotfix abandon {hotfix.issue}",
            code=ExitCode.OPEN,
            unchanged="nothing was changed",
        )
    return result.new


def _moved(session: Session, hotfix: Hotfix, newest: Tag, new: Oid, lost: TagName | None) -> None:
    """The remote first, then here; a worktree that stands on the branch is taken along by git itself."""
    situation, branch = session.situation, branch_ref(hotfix.branch)
    here, there = situation.refs.local.get(hotfix.branch), situation.refs.branches.get(hotfix.branch)
    place = situation.refs.worktrees.get(hotfix.branch)
    at = worktrees.enter(session.repository, Path(place)) if place else None
    if at:
        # A file that was only touched, or copied with its repository, would stop `reset --keep` after the push.
        at.run("update-index", "-q", "--refresh", check=False)
    if at and at.run("status", "--porcelain", "-z", "--untracked-files=no").out:
        raise Failure(
            f"{place} has uncommitted changes on {hotfix.branch}",
            hint="commit or stash them, then: git hotfix update",
            code=ExitCode.USAGE,
            unchanged="nothing was changed",
        )
    transport = transport_of(session.repository, session.situation, verify=False)
    if situation.remote and there:
        if here and not history.is_ancestor(session.git, there, here):
            raise Failure(
                f"{hotfix.branch} differs between here and {situation.remote.name}",
                hint=f"make them one: git pull --rebase {situation.remote.name} {hotfix.branch}, "
                f"then: git push {situation.remote.name} {hotfix.branch}",
                unchanged="nothing was changed",
            )
        answer = transport.push([RefUpdate(branch, there, new)], atomic=True, tier=1)
        if not answer.accepted:
            raise Failure(
                f"{hotfix.branch} was not taken: {answer.results[branch].reason}",
                hint="run the same command again",
                unchanged="nothing was changed",
            )
    if at:
        at.run("reset", "--keep", "--quiet", new)
    elif here:
        refs.update(session.repository.git, [RefUpdate(branch, here, new)], reason="git hotfix update")
    facts = {"Event": "update", "Base-Tag": newest.name, "Base": newest.commit, "From-Tip": hotfix.tip}
    facts |= {"Tag-Given-Up": lost} if lost else {}
    entry = Entry("event", f"update hotfix {hotfix.issue} to {newest.name}", facts)
    recording.record(session.repository, session.git, situation, hotfix.issue, [entry])
    if there:
        recording.send(session.repository, session.git, transport, hotfix.issue)
