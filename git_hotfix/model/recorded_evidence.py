"""What was run on a hotfix and watched after it: the evidence entries of its logbook."""

from __future__ import annotations

from typing import Literal

from git_hotfix.model.frozen import frozen
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import Oid

RUN, PROVE, MONITOR = "Run", "Prove", "Monitor"
"""The trailers that say what kind of evidence an entry is, with its name as their value."""
STATE, STARTED, UNCOUNTED = "State", "Started", "Uncounted"
"""How it ended; when it began, which with its name and its writer tells it from all others; why it counts for no gate,
where it does not. The tree that it holds for is `Tree`."""
TESTS = "Tests"
"""How many tests there were, in words: `12 passed, 1 failed`."""
FOR, LOOKS, WHY = "For", "Looks", "Why"
"""Of a watch: for how many seconds, what its looks were, in words, and why it ended so."""
BASELINE, VALUE = "Baseline", "Value"
"""Of what was measured before a deployment: its name, and the number. It is no end of a watch, so no `Monitor`."""
REASON, SEEN = "Reason", "Seen"
"""Of a proof, why it ended so, and what was seen with its cause known: `red` without the fix, `green` with it."""
DEPLOY = "deploy"
"""The run that brings a release to production."""

RUNNING = "running"
"""The state of what has begun: of one that was killed it is the last word."""

Kind = Literal["run", "prove", "monitor"]
_KINDS: tuple[tuple[str, Kind], ...] = ((RUN, "run"), (PROVE, "prove"), (MONITOR, "monitor"))


@frozen
class Evidence:
    """One run of a command, one proof of a fix by a command, or one look at production: its name, how it ended, the
    tree it ran on, when it began and ended in seconds since the epoch.

    `state` of a run is `passed`, `failed`, `timed-out`, `interrupted`, or `running` where it was killed or has not
    ended; of a proof `shown`, `not-shown` or `not-judged` as well; of a look `inconclusive` as well. `uncounted` says
    in words why it counts for no gate.
    """

    name: str
    kind: Kind
    state: str
    tree: Oid | None
    began: int
    ended: int
    entry: Entry
    uncounted: str = ""

    @property
    def monitor(self) -> bool:
        """True for a look at production."""
        return self.kind == "monitor"

    @property
    def passed(self) -> bool:
        """True where it ended well."""
        return self.state == "passed"


def read_evidence(book: Logbook) -> tuple[Evidence, ...]:
    """The evidence since the last start, oldest first. What ended stands once, with its end."""
    from git_hotfix.model.times import seconds_of  # datetime, which a hook does without

    entries = book.of_kind("evidence")
    ended = {_which(entry) for entry in entries if entry.facts.get(STATE) != RUNNING}
    found = []
    for entry in entries:
        facts = entry.facts
        kind = next((kind for kind in _KINDS if kind[0] in facts), None)
        if kind is None or (facts.get(STATE) == RUNNING and _which(entry) in ended):
            continue
        began = seconds_of(facts.get(STARTED))
        began = entry.when if began is None else began
        state, uncounted = facts.get(STATE, ""), facts.get(UNCOUNTED, "")
        found.append(Evidence(facts[kind[0]], kind[1], state, entry.tree, began, entry.when, entry, uncounted))
    return tuple(found)


def _which(entry: Entry) -> tuple[str | None, ...]:
    return (entry.who, *(entry.facts.get(key) for key in (RUN, PROVE, MONITOR, STARTED)))


def last_run(evidence: tuple[Evidence, ...], name: str, tree: Oid | None) -> Evidence | None:
    """The last run of that name on just this tree (None: on any) that counts; None where there is none."""
    for one in reversed(evidence):
        if one.kind == "run" and one.name == name and not one.uncounted and tree in (None, one.tree):
            return one
    return None
