"""analysis: what could not be read is said, and never passes in silence."""

from __future__ import annotations

from dataclasses import replace

from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Judgement


@frozen
class Options:
    """`[gates.analysis]` has no options of its own. A manifest that does not parse is a finding, never a pass."""


def check(facts: Facts, options: Options) -> Judgement:
    """Report what the other gates should have read and could not."""
    hint = "mend or split it, look at it yourself and record that: git hotfix waive analysis --reason …"
    findings = tuple(replace(each, hint=each.hint or hint) for each in facts.unread)
    return Judgement(f"{len(findings)} not read" if findings else "all read", "all read", findings)


GATE = Gate("analysis", "everything read that had to be", check, Options, order=95, sums_up=True)
