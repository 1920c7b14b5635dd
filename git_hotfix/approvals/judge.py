"""Which waivers hold and which approvals count: for this tree, by whom, and with whose agreement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from git_hotfix.model.approvals import Approval, Signature, Waiver, mail_of
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import field, frozen, replace
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import Oid
from git_hotfix.model.policy import Policy
from git_hotfix.model.words import counted


@frozen
class KnownPeople:
    """What git knows of those who wrote, waived and approved.

    `authors` are the addresses of everybody who had a hand in the fix, None where nobody can tell. `people` says whose
    an entry is: the address as written and the one that the mailmap makes of it. `signatures` are those of approvals.
    `history` is the commits of the fix and their trees, oldest first.
    """

    authors: Collection[str] | None = None
    people: Mapping[Oid, tuple[str, str]] = field(default_factory=dict)
    signatures: Mapping[Oid, Signature] = field(default_factory=dict)
    history: Sequence[tuple[Oid, Oid]] = ()

    def person(self, entry: Entry) -> tuple[str, str]:
        """The addresses of whoever wrote an entry."""
        written = mail_of(entry.who)
        return self.people.get(entry.oid, (written, written)) if entry.oid else (written, written)


def judge_approvals(
    book: Logbook, tree: Oid, known: KnownPeople, policy: Policy
) -> tuple[tuple[Waiver, ...], tuple[Approval, ...]]:
    """The waivers and the approvals of a hotfix whose code is `tree`, each with whether it holds and why not.

    A waiver holds for its tree, and with as many approvals as the policy asks for: by different people with different
    keys, none of them an author of the fix or the one who waived. An approval covers the waivers that it names by the
    ids of their entries, so none that came after it. A waiver that was withdrawn is none, whoever approved it.
    """
    entries, grounds = book.of_kind("approval"), _Grounds(book, tree, known, policy)
    approvals = _without_echoes(entries, [_approval(entry, grounds) for entry in entries], known)
    voices = [entry for entry, each in zip(entries, approvals, strict=True) if each.counted]
    waivers = tuple(_waiver(entry, grounds, voices) for entry in book.of_kind("waiver"))
    return waivers, approvals


@frozen
class _Grounds:
    """What every entry is judged by: the other entries, the code as it is now, who is who, and the policy."""

    book: Logbook
    tree: Oid
    known: KnownPeople
    policy: Policy


def _without_echoes(
    entries: Sequence[Entry], approvals: Sequence[Approval], known: KnownPeople
) -> tuple[Approval, ...]:
    """`approvals`, of which those that count and are of the same person or key as one before say so."""
    taken: set[str] = set()
    found = []
    for entry, approval in zip(entries, approvals, strict=True):
        marks = _marks(entry, known) if approval.counted else set[str]()
        found.append(replace(approval, again=bool(marks & taken)))
        taken |= marks
    return tuple(found)


def _marks(voice: Entry, known: KnownPeople) -> set[str]:
    """What makes an approval somebody's: the addresses, and the key where it is signed."""
    signature = known.signatures.get(voice.oid) if voice.oid else None
    return {*known.person(voice), *({signature.key} if signature and signature.key else ())}


def name_of(entry: Entry) -> str:
    """What people call a waiver or an approval: its number, else its entry's id."""
    return entry.facts.get(entry.kind.capitalize(), "") or (entry.oid or "")[:10]


def covered_waivers(entry: Entry) -> tuple[str, ...]:
    """The ids of the waivers' entries that an approval covers."""
    return tuple(entry.facts.get("Waivers", "").split())


def _approval(entry: Entry, grounds: _Grounds) -> Approval:
    book = grounds.book
    gone = book.withdrawals()
    given = (waiver for waiver in book.of_kind("waiver") if waiver.oid and waiver.oid not in gone)
    names = {waiver.oid: name_of(waiver) for waiver in given}
    why = _void(entry, grounds) or _doubt(entry, grounds)
    return Approval(
        id=name_of(entry),
        role=entry.facts.get("Role", ""),
        who=entry.who,
        when=entry.when,
        tree=entry.tree,
        waivers=tuple(names[Oid(oid)] for oid in covered_waivers(entry) if oid in names),
        oid=entry.oid,
        counted=not why,
        why=why,
    )


def _doubt(entry: Entry, grounds: _Grounds) -> str:
    """Why an approval of this very code does not count; "" where it does."""
    known = grounds.known
    if entry.facts.get("Issue") != grounds.book.issue:
        return "it was given to another hotfix"
    if known.authors is None:
        return "its authors are not known without a production tag below it"
    people = known.person(entry)
    # git reads `a <b<eve@example.org>` as another address than the one that a key is looked for.
    if not all(people) or people[0] != mail_of(entry.who):
        return "it has no mail address"
    if set(people) & set(known.authors):
        return "an author of the fix cannot approve it"
    if grounds.policy.approvals.signed:
        signature = known.signatures.get(entry.oid) if entry.oid else None
        return signature.problem if signature else "it is not signed"
    return ""


def _waiver(entry: Entry, grounds: _Grounds, voices: Sequence[Entry]) -> Waiver:
    found = Waiver(
        id=name_of(entry),
        gates=tuple(dict.fromkeys(entry.facts.get("Gates", "").split())),
        reason=entry.facts.get("Reason", ""),
        who=entry.who,
        when=entry.when,
        tree=entry.tree,
        oid=entry.oid,
    )
    gone = grounds.book.withdrawals().get(entry.oid) if entry.oid else None
    if gone:
        reason = f": {gone.facts['Reason']}" if gone.facts.get("Reason") else ""
        why = f"{gone.who.partition(' <')[0] or 'somebody'} withdrew it{reason}"
        return replace(found, holds=False, why=why, withdrawn=True)
    void = _void(entry, grounds)
    if void:
        return replace(found, holds=False, why=void, hint="where it still has to pass: git hotfix waive")
    agreed = _agreeing_voices(entry, grounds.known, voices)
    found = replace(found, approved=tuple(voice.who for voice in agreed))
    need = grounds.policy.waivers.need_approval
    if len(agreed) < need:
        why = f"it needs {counted(need, 'approval')} and has {len(agreed)}"
        hint = f"somebody else runs: {command_line('approve', grounds.book.issue)}"
        return replace(found, holds=False, why=why, hint=hint, awaits=True)
    return found


def _agreeing_voices(waiver: Entry, known: KnownPeople, voices: Sequence[Entry]) -> list[Entry]:
    """One approval of each person and each key that covers the waiver; whoever waived is not such a person."""
    taken = set(known.person(waiver))
    found = []
    for voice in voices:
        marks = _marks(voice, known)
        if waiver.oid in covered_waivers(voice) and not marks & taken:
            taken |= marks
            found.append(voice)
    return found


def _void(entry: Entry, grounds: _Grounds) -> str:
    """That an entry was for other code, and since when; "" where it is for this."""
    if entry.tree == grounds.tree:
        return ""
    history = grounds.known.history
    was = f"was for other code (tree {entry.tree[:10]})" if entry.tree else "names no code"
    at = max((n for n, (_, each) in enumerate(history) if each == entry.tree), default=None)
    if at is None or at + 1 >= len(history):
        return f"it {was}, and holds no more"
    return f"it {was}, void since {history[at + 1][0][:10]}"
