"""Whether a logbook is whole: what its anchors name of it, and whether every commit of it is an entry.

An anchor is an object that everybody has and that names where the logbook ended: the tag, and the commit of the
post-mortem. An id binds all that it stands on, so before an anchor nothing can be taken out, put in, changed or moved.
What stands behind the last anchor may be whole, and nobody can tell.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import get_args

from git_hotfix.model.frozen import frozen
from git_hotfix.model.logbook import Kind
from git_hotfix.model.names import Oid
from git_hotfix.model.verification import Check
from git_hotfix.model.words import counted, one_line
from git_hotfix.record import logbook
from git_hotfix.record.chain import MOST, Chain, RecordedCommit

_KINDS = (*get_args(Kind), logbook.JOIN)
_REFERENCES = {"approval": "Waivers", "withdrawal": "Waivers", "strike": "Strikes"}
"""The kinds of entries that name others by their ids, and the trailer that does."""
_SHOWN, _LATER = 12, 5  # entries that are named one by one, and of those that nobody can prove


@frozen
class Anchor:
    """What names where a logbook ended: in words, the ids, and the fingerprints of the newest entries before it."""

    name: str
    ends: tuple[Oid, ...]
    fingerprints: tuple[str, ...] = ()


@frozen
class Rest:
    """What of a logbook is not as an entry should be: `wrong` in words, and `strange`, kinds that another version may
    know."""

    wrong: tuple[str, ...]
    strange: tuple[str, ...]


def held_anchors(chain: Chain, anchors: Sequence[Anchor]) -> tuple[Anchor, ...]:
    """Those of `anchors` whose ends the logbook holds."""
    here = chain.parents
    return tuple(anchor for anchor in anchors if anchor.ends and all(end in here for end in anchor.ends))


def judge_end(
    chain: Chain, anchors: Sequence[Anchor], *, finished: bool, fetch: str, there: Oid | None = None
) -> Check:
    """Whether the logbook holds every end that an anchor names. `finished`: it tells that the hotfix was finished as
    this tag, which was recorded right behind the tag's anchor; `fetch` is the command that gets it anew; `there` is
    where the remote's stood when it was last seen: it may be older than this clone's, but no other one."""
    held = held_anchors(chain, anchors)
    lost = [anchor for anchor in anchors if anchor not in held]
    expected = "; ".join(f"{_short(anchor.ends)}, named by {anchor.name}" for anchor in anchors)
    wrong = [line for anchor in lost for line in _name_differences(chain, anchor)]
    if not finished:
        last = chain.entries[-1] if chain.entries else None
        ends = f"it ends with {_name(last)}" if last else "it is empty"
        wrong.append(f"no entry tells that it was finished as this tag: {ends}")
        wrong.append(f"if this clone got it before that, get it again: {fetch}")
    if held and there and _is_another(chain, held, there):
        wrong.append(f"the remote's is another one: it ends at {there[:10]}, and does not hold what this clone has")
    if wrong:
        return Check("log-end", "fail", expected or "an entry that tells of the finish", "\n".join(wrong))
    if not anchors:
        return Check("log-end", "unknown", "a tag that names the last entry", "this tag names no entry of the logbook")
    return Check("log-end", "pass", expected, "; ".join(f"it holds {_short(anchor.ends)}" for anchor in anchors))


def _is_another(chain: Chain, held: Sequence[Anchor], there: Oid) -> bool:
    """True for an end that neither holds an anchor nor is held by it: a logbook that was written anew. A remote takes
    the tag together with the entries below it, and from then on only what stands on these."""
    ends = held[0].ends
    return there not in chain.reached(ends) and not chain.reached([there]).issuperset(ends)


def judge_chain(chain: Chain, anchors: Sequence[Anchor], unreadable: str = "") -> Check:
    """Whether every commit is an entry of this logbook, as far as that can be told, and which are behind the last
    anchor. `unreadable` says why git could not read it."""
    expected = f"entries of hotfix {chain.issue} only, none newer than what the tag or the post-mortem names"
    if unreadable:
        return Check("log-chain", "fail", expected, unreadable)
    rest = _judge_commits(chain)
    whole = chain.reached(end for anchor in held_anchors(chain, anchors) for end in anchor.ends)
    behind = [each for each in chain.entries if each.oid not in whole]
    if rest.wrong:
        return Check("log-chain", "fail", expected, "\n".join(rest.wrong))
    later = [f"recorded later: {_names(behind, _LATER)}"] if behind else []
    said = [*(later or tell_proven(chain, anchors)), *rest.strange]
    return Check("log-chain", "unknown" if behind or rest.strange else "pass", expected, "; ".join(said))


def tell_proven(chain: Chain, anchors: Sequence[Anchor]) -> tuple[str, ...]:
    """How many entries an anchor binds, and how many came later, in words."""
    held = held_anchors(chain, anchors)
    whole = chain.reached(end for anchor in held for end in anchor.ends)
    proven = sum(each.oid in whole for each in chain.entries)
    later = len(chain.entries) - proven
    last = f" up to {held[-1].name}" if held else ""
    said = [f"{counted(proven, 'entry is', 'entries are')} whole{last}"]
    return (*said, f"{counted(later, 'came', 'came')} later, and cannot be proven") if later else tuple(said)


def _judge_commits(chain: Chain) -> Rest:
    here = chain.parents
    wrong, strange = list[str](), list[str]()
    for each in chain.commits:
        wrong += [f"{_name(each)}: {fault}" for fault in _faults(each, here, chain)]
        if each.entry.kind not in _KINDS:
            strange.append(
                f"{_name(each)} is of the kind {one_line(each.entry.kind)!r}, which this version does not know"
            )
    return Rest(tuple(wrong), tuple(strange))


def _faults(each: RecordedCommit, here: Collection[Oid], chain: Chain) -> Iterator[str]:
    entry = each.entry
    if not each.intact:
        yield "its content is not what its id says"
    if not each.whole:
        yield "it is no entry: git reads no single trailer Hotfix-Entry in it"
        return
    if entry.kind == logbook.JOIN and len(each.commit.parents) < 2:
        yield "it joins nothing"
    if any(parent not in here for parent in each.commit.parents):
        yield "what it stands on is not here"
    said = entry.facts.get("Issue")
    if said is not None and said != chain.issue:
        yield f"it is of hotfix {one_line(said)}"
    named = entry.facts.get(_REFERENCES.get(entry.kind, ""), "").split()
    gone = [oid for oid in named if oid not in here]
    if gone:
        yield f"it names an entry that is not in this logbook: {gone[0][:10]}"


def _name_differences(chain: Chain, anchor: Anchor) -> Iterator[str]:
    """What is wrong before an anchor that the logbook does not hold: the entries by name, as far as the fingerprints
    tell."""
    gone = next(end for end in anchor.ends if end not in chain.parents) if anchor.ends else Oid("")
    yield f"the logbook does not hold {gone[:10]}, which {anchor.name} names"
    entries = list(chain.entries)
    now = [each.fingerprint for each in entries]
    before = list(anchor.fingerprints)
    if not before:
        return
    if len(before) == MOST and before[0] in now:
        start = now.index(before[0])
        entries, now = entries[start:], now[start:]
    missing, added = Counter(before) - Counter(now), Counter(now) - Counter(before)
    told, behind = list[str](), list[RecordedCommit]()
    for kind, a, b, c, d in difflib.SequenceMatcher(a=before, b=now, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        left = sum(missing[each] > 0 for each in before[a:b])
        new = [entry for entry in entries[c:d] if added[entry.fingerprint]]
        moved = [entry for entry in entries[c:d] if not added[entry.fingerprint]]
        after = f"after {_name(entries[c - 1])}" if c else "at its beginning"
        if moved:
            told.append(f"moved {after}: {_names(moved)}")
        if b == len(before):  # what was recorded later stands there, too
            behind = new
            told += [f"{after} {_many(left)} taken out or changed"] if left else []
        elif left or new:
            told.append(_say_gap(left, new, after))
    yield from told or ["its entries are the same, and their order or what they stand on was changed"]
    if behind and (not told or sum(missing.values()) > sum(added.values()) - len(behind)):
        yield f"at its end there {'stands' if len(behind) == 1 else 'stand'} {_names(behind)}"


def _say_gap(left: int, new: Sequence[RecordedCommit], after: str) -> str:
    """What happened in one place: so many entries are gone, and the `new` ones stand there."""
    if not new:
        return f"{after} {_many(left)} taken out"
    if not left:
        return f"put in {after}: {_names(new)}"
    gone = f", and {_many(left - len(new))} taken out" if left > len(new) else ""
    return f"{'changed' if left >= len(new) else 'changed or put in'} {after}: {_names(new)}{gone}"


def _many(number: int) -> str:
    return counted(number, "entry was", "entries were")


def _names(entries: Sequence[RecordedCommit], most: int = _SHOWN) -> str:
    shown = ", ".join(_name(each) for each in entries[:most])
    return shown if len(entries) <= most else f"{shown} and {len(entries) - most} more"


def _name(each: RecordedCommit) -> str:
    return f"{each.oid[:10]} {one_line(each.entry.title)[:60]!r}"


def _short(ends: Sequence[Oid]) -> str:
    return " and ".join(end[:10] for end in ends)
