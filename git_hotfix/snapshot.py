"""Look once: the places, the references, the production tags, the policy."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Mapping, Sequence
from typing import Literal

from git_hotfix import __version__
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.gates.registry import gate_schema
from git_hotfix.git import (
    blobs,
    checkout,
    fetching,
    history,
    listing,
    production_tags,
    refs,
    tags,
)
from git_hotfix.git.private_dir import renew_shallow
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git
from git_hotfix.model import ci, patterns, versions
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import HEADS, LOG, TAGS, BranchName, Oid, TagName, branch_ref
from git_hotfix.model.policy import Policy, PolicyProblem
from git_hotfix.model.prefixes import Prefixes, prefixes_of
from git_hotfix.model.snapshot import Checkout, Logs, Refs, Remote, Snapshot
from git_hotfix.policy.documents import read_documents
from git_hotfix.policy.parse import OWN_FILE, SHARED_FILE, read_policy

View = Literal["fetch", "ask", "glance", "known"]
_GLANCE = 3.0  # seconds that a look may wait for the remote, and again for what it has to send


def find_remote(repository: Repository) -> Remote | None:
    """The remote that hotfixes travel over: `hotfix.remote`, `origin`, or the only one; None where there is none.

    Raises `Failure` (exit 2) when several could be meant, or the configured one does not exist.
    """
    names = repository.remote_names
    chosen = repository.setting("hotfix.remote")
    if chosen is not None and chosen not in names:
        raise Failure(
            f"hotfix.remote names {chosen!r}, which is not a remote", hint="git remote -v", code=ExitCode.USAGE
        )
    if chosen is None:
        if not names:
            return None
        if "origin" not in names and len(names) > 1:
            raise Failure(
                f"several remotes and none is called origin: {', '.join(names)}",
                hint=f"say which one is the team's: git config hotfix.remote {shlex.quote(names[0])}",
                code=ExitCode.USAGE,
            )
        chosen = "origin" if "origin" in names else names[0]
    url = repository.config[f"remote.{chosen}.url"]
    push_urls = repository.config.get(f"remote.{chosen}.pushurl", url)
    specs = repository.config.get(f"remote.{chosen}.fetch", ())
    return Remote(chosen, url[-1], push_urls, fetches_all=any(f"{HEADS}*:" in spec for spec in specs) or not specs)


class NoProduction(Failure):
    """No branch here or on the remote could be production."""


def find_production(repository: Repository, branches: Mapping[BranchName, Oid], *, lenient: bool = False) -> BranchName:
    """The production branch: `hotfix.production`, else git-flow's, else main, then master.

    Raises `Failure` (exit 2) when none of them exists, and when `hotfix.production` does not, unless `lenient`.
    """
    for key in ("hotfix.production", "gitflow.branch.master"):
        name = repository.setting(key)
        if name and BranchName(name) in branches:
            return BranchName(name)
        if name and key.startswith("hotfix.") and not lenient:
            raise Failure(
                f"{key} names {name!r}, which is not a branch here or on the remote",
                hint=f"git config {key} <branch>",
                code=ExitCode.USAGE,
            )
    for name in ("main", "master"):
        if BranchName(name) in branches:
            return BranchName(name)
    raise NoProduction(
        "there is no main, no master and no hotfix.production: which branch do releases come from?",
        hint="git config hotfix.production <branch>",
        code=ExitCode.USAGE,
    )


def find_develop(repository: Repository, branches: Mapping[BranchName, Oid]) -> BranchName | None:
    """The branch of daily work: `hotfix.develop`, git-flow's, or `develop`; None for a team without one."""
    names = (repository.setting("hotfix.develop"), repository.setting("gitflow.branch.develop"), "develop")
    return next((BranchName(name) for name in names if name and BranchName(name) in branches), None)


def find_prefixes(repository: Repository, policy: Policy) -> Prefixes:
    """The prefixes of hotfix branches: the policy's, and what `hotfix.prefix` or `gitflow.prefix.hotfix` adds."""
    clone, flow = (repository.config.get(key, ()) for key in ("hotfix.prefix", "gitflow.prefix.hotfix"))
    folds = repository.flag("core.ignoreCase")
    return prefixes_of(policy.prefixes, clone, flow, policy.backport.offer_prefixes, folds=folds)


