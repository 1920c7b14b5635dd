"""`git hotfix init`: find production, develop, tag scheme and targets, and write what differs from the defaults."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from git_hotfix import __version__
from git_hotfix.commands.session import gate_schema, require_whole
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import blobs, history, refs, remote
from git_hotfix.git.repository import Repository, open_repository, require_git
from git_hotfix.model import patterns
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import BranchName, Oid, TagName, branch_ref, issue_of
from git_hotfix.model.policy import DAY, Policy
from git_hotfix.model.situation import Refs, Remote
from git_hotfix.planning import scheme
from git_hotfix.policy import OWN_FILE, SHARED_FILE, dump, read_policy
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams
from git_hotfix.situation import find_develop, find_production, find_remote

_ALIVE = 365 * DAY  # seconds; a kind of branch that nobody used for a year is no part of the scheme
_NAMED = 3  # tags named as examples


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `init` understands."""
    parser.add_argument("--dry-run", action="store_true", help="print the policy; write and fetch nothing")
    parser.add_argument("--force", action="store_true", help="write over an existing policy; its other keys stay")
    parser.add_argument("--no-fetch", action="store_true", help="look at what was known of the remote")
    parser.add_argument("--format", choices=("text", "json"), default="text")


@dataclass(frozen=True)
class _Standing:
    """The policy that holds now: what it says, and the file and place that it stands in ("" where none does)."""

    policy: Policy
    file: str = ""
    where: str = ""


@dataclass(frozen=True)
class _Proposal:
    """What was found. `settings` are git config keys of this clone; `text` is the policy file, "" when the defaults
    (or the policy that stands) say it already."""

    place: Remote | None
    production: BranchName
    develop: BranchName | None
    settings: Mapping[str, str]
    tags: scheme.TagScheme
    branches: scheme.BranchScheme
    newest: Tag | None
    standing: _Standing
    text: str


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the policy written, printed or not needed; 2 when a policy is broken or would be overwritten."""
    repository = open_repository()
    require_git(repository.git)
    if repository.top is None and not arguments.dry_run:
        raise Failure(
            "this is a bare repository: there is no working tree for a policy",
            hint="git hotfix init --dry-run",
            code=ExitCode.USAGE,
            unchanged="nothing was changed",
        )
    place, settings = _remote(repository)
    require_whole(repository, place.name if place else None, fetches_all=place.fetches_all if place else True)
    if place and not arguments.dry_run and not arguments.no_fetch:
        remote.fetch(repository.git, place.name)
    proposal = _propose(repository, place, settings, streams, force=arguments.force)
    written = False if arguments.dry_run else _write(repository, proposal, force=arguments.force)
    if arguments.format == "json":
        streams.raw(as_json.document("init", ExitCode.DONE, _body(proposal, written=written)))
    else:
        _tell(streams, proposal, written=written, dry=arguments.dry_run)
    return ExitCode.DONE


def _remote(repository: Repository) -> tuple[Remote | None, dict[str, str]]:
    """The remote, and `hotfix.remote` where several could be meant: upstream is the team's, not a fork."""
    names = {key.split(".", 1)[1].rsplit(".", 1)[0] for key in repository.config if _is_remote_url(key)}
    if repository.setting("hotfix.remote") or "origin" in names or len(names) < 2 or "upstream" not in names:
        return find_remote(repository), {}
    config = {**repository.config, "hotfix.remote": ("upstream",)}
    chosen = replace(repository)
    chosen.__dict__["config"] = config  # a cached property: the same repository as if the key were set
    return find_remote(chosen), {"hotfix.remote": "upstream"}


def _is_remote_url(key: str) -> bool:
    return key.startswith("remote.") and key.endswith(".url")


def _propose(
    repository: Repository, place: Remote | None, settings: dict[str, str], streams: Streams, *, force: bool
) -> _Proposal:
    seen = refs.read_refs(repository.git, place.name if place else None)
    if not seen.branches:
        raise Failure("there is no branch yet to learn from", hint="commit and push first", code=ExitCode.USAGE)
    default = _default_branch(repository, place)
    production = _production(repository, seen, default)
    if _found_production(repository, seen) != production:
        settings["hotfix.production"] = production
    develop = find_develop(repository, seen.branches)
    develop = develop if develop != production else None
    if develop is None:
        develop = _develop(repository, seen, production, default)
        settings.update({"hotfix.develop": develop} if develop else {})
    tip = seen.branches[production]
    standing = _standing(repository, tip, production, streams, force=force)
    policy = standing.policy
    tags = _tags(repository, seen, production, policy)
    branches = scheme.learn_branches(
        _live(repository, seen, develop or production), policy.backport.targets, policy.support
    )
    wanted = replace(
        policy,
        release_tags=tags.patterns,
        support=branches.support,
        backport=replace(policy.backport, targets=branches.targets),
    )
    matching = [tag for tag in seen.tags.values() if wanted.is_release_tag(tag.name)]
    held = history.production_tags(repository.git, tip, branch_ref(production), matching)
    text = _text(wanted, production) if wanted != policy else ""
    newest = held[0] if held else None
    return _Proposal(place, production, develop, settings, tags, branches, newest, standing, text)


