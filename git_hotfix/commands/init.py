"""`git hotfix init`: find production, develop, tag scheme and targets, and write what differs from the defaults."""

from __future__ import annotations

import argparse
import shlex
from typing import Any

from git_hotfix import gates
from git_hotfix.context.open import require_whole
from git_hotfix.detect.proposal import Proposal, find_team_remote, propose
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.gates.registry import gate_schema
from git_hotfix.git import remote
from git_hotfix.git.repository import Repository, open_repository, require_git
from git_hotfix.model.names import TagName, branch_ref
from git_hotfix.model.policy import Policy
from git_hotfix.policy.parse import OWN_FILE
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams

_NAMED = 3  # tags named as examples


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `init` understands."""
    parser.add_argument("--dry-run", action="store_true", help="print the policy; write and fetch nothing")
    parser.add_argument("--force", action="store_true", help="write over an existing policy; its other keys stay")
    parser.add_argument("--commented", action="store_true", help="write every setting, explained, with its default")
    parser.add_argument("--no-fetch", action="store_true", help="do not fetch; use what is known of the remote")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the policy written, printed or not needed; 2 when a policy is broken or would be overwritten."""
    repository = open_repository()
    require_git(repository.git)
    if repository.top is None and not arguments.dry_run:
        raise Failure(
            "this is a bare repository: there is no working tree for a policy",
            hint="git hotfix init --dry-run",
            code=ExitCode.USAGE,
        )
    team = find_team_remote(repository)
    repository, place = team.repository, team.remote
    require_whole(repository, place)
    fetched = place is not None and not arguments.dry_run and not arguments.no_fetch
    if place and fetched:
        remote.fetch(repository.git, place.name)
    summaries = {gate.id: gate.summary for gate in gates.all_gates()} if arguments.commented else None
    proposal = propose(team, gates=gate_schema(), force=arguments.force, fetched=fetched, summaries=summaries)
    written = False if arguments.dry_run else _write(repository, proposal, force=arguments.force)
    if arguments.format == "json":
        streams.raw(as_json.document("init", ExitCode.DONE, _body(proposal, written=written)))
    else:
        _tell(streams, proposal, written=written, dry=arguments.dry_run)
    return ExitCode.DONE


def _write(repository: Repository, proposal: Proposal, *, force: bool) -> bool:
    """Write the policy file and the clone's settings. Raises `Failure` (exit 2) rather than write over a policy."""
    if proposal.text and repository.top:
        standing = proposal.standing
        if standing.file and not force:
            raise Failure(
                f"{standing.file} of {standing.where} holds a policy already",
                hint="\n".join(
                    [
                        "see what would change: git hotfix init --dry-run",
                        "write it, its other keys kept: git hotfix init --force",
                        *(
                            f"set up this clone: git config {key} {shlex.quote(value)}"
                            for key, value in proposal.settings.items()
                        ),
                    ]
                ),
                code=ExitCode.USAGE,
                unchanged="nothing was written",
            )
        file = repository.top / OWN_FILE
        if file.is_symlink():
            raise Failure(f"{OWN_FILE} is a symbolic link", code=ExitCode.USAGE, unchanged="nothing was written")
        file.write_text(proposal.text, encoding="utf-8")
    for key, value in proposal.settings.items():
        repository.git.run("config", "--local", key, value)
    return bool(proposal.text)


def _body(proposal: Proposal, *, written: bool) -> dict[str, Any]:
    tags = proposal.tags
    return {
        "remote": proposal.remote.name if proposal.remote else None,
        "production": branch_ref(proposal.production),
        "develop": branch_ref(proposal.develop) if proposal.develop else None,
        "config": dict(proposal.settings),
        "release_tags": {
            "patterns": list(tags.patterns),
            "covered": tags.covered,
            "of": tags.of,
            "missed": list(tags.missed),
            "stray": list(tags.stray),
        },
        "packages": {
            name: {"paths": list(each.paths), "tags": list(each.tags)}
            for name, each in proposal.packages.packages.items()
        },
        "newest_tag": proposal.newest.name if proposal.newest else None,
        "newer_tags": list(proposal.newer),
        "newer_release": proposal.beside.tag if proposal.beside else None,
        "other_remote": proposal.other.name if proposal.other else None,
        "targets": list(proposal.branches.targets),
        "support": list(proposal.branches.support),
        "live_branches": dict(proposal.branches.alive),
        "policy_file": proposal.standing.file or None,
        "file": OWN_FILE if proposal.text else None,
        "text": proposal.text,
        "written": written,
    }


