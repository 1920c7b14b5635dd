"""What `edit` proposes for one hotfix: the facts that git, the gates, the user's configuration and the forge know."""

from __future__ import annotations

from collections.abc import Mapping

from git_hotfix.backport.forge import forge_of
from git_hotfix.backport.pull_requests import release_page
from git_hotfix.context import Context
from git_hotfix.context.judge import judge_hotfix
from git_hotfix.errors import Failure
from git_hotfix.evidence.monitor_settings import read_monitors
from git_hotfix.form.prefill import Known, Proposal, propose
from git_hotfix.git import diff, history
from git_hotfix.git.repository import Repository
from git_hotfix.hotfix.find import finishing_tag
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.record.statements import PULL_REQUEST
from git_hotfix.release import production_merge

_BREAKING = ("definition-removed", "dependency-change")
_CONTACT, _DEPLOY = "hotfix.contact.", ("hotfix.run.deploy", "hotfix.run.deploy.command")


def find_proposals(context: Context, hotfix: Hotfix, *, finished: bool, from_issue: bool) -> Mapping[str, Proposal]:
    """Field → what is proposed. What a clone cannot see proposes nothing, and stops nobody."""
    monitors = read_monitors(context.repository)[0].values()
    known = replace(
        _known_to_git(context, hotfix, finished=finished),
        contacts=_contacts(context.repository),
        deploys=any(key in context.repository.config for key in _DEPLOY),
        monitors=tuple(each.words for each in monitors),
        watched=max((each.seconds for each in monitors), default=0.0),
        pull_request=next(
            (e.facts[PULL_REQUEST] for e in reversed(hotfix.logbook.current) if PULL_REQUEST in e.facts), ""
        ),
    )
    if from_issue:
        known = _with_issue(context, hotfix, known)
    return propose(known)


def _known_to_git(context: Context, hotfix: Hotfix, *, finished: bool) -> Known:
    """The fix itself: what it changes and what its gates say. Of a finished one no gate is asked again."""
    if hotfix.base is None or hotfix.tip == hotfix.base:
        return Known(tag=hotfix.tag or "")
    try:
        files = diff.changed_paths(context.git, hotfix.base, hotfix.tip)
        own = history.commits(context.git, hotfix.tip, [hotfix.base])
        is_production = context.snapshot.policy.files.is_production
        known = Known(
            tag=_tag(context, hotfix, finished=finished),
            paths=tuple(path for path in files if is_production(path)) or tuple(files),
            subjects=tuple(commit.summary.subject for commit in own if len(commit.parents) < 2),
        )
        if finished:
            return replace(known, release=_release(context, known.tag))
        judged = {gate.id: gate for gate in judge_hotfix(context, hotfix, only=(*_BREAKING, "infrastructure")).gates}
    except Failure:
        return Known(tag=hotfix.tag or "")
    seen = {id: gate for id, gate in judged.items() if gate.status not in ("off", "unknown")}
    breaks = tuple(
        f"{each.path}: {each.message}" if each.path else each.message
        for id in _BREAKING
        for each in (seen[id].findings if id in seen else ())
    )
    touched = tuple(each.path or "" for each in seen["infrastructure"].findings) if "infrastructure" in seen else None
    return replace(known, breaks=breaks if set(_BREAKING) <= set(seen) else None, infrastructure=touched)


def _tag(context: Context, hotfix: Hotfix, *, finished: bool) -> str:
    """What the hotfix is called, or will be; "" where nobody has said it yet."""
    made = finishing_tag(context.git, context.snapshot, hotfix.issue)
    if made or finished:
        return made or ""
    try:
        return production_merge.choose_tag_name(context, hotfix, None)
    except Failure:
        return ""


def _release(context: Context, tag: str) -> str:
    place = context.snapshot.remote
    return (release_page(place.url, tag) or "") if place and tag else ""


def _contacts(repository: Repository) -> Mapping[str, str]:
    """hotfix.contact.<name> of git's configuration, which is the user's own and no file of the repository."""
    found = {key[len(_CONTACT) :]: values[-1] for key, values in repository.config.items() if key.startswith(_CONTACT)}
    return {name: value for name, value in found.items() if "." not in name}


def offers_issue(context: Context, hotfix: Hotfix) -> bool:
    """True where `--from-issue` could propose something; nobody is asked."""
    place = context.snapshot.remote
    return hotfix.issue.isdecimal() and place is not None and forge_of(context.repository, place) is not None


def _with_issue(context: Context, hotfix: Hotfix, known: Known) -> Known:
    """`known` with the issue's own words; a forge that does not answer is told of, and stops nobody."""
    place, streams = context.snapshot.remote, context.streams
    forge = forge_of(context.repository, place) if place else None
    if not hotfix.issue.isdecimal() or forge is None:
        why = "no gh or glab serves this remote" if forge is None else "its name is not the number of an issue"
        streams.say(f"the text of issue {hotfix.issue} was not asked for: {why}")
        return known
    issue = forge.read_issue(hotfix.issue)
    if issue.reason:
        streams.say(f"the text of issue {hotfix.issue} was not read: {issue.reason}")
    return replace(known, issue_title=issue.title, issue_text=issue.text)
