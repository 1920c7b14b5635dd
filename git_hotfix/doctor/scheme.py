"""Checks of the repository's scheme: production, develop, policy, tags."""

from __future__ import annotations

import shlex

from git_hotfix import __version__
from git_hotfix.doctor.context import CheckResult, CloneContext, name_some
from git_hotfix.errors import Failure
from git_hotfix.git import blobs, production_tags, refs
from git_hotfix.git.private_dir import private_git_dir
from git_hotfix.hotfix import claimed_tags, newer_release
from git_hotfix.model import patterns, signers
from git_hotfix.model.command_line import git_command
from git_hotfix.model.frozen import replace
from git_hotfix.model.names import branch_ref
from git_hotfix.model.prefixes import Prefixes, is_prefix
from git_hotfix.model.words import counted
from git_hotfix.policy.parse import OWN_FILE, SHARED_FILE
from git_hotfix.snapshot import find_prefixes


def production(clone: CloneContext) -> CheckResult:
    """The branch that releases come from is there."""
    found = clone.production
    if isinstance(found, Failure):
        return CheckResult("fail", found.message, f"{found.hint}, or: git hotfix init")
    return CheckResult("ok", f"{found}, at {clone.seen.branches[found][:10]}")


def develop(clone: CloneContext) -> CheckResult | None:
    """The branch of daily work; a team without one is served as well."""
    if isinstance(clone.production, Failure):
        return None
    setting = clone.repository.setting("hotfix.develop")
    if setting and clone.develop != setting:
        return CheckResult(
            "fail", f"hotfix.develop names {setting}, which is not a branch", "git config hotfix.develop <branch>"
        )
    return CheckResult("ok", clone.develop or "none: production takes its place")


def prefixes(clone: CloneContext) -> CheckResult | None:
    """What the names of hotfix branches begin with, where that is more than `hotfix/`."""
    policy, config = clone.policy[0], clone.repository.config
    said = {"prefixes of the policy": policy.prefixes}
    said |= {key: config.get(key, ()) for key in ("hotfix.prefix", "gitflow.prefix.hotfix")}
    for key, values in said.items():
        for value in values:
            if not is_prefix(value):
                return CheckResult("warn", f"{key}: {value!r} can begin no branch name and is not used")
    found = find_prefixes(clone.repository, policy).all
    if found == Prefixes().all:
        return None
    return CheckResult(
        "ok", f"{found[0]} for new hotfix branches" + (f"; also {name_some(found[1:])}" if found[1:] else "")
    )


def policy(clone: CloneContext) -> CheckResult | None:
    """The policy of production, read strictly; the commands themselves go on with the defaults."""
    if isinstance(clone.production, Failure):
        return None
    _, problems, file = clone.policy
    wrong = [problem.message for problem in problems if problem.key != "requires"]
    if wrong:
        rest = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        hint = f"correct {file} on {clone.production}"
        return CheckResult("fail", wrong[0] + rest, "\n".join([*wrong[1:], hint]))
    if file is None:
        return CheckResult("ok", f"the defaults: {clone.production} holds no policy")
    shared = clone.documents.get(SHARED_FILE, b"")
    if file == OWN_FILE and b"tool.git-hotfix" in shared:
        says = f"{OWN_FILE} holds; [tool.git-hotfix] in {SHARED_FILE} is not read beside it"
        return CheckResult("warn", says, f"remove one of them on {clone.production}")
    return CheckResult("ok", f"{file} of {clone.production}")


def approvals(clone: CloneContext) -> CheckResult | None:
    """Where the policy asks for signed approvals, the keys to hold them against stand on production."""
    found, _, _ = clone.policy
    if isinstance(clone.production, Failure) or not found.approvals.signed:
        return None
    place, need = found.approvals.signers, found.waivers.need_approval
    hint = f"commit it on {clone.production}: a line for each person, <mail> <public key>"
    tip = clone.seen.branches[clone.production]
    content = None if "\n" in place else blobs.read(clone.repository.git, [f"{tip}:{place}"])[0]
    if content is None:
        return CheckResult("fail", f"approvals must be signed, and {clone.production} holds no {place}", hint)
    count = signers.keys(content)
    if count <= need:  # who wrote the fix is one of the people, and does not approve it
        return CheckResult(
            "warn", f"{counted(count, 'key')} in {place}: too few where {counted(need, 'other')} must agree", hint
        )
    return CheckResult("ok", f"{counted(count, 'key')} in {place} of {clone.production}")


