"""`git hotfix update`: replay a hotfix on the newest production tag, without a checkout where that is possible."""

from __future__ import annotations

import argparse

from git_hotfix.context import Context
from git_hotfix.context.open import open_context
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.hotfix.find import find_hotfix, newest_but_own, require_seen
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.release import replay
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `update` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix; optional on its branch")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the branch on the newest tag (or there already), 4 when the replay conflicts."""
    with open_context(streams, view="fetch", lock_for="update") as context:
        hotfix = find_hotfix(context.git, context.snapshot, arguments.issue)
        newest, lost = _newest(context, hotfix), None
        new = hotfix.tip
        if newest.commit != hotfix.base:
            prepared = replay.prepare(context, hotfix, newest)
            new = prepared.new
            if new != hotfix.tip:
                lost = prepared.lost
                replay.move(context, prepared)
    if arguments.format == "json":
        body = {"hotfix": {**as_json.hotfix(hotfix), "base_tag": newest.name, "base": newest.commit, "tip": new}}
        streams.raw(as_json.document("update", ExitCode.DONE, body))
    elif new == hotfix.tip:
        streams.out(f"{hotfix.branch} is already based on {newest.name}")
    else:
        streams.out(f"{hotfix.branch} is replayed on {newest.name}: {hotfix.tip[:10]} → {new[:10]}")
        if lost:
            streams.out(f"the tag cannot be {lost} any more; to choose another name: git hotfix finish --tag NAME")
        streams.out("Waivers, approvals and evidence for the old code no longer count; next: git hotfix check")
    return ExitCode.DONE


def _newest(context: Context, hotfix: Hotfix) -> Tag:
    """The newest production tag of the hotfix's line. Raises `Failure` (exit 2) for a hotfix that holds none."""
    require_seen(context.git, context.snapshot, hotfix)
    newest = newest_but_own(context.git, context.snapshot, hotfix)
    if newest is None or hotfix.base is None:
        raise Failure(
            f"{hotfix.branch} does not start at a production tag", hint="git hotfix check", code=ExitCode.USAGE
        )
    return newest