def take_snapshot(
    repository: Repository,
    git: Git,
    *,
    view: View,
    policy_from: str | None = None,
    finished: bool = False,
    told: Mapping[BranchName, Oid] | None = None,
) -> Snapshot:
    """Look at the repository and its remote.

    `view` says how the remote is seen: "fetch" it first, "ask" it and fetch missing objects into the private directory
    of `git`, or take what is "known" from the last time. A "glance" asks for some seconds, and nobody for a password,
    and takes what is known where no answer comes. `policy_from` names a revision whose policy holds instead of
    production's, read strictly. `finished`: what is finished will be asked, so git begins to read it. In a push, `told`
    are the tips of branches that git tells of; those that are here stand for branches never fetched, and production is
    found leniently: a hook that stays away lets everything through. Raises `Failure` (exit 2) where the revision holds
    no valid policy.
    """
    place = find_remote(repository)
    look = _look(repository, git, place, view, finished=finished)
    seen = _with_told_branches(git, look.refs, told or {}) if place else look.refs
    now = int(time.time())
    partial = _why_partial(repository, place, seen)
    production = _find_production(repository, place, seen, partial, lenient=told is not None)
    tip = seen.branches[production]
    rules = _read_policy(repository, git, tip, named=policy_from)
    return Snapshot(
        remote=place,
        production=production,
        develop=find_develop(repository, seen.branches),
        refs=seen,
        production_tags=production_tags.find(git, tip, branch_ref(production), seen.tags, rules.policy),
        policy=rules.policy,
        policy_commit=rules.commit,
        policy_file=rules.file,
        policy_from=policy_from,
        problems=rules.problems,
        now=now,
        prefixes=find_prefixes(repository, rules.policy),
        seen_at=now if look.answered or place is None else fetching.time_of_fetch(repository.common_dir),
        silent=look.silent,
        checkout=_find_checkout(repository) if seen.head is None else None,
        hidden=_find_boundary(repository),
        partial=partial,
        commits_made_here=lambda branch: refs.commits_made_on(repository.git, branch),
        prove_tags=lambda claimed: _prove_tags(git, seen, production, claimed),
        in_history=lambda oids, tip: _find_in_history(git, [*oids], tip),
    )


@frozen
class Clone:
    """A clone that was looked at: `git` runs in its private directory, `snapshot` is what was seen."""

    repository: Repository
    git: Git
    snapshot: Snapshot


@frozen
class _Look:
    """What a look saw, whether the remote answered it, and whether it was asked and stayed silent."""

    refs: Refs
    answered: bool = False
    silent: bool = False


def _look(repository: Repository, git: Git, place: Remote | None, view: View, *, finished: bool) -> _Look:
    """See the references as `view` says. Raises `Failure` where the remote has to answer, and does not."""
    listed = None
    if view == "glance" and repository.shallow:
        view = "known"  # what is missing would come with all of its history
    if view == "fetch" and place and repository.shallow:
        _deepen(repository, git, place)
    elif view == "fetch" and place:
        listed = fetching.fetch(repository.git, place.name, repository.common_dir)
    name = place.name if place else None
    fetched = view != "known"
    known = refs.read_refs(repository.git, name, fetched=fetched, listed=listed, finished=finished, objects=git)
    if view not in ("ask", "glance") or place is None:
        return _Look(known, answered=view == "fetch")
    try:
        within = _GLANCE if view == "glance" else None
        return _Look(_ask_remote(repository, git, place, known, within=within), answered=True)
    except Failure:
        if view == "ask":
            raise
        return _Look(refs.read_refs(repository.git, place.name, objects=git), silent=True)


def _with_told_branches(git: Git, seen: Refs, told: Mapping[BranchName, Oid]) -> Refs:
    """`seen` with those of the branches that git told of which were never fetched, where their tips are here."""
    unseen = {name: oid for name, oid in told.items() if name not in seen.branches}
    if not unseen:
        return seen
    here = history.trees(git, list(unseen.values()))
    return replace(seen, branches={**seen.branches, **{name: oid for name, oid in unseen.items() if oid in here}})


