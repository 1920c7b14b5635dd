"""analysis: what could not be read is said, and never passes in silence."""

from __future__ import annotations

from git_hotfix.dependencies import changes
from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement

_HINTS = {
    "fail": "write it so that nobody reads it otherwise, or record why: git hotfix waive analysis --reason …",
    "warn": "write it so that nobody reads it otherwise",
    "note": "",
}


@frozen
class Options:
    """`[gates.analysis]` has no options of its own. A manifest that does not parse is a finding, never a pass. What its
    tool accepts and others may read otherwise (a key twice) is a finding when the fix brings it, a note when the base
    had it."""


def check(facts: Facts, options: Options) -> Judgement:
    """Report what the other gates should have read and could not, and what they read as its tool does although it is
    odd."""
    hint = "correct or split it, or look at it yourself and record that: git hotfix waive analysis --reason …"
    findings = tuple(replace(each, hint=each.hint or hint) for each in facts.unread)
    measured = f"{len(findings)} not read" if findings else "all read"
    return Judgement(measured, "all read", (*findings, *_odd_manifests(facts)))


def _odd_manifests(facts: Facts) -> tuple[Finding, ...]:
    content, files = facts.content, facts.policy.files
    pairs = (
        *changes.changed_manifests(facts.changes, content, files),
        *changes.changed_locks(facts.changes, content, files),
    )
    return tuple(replace(each, hint=_HINTS[each.level]) for pair in pairs for each in pair.odd)


GATE = Gate("analysis", "everything that had to be read was read", check, Options, order=95, sums_up=True)
