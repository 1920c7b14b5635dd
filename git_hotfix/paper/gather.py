"""Everything that is known of one hotfix, gathered once for all of its documents."""

from __future__ import annotations

from git_hotfix.backport.forge import host_and_path
from git_hotfix.backport.pull_requests import release_page
from git_hotfix.context import Context
from git_hotfix.context.judge import judge_hotfix
from git_hotfix.context.open import given_or_last_issue, saying_what_to_fetch
from git_hotfix.documents.paper import ChangedFile, Links, Paper
from git_hotfix.errors import Failure
from git_hotfix.form.required import open_fields
from git_hotfix.gates.evidence import required_runs
from git_hotfix.gates.infrastructure import Options
from git_hotfix.git import diff, history
from git_hotfix.hotfix.find import find_hotfix
from git_hotfix.hotfix.moments import timeline_of
from git_hotfix.model import boxes, patterns
from git_hotfix.model.actions import Action
from git_hotfix.model.approvals import add_up
from git_hotfix.model.change import FileChange
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import TagName
from git_hotfix.model.plan import Outcome
from git_hotfix.model.policy import Policy
from git_hotfix.model.recorded_evidence import read_evidence
from git_hotfix.model.times import finish_of
from git_hotfix.model.verdict import Verdict
from git_hotfix.paper import missing, written
from git_hotfix.record.boxes import BoxState, Proofs, judge_boxes, team_boxes
from git_hotfix.record.follow_ups import follow_ups
from git_hotfix.record.statements import PULL_REQUEST, read_statements
from git_hotfix.release import finished_hotfix
from git_hotfix.release.finished_hotfix import FoundHotfix
from git_hotfix.release.preview import preview_finish
from git_hotfix.report.approvals import name_of


@frozen
class Seen:
    """A hotfix as it stands: what its gates say, where its fix is or would go, and whether it is looked back at: it is
    finished, and no branch stands for it any more."""

    hotfix: Hotfix
    verdict: Verdict
    outcome: Outcome
    past: bool


def look(context: Context, given: str | None, *, targets: bool = True) -> Seen:
    """The hotfix that `given` or the current branch names, else the only open one, else the one that was finished last;
    without `targets` nobody asks where the fix would go beside production."""
    given = given_or_last_issue(context, given)
    with saying_what_to_fetch(command_line("status", *filter(None, [given]), fetch=True)):
        return _look(context, given, targets=targets)


def _look(context: Context, given: str | None, *, targets: bool) -> Seen:
    past = finished_hotfix.find_finished(context, given)
    if past is None:
        hotfix = find_hotfix(context.git, context.snapshot, given)
        verdict = judge_hotfix(context, hotfix)
        return Seen(hotfix, verdict, preview_finish(context, hotfix, verdict, targets=targets), False)
    return look_back(context, past, finished_hotfix.outcome_of(context, past) if targets else Outcome("status"))


def look_back(context: Context, past: FoundHotfix, outcome: Outcome) -> Seen:
    """A finished hotfix whose `outcome` is known."""
    return Seen(past.hotfix, _judge_past(context, past.hotfix), outcome, True)


def _judge_past(context: Context, hotfix: Hotfix) -> Verdict:
    """Who let what pass, and what the gates say today of what was released; a clone that lacks its commits says
    nothing of gates."""
    permitted = finished_hotfix.finished_verdict(context, hotfix)
    try:
        return replace(permitted, gates=judge_hotfix(context, hotfix).gates)
    except Failure:
        return permitted


def gather(context: Context, seen: Seen) -> Paper:
    """All that is known of a hotfix."""
    hotfix, book, snapshot = seen.hotfix, seen.hotfix.logbook, context.snapshot
    statements = read_statements(book)
    timeline = timeline_of(context.git, snapshot, hotfix, seen.verdict.approvals)
    files, subjects = _changes(context, hotfix)
    tag = _tag(context, seen)
    paper = Paper(
        hotfix,
        snapshot.now,
        timeline,
        statements,
        {},
        seen.verdict,
        tag=tag,
        finished=seen.past or bool(snapshot.finish_tags(hotfix.issue)),
        branch_gone=seen.past and hotfix.branch not in {*snapshot.refs.branches, *snapshot.refs.local},
        files=tuple(_counted(file) for file in files),
        subjects=subjects,
        evidence=read_evidence(book),
        deliveries=seen.outcome.deliveries,
        links=_links(context, hotfix, tag),
    )
    there = bool(tag) and written.stands(context, hotfix, tag)
    paper = replace(paper, actions=_follow_ups(paper, written=there))
    states = _judge(context, seen, paper, files, written=there)
    paper = replace(paper, boxes=states, team_boxes=tuple(id for id in states if id not in boxes.BY_ID))
    return replace(paper, missing=missing.find(paper, snapshot.policy, written=there))


