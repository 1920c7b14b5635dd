"""Tier 1: production and tag in one push, and what to do when production takes no direct push."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Protocol

from git_hotfix.backport import pull_requests
from git_hotfix.backport.forge import Forge, Request, forge_of
from git_hotfix.context import Context
from git_hotfix.errors import UNCHANGED, Failure, nothing_changed
from git_hotfix.git import history, refs
from git_hotfix.git.remote import PushAnswer, PushResult
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import (
    REMOTE_TAGS,
    Oid,
    RefName,
    branch_ref,
    log_ref,
    tag_ref,
)
from git_hotfix.model.plan import FirstTier, Outcome
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Remote, Snapshot
from git_hotfix.record import log_refs, logbook
from git_hotfix.release.tag import first_push
from git_hotfix.report import server_words
from git_hotfix.runs.pins import forget, keep
from git_hotfix.runs.transport import Transport


@frozen
class PushOutcome:
    """What became of tier 1: accepted, to be tried again (with the reason), or stopped for a human."""

    accepted: bool
    reason: str = ""
    stop: Outcome | None = None
    notes: tuple[str, ...] = ()


class Description(Protocol):
    """The text of the pull request to production, and what is to be done once it is open."""

    def text(self) -> str:
        """The text, as Markdown."""
        ...

    def opened(self, page: str) -> None:
        """The pull request is open on that page."""
        ...


def push_production(
    context: Context,
    transport: Transport,
    hotfix: Hotfix,
    planned: FirstTier,
    later: Sequence[RefUpdate],
    description: Description,
) -> PushOutcome:
    """Push tier 1 as one. `later` is what the run is going to push after it, kept with it from the start; `description`
    is asked where production takes no direct push.

    Raises `Failure` (exit 3) when it can never be accepted; nothing was changed then.
    """
    snapshot = context.snapshot
    who = context.repository.identity_now()
    logs = snapshot.refs.logs_of(hotfix.issue)
    log = None
    notes: tuple[str, ...] = ()
    # A tag that somebody made by hand says nothing of the hotfix: the logbook does.
    said = any(entry.facts.get("Tag") == planned.tag.name for entry in hotfix.logbook.of_kind("finish"))
    if not (planned.tag.exists and (said or snapshot.refs.tags.finish_tags(hotfix.issue))):
        log = logbook.append(context.git, logs, [_finish_entry(snapshot, hotfix, planned)], who)
    updates = first_push(snapshot, hotfix, planned.production, planned.tag, log)
    if updates or later:
        with nothing_changed():
            keep(context, hotfix.issue, "finish", [*updates, *later])
    if not updates:
        _record_here(context, hotfix, planned, [], None)
        return PushOutcome(True)
    try:
        answer = transport.push(updates, atomic=True, tier=1)
    except Failure:  # it was never sent
        forget(context.repository, hotfix.issue)
        raise
    if not answer.accepted and _is_only_refusal(answer, log_ref(hotfix.issue)):
        notes = ("the remote does not accept the logbook; it stays in this clone",)
        updates = [item for item in updates if item.ref != log_ref(hotfix.issue)]
        answer = transport.push(updates, atomic=True, tier=1)
    if answer.accepted:
        _record_here(context, hotfix, planned, updates, log)
        return PushOutcome(True, notes=notes)
    return _judge_refusal(context, transport, hotfix, planned, answer, description)


def _finish_entry(snapshot: Snapshot, hotfix: Hotfix, planned: FirstTier) -> Entry:
    """What was finished, as what tag of which id, by the policy of which commit, and which gates passed; where
    production had the fix before, no gate judged it on its way."""
    policy = "" if planned.production.landed else snapshot.policy_commit or ""
    facts = {
        "Issue": hotfix.issue,
        "Tag": planned.tag.name,
        "Tag-Object": planned.tag.oid or "",
        "Tip": hotfix.tip,
        "Production": hotfix.production,
        "Base-Tag": hotfix.base_tag or "",
        "Base": hotfix.base or "",
        "Title": hotfix.title,
        "Severity": hotfix.severity,
        "Policy": policy,
        "Passed": " ".join(planned.passed),
    }
    return Entry("finish", f"finish hotfix {hotfix.issue} as {planned.tag.name}", {k: v for k, v in facts.items() if v})


def _is_only_refusal(answer: PushAnswer, ref: RefName) -> bool:
    culprits = {name for name, result in answer.results.items() if result.status not in ("bystander", "ok")}
    return culprits == {ref} and answer.results[ref].status == "refused"


def _record_here(
    context: Context, hotfix: Hotfix, planned: FirstTier, updates: Sequence[RefUpdate], log: Oid | None
) -> None:
    """Write down here what the remote has now: its tag, the user's own copy of it, the logbook."""
    snapshot = context.snapshot
    if snapshot.remote is None:
        return
    wanted = []
    tag = planned.tag
    if tag.oid and not tag.exists:
        wanted.append(RefUpdate(RefName(REMOTE_TAGS + tag.name), None, tag.oid))
    if tag.oid and tag.name not in snapshot.refs.local_tags:
        wanted.append(RefUpdate(tag_ref(tag.name), None, tag.oid))
    logs = snapshot.refs.logs_of(hotfix.issue)
    if log:
        wanted.append(RefUpdate(log_ref(hotfix.issue), logs.here, log))
        if any(item.ref == log_ref(hotfix.issue) for item in updates):
            wanted.append(RefUpdate(log_ref(hotfix.issue, remote=True), logs.there, log))
    refs.try_update(context.repository.git, wanted, reason="git hotfix finish")