def _default_branch(repository: Repository, place: Remote | None) -> BranchName | None:
    """The remote's default branch as the clone recorded it; without a remote, the branch that HEAD names."""
    if place is None:
        return refs.head_branch(repository.git)
    head = f"refs/remotes/{place.name}/"
    answer = repository.git.run("symbolic-ref", "--quiet", f"{head}HEAD", check=False).text
    return BranchName(answer[len(head) :]) if answer.startswith(head) else None


def _found_production(repository: Repository, seen: Refs) -> BranchName | None:
    """The production branch that every command finds as things stand, or None."""
    try:
        return find_production(repository, seen.branches)
    except Failure:
        return None


def _production(repository: Repository, seen: Refs, default: BranchName | None) -> BranchName:
    found = _found_production(repository, seen)
    if found and (repository.setting("hotfix.production") or repository.setting("gitflow.branch.master") == found):
        return found  # somebody said so
    releases = [tag for tag in seen.tags.values() if not _is_hotfix_only(tag)]
    shown = scheme.recent([scheme.SeenTag(tag.name, tag.date, on=True) for tag in releases])
    names = {name.name: seen.tags[name.name].commit for name in shown}
    held = {}
    for name in dict.fromkeys((*map(BranchName, scheme.PRODUCTION), *([default] if default else []))):
        if name in seen.branches:
            beside = set(history.reachable(repository.git, names.values(), [seen.branches[name]])) if names else set()
            held[name] = frozenset(tag for tag, commit in names.items() if commit not in beside)
    chosen = scheme.propose_production(found, default, held)
    if chosen is None:
        raise Failure(
            "there is no main, no master and nothing that says which branch releases come from",
            hint="git config hotfix.production <branch>, then: git hotfix init",
            code=ExitCode.USAGE,
            unchanged="nothing was written",
        )
    return chosen


def _is_hotfix_only(tag: Tag) -> bool:
    """A tag that this tool set beside production, on the tip of a hotfix."""
    return tag.trailer("Hotfix-Issue") is not None


def _develop(
    repository: Repository, seen: Refs, production: BranchName, default: BranchName | None
) -> BranchName | None:
    tips = seen.branches
    dates = history.commit_dates(repository.git, list(tips.values()))

    def ahead(name: BranchName) -> bool:
        alive = dates.get(tips[name], 0) >= dates.get(tips[production], 0) - _ALIVE
        return alive and bool(history.first_parents(repository.git, [tips[name]], [tips[production]]))

    return scheme.propose_develop(production, default, ahead, tips)


def _standing(repository: Repository, tip: Oid, production: BranchName, streams: Streams, *, force: bool) -> _Standing:
    """The policy of the working tree, else of production's tip; each is read strictly.

    Raises `Failure` (exit 2) that names file, line, key and expected type of every mistake. With `force` they are
    told, and what could be read is kept.
    """
    contents = blobs.read(repository.git, [f"{tip}:{file}" for file in (OWN_FILE, SHARED_FILE)])
    there = {file: content for file, content in zip((OWN_FILE, SHARED_FILE), contents, strict=True) if content}
    here: dict[str, bytes] = {}
    if repository.top and (repository.top / OWN_FILE).is_file():
        here = {OWN_FILE: (repository.top / OWN_FILE).read_bytes()}
    standing = _Standing(Policy())
    for documents, where in ((there, production), (here, "the working tree")):
        policy, problems, file = read_policy(documents, gates=gate_schema(), version=__version__)
        if problems and not force:
            raise Failure(
                f"the policy of {where} cannot be used as it is",
                hint="\n".join(problem.message for problem in problems),
                code=ExitCode.USAGE,
                unchanged="nothing was written",
            )
        for problem in problems:
            streams.say(f"dropped from {where}: {problem.message}")
        if file:
            standing = _Standing(policy, file, where)
    return standing


def _tags(repository: Repository, seen: Refs, production: BranchName, policy: Policy) -> scheme.TagScheme:
    git, tip = repository.git, seen.branches[production]
    tags = history.with_trailers(git, seen.tags)
    commits = {tag.commit for tag in tags.values()}
    if not commits:
        return scheme.TagScheme(policy.release_tags, 0, 0)
    is_line = patterns.names(policy.support)
    lines = [oid for name, oid in seen.branches.items() if is_line(name)]
    off = set(history.reachable(git, commits, [tip]))
    nowhere = set(history.reachable(git, commits, [tip, *lines]))
    mine = branch_ref(production)
    shown = [
        scheme.SeenTag(
            tag.name,
            tag.date,
            on=tag.commit not in off or tag.trailer("Hotfix-Production") == mine,
            beside=tag.commit not in nowhere,
        )
        for tag in tags.values()
    ]
    return scheme.learn_tags(shown, policy.release_tags)