def _changes(context: Context, hotfix: Hotfix) -> tuple[tuple[FileChange, ...], tuple[str, ...]]:
    """The changed files, and the subjects of the commits, oldest first; nothing where this clone lacks them."""
    if hotfix.base is None or hotfix.base == hotfix.tip:
        return (), ()
    try:
        files = diff.changes(context.git, hotfix.base, hotfix.tip).files
        own = history.commits(context.git, hotfix.tip, [hotfix.base])
    except Failure:
        return (), ()
    return tuple(files), tuple(commit.summary.subject for commit in own if len(commit.parents) < 2)


def _counted(file: FileChange) -> ChangedFile:
    return ChangedFile(file.path, None if file.binary else file.added, None if file.binary else file.deleted)


def _tag(context: Context, seen: Seen) -> TagName | None:
    made = context.snapshot.finish_tags(seen.hotfix.issue)
    if made:
        return made[0].name
    return seen.outcome.tag.name if seen.outcome.tag else seen.hotfix.tag


def _links(context: Context, hotfix: Hotfix, tag: TagName | None) -> Links:
    """Pages about a hotfix, from its logbook and the address of the remote; nobody is asked over a network."""
    book, remote = hotfix.logbook, context.snapshot.remote
    ticket = book.start.facts.get("Ticket", "") if book.start else ""
    opened = next((entry.facts[PULL_REQUEST] for entry in reversed(book.current) if PULL_REQUEST in entry.facts), "")
    on_forge = bool(remote and host_and_path(remote.url)) and hotfix.issue.isdecimal()
    page = release_page(remote.url, tag) if remote and tag else None
    return Links(ticket, opened, page or "", hotfix.issue if on_forge else "")


def _follow_ups(paper: Paper, *, written: bool) -> tuple[Action, ...]:
    gates = {gate.id: gate.status for gate in paper.verdict.gates}
    end = finish_of(paper.hotfix.logbook)
    return follow_ups(
        paper.statements,
        untested=gates.get("tests") in ("warn", "fail", "waived"),
        ended=paper.timeline.at("resolved"),
        finisher=name_of(end.who) if end else "",
        written=written,
    )


def _judge(
    context: Context, seen: Seen, paper: Paper, files: tuple[FileChange, ...], *, written: bool
) -> dict[str, BoxState]:
    policy = context.snapshot.policy
    rule = policy.approvals
    proofs = Proofs(
        paper.statements,
        seen.hotfix.tip_tree,
        gates={gate.id: gate.status for gate in seen.verdict.gates},
        evidence=paper.evidence,
        approvals=seen.verdict.approvals,
        actions=paper.actions,
        required_runs=required_runs(policy),
        approved=add_up(seen.verdict.approvals, rule.required, rule.roles).completed_by is not None,
        clean=paper.finished or _is_clean(seen.outcome),
        complete=not open_fields(policy, seen.hotfix, paper.statements, "finish"),
        asked=bool(paper.links.pull_request),
        post_mortem=written and not open_fields(policy, seen.hotfix, paper.statements, "close"),
        deployed=paper.timeline.at("deployed"),
        without=_untouched(policy, files, seen.verdict),
        changed=frozenset({"tests"} if _touches_tests(policy, files) else ()),
    )
    return judge_boxes(proofs, team_boxes(policy, [file.path for file in files]))


def _is_clean(outcome: Outcome) -> bool:
    """True where the merge to production was planned and has no conflict."""
    return outcome.production is not None and not any(
        each.target.tier == 1 and each.status == "conflict" for each in outcome.deliveries
    )


def _touches_tests(policy: Policy, files: tuple[FileChange, ...]) -> bool:
    """The gate `tests` passes a fix without source code, too: only a file says that a test was added or changed."""
    is_test = patterns.paths(policy.files.tests)
    return any(file.status != "D" and is_test(file.path) for file in files)


def _untouched(policy: Policy, files: tuple[FileChange, ...], verdict: Verdict) -> frozenset[str]:
    """What the fix does not change: `migrations`, `configuration`. Where the gate that looks did not, nobody knows."""
    gate = next((gate for gate in verdict.gates if gate.id == "infrastructure"), None)
    if gate is None or gate.status == "unknown" or not files:
        return frozenset()
    if not gate.findings:
        return frozenset({"migrations", "configuration"})
    settings = policy.gates.get("infrastructure")
    options = settings.options if settings and isinstance(settings.options, Options) else Options()
    is_migration = patterns.paths(options.migrations)
    return frozenset() if any(is_migration(file.path) for file in files) else frozenset({"migrations"})
