"""What a policy for this repository would say: looked at with git, judged by `planning.scheme`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from git_hotfix import __version__
from git_hotfix.detect import scheme
from git_hotfix.detect.package_scheme import NONE, PackageScheme, learn_packages
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import finish_tags, history, production_tags, refs
from git_hotfix.git.private_dir import private_git_dir
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git, decode
from git_hotfix.hotfix import newer_release, stale_fork
from git_hotfix.hotfix.newer_release import NewerRelease
from git_hotfix.hotfix.stale_fork import OtherRemote
from git_hotfix.model import patterns, versions
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import BranchName, Oid, TagName, branch_ref
from git_hotfix.model.policy import DAY, Policy, PolicyProblem
from git_hotfix.model.prefixes import Prefixes, is_prefix
from git_hotfix.model.snapshot import Refs, Remote
from git_hotfix.policy.documents import read_documents
from git_hotfix.policy.parse import OWN_FILE, Registry, read_policy
from git_hotfix.policy.write import dump, dump_commented
from git_hotfix.snapshot import find_develop, find_prefixes, find_production, find_remote

_ALIVE = 365 * DAY  # seconds; a kind of branch that nobody used for a year is not part of the scheme


@frozen
class Standing:
    """The policy that holds now: what it says, the file and place that it stands in ("" where none does), and the
    mistakes in it."""

    policy: Policy
    file: str = ""
    where: str = ""
    problems: tuple[PolicyProblem, ...] = ()


@frozen
class Proposal:
    """What was found. `settings` are git config keys of this clone; `text` is the policy file, "" when the defaults
    (or the policy that stands) say it already."""

    remote: Remote | None
    production: BranchName
    develop: BranchName | None
    settings: Mapping[str, str]
    tags: scheme.TagScheme
    branches: scheme.BranchScheme
    newest: Tag | None
    newer: tuple[TagName, ...]  # releases that are younger than the newest production tag and stand on no production
    standing: Standing
    text: str
    beside: NewerRelease | None = None
    other: OtherRemote | None = None  # that is ahead of the one that was looked at
    packages: PackageScheme = NONE


@frozen
class TeamRemote:
    """The remote of a team, the settings that make every command find it, and the repository as if they were set."""

    repository: Repository
    remote: Remote | None
    settings: Mapping[str, str]


def find_team_remote(repository: Repository) -> TeamRemote:
    """The remote that hotfixes of the team travel over.

    Of several remotes without an origin, `upstream` is the team's: the others are forks.
    """
    names = repository.remote_names
    if repository.setting("hotfix.remote") or "origin" in names or len(names) < 2 or "upstream" not in names:
        return TeamRemote(repository, find_remote(repository), {})
    git = repository.git
    chosen = replace(repository, git=Git(git.cwd, git.environment, (*git.pins, "hotfix.remote=upstream")))
    return TeamRemote(chosen, find_remote(chosen), {"hotfix.remote": "upstream"})


def propose(
    team: TeamRemote,
    *,
    gates: Registry,
    force: bool,
    fetched: bool,
    summaries: Mapping[str, str] | None = None,
) -> Proposal:
    """Look at the references as they were last fetched (`fetched`: just now), and propose. With the `summaries` of the
    gates the proposal is a policy in which every setting is explained.

    Raises `Failure` (exit 2) where no branch could be production, and for a policy with a mistake unless `force`.
    """
    repository, place = team.repository, team.remote
    seen = refs.read_refs(repository.git, place.name if place else None, fetched=fetched)
    if not seen.branches:
        raise Failure("there is no branch yet to learn from", hint="commit and push first", code=ExitCode.USAGE)
    default = refs.default_branch(repository.git, place.name) if place else seen.head
    lines = _find_lines(repository, seen, default)
    production, develop, tip = lines.production, lines.develop, seen.branches[lines.production]
    standing = _standing_policy(repository, tip, production, gates, force=force)
    shown = _seen_tags(repository, seen, production, standing.policy)
    learned = _learn(repository, seen, lines, standing, shown)
    wanted = learned.policy
    matching = [tag for tag in seen.tags.all() if wanted.is_release_tag(tag.name)]
    with private_git_dir(repository, keep=False) as git:
        held = production_tags.order_candidates(git, tip, branch_ref(production), matching)
    newest = held[0] if held else None
    own = _packages(repository, tip, held, wanted)
    wanted = replace(wanted, packages=own.packages or wanted.packages)
    changed = wanted != standing.policy or standing.problems
    trunks = newer_release.Trunks(seen, production, lambda: develop or default)
    answered = repository.setting(newer_release.SETTING)
    return Proposal(
        remote=place,
        production=production,
        develop=develop,
        settings={**team.settings, **lines.settings},
        tags=learned.tags,
        branches=learned.branches,
        newest=newest,
        newer=_newer_tags(shown, wanted, newest),
        standing=standing,
        text=_text(wanted, production, gates, summaries, own) if changed or summaries else "",
        packages=own,
        beside=newer_release.find(repository.git, trunks, wanted, newest, answered=answered),
        other=stale_fork.find(repository, place, seen, production, wanted.is_release_tag),
    )


@frozen
class _Lines:
    """Production, develop, and the settings of this clone that make every command find them."""

    production: BranchName
    develop: BranchName | None
    settings: Mapping[str, str]


@frozen
class _LearnedScheme:
    """What tags and branches show, and the policy that says it."""

    tags: scheme.TagScheme
    branches: scheme.BranchScheme
    policy: Policy


def _learn(
    repository: Repository, seen: Refs, lines: _Lines, standing: Standing, shown: Sequence[scheme.SeenTag]
) -> _LearnedScheme:
    policy = standing.policy
    said = () if standing.file else repository.release_tags
    tags = scheme.learn_tags(shown, said or policy.release_tags)
    others = [name for name in seen.branches if name not in (lines.production, lines.develop)]
    support = scheme.learn_support(others, shown, tags.patterns, policy.support)
    live = _live_branches(repository, seen, lines.develop or lines.production, find_prefixes(repository, policy))
    branches = scheme.learn_branches(live, policy.backport.targets, support)
    wanted = replace(
        policy,
        release_tags=tags.patterns,
        support=branches.support,
        prefixes=_prefixes(repository, policy),
        backport=replace(policy.backport, targets=branches.targets),
    )
    return _LearnedScheme(tags, branches, wanted)


def _find_lines(repository: Repository, seen: Refs, default: BranchName | None) -> _Lines:
    settings: dict[str, str] = {}
    found = _current_production(repository, seen)
    production = _production(repository, seen, found, default)
    if found != production:
        settings["hotfix.production"] = production
    develop = find_develop(repository, seen.branches)
    if develop is None or develop == production:
        develop = _develop(repository, seen, production, default)
        settings.update({"hotfix.develop": develop} if develop else {})
    return _Lines(production, develop, settings)


def _current_production(repository: Repository, seen: Refs) -> BranchName | None:
    """The production branch that every command finds as things stand, or None."""
    try:
        return find_production(repository, seen.branches)
    except Failure:
        return None


def _production(repository: Repository, seen: Refs, usual: BranchName | None, default: BranchName | None) -> BranchName:
    if usual and (repository.setting("hotfix.production") or repository.setting("gitflow.branch.master") == usual):
        return usual  # somebody said so
    releases = [tag for tag in seen.tags.all() if not _is_hotfix_only(tag)]
    shown = scheme.recent_tags([scheme.SeenTag(tag.name, tag.date, on=True) for tag in releases])
    names = {name.name: seen.tags[name.name].commit for name in shown}
    held = {}
    for name in dict.fromkeys((*map(BranchName, scheme.PRODUCTION), *([default] if default else []))):
        if name in seen.branches:
            beside = set(history.reachable(repository.git, names.values(), [seen.branches[name]])) if names else set()
            held[name] = frozenset(tag for tag, commit in names.items() if commit not in beside)
    chosen = scheme.propose_production(usual, default, held)
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


def _standing_policy(
    repository: Repository, tip: Oid, production: BranchName, gates: Registry, *, force: bool
) -> Standing:
    """The policy file of the working tree, else the policy of production's tip; each is read strictly."""
    there = read_documents(repository.git, tip)
    here: dict[str, bytes] = {}
    if repository.top and (repository.top / OWN_FILE).is_file():
        here = {OWN_FILE: (repository.top / OWN_FILE).read_bytes()}
    standing = Standing(Policy())
    for documents, where in ((there, production), (here, "the working tree")):
        policy, problems, file = read_policy(documents, gates=gates, version=__version__)
        if problems and not force:
            raise Failure(
                f"the policy of {where} cannot be used as it is",
                hint="\n".join(problem.message for problem in problems),
                code=ExitCode.USAGE,
                unchanged="nothing was written",
            )
        if file:
            standing = Standing(policy, file, where, problems)
    return standing


