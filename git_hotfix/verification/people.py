"""Who agreed to what was released, what was waived, what ran on it, and by which policy that was judged."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from git_hotfix.approvals import read
from git_hotfix.gates import approval, evidence
from git_hotfix.gates.evidence import required_runs
from git_hotfix.gates.registry import Gate, default_policy
from git_hotfix.git import history
from git_hotfix.model.approvals import Approval, Waiver, add_up
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid
from git_hotfix.model.recorded_evidence import RUNNING, Evidence, last_run, read_evidence
from git_hotfix.model.verification import Check
from git_hotfix.model.words import counted, one_line
from git_hotfix.policy.documents import read_documents
from git_hotfix.verification.subject import Subject


@frozen
class Agreed:
    """The waivers and approvals of the code that was released, judged by the policy of then, and the runs: those that
    the tag binds, and all."""

    waivers: tuple[Waiver, ...]
    approvals: tuple[Approval, ...]
    evidence: tuple[Evidence, ...]
    later: tuple[Evidence, ...]

    @property
    def waived(self) -> frozenset[str]:
        """The gates that a waiver lets pass."""
        return frozenset(gate for waiver in self.waivers if waiver.holds for gate in waiver.gates)


def read_agreed(subject: Subject) -> Agreed:
    """What people agreed to, and what ran, as the logbook has it."""
    then = subject.judged_by.snapshot
    waivers, approvals = read.read_approvals(subject.clone.git, then, subject.hotfix, subject.own)
    bound = read_evidence(subject.hotfix.logbook)
    known = {each.entry.oid for each in bound}
    later = tuple(each for each in read_evidence(subject.book) if each.entry.oid not in known)
    return Agreed(waivers, approvals, bound, later)


def judge_approvals(subject: Subject, agreed: Agreed) -> Check:
    """Whether everybody agreed who had to, and whether those agreed whom the tag names."""
    rule = subject.judged_by.snapshot.policy.approvals
    given = add_up(agreed.approvals, rule.required, rule.roles)
    counting = [each for each in agreed.approvals if each.counted]
    roles = f", as {', '.join(rule.roles)}" if rule.roles else ""
    of = f"of tree {subject.tagged_tree[:10]} for {subject.hotfix.production}"
    expected = f"{counted(rule.required, 'approval')}{roles} {of}"
    wrong = []
    if _refuses(subject, agreed, approval.GATE):
        if given.people < rule.required:
            wrong.append(f"{counted(given.people, 'person', 'people')} approved it")
        wrong += [f"nobody approved it as {one_line(role)}" for role in given.lacking]
    names = {one_line(each.who + (f" ({each.role})" if each.role else "")) for each in counting}
    said = subject.released.all_of("Hotfix-Approval")
    wrong += [f"the tag names an approval that the logbook does not hold: {each}" for each in said if each not in names]
    doubtful = [each for each in agreed.approvals if not each.counted and each.tree == subject.tagged_tree]
    notes = [f"{each.id} does not count: {each.why}" for each in doubtful]
    if wrong:
        return Check("approvals", "fail", expected, "\n".join([*wrong, *notes]))
    found = ", ".join(sorted(names)) or "nobody approved it, and nobody had to"
    return Check("approvals", "pass", expected, "; ".join([found, *notes]))


def judge_waivers(subject: Subject, agreed: Agreed) -> Check:
    """Whether the waivers hold that the tag names: for this tree, and by the policy of then."""
    holding = [each for each in agreed.waivers if each.holds]
    lines = {one_line(f"{each.id} {' '.join(each.gates)}: {each.reason}") for each in holding}
    said = subject.released.all_of("Hotfix-Waiver")
    why = {each.id: each.why for each in agreed.waivers if not each.holds}
    need = subject.judged_by.snapshot.policy.waivers.need_approval
    expected = ", ".join(said) or "none"
    expected += f", each with {counted(need, 'approval')}" if need else ""
    wrong = [f"{line}: {_why_not(line, why)}" for line in said if line not in lines]
    if wrong:
        return Check("waivers", "fail", expected, "\n".join(wrong))
    return Check("waivers", "pass", expected, ", ".join(sorted(lines)) or "none")


def _why_not(line: str, why: dict[str, str]) -> str:
    reason = why.get(line.split(" ")[0])
    return f"it does not hold: {reason}" if reason else "the logbook does not hold it"


def judge_evidence(subject: Subject, agreed: Agreed) -> Check:
    """Whether what the policy requires ran on the tree that was released, and passed."""
    tree, policy = subject.tagged_tree, subject.judged_by.snapshot.policy
    required = required_runs(policy)
    expected = f"{' and '.join(required) or 'nothing required'} on tree {tree[:10]}"
    names = dict.fromkeys([*required, *(each.name for each in agreed.evidence if each.kind == "run")])
    last = {name: last_run(agreed.evidence, name, tree) for name in names}
    wrong = []
    if _refuses(subject, agreed, evidence.GATE):
        for name in required:
            one = last[name]
            if one is None or not one.passed:
                wrong.append(f"{name} {ended(one) if one else 'did not run on it'}")
    if wrong:
        return Check("evidence", "fail", expected, "\n".join(wrong))
    said = ", ".join(f"{name} {ended(one)}" for name, one in last.items() if one)
    return Check("evidence", "pass", expected, said or "nothing ran on it")


def ended(one: Evidence) -> str:
    """How a run ended, in words."""
    return "began, and nobody recorded its end" if one.state == RUNNING else one.state.replace("-", " ") or "ended"


def judge_policy(subject: Subject) -> Check:
    """Whether the policy that judged was production's when the fix came there."""
    then, commit = subject.judged_by.snapshot, subject.judged_by.commit
    file = then.policy_file or "no policy file, so the defaults"
    if not subject.judged_by.said:
        named = subject.named_policy
        why = f"{named[:10]}, which is not here" if named else "neither the tag nor its finish names one"
        found = f"{why}; what is said here is by {file} of {commit[:10]}"
        return Check("policy", "unknown", "the policy of production before the fix", found)
    expected = f"the policy of production at {commit[:10]}, where the fix came next"
    if elsewhere := _held_elsewhere(subject):
        return Check("policy", "unknown", expected, elsewhere)
    wrong = [*_policy_faults(subject)]
    if wrong:
        return Check("policy", "fail", expected, "\n".join(wrong))
    return Check("policy", "pass", expected, f"{file} of production at {commit[:10]}")