def _find_boundary(repository: Repository) -> frozenset[Oid]:
    """The commits whose parents a shallow clone hides; none in a whole one."""
    if not repository.shallow:
        return frozenset()
    from git_hotfix.git import shallow

    return shallow.read_boundary(repository.common_dir)


def _find_in_history(git: Git, oids: Sequence[Oid], tip: Oid) -> set[Oid]:
    """Those of `oids` that are here and in the history of `tip`."""
    here = [oid for oid, kind in zip(oids, blobs.kinds(git, oids), strict=True) if kind == "commit"]
    return {*here} - {*history.reachable(git, here, [tip])} if here else set()


def _prove_tags(git: Git, seen: Refs, production: BranchName, found: Sequence[Tag]) -> Sequence[Tag]:
    """Those of `found` whose fix is where they say. A tag beside production stands on another such tag where hotfixes
    were squashed one after the other, so what it stands on is asked with it."""
    if not found:
        return found
    from git_hotfix.git import finish_tags  # for tags with trailers only

    made = {tag.name: tag for tag in seen.tags.all_finish_tags()}
    asked = {tag.name: tag for tag in found}
    todo = [*found]
    while todo:
        base = made.get(TagName(todo.pop().trailer("Hotfix-Base-Tag") or ""))
        if base and base.name not in asked:
            asked[base.name] = base
            todo.append(base)
    known = {tag.name for tag in finish_tags.tags_of_lines(git, seen.branches, production, [*asked.values()])}
    return [tag for tag in found if tag.name in known]


class HiddenHistory(NoProduction):
    """What a verdict needs is not in this clone, which is shallow or has one branch. Exit 3: no word on the hotfix."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"this clone does not show enough for a verdict: {why}",
            hint="fetch what is missing: git hotfix check --fetch",
            code=ExitCode.FAILED,
            unchanged="nothing was judged",
        )


def _why_partial(repository: Repository, place: Remote | None, seen: Refs) -> str:
    """Why this clone, as it was made, shows too little of the remote; "" where it was made whole, or this tool has
    fetched since what it needs."""
    if place is None or not seen.tags_guessed:
        return ""
    if repository.shallow:
        return "it is shallow"
    return "" if place.fetches_all else f"it has a single branch of {place.name}"


def _find_production(
    repository: Repository, place: Remote | None, seen: Refs, partial: str, *, lenient: bool
) -> BranchName:
    try:
        return find_production(repository, seen.branches, lenient=lenient)
    except NoProduction:
        if partial:
            raise HiddenHistory(partial) from None
        if place and seen.tags_guessed and not _was_cloned(repository, place):
            raise HiddenHistory(f"it has no main or master of {place.name}") from None
        raise


def _was_cloned(repository: Repository, place: Remote) -> bool:
    """True where the default branch of the remote is known: `git clone` writes it down, and a CI job, which fetches
    single references, does not."""
    name = f"refs/remotes/{place.name}/HEAD"
    return repository.git.run("symbolic-ref", "--quiet", name, check=False).code == 0


def _deepen(repository: Repository, git: Git, place: Remote) -> None:
    """Fetch into a shallow clone what a verdict needs, and tell `git`, a scratch directory's, what is hidden now."""
    found = checkout.read_checkout(repository.git)
    lines = {repository.setting(key) for key in ("hotfix.production", "gitflow.branch.master", "hotfix.develop")}
    prefixes, policy = find_prefixes(repository, Policy()), Policy()
    is_release = patterns.names(repository.release_tags or policy.release_tags)
    from git_hotfix.git import shallow

    shallow.fetch(
        repository.git,
        place.name,
        repository.common_dir,
        wanted=[found.commit, *found.parents[1:]] if found else [],
        needed=lambda name: name in {"main", "master", *lines} or prefixes.issue_of(name) is not None,
        is_release=lambda name: is_release(name) and not versions.is_prerelease(name),
    )
    renew_shallow(repository, git)