def _judge_refusal(
    context: Context,
    transport: Transport,
    hotfix: Hotfix,
    planned: FirstTier,
    answer: PushAnswer,
    description: Description,
) -> PushOutcome:
    """Say whose fault it was: to be tried again, a pull request to open, or an end."""
    snapshot = context.snapshot
    results = answer.results
    production, tag, branch = planned.production.ref, tag_ref(planned.tag.name), branch_ref(hotfix.branch)
    refused = results.get(production)
    if refused and refused.status == "refused" and snapshot.remote:
        return PushOutcome(False, stop=_offer_pull_request(context, transport, hotfix, planned, answer, description))
    unknown = next((each for each in results.values() if each.status == "unknown"), None)
    if unknown:
        raise _no_answer_failure(hotfix, planned, unknown)
    forget(context.repository, hotfix.issue)
    if branch in results and results[branch].status == "stale":
        raise Failure(
            f"somebody has just pushed to {hotfix.branch}",
            hint=f"pull it: git switch {shlex.quote(hotfix.branch)} && git pull --rebase",
            unchanged=UNCHANGED,
        )
    stale = [
        ref for ref in (production, tag, log_ref(hotfix.issue)) if ref in results and results[ref].status == "stale"
    ]
    if stale:
        return PushOutcome(False, f"{stale[0]}: {results[stale[0]].reason}")
    raise _final_failure(hotfix, answer)


def _no_answer_failure(hotfix: Hotfix, planned: FirstTier, result: PushResult) -> Failure:
    """The journal stays open: the remote may have all of it or nothing, and the next run asks."""
    return Failure(
        f"the push of production and {planned.tag.name} got no answer: {result.reason}",
        hint=f"once the remote answers, this finds out and goes on: {command_line('finish', hotfix.issue)}",
        unchanged="nothing was changed here",
    )


def _final_failure(hotfix: Hotfix, answer: PushAnswer) -> Failure:
    """The push was refused for good: in whose words, and what to do."""
    guilty = {ref: each.reason for ref, each in answer.results.items() if each.status in ("refused", "failed")}
    reasons = list(dict.fromkeys(guilty.values()))
    # One reason for all of them is the connection's or a pre-push hook's, and names no reference.
    said = reasons if len(reasons) == 1 and len(guilty) > 1 else [f"{ref}: {reason}" for ref, reason in guilty.items()]
    unsent = all(each.status == "failed" for each in answer.results.values())
    skip = "\nif a pre-push hook of the team said so: --no-verify skips it" if unsent else ""
    return Failure(
        "\n".join([f"the push of production and tag was refused: {'; '.join(said)}",
                   *_quote_lines(server_words.lines_about(answer.words, branch_ref(hotfix.production), []))]),
        hint=f"fix that, then: {command_line('finish', hotfix.issue)}{skip}",
        unchanged="nothing was changed, here or there",
    )  # fmt: skip