def _held_elsewhere(subject: Subject) -> str:
    """What is said where production is another branch in this clone than in the one that released: each clone's own
    git config says which it is, so a fresh one cannot know. "" where this clone's holds the commit, or neither does."""
    git, snapshot, commit = subject.clone.git, subject.clone.snapshot, subject.judged_by.commit
    line, other = snapshot.production, subject.hotfix.production
    tips = snapshot.refs.branches
    if line == other or other not in tips or history.is_ancestor(git, commit, tips[line]):
        return ""
    if not history.is_ancestor(git, commit, tips[other]):
        return ""
    return (
        f"{line}, which is production in this clone, does not hold {commit[:10]}; {other} does\n"
        f"where that is production: git config hotfix.production {shlex.quote(other)}"
    )


def _policy_faults(subject: Subject) -> Iterator[str]:
    """What speaks against the commit whose policy is said to have judged: production holds it, and the fix came to
    production right behind it; where a pull request had brought the fix before, nobody changed the policy since."""
    git, snapshot, commit = subject.clone.git, subject.clone.snapshot, subject.judged_by.commit
    line = snapshot.production
    if not history.is_ancestor(git, commit, snapshot.refs.branches[line]):
        yield f"{line} does not hold {commit[:10]}"
        return
    fix = subject.hotfix.tip if subject.has_tip else subject.tag.commit
    if history.is_ancestor(git, fix, commit):
        before = _before_arrival(subject, fix, commit)
        if before and read_documents(git, before) != read_documents(git, commit):
            yield f"the policy was another one at {before[:10]}, before the fix came to {line}"
        return
    following = history.first_parents(git, [snapshot.refs.branches[line]], [commit])
    landed = subject.finish is not None and "Policy" not in subject.finish.facts  # squashed before it was finished
    if landed or subject.hotfix.production != line or not following:
        return
    [first] = history.read_commits(git, following[-1:])
    brought = history.is_ancestor(git, fix, first.oid) or history.is_ancestor(git, first.oid, fix)
    if first.parents[:1] == (commit,) and not (brought or subject.hotfix.tip in first.message):
        yield f"{line} moved on to {first.oid[:10]} before the fix came, and its policy then was another commit's"


def _before_arrival(subject: Subject, fix: Oid, commit: Oid) -> Oid | None:
    """Where the line of `commit` stood before it got the fix."""
    git, base = subject.clone.git, subject.hotfix.base
    way = history.first_parents(git, [commit], [base] if base else [])
    holding = history.tips_containing(git, fix, way)
    arrival = next((oid for oid in reversed(way) if oid in holding), None)
    return history.first_parent_of(git, [arrival]).get(arrival) if arrival else None


def _refuses(subject: Subject, agreed: Agreed, gate: Gate) -> bool:
    """True where the policy of then refused what that gate refuses, and no waiver let it pass."""
    settings = subject.judged_by.snapshot.policy.gates.get(gate.id) or default_policy(gate)
    waived = settings.waivable and gate.waivable and gate.id in agreed.waived
    return settings.severity == "block" and not waived