def _seen_tags(repository: Repository, seen: Refs, production: BranchName, policy: Policy) -> list[scheme.SeenTag]:
    """Every tag of the remote, and where it stands."""
    git, tip = repository.git, seen.branches[production]
    commits = {tag.commit for tag in seen.tags.all()}
    if not commits:
        return []
    is_line = patterns.names(policy.support)
    lines = [oid for name, oid in seen.branches.items() if is_line(name)]
    off = set(history.reachable(git, commits, [tip]))
    nowhere = set(history.reachable(git, commits, [tip, *lines]))
    ours = [tag for tag in seen.tags.all() if tag.commit in off]
    with private_git_dir(repository, keep=False) as apart:
        made = {tag.name for tag in finish_tags.landed_tags(apart, tip, branch_ref(production), ours)}
    return [
        scheme.SeenTag(
            tag.name,
            tag.date,
            on=tag.commit not in off or tag.name in made,
            beside=tag.commit not in nowhere,
        )
        for tag in seen.tags.all()
    ]


def _newer_tags(shown: list[scheme.SeenTag], policy: Policy, newest: Tag | None) -> tuple[TagName, ...]:
    since = newest.date if newest else 0
    found = [tag for tag in shown if not tag.on and tag.date > since and policy.is_release_tag(tag.name)]
    found = [tag for tag in found if not versions.is_prerelease(tag.name)]
    return tuple(tag.name for tag in sorted(found, key=lambda tag: tag.date, reverse=True))


