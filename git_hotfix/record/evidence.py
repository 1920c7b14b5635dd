"""What was run on a hotfix and watched after it: the evidence entries of its logbook."""

from __future__ import annotations

from git_hotfix.model.frozen import frozen
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import Oid
from git_hotfix.model.times import seconds_of

RUN, MONITOR, STATE, STARTED = "Run", "Monitor", "State", "Started"
"""The trailers of evidence; the tree that it holds for is `Tree`."""


@frozen
class Evidence:
    """One run of a command (`monitor` False) or one look at production (True): its name, how it ended (`passed`,
    `failed`, `timed-out`, `interrupted`, `running`, `inconclusive`), the tree it ran on, when it began and ended in
    seconds since the epoch."""

    name: str
    monitor: bool
    state: str
    tree: Oid | None
    began: int
    ended: int
    entry: Entry

    @property
    def passed(self) -> bool:
        """True where it ended well."""
        return self.state == "passed"


def read_evidence(book: Logbook) -> tuple[Evidence, ...]:
    """The evidence since the last start, oldest first."""
    found = []
    for entry in book.of_kind("evidence"):
        facts = entry.facts
        name = facts.get(RUN, facts.get(MONITOR))
        if name is not None:
            began = seconds_of(facts.get(STARTED))
            state = facts.get(STATE, "")
            began = entry.when if began is None else began
            found.append(Evidence(name, RUN not in facts, state, entry.tree, began, entry.when, entry))
    return tuple(found)
