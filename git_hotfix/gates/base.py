"""base: a hotfix starts at what runs in production, and holds nothing but the fix."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.names import RefName, short
from git_hotfix.model.verdict import Finding, Judgement

_NAMED = 5  # commits named a ref; the rest is counted


@frozen
class Options:
    """`[gates.base]` has no options of its own. 66 to 78 % of 4,253 hotfix merges start at a production tag."""


def check(facts: Facts, options: Options) -> Judgement:
    """Compare the base with the newest production tag, and look for commits of other branches."""
    hotfix = facts.hotfix
    measured, limit = hotfix.base_tag or "", facts.newest_tag or ""
    if hotfix.base is None:
        start = command_line("start", hotfix.issue)
        hint = f"cut it again at production's tag: {start}, then git cherry-pick your commits"
        finding = Finding(f"{hotfix.branch} does not start at a production tag", hint=hint)
        return Judgement(measured, limit, (finding, *_find_unseen_tags(facts)))
    findings = (*_find_foreign(facts), *_find_no_change(facts), *_find_stale_base(facts), *_find_unseen_tags(facts))
    return Judgement(measured, limit, findings)


def _find_foreign(facts: Facts) -> tuple[Finding, ...]:
    by_ref: dict[RefName, list[str]] = {}
    for foreign in facts.foreign:
        if foreign.doubt:  # a topic branch of the hotfix's own: `foreign-merge`, which can be waived, says it
            continue
        by_ref.setdefault(foreign.ref, []).append(foreign.commit[:10])
    return tuple(_foreign_finding(facts, ref, commits) for ref, commits in by_ref.items())


def _foreign_finding(facts: Facts, ref: RefName, commits: list[str]) -> Finding:
    name, branch, base = short(ref), facts.hotfix.branch, (facts.hotfix.base or "")[:12]
    more = f" and {len(commits) - _NAMED} more" if len(commits) > _NAMED else ""
    noun = "commit" if len(commits) == 1 else "commits"
    return Finding(
        f"holds {len(commits)} {noun} of {name}: {' '.join(commits[:_NAMED])}{more}",
        hint=_way_out(facts, name, base, branch, commits[-1]),
    )


def _way_out(facts: Facts, name: str, base: str, branch: str, last: str) -> str:
    if facts.hotfix.tip.startswith(last):  # nothing would be left of it
        return f"if they are the fix and {name} got them from here: finish where they were committed\nelse start again"
    # The ids are here whatever branches and tags this clone has by name.
    return f"replay the fix without them: {git_command('rebase', '--onto', base, last, branch)}"


def _find_no_change(facts: Facts) -> tuple[Finding, ...]:
    # Before the fix is committed an empty hotfix is not a mistake; landing one is.
    hotfix, landing = facts.hotfix, facts.at_production
    if hotfix.tip_tree != hotfix.base_tree or (hotfix.tip == hotfix.base and not landing):
        return ()
    message = f"{hotfix.branch} changes nothing"
    hint = f"commit the fix, or abandon it: {command_line('abandon', hotfix.issue)}"
    if landing:
        return (Finding(message, hint=hint),)
    return (Finding(message, hint=hint, level="warn", before_finish="commit the fix"),)


def _find_stale_base(facts: Facts) -> tuple[Finding, ...]:
    hotfix = facts.hotfix
    if facts.newest_tag is None or facts.newest_tag == hotfix.base_tag:
        return ()
    message = f"starts at {hotfix.base_tag}, production is at {facts.newest_tag}"
    message += f", tagged by {facts.newest_by}" if facts.newest_by else ""
    hint = f"replay the fix on {facts.newest_tag}: git hotfix update"
    if facts.at_production:
        return (Finding(message, hint=hint),)
    # Approvals are of the code as it is, so a replay has to be approved before it can be finished.
    issue, approved = hotfix.issue, facts.policy.approvals.asked
    first = command_line("update", issue) if approved else command_line("finish", issue, update=True)
    return (Finding(message, hint=hint, level="warn", before_finish=first),)


def _find_unseen_tags(facts: Facts) -> tuple[Finding, ...]:
    if not facts.unseen_tags:
        return ()
    message = f"these tags stand here but were not seen on the remote: {', '.join(facts.unseen_tags)}"
    return (Finding(message, hint="ask the remote: git hotfix check --fetch", level="warn"),)


GATE = Gate("base", "starts at production's tag, holds only the fix", check, Options, waivable=False, order=10)