def _live_branches(repository: Repository, seen: Refs, trunk: BranchName, prefixes: Prefixes) -> list[BranchName]:
    """The branches of the last year that hold commits of their own."""
    own = set(history.reachable(repository.git, seen.branches.values(), [seen.branches[trunk]]))
    dates = history.commit_dates(repository.git, list(own & set(seen.branches.values())))
    newest = time.time() - _ALIVE
    return [
        name for name, tip in seen.branches.items() if dates.get(tip, 0) >= newest and prefixes.issue_of(name) is None
    ]


def _prefixes(repository: Repository, policy: Policy) -> tuple[str, ...]:
    """git-flow keeps the prefix of hotfix branches in every clone for itself; the policy says it to all of them."""
    flow = repository.setting("gitflow.prefix.hotfix") or ""
    if policy.prefixes == Policy().prefixes and is_prefix(flow):
        return (flow,)
    return policy.prefixes


def _packages(repository: Repository, tip: Oid, tags: Sequence[Tag], policy: Policy) -> PackageScheme:
    """The packages that production's tags name; its folders are listed only where tags begin with several words."""
    if policy.packages or len(versions.schemes(tag.name for tag in tags)) < 2:
        return NONE
    folders = repository.git.run("ls-tree", "-r", "-d", "-z", "--name-only", tip).out.split(b"\0")
    return learn_packages(tags, [decode(each) for each in folders if each], policy)


def _text(
    policy: Policy,
    production: BranchName,
    gates: Registry,
    summaries: Mapping[str, str] | None,
    packages: PackageScheme,
) -> str:
    head = (
        f"# The policy of git hotfix. It holds once it stands on the production branch, {production}; a hotfix cannot\n"
        "# change its own. "
    )
    if summaries:
        body = "Take the # of a setting away to change it.\n\n" + dump_commented(
            policy, gates=gates, summaries=summaries
        )
    else:
        body = "What is not named here has its default.\n" + dump(policy, gates=gates)
    if packages.packages:
        body = body.replace("\n[packages.", f"\n{packages.reason}\n[packages.", 1)
    return head + body