def _pull_request_line(forge: Forge | None, remote: Remote, hotfix: Hotfix, description: Description) -> str:
    """Where the pull request for production is, or what a human opens, and where its text comes from."""
    why = ""
    if forge:
        title = pull_requests.title(hotfix)
        answer = forge.open_request(Request(hotfix.branch, hotfix.production, title, description.text()))
        if answer.page:
            description.opened(answer.page)
            return f"pull request into {hotfix.production}: {answer.page}"
        why = f" ({answer.reason})"
    page = pull_requests.page_to_open(remote.url, hotfix.branch, hotfix.production)
    wanted = page or f"{hotfix.branch} into {hotfix.production}"
    return f"open this pull request: {wanted}{why}\nits text: {command_line('pr', hotfix.issue)}"


def _offer_pull_request(
    context: Context,
    transport: Transport,
    hotfix: Hotfix,
    planned: FirstTier,
    answer: PushAnswer,
    description: Description,
) -> Outcome:
    """Production was refused: push the branch, say which pull request to open, and what the server said."""
    snapshot = context.snapshot
    assert snapshot.remote and hotfix.base
    branch, production = branch_ref(hotfix.branch), planned.production.ref
    lines = server_words.lines_about(answer.words, production, list(answer.results))
    rule = server_words.rule_of(lines)
    forget(context.repository, hotfix.issue)
    if rule == "tag":
        raise _final_failure(hotfix, answer)
    what = "takes no direct push" if rule == "protected" else "refused the push"
    what, answers = f"{hotfix.production} {what}", _rule_answers(context, hotfix, rule, lines)
    reason = answer.results[production].reason
    there = snapshot.refs.branches.get(hotfix.branch)
    sent = transport.push([RefUpdate(branch, there, hotfix.tip)], atomic=False, tier=1)
    if not sent.accepted:
        first = [f"{what}: {reason}", *_quote_lines(lines)]
        raise _branch_refused_failure(hotfix, snapshot.remote, first, answers, sent)
    if not any(entry.facts.get("Tip") == hotfix.tip for entry in hotfix.logbook.current):
        facts = {"Event": "pull-request", "Tip": hotfix.tip, "Production": hotfix.production}
        entry = Entry("event", f"offer hotfix {hotfix.issue} for merging into {hotfix.production}", facts)
        log_refs.record_entries(context, hotfix.issue, [entry])
        log_refs.send_logbook(context, transport, hotfix.issue)
    # Of a rule that the next run may answer by itself, nobody wants to find an open pull request.
    forge = None if answers else forge_of(context.repository, snapshot.remote)
    page = [_pull_request_line(forge, snapshot.remote, hotfix, description)]
    if sent.words:
        page += ["", f"the server said of {hotfix.branch}:", *_quote_lines(sent.words.splitlines())]
    return Outcome(
        "finish",
        pull_request="\n".join(page),
        notes=(f"{what} ({reason}); {hotfix.branch} was pushed",),
        next=(command_line("finish", hotfix.issue),),
        said=tuple((production, line) for line in lines),
        advice=answers,
    )


def _rule_answers(context: Context, hotfix: Hotfix, rule: server_words.Rule, lines: Sequence[str]) -> tuple[str, ...]:
    assert hotfix.base
    own = history.reachable(context.git, [hotfix.tip], [hotfix.base]) if rule == "message" else []
    named = server_words.named_commits(lines, own)
    base = hotfix.base_tag or hotfix.base
    return server_words.production_answers(rule, hotfix.production, hotfix.issue, own=named, base=base)


def _branch_refused_failure(
    hotfix: Hotfix, remote: Remote, first: Sequence[str], answers: Sequence[str], sent: PushAnswer
) -> Failure:
    """Neither production nor the branch of its pull request is taken: both in the server's words."""
    branch = branch_ref(hotfix.branch)
    second = f"{hotfix.branch}, which a pull request would need, was refused, too: {sent.results[branch].reason}"
    see = f"see what the server says: git push {shlex.quote(remote.name)} {shlex.quote(hotfix.branch)}"
    return Failure(
        "\n".join([*first, second, *_quote_lines(server_words.lines_about(sent.words, branch, []))]),
        hint="\n".join([*answers, see]),
        unchanged=UNCHANGED,
    )


def _quote_lines(lines: Sequence[str]) -> list[str]:
    """The server's lines as git shows them, so that none begins with a word of the server."""
    return [f"  remote: {line}" for line in lines]
