"""Which commits of a hotfix another branch made, and which of these a topic branch made for the hotfix itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Foreign, Link
from git_hotfix.model.names import Oid, RefName


@frozen
class Chains:
    """The first-parent chains of other branches above the hotfix's base.

    `branches` is ref → tip; `lines` are those of them that are never a topic: production, develop, releases. `links`
    holds the commits of all chains, without what the base holds and what the logbook says was offered for merging.
    """

    branches: Mapping[RefName, Oid]
    lines: Collection[RefName]
    links: Mapping[Oid, Link]
    base: Oid
    own: Collection[Oid]

    def commits_of(self, refs: Iterable[RefName]) -> dict[Oid, RefName]:
        """The commits on the chains of `refs`, each with the first of them that has it."""
        found: dict[Oid, RefName] = {}
        for ref in refs:
            oid = self.branches[ref]
            while oid in self.links and oid not in found:
                found[oid] = ref
                oid = self.links[oid].first
        return found

    def branches_begun_elsewhere(self) -> list[RefName]:
        """The lines, the branches cut from one, and those that began neither at the base nor on the hotfix."""
        on_lines = self.commits_of(ref for ref in self.branches if ref in self.lines)
        begins: dict[Oid, bool] = dict.fromkeys(on_lines, False)
        for tip in self.branches.values():
            walked: list[Oid] = []
            oid = tip
            while oid in self.links and oid not in begins:
                walked.append(oid)
                oid = self.links[oid].first
            here = begins.get(oid, oid == self.base or oid in self.own)
            begins.update(dict.fromkeys(walked, here))
        return [ref for ref, tip in self.branches.items() if not begins.get(tip, True)]


def commits_holding(links: Mapping[Oid, Link], elsewhere: Collection[Oid]) -> set[Oid]:
    """The commits of `links`, parents before children, that are of `elsewhere` or hold one that is."""
    found: set[Oid] = set()
    for oid, link in links.items():
        if oid in elsewhere or not found.isdisjoint(link.parents):
            found.add(oid)
    return found


def find_foreign(
    chains: Chains,
    elsewhere: Collection[RefName],
    whole: Mapping[Oid, Link],
    *,
    started: int | None,
    straight: Collection[Oid],
) -> tuple[Foreign, ...]:
    """The commits of `chains.own` that other branches made, in that order.

    A topic branch is one that is not in `elsewhere` and holds nothing that these made (`whole` is the history of the
    others above the base, parents before children). What it made since the hotfix `started` (seconds; None where
    nothing says) is the fix's own; what is older is "early", and what a branch made before it took others' work in is
    "mixed". Where nothing says when the hotfix started, what it has along its own first parents (`straight`) cannot be
    told from a hotfix that was cut from a feature, and is foreign.
    """
    theirs = chains.commits_of(elsewhere)
    bad = commits_holding(whole, theirs)
    rest = [ref for ref in chains.branches if ref not in elsewhere]
    topics = chains.commits_of(ref for ref in rest if chains.branches[ref] not in bad)
    mixed = chains.commits_of(ref for ref in rest if chains.branches[ref] in bad)
    found = []
    for oid in chains.own:
        ref = theirs.get(oid) or topics.get(oid) or mixed.get(oid)
        if ref is None or (oid in topics and started is not None and chains.links[oid].date >= started):
            continue
        if oid in theirs or oid in bad or (started is None and oid in straight):
            found.append(Foreign(oid, ref))
        else:
            found.append(Foreign(oid, ref, "early" if oid in topics else "mixed"))
    return tuple(found)