def requires(clone: CloneContext) -> CheckResult | None:
    """This program is the version that the policy needs."""
    found, problems, file = clone.policy
    wrong = [problem.message for problem in problems if problem.key == "requires"]
    if wrong:
        return CheckResult("fail", wrong[0], "pipx upgrade git-hotfix")
    if file is None or found.requires is None:
        return None
    return CheckResult("ok", f"git-hotfix {__version__}, {found.requires} wanted")


def production_tag(clone: CloneContext) -> CheckResult | None:
    """`start` finds a tag to begin at."""
    if isinstance(clone.production, Failure):
        return None
    seen, matches = clone.seen, patterns.tags(clone.release_tags)
    found = clone.production_tags(list(seen.tags.some([*filter(matches, seen.tags)]).values()))
    if found:
        guess = (
            "; the remote's tags were never fetched, so this clone's own stand for them" if seen.tags_guessed else ""
        )
        return CheckResult("ok", f"{found[0].name}, at {found[0].commit[:10]}{guess}")
    words = " ".join(clone.release_tags)
    others = clone.production_tags(seen.tags.all())
    if others:
        names = name_some([tag.name for tag in others])
        return CheckResult("fail", f"none matches {words}; seen there: {names}", "git hotfix init")
    hint = "git tag -a v1.0.0 <commit> && git push origin v1.0.0"
    return CheckResult("fail", f"no tag stands on {clone.production}", f"tag what runs in production: {hint}")


def newer_line(clone: CloneContext) -> CheckResult | None:
    """No release line has a release that is newer than production's and was never merged there."""
    repository, line = clone.repository, clone.production
    if isinstance(line, Failure):
        return None
    policy = replace(clone.policy[0], release_tags=clone.release_tags)
    tip = clone.seen.branches[line]
    with private_git_dir(repository, keep=False) as git:
        newest = next(iter(production_tags.find(git, tip, branch_ref(line), clone.seen.tags, policy)), None)
    claimed = claimed_tags.find(clone.seen, line, policy, newest)
    if claimed:
        name = claimed[0]
        return CheckResult("warn", claimed_tags.says(name, line), f"see who made it: git show {shlex.quote(name)}")
    answered = repository.setting(newer_release.SETTING)
    trunks = newer_release.Trunks(
        clone.seen, line, lambda: clone.develop or refs.default_branch(repository.git, clone.remote_name)
    )
    found = newer_release.find(repository.git, trunks, policy, newest, answered=answered)
    return CheckResult("warn", found.says, "\nor: ".join(found.commands)) if found else None


def tags(clone: CloneContext) -> CheckResult | None:
    """Tags of this clone that differ from the remote's; hotfixes go by the remote's."""
    seen = clone.seen
    if clone.remote_name is None:
        return None
    if seen.tags_guessed:
        return CheckResult("ok", "the remote's tags were not fetched yet; git hotfix start fetches them")
    moved = sorted(
        name for name, oid in seen.local_tags.ids.items() if name in seen.tags and seen.tags.ids[name] != oid
    )
    if moved:
        tag = f"refs/tags/{moved[0]}"
        hint = f"take the remote's: {git_command('fetch', clone.remote_name, f'+{tag}:{tag}')}"
        return CheckResult("warn", f"here and on {clone.remote_name} not the same: {name_some(moved)}", hint)
    matches = patterns.tags(clone.release_tags)
    own = sorted(name for name in seen.local_tags if name not in seen.tags and matches(name))
    if own:
        push = git_command("push", clone.remote_name, f"refs/tags/{own[0]}")
        hint = f"{git_command('fetch', clone.remote_name)}, or push it: {push}"
        return CheckResult("warn", f"release tags here, not seen on {clone.remote_name}: {name_some(own)}", hint)
    return CheckResult("ok", f"{len(seen.tags)} of {clone.remote_name} known; none here differs")
