"""`git hotfix bump`: bring every field that follows the release tags to the number of the hotfix's tag."""

from __future__ import annotations

import argparse
from typing import Any

from git_hotfix.context import Context
from git_hotfix.context.open import given_or_only_issue, open_context
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.evidence import bump_tools
from git_hotfix.evidence.bump import Bump, commit, plan_bump, require_place, show_difference
from git_hotfix.evidence.settings import read_settings
from git_hotfix.gates.version import Agreement, agreement
from git_hotfix.git import blobs
from git_hotfix.git.repository import open_repository
from git_hotfix.hotfix.facts import facts_of
from git_hotfix.hotfix.find import find_hotfix
from git_hotfix.model.command_line import Placeholder, command_line
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import Oid, TagName
from git_hotfix.model.versions import Version
from git_hotfix.model.words import counted
from git_hotfix.release.tag import refuse_name
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams

_SHOWN = 20  # refused lines that people are shown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `bump` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix; optional on its branch")
    parser.add_argument("--tag", metavar="NAME", help="the tag that the hotfix will get, as `finish` is told")
    parser.add_argument("--dry-run", action="store_true", help="print the difference and commit nothing")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with every field at the number of the tag (or there already), 1 where more than that would change."""
    repository, as_object = open_repository(), arguments.format == "json"
    setting = read_settings(repository).get("bump")
    lock = None if arguments.dry_run else "bump"
    with open_context(streams, view="known", repository=repository, lock_for=lock) as context:
        hotfix = find_hotfix(context.git, context.snapshot, given_or_only_issue(context, arguments.issue))
        if made := context.snapshot.finish_tags(hotfix.issue):
            raise Failure(f"{hotfix.issue} is finished: {made[0].name} holds its version", code=ExitCode.USAGE)
        if arguments.tag:
            hint = command_line("bump", hotfix.issue, tag=Placeholder("<another name>"))
            refuse_name(context.snapshot, TagName(arguments.tag), hotfix.base_tag, hint)
            hotfix = replace(hotfix, tag=TagName(arguments.tag))
        facts = facts_of(context.git, context.snapshot, hotfix)
        found = agreement(facts)
        if found.followed and found.tag is None:
            raise _tag_not_known(hotfix)
        bump = Bump(())
        if found.new and any(each.expected is not None for each in found.wrong):
            if not arguments.dry_run:
                require_place(context, hotfix)
            bump = plan_bump(context, facts, found, setting, aside=as_object)
        wanted = bool(bump.edits) and not bump.refused and not arguments.dry_run
        new = commit(context, hotfix, bump, _message(hotfix, found)) if wanted else None
        line = "" if setting or not bump.edits else _config_line(context, hotfix)
    ends = ExitCode.REFUSED if bump.refused else ExitCode.DONE
    if as_object:
        streams.raw(as_json.document("bump", ends, _body(hotfix, found, bump, new)))
    else:
        _say(streams, hotfix, found, bump, new)
    if line:
        streams.say(f"to let the tool of this repository do it, which runs its commands:\n  → {line}")
    return ends


def _tag_not_known(hotfix: Hotfix) -> Failure:
    again = command_line("bump", hotfix.issue, tag=Placeholder("<name>"))
    look = command_line("finish", hotfix.issue, dry_run=True)
    return Failure(
        f"no rule says what the tag of {hotfix.branch} is called",
        hint=f"{again}\nnames that could be meant: {look}",
        code=ExitCode.USAGE,
        unchanged="no version was changed",
    )


def _message(hotfix: Hotfix, found: Agreement) -> str:
    return f"Set the version to {_number(found.new)}\n\nHotfix {hotfix.issue} will be tagged {found.tag}.\n"


def _number(version: Version | None) -> str:
    return version.text + version.suffix if version else ""


def _config_line(context: Context, hotfix: Hotfix) -> str:
    names = bump_tools.FILES
    contents = blobs.read(context.git, [f"{hotfix.tip}:{name}" for name in names])
    return bump_tools.config_line(dict(zip(names, contents, strict=True)))


def _say(streams: Streams, hotfix: Hotfix, found: Agreement, bump: Bump, new: Oid | None) -> None:
    old, number = _number(found.old), _number(found.new)
    if bump.refused:
        streams.out(f"nothing was committed: this is not the version going from {old} to {number}")
        for each in bump.refused[:_SHOWN]:
            streams.out(f"  {each.path}{f':{each.line}' if each.line else ''}: {each.text}")
        if len(bump.refused) > _SHOWN:
            streams.out(f"  and {counted(len(bump.refused) - _SHOWN, 'more line')}")
        return
    if not bump.edits:
        _say_nothing_to_do(streams, found)
        return
    files = counted(len(bump.edits), "file")
    if new is None:
        for line in show_difference(bump):
            streams.out(line)
        streams.out(f"would set the version from {old} to {number} in {files} of {hotfix.branch}")
        return
    streams.out(f"{hotfix.branch}: version {old} → {number} in {files}, {hotfix.tip[:10]} → {new[:10]}")
    for edit in bump.edits:
        streams.out(f"  {edit.path}")
    streams.out("Waivers, approvals and evidence for the old code no longer count; next: git hotfix check")


def _say_nothing_to_do(streams: Streams, found: Agreement) -> None:
    if found.new:
        fields = counted(found.fields, "field states", "fields state")
        streams.out(f"nothing to do: {fields} {_number(found.new)}, the number of {found.tag}")
        return
    streams.out(f"nothing to do: {found.why_not}")


def _body(hotfix: Hotfix, found: Agreement, bump: Bump, new: Oid | None) -> dict[str, Any]:
    version = {"old": _number(found.old), "new": _number(found.new)} if found.new else None
    files = [
        {"path": edit.path, "old": _number(found.old), "new": _number(found.new)}
        for edit in (() if bump.refused else bump.edits)
    ]
    refused = [{"path": each.path, "line": each.line or None, "text": each.text} for each in bump.refused]
    return {"issue": hotfix.issue, "version": version, "files": files, "refused": refused, "commit": new}
