"""Pure decisions of finish: the tag's name, where it sits, what is pushed first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_hotfix.errors import UNCHANGED, ExitCode, Failure
from git_hotfix.hotfix.next_tag import NextTag, TagQuestion, planned_releases
from git_hotfix.model import versions
from git_hotfix.model.approvals import Waiver
from git_hotfix.model.change import ChangeSet
from git_hotfix.model.command_line import Placeholder, command_line
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.logbook import message_of
from git_hotfix.model.names import BranchName, IssueId, Oid, TagName, branch_ref, log_ref, tag_ref, why_no_tag
from git_hotfix.model.plan import ProductionPlan, TagPlan
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.model.verdict import Verdict
from git_hotfix.model.words import counted, one_line

_ANOTHER = Placeholder("<another name>")


class TagUnclear(Failure):
    """No rule says what the hotfix tag is called: a person has to choose (exit 2)."""

    def __init__(self, question: TagQuestion, issue: IssueId, unchanged: str) -> None:
        names = (*question.choices, _ANOTHER)
        hint = "\n".join(command_line("finish", issue, tag=name) for name in names)
        super().__init__(question.reason, hint=hint, code=ExitCode.USAGE, unchanged=unchanged)
        self.question = question


def tag_name(snapshot: Snapshot, hotfix: Hotfix, given: str | None, proposed: NextTag | TagQuestion) -> TagName:
    """The name of the hotfix tag: `--tag`, else the one that `start --tag` recorded, else what the rules of its
    scheme `proposed`.

    Raises `Failure`: exit 2 where no rule fits and for a name that no later `start` would take for a production tag,
    exit 3 for one that is taken here or on the remote.
    """
    name = TagName(given) if given else hotfix.tag
    if name is None and isinstance(proposed, TagQuestion):
        raise TagUnclear(proposed, hotfix.issue, UNCHANGED)
    if name is None:
        assert isinstance(proposed, NextTag)
        name = proposed.name
    refuse_name(snapshot, name, hotfix.base_tag, command_line("finish", hotfix.issue, tag=_ANOTHER))
    return name


def refuse_name(snapshot: Snapshot, name: TagName, base: TagName | None, hint: str) -> None:
    """Raises `Failure` where a hotfix of `base` cannot be tagged `name`: exit 2 for a name that git or a later `start`
    would not take, or that a planned release has, exit 3 for one that is taken here or on the remote."""
    why = versions.why_unfilled(name) or why_no_tag(name)
    if why:
        raise Failure(f"{name!r} cannot be the name of a tag: {why}", hint=hint, code=ExitCode.USAGE)
    if not snapshot.policy.is_release_tag(name) or versions.is_prerelease(name):
        patterns = " ".join(snapshot.policy.release_tags)
        raise Failure(
            f"{name} would not be a production tag: release-tags are {patterns}, and a pre-release is none",
            hint=f"{hint}\nor change release-tags on production",
            code=ExitCode.USAGE,
        )
    if BranchName(name) in {**snapshot.refs.branches, **snapshot.refs.local}:
        raise Failure(
            f"tag {name} would have the name of a branch: git could not tell one from the other",
            hint=hint,
            code=ExitCode.USAGE,
        )
    tags, local = snapshot.refs.tags, snapshot.refs.local_tags
    if name in tags or name in local:
        where = "on the remote" if name in tags and snapshot.remote else "here"
        holder = tags if name in tags else local
        raise Failure(
            f"tag {name} already exists {where} (at {holder.commits[name][:10]})",
            hint=hint,
            code=ExitCode.FAILED,
            unchanged=UNCHANGED,
        )
    _refuse_planned(snapshot, name, base, hint)


def _refuse_planned(snapshot: Snapshot, name: TagName, base: TagName | None, hint: str) -> None:
    """Raises `Failure` (exit 2) for the name of a release that a branch prepares: its own tag could not be made."""
    on, wanted = versions.parse(base or ""), versions.parse(name)
    if on is None or wanted is None or not versions.same_scheme(on, wanted):
        return
    plans = planned_releases(snapshot.refs.branches, on, snapshot.refs.tags)
    plan = next((branch for rank, branch in plans if rank == wanted.rank), None)
    if plan:
        raise Failure(
            f"tag {name} is planned: {plan} is open and has no tag yet",
            hint=hint,
            code=ExitCode.USAGE,
        )


def refuse_lower(name: TagName, base: TagName | None, line: BranchName, hint: str) -> None:
    """A tag that stands beside production, where a squash put the fix under other ids on top of newer work, is found by
    being the highest of its scheme where names are raised. Raises `Failure` (exit 2) for one that is not higher than
    the base tag."""
    if versions.is_not_higher(name, base):
        raise Failure(
            f"{name} is not higher than {base}, and would stand beside {line}: the next hotfix "
            f"would start at {base}, without this fix",
            hint=hint,
            code=ExitCode.USAGE,
        )


def tag_message(
    hotfix: Hotfix, changes: ChangeSet, verdict: Verdict, record: Mapping[str, str] | None = None, *, head: str = ""
) -> str:
    """The message of the hotfix tag: issue and title or the team's own `head`, severity, base tag, ticket, files, the
    waivers that held and the approvals that counted, and the finish trailers by which any clone finds this hotfix
    again. `record` is where the logbook ends (`record.chain.anchor_facts`): whatever becomes of its reference, the tag
    names it. The commit whose policy the gates judged by is named, too: whoever verifies the tag judges by it.

    What people typed stands on one line each, so that no reason and no name writes a trailer of its own.
    """
    head = head or f"Hotfix {hotfix.issue}" + (f": {one_line(hotfix.title)}" if hotfix.title else "")
    title, _, rest = head.partition("\n")
    files = "\n".join(f"  {one_line(file.path)} (+{file.added} -{file.deleted})" for file in changes.files)
    waivers = [each for each in verdict.waivers if each.holds]
    waived = [f"{each.id} {' '.join(each.gates)}: {each.reason}" for each in waivers]
    approved = [f"{each.who}" + (f" ({each.role})" if each.role else "") for each in verdict.approvals if each.counted]
    approved = list(dict.fromkeys(map(one_line, approved)))
    start = hotfix.logbook.start.facts if hotfix.logbook.start else {}
    known = "".join(f"\n{key}: {one_line(start[key])}" for key in ("Ticket", "Detected", "Started") if key in start)
    about = [rest.strip("\n"), f"Severity: {hotfix.severity}\nBase: {hotfix.base_tag}{known}", f"Files:\n{files}"]
    given = "".join(f"\n  {_waiver_line(each)}" for each in waivers)
    about.append(f"Waivers:{given}" if given else "Waivers: none")
    if approved:
        about.append("Approved by:" + "".join(f"\n  {each}" for each in approved))
    facts = {
        "Hotfix-Issue": hotfix.issue,
        "Hotfix-Title": one_line(hotfix.title),
        "Hotfix-Severity": hotfix.severity,
        "Hotfix-Base-Tag": hotfix.base_tag or "",
        "Hotfix-Base": hotfix.base or "",
        "Hotfix-Tip": hotfix.tip,
        "Hotfix-Production": branch_ref(hotfix.production),
        "Hotfix-Policy": verdict.policy_commit or "",
        **(record or {}),
    }
    trailers = [(key, value) for key, value in facts.items() if value]
    trailers += [("Hotfix-Waiver", one_line(each)) for each in waived]
    trailers += [("Hotfix-Approval", each) for each in approved]
    return message_of(title, trailers, about)


def _waiver_line(waiver: Waiver) -> str:
    agreed = f", approved by {', '.join(waiver.approved)}" if waiver.approved else ""
    return one_line(f"{waiver.id} {' '.join(waiver.gates)}, by {waiver.who}{agreed}: {waiver.reason}")


def existing_tag(snapshot: Snapshot, hotfix: Hotfix, given: str | None, holding: Sequence[Tag]) -> Tag | None:
    """The tag that finished this hotfix already: one with its finish trailers, or one made by hand.

    `holding` are the production tags whose tree is base + fix and whose commit holds the fix or is on production.
    A `--tag` that names another tag is left to `tag_name`, which refuses it.
    """
    made = snapshot.finish_tags(hotfix.issue)
    if made:
        return made[0]
    return next((tag for tag in holding if given in (None, tag.name)), None)


def unreleased_note(snapshot: Snapshot, hotfix: Hotfix, commits: Sequence[str]) -> str | None:
    """What to say when production has moved past the base: None when it has not, or the team deploys the tag.

    Raises `Failure` (exit 1) when the team deploys the branch: the fix would ship these commits with it.
    """
    if not commits or snapshot.policy.deploy == "tag":
        return None
    count = counted(len(commits), "commit that is", "commits that are")
    if snapshot.policy.deploy == "branch":
        shown = "\n".join(commits[:10]) + (f"\n… and {len(commits) - 10} more" if len(commits) > 10 else "")
        raise Failure(
            f'{hotfix.production} has {count} not in {hotfix.base_tag}, and deploy = "branch" would ship them',
            hint=f"release them first, or deploy the tag\n{shown}",
            code=ExitCode.REFUSED,
        )
    return (
        f"{hotfix.production} has {count} not in {hotfix.base_tag}: deploy the tag, not the branch "
        f'(say so once with deploy = "tag")'
    )


def first_push(
    snapshot: Snapshot, hotfix: Hotfix, production: ProductionPlan, tag: TagPlan, log: Oid | None
) -> list[RefUpdate]:
    """Tier 1: production, tag, logbook, and the hotfix branch where the remote has it, so that a colleague's newer
    commit there makes all of it fail."""
    updates = []
    if not production.landed:
        updates.append(RefUpdate(production.ref, production.old, production.new))
    if not tag.exists:
        updates.append(RefUpdate(tag_ref(tag.name), None, tag.oid))
    logs = snapshot.refs.logs_of(hotfix.issue)
    known = logs.there if snapshot.remote else logs.here
    if log and log != known:
        updates.append(RefUpdate(log_ref(hotfix.issue), known, log))
    there = snapshot.refs.branches.get(hotfix.branch)
    if snapshot.remote and there and updates:
        updates.append(RefUpdate(branch_ref(hotfix.branch), there, hotfix.tip))
    return updates