def _live(repository: Repository, seen: Refs, trunk: BranchName) -> list[BranchName]:
    """The branches of the last year that hold commits of their own."""
    own = set(history.reachable(repository.git, seen.branches.values(), [seen.branches[trunk]]))
    dates = history.commit_dates(repository.git, list(own & set(seen.branches.values())))
    newest = time.time() - _ALIVE
    return [name for name, tip in seen.branches.items() if dates.get(tip, 0) >= newest and issue_of(name) is None]


def _text(policy: Policy, production: BranchName) -> str:
    head = (
        f"# The policy of git hotfix. It holds where it stands on the production branch ({production}), from the commit\n"
        "# that brings it there; a hotfix cannot change its own. What is not named here has its default.\n"
    )
    return head + dump(policy, gates=gate_schema())


def _write(repository: Repository, proposal: _Proposal, *, force: bool) -> bool:
    """Write the policy file and the clone's settings. Raises `Failure` (exit 2) rather than write over a policy."""
    if proposal.text and repository.top:
        standing = proposal.standing
        if standing.file and not force:
            raise Failure(
                f"{standing.file} of {standing.where} holds a policy already",
                hint="see what would change: git hotfix init --dry-run\nwrite it, its other keys kept: "
                "git hotfix init --force",
                code=ExitCode.USAGE,
                unchanged="nothing was written",
            )
        file: Path = repository.top / OWN_FILE
        if file.is_symlink():
            raise Failure(f"{OWN_FILE} is a symbolic link", code=ExitCode.USAGE, unchanged="nothing was written")
        file.write_text(proposal.text, encoding="utf-8")
    for key, value in proposal.settings.items():
        repository.git.run("config", "--local", key, value)
    return bool(proposal.text)


def _body(proposal: _Proposal, *, written: bool) -> dict[str, Any]:
    tags = proposal.tags
    return {
        "remote": proposal.place.name if proposal.place else None,
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
        "newest_tag": proposal.newest.name if proposal.newest else None,
        "targets": list(proposal.branches.targets),
        "support": list(proposal.branches.support),
        "live_branches": dict(proposal.branches.alive),
        "policy_file": proposal.standing.file or None,
        "file": OWN_FILE if proposal.text else None,
        "text": proposal.text,
        "written": written,
    }


def _tell(streams: Streams, proposal: _Proposal, *, written: bool, dry: bool) -> None:
    for line in _findings(proposal):
        streams.say(line)
    if proposal.text and dry:
        streams.out(proposal.text.rstrip("\n"))
    for key, value in proposal.settings.items():
        streams.out(f"git config {key} {value}" if dry else f"set in this clone: {key} = {value}")
    if written:
        streams.out(f"wrote {OWN_FILE}; nothing was committed")
        streams.say(
            f"next: git add {OWN_FILE}, commit it, and bring it to {proposal.production}; it holds from there on"
        )
    elif not proposal.text and not proposal.settings:
        holds = f"{proposal.standing.file} says it" if proposal.standing.file else "the defaults serve this repository"
        streams.out(f"nothing to write: {holds}")
    if proposal.text and proposal.tags.patterns != Policy().release_tags and not proposal.standing.file:
        words = " ".join(proposal.tags.patterns)
        streams.say(f"until then, in this clone: git config hotfix.releaseTags '{words}'")


def _findings(proposal: _Proposal) -> list[str]:
    """What was seen, one line each; beside the result, for people."""
    tags, newest = proposal.tags, proposal.newest
    lines = [
        f"production: {proposal.production}",
        f"develop: {proposal.develop or 'none; production takes its place'}",
        f"release tags: {' '.join(tags.patterns)} ({tags.covered} of the {tags.of} recent tags on production)",
    ]
    if tags.missed:
        lines.append(f"  not covered: {_some(tags.missed)}")
    if tags.stray:
        lines.append(f"  covered too, though on no production: {_some(tags.stray)}")
    lines.append(f"newest production tag: {newest.name if newest else 'none; git hotfix start needs one'}")
    alive = ", ".join(f"{kind} {count}" for kind, count in proposal.branches.alive.items())
    lines.append(f"targets: {' '.join(proposal.branches.targets)}" + (f" (alive: {alive})" if alive else ""))
    return lines


def _some(names: tuple[TagName, ...]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