def _tell(streams: Streams, proposal: Proposal, *, written: bool, dry: bool) -> None:
    for line in _findings(proposal):
        streams.say(line)
    for problem in proposal.standing.problems:
        streams.say(f"dropped: {problem.message}")
    if proposal.text and dry:
        streams.out(proposal.text.rstrip("\n"))
    for key, value in proposal.settings.items():
        streams.out(f"git config {key} {shlex.quote(value)}" if dry else f"set in this clone: {key} = {value}")
    if written:
        streams.out(f"wrote {OWN_FILE}; nothing was committed")
        streams.say(f"next: git add {OWN_FILE}, commit it, and bring it to {proposal.production}: there it holds")
    elif not proposal.text and not proposal.settings:
        streams.out(f"nothing to write: {_why_nothing(proposal)}")
    if proposal.text and proposal.tags.patterns != Policy().release_tags and not proposal.standing.file:
        words = shlex.quote(" ".join(proposal.tags.patterns))
        streams.say(f"until then, in this clone: git config hotfix.releaseTags {words}")


def _why_nothing(proposal: Proposal) -> str:
    """Why no policy is written: one holds, or none is needed, or `start` needs something else first."""
    if proposal.newest is None:
        return f"git hotfix start needs a release tag on {proposal.production} first"
    return f"{proposal.standing.file} says it" if proposal.standing.file else "the defaults serve this repository"


def _way_to_a_tag(proposal: Proposal) -> list[str]:
    """What helps where no tag of the production branch is a release, so that `start` has no place to begin at."""
    tags, file, line = proposal.tags, proposal.standing.file, proposal.production
    if tags.missed and not tags.covered:
        if file:
            return [f"  if these are releases, let release-tags of {file} on {line} match them"]
        words = "* */*" if any("/" in name for name in tags.missed) else "*"
        return [f"  if these are releases: git config hotfix.releaseTags '{words}', then git hotfix init again"]
    if tags.of:
        return [f"  if releases come from another branch than {line}: git config hotfix.production <branch>"]
    push = f" && git push {shlex.quote(proposal.remote.name)} v1.0.0" if proposal.remote else ""
    return [f"  tag what runs in production: git tag -a v1.0.0 <commit>{push}"]


def _findings(proposal: Proposal) -> list[str]:
    """What was seen, one line each; beside the result, for people."""
    tags, newest = proposal.tags, proposal.newest
    where = "; none of them on production" if tags.left else " on production"
    lines = [
        f"production: {proposal.production}",
        f"develop: {proposal.develop or 'none; production takes its place'}",
        f"release tags: {' '.join(tags.patterns)} ({tags.covered} of the {tags.of} recent tags{where})",
    ]
    if tags.missed:
        lines.append(f"  not covered: {_some(tags.missed)}")
    if tags.stray:
        lines.append(f"  also match, but are not on production: {_some(tags.stray)}")
    if proposal.other:
        lines.append(f"{proposal.other.says}: {' or '.join(proposal.other.commands)}")
    if proposal.packages.packages:
        named = (f"{name} ({' '.join(each.paths)})" for name, each in proposal.packages.packages.items())
        lines.append(f"packages with tags of their own: {', '.join(named)}")
    lines.append(f"newest production tag: {newest.name if newest else 'none; git hotfix start needs one'}")
    lines += [] if newest else _way_to_a_tag(proposal)
    if proposal.beside:
        lines.append(f"  {proposal.beside.says}: {' or '.join(proposal.beside.commands)}")
    elif proposal.newer:
        lines.append(f"  younger, but not on {proposal.production}: {_some(proposal.newer)}; start --from serves those")
    extra = [each for each in proposal.branches.support if each not in Policy().support]
    if extra:
        lines.append(f"older lines: {' '.join(extra)}")
    alive = ", ".join(f"{kind} {count}" for kind, count in proposal.branches.alive.items())
    lines.append(f"targets: {' '.join(proposal.branches.targets)}" + (f" (alive: {alive})" if alive else ""))
    return lines


def _some(names: tuple[TagName, ...]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