def _find_checkout(repository: Repository) -> Checkout | None:
    found = checkout.read_checkout(repository.git)
    return found and replace(found, branch=ci.branch(os.environ), tried=ci.merges(os.environ))


def _resolve_revision(repository: Repository, name: str) -> Oid:
    commit = history.commit_named(repository.git, name)
    if commit is None:
        raise Failure(f"{name!r} is not a commit in this clone", hint="--policy-from REV", code=ExitCode.USAGE)
    return commit


def _refuse_problems(name: str, problems: Sequence[PolicyProblem], file: str | None) -> None:
    if file is None:
        raise Failure(
            f"{name} holds no policy: neither {OWN_FILE} nor [tool.git-hotfix] in {SHARED_FILE}",
            hint="without --policy-from the policy of production holds",
            code=ExitCode.USAGE,
        )
    if problems:
        first, *rest = (problem.message for problem in problems)
        raise Failure(f"the policy of {name} is wrong: {first}", hint="\n".join(rest), code=ExitCode.USAGE)


@frozen
class _Rules:
    """A policy, the commit that it was read from, its file (None: the defaults hold), and its mistakes."""

    policy: Policy
    commit: Oid
    file: str | None
    problems: tuple[PolicyProblem, ...]


def _read_policy(repository: Repository, git: Git, tip: Oid, *, named: str | None) -> _Rules:
    """The policy of production's `tip`, or of the revision that is `named`, which is read strictly."""
    source = _resolve_revision(repository, named) if named else tip
    policy, problems, file = read_policy(read_documents(git, source), gates=gate_schema(), version=__version__)
    if named:
        _refuse_problems(named, problems, file)
    if file is None:
        policy = replace(
            policy,
            release_tags=repository.release_tags or policy.release_tags,
            tag=repository.setting("hotfix.tag") or policy.tag,
        )
    return _Rules(policy, source, file, problems)


def _ask_remote(repository: Repository, git: Git, place: Remote, known: Refs, *, within: float | None) -> Refs:
    """`known` with what the remote answers now; objects that are missing go where `git` keeps its own."""
    text = listing.list_there(repository.git, place.name, within=within)
    branches: dict[BranchName, Oid] = listing.ids_below(listing.lines_below(text, HEADS), HEADS)
    books = listing.ids_below(listing.lines_below(text, LOG), LOG)
    shelf, tagged = tags.TagReader(git), listing.lines_below(text, TAGS)
    theirs = tags.tags_of(shelf, tagged, TAGS)
    oids = list(dict.fromkeys([*branches.values(), *theirs.ids.values(), *theirs.commits.values(), *books.values()]))
    kinds = dict(zip(oids, blobs.kinds(git, oids), strict=True))
    missing = [oid for oid, kind in kinds.items() if kind is None]
    if missing:
        from git_hotfix.git import remote  # what was fetched lately has them

        borrowed = remote.borrowed_objects(git)
        remote.fetch_objects(repository.git, place.name, missing, borrowed, within=within)
        kinds |= zip(missing, blobs.kinds(git, missing), strict=True)
    if any(kinds[commit] == "tag" for commit in theirs.commits.values()):
        # A bundle and most remote helpers do not say what a tag names.
        theirs = tags.tags_of(shelf, listing.peel_lines(git, tagged), TAGS)
    here = {issue: Logs(log.here) for issue, log in known.logs.items() if log.here}
    there = {issue: Logs(here[issue].here if issue in here else None, log.there)
             for issue, log in refs.logs({}, books).items()}  # fmt: skip
    return replace(
        known,
        branches=branches,
        tags=theirs,
        logs={**here, **there},
        tags_guessed=False,
    )


def unseen_tags(snapshot: Snapshot) -> tuple[TagName, ...]:
    """Tags of this clone that could be production tags but were not seen on the remote when it was last asked."""
    if snapshot.refs.tags_guessed:
        return ()
    here, there = snapshot.refs.local_tags, snapshot.refs.tags
    return tuple(
        name
        for name in ([] if here is there else here)
        if name not in there and snapshot.policy.is_release_tag(name) and not versions.is_prerelease(name)
    )
