"""Checks of the repository's scheme: production, develop, policy, tags."""

from __future__ import annotations

import shlex
from dataclasses import replace

from git_hotfix import __version__, claimed_tags, newer_release
from git_hotfix.checkup.patient import Patient, Sight, some
from git_hotfix.errors import Failure
from git_hotfix.git import blobs, production_tags
from git_hotfix.git.scratch import scratch
from git_hotfix.model import patterns, signers
from git_hotfix.model.names import branch_ref
from git_hotfix.model.prefixes import Prefixes, is_prefix
from git_hotfix.model.words import counted
from git_hotfix.policy import OWN_FILE, SHARED_FILE
from git_hotfix.situation import find_prefixes


def production(patient: Patient) -> Sight:
    """The branch that releases come from is there."""
    found = patient.production
    if isinstance(found, Failure):
        return Sight("fail", found.message, f"{found.hint}, or: git hotfix init")
    return Sight("ok", f"{found}, at {patient.seen.branches[found][:10]}")


def develop(patient: Patient) -> Sight | None:
    """The branch of daily work; a team without one is served as well."""
    if isinstance(patient.production, Failure):
        return None
    setting = patient.repository.setting("hotfix.develop")
    if setting and patient.develop != setting:
        return Sight(
            "fail", f"hotfix.develop names {setting}, which is not a branch", "git config hotfix.develop <branch>"
        )
    return Sight("ok", patient.develop or "none: production takes its place")


def prefixes(patient: Patient) -> Sight | None:
    """What the names of hotfix branches begin with, where that is more than `hotfix/`."""
    policy, config = patient.policy[0], patient.repository.config
    said = {"prefixes of the policy": policy.prefixes}
    said |= {key: config.get(key, ()) for key in ("hotfix.prefix", "gitflow.prefix.hotfix")}
    for key, values in said.items():
        for value in values:
            if not is_prefix(value):
                return Sight("warn", f"{key}: {value!r} can begin no branch name and is not used")
    found = find_prefixes(patient.repository, policy).all
    if found == Prefixes().all:
        return None
    return Sight("ok", f"{found[0]} for new hotfix branches" + (f"; also {some(found[1:])}" if found[1:] else ""))


def policy(patient: Patient) -> Sight | None:
    """The policy of production, read strictly; the commands themselves go on with the defaults."""
    if isinstance(patient.production, Failure):
        return None
    _, problems, file = patient.policy
    wrong = [problem.message for problem in problems if problem.key != "requires"]
    if wrong:
        rest = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        hint = f"correct {file} on {patient.production}"
        return Sight("fail", wrong[0] + rest, "\n".join([*wrong[1:], hint]))
    if file is None:
        return Sight("ok", f"the defaults: {patient.production} holds no policy")
    shared = patient.documents.get(SHARED_FILE, b"")
    if file == OWN_FILE and b"tool.git-hotfix" in shared:
        says = f"{OWN_FILE} holds; [tool.git-hotfix] in {SHARED_FILE} is not read beside it"
        return Sight("warn", says, f"remove one of them on {patient.production}")
    return Sight("ok", f"{file} of {patient.production}")


def approvals(patient: Patient) -> Sight | None:
    """Where the policy asks for signed approvals, the keys to hold them against stand on production."""
    found, _, _ = patient.policy
    if isinstance(patient.production, Failure) or not found.approvals.signed:
        return None
    place, need = found.approvals.signers, found.waivers.need_approval
    hint = f"commit it on {patient.production}: a line for each person, <mail> <public key>"
    tip = patient.seen.branches[patient.production]
    content = None if "\n" in place else blobs.read(patient.repository.git, [f"{tip}:{place}"])[0]
    if content is None:
        return Sight("fail", f"approvals must be signed, and {patient.production} holds no {place}", hint)
    count = signers.keys(content)
    if count <= need:  # who wrote the fix is one of the people, and does not approve it
        return Sight(
            "warn", f"{counted(count, 'key')} in {place}: too few where {counted(need, 'other')} must agree", hint
        )
    return Sight("ok", f"{counted(count, 'key')} in {place} of {patient.production}")


def requires(patient: Patient) -> Sight | None:
    """This program is the version that the policy needs."""
    found, problems, file = patient.policy
    wrong = [problem.message for problem in problems if problem.key == "requires"]
    if wrong:
        return Sight("fail", wrong[0], "pipx upgrade git-hotfix")
    if file is None or found.requires is None:
        return None
    return Sight("ok", f"git-hotfix {__version__}, {found.requires} wanted")


def production_tag(patient: Patient) -> Sight | None:
    """`start` finds a tag to begin at."""
    if isinstance(patient.production, Failure):
        return None
    seen, matches = patient.seen, patterns.tags(patient.release_tags)
    found = patient.production_tags(list(seen.tags.some([*filter(matches, seen.tags)]).values()))
    if found:
        guess = (
            "; the remote's tags were never fetched, so this clone's own stand for them" if seen.tags_guessed else ""
        )
        return Sight("ok", f"{found[0].name}, at {found[0].commit[:10]}{guess}")
    words = " ".join(patient.release_tags)
    others = patient.production_tags(seen.tags.all())
    if others:
        names = some([tag.name for tag in others])
        return Sight("fail", f"none matches {words}; seen there: {names}", "git hotfix init")
    hint = "git tag -a v1.0.0 <commit> && git push origin v1.0.0"
    return Sight("fail", f"no tag stands on {patient.production}", f"tag what runs in production: {hint}")


def newer(patient: Patient) -> Sight | None:
    """No release line has a release that is newer than production's and was never merged there."""
    repository, line = patient.repository, patient.production
    if isinstance(line, Failure):
        return None
    policy = replace(patient.policy[0], release_tags=patient.release_tags)
    tip = patient.seen.branches[line]
    with scratch(repository, keep=False) as git:
        newest = next(iter(production_tags.of(git, tip, branch_ref(line), patient.seen.tags, policy)), None)
    claimed = claimed_tags.find(patient.seen, line, policy, newest)
    if claimed:
        name = claimed[0]
        return Sight("warn", claimed_tags.says(name, line), f"see who made it: git show {shlex.quote(name)}")
    answered = repository.setting(newer_release.SETTING)
    found = newer_release.find(repository.git, patient.seen, line, patient.develop, policy, newest, answered=answered)
    return Sight("warn", found.says, "\nor: ".join(found.commands)) if found else None


def tags(patient: Patient) -> Sight | None:
    """Tags of this clone that differ from the remote's; hotfixes go by the remote's."""
    seen = patient.seen
    if patient.remote_name is None:
        return None
    if seen.tags_guessed:
        return Sight("ok", "the remote's tags were not fetched yet; git hotfix start fetches them")
    moved = sorted(
        name for name, oid in seen.local_tags.ids.items() if name in seen.tags and seen.tags.ids[name] != oid
    )
    if moved:
        hint = f"take the remote's: git fetch {patient.remote_name} '+refs/tags/{moved[0]}:refs/tags/{moved[0]}'"
        return Sight("warn", f"here and on {patient.remote_name} not the same: {some(moved)}", hint)
    matches = patterns.tags(patient.release_tags)
    own = sorted(name for name in seen.local_tags if name not in seen.tags and matches(name))
    if own:
        hint = f"git fetch {patient.remote_name}, or push it: git push {patient.remote_name} refs/tags/{own[0]}"
        return Sight("warn", f"release tags here, not seen on {patient.remote_name}: {some(own)}", hint)
    return Sight("ok", f"{len(seen.tags)} of {patient.remote_name} known; none here differs")
