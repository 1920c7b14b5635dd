"""The record of one hotfix: entries, and the facts that each carries in trailers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.names import IssueId, Oid

Kind = Literal[
    "start", "event", "evidence", "waiver", "withdrawal", "approval", "box", "answer", "strike", "finish", "undo",
    "abandon", "rollback", "notification", "document", "close", "done",
]  # fmt: skip
_ENDS = ("close", "abandon", "undo")
SKEW = 300
"""Seconds that an entry may be older than the one that it stands on; more of it is a clock that is wrong."""
_DELIVERY = late_pattern(r"(refs/\S+) ([0-9a-f]{40,64})\.\.([0-9a-f]{40,64})")
_TRAILER = late_pattern(r"^([A-Za-z][A-Za-z0-9-]*): ?(.*)$")


@frozen
class Entry:
    """One entry: what happened, by whom, when (seconds since the epoch), and its facts.

    `tree` is the tree that an entry of code (evidence, approval, waiver) holds for. `attachments` (name → content) go
    into the record with an entry that is appended; of one that was read, `attached` is the tree that holds them, and
    `record.logbook.attachment` reads them. `skew` is by how many seconds it is older than an entry that it stands on,
    where that is more than clocks of machines differ (`SKEW`).
    """

    kind: Kind
    title: str
    facts: Mapping[str, str] = field(default_factory=dict)
    who: str = ""
    when: int = 0
    oid: Oid | None = None
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    attached: Oid | None = None
    skew: int = 0

    @property
    def tree(self) -> Oid | None:
        """The tree that this entry holds for, or None when it speaks of no code."""
        return Oid(self.facts["Tree"]) if "Tree" in self.facts else None

    @property
    def stated(self) -> bool:
        """True for what a person stated: when an event was, a box, an answer. Only that may be struck out: if what a
        verdict rests on (evidence, approval, waiver, undo, finish, what was delivered) could be, striking it out could
        improve the verdict."""
        return self.kind in ("box", "answer") or (self.kind == "event" and "At" in self.facts)


@frozen
class RecordedDelivery:
    """A delivery that the logbook tells of: the branch, its commits before and after, the tip of the fix that was
    delivered, and whether it was offered as a pull request. `new` equals `old` where the branch had the change."""

    ref: str
    old: Oid
    new: Oid
    tip: Oid
    offered: bool = False


@frozen
class Logbook:
    """All entries of one hotfix, oldest first. An issue that was started again speaks from its last start on."""

    issue: IssueId
    entries: tuple[Entry, ...] = ()

    @property
    def start(self) -> Entry | None:
        """The last start entry, or None for a branch made by hand."""
        return next((entry for entry in reversed(self.entries) if entry.kind == "start"), None)

    @property
    def current(self) -> tuple[Entry, ...]:
        """The entries since the last start."""
        last = max((n for n, entry in enumerate(self.entries) if entry.kind == "start"), default=0)
        return self.entries[last:]

    @property
    def struck(self) -> Mapping[Oid, Entry]:
        """The entries that were struck out, each with the first entry that did it; only what may be struck."""
        strikes = [entry for entry in self.entries if entry.kind == "strike"]
        if not strikes:
            return {}
        stated = {entry.oid for entry in self.entries if entry.stated}
        named = [(Oid(entry.facts.get("Strikes", "")), entry) for entry in strikes]
        return {oid: entry for oid, entry in reversed(named) if oid in stated}

    @property
    def standing(self) -> tuple[Entry, ...]:
        """The entries since the last start that nobody struck out."""
        struck = self.struck
        return tuple(entry for entry in self.current if entry.oid not in struck)

    def of_kind(self, kind: Kind) -> tuple[Entry, ...]:
        """The entries of one kind since the last start."""
        return tuple(entry for entry in self.current if entry.kind == kind)

    @property
    def closed(self) -> bool:
        """True when nothing was owed any more, and nobody has taken a delivery back since."""
        ends = [entry.kind for entry in self.current if entry.kind in _ENDS]
        return ends[-1:] in (["close"], ["abandon"])

    @property
    def taken_back(self) -> Entry | None:
        """The last undo, while the hotfix has not been closed since."""
        ends = [entry for entry in self.current if entry.kind in _ENDS]
        return ends[-1] if ends and ends[-1].kind == "undo" else None

    def ends_with(self, entry: Entry) -> bool:
        """True where `entry` stands here already, and nothing of its kind that speaks of the same came after it."""

        def subject(one: Entry) -> tuple[str | None, ...]:
            return one.kind, one.facts.get("Event"), one.facts.get("Target")

        wanted = trailers_of(message_of(entry.title, entry.facts))
        last = next((each for each in reversed(self.current) if subject(each) == subject(entry)), None)
        return last is not None and dict(last.facts) == wanted

    def withdrawals(self) -> Mapping[Oid, Entry]:
        """The waivers that somebody took back: the id of the waiver's entry → the first entry that withdrew it."""
        found: dict[Oid, Entry] = {}
        for entry in self.of_kind("withdrawal"):
            for oid in entry.facts.get("Waivers", "").split():
                found.setdefault(Oid(oid), entry)
        return found

    def skips(self) -> Mapping[str, str]:
        """Targets that somebody decided to leave out: full ref → reason."""
        return {
            entry.facts["Target"]: entry.facts.get("Reason", "")
            for entry in self.current
            if entry.kind == "event" and entry.facts.get("Event") == "skip" and "Target" in entry.facts
        }

    @property
    def was_pushed(self) -> bool:
        """True where somebody saw that the remote had the branch, or offered it for merging there."""
        return any("Tip" in entry.facts or entry.facts.get("Event") == "pushed" for entry in self.current)

    def not_landed(self) -> frozenset[Oid]:
        """Commits of production of which somebody said that they are not this hotfix as a review changed it."""
        said = (entry.facts for entry in self.current if entry.facts.get("Event") == "not-landed")
        return frozenset(Oid(facts["Commit"]) for facts in said if "Commit" in facts)

    def deliveries(self) -> tuple[RecordedDelivery, ...]:
        """What was delivered and offered, oldest first."""
        return tuple(delivered for entry in self.current for delivered in deliveries_of(entry))


def deliveries_of(entry: Entry) -> list[RecordedDelivery]:
    """What an entry says was delivered and offered; a line that cannot be read is left out."""
    if "Tip" not in entry.facts:
        return []
    lines = [(line, key) for key in ("Delivered", "Offered") for line in entry.facts.get(key, "").split("\n")]
    said = [(found, key) for line, key in lines if (found := _DELIVERY.fullmatch(line))]
    tip = Oid(entry.facts["Tip"])
    return [RecordedDelivery(found[1], Oid(found[2]), Oid(found[3]), tip, key == "Offered") for found, key in said]


def trailers_of(message: str) -> dict[str, str]:
    """The trailers of a message's last paragraph; of one that stands there more than once, the last."""
    return dict(trailer_lines(message))


def trailer_lines(message: str) -> list[tuple[str, str]]:
    """All trailers of a message's last paragraph in order; a line that starts with a space goes on with the one
    before."""
    found: list[tuple[str, str]] = []
    paragraph = message.rstrip().rsplit("\n\n", 1)[-1]
    for line in paragraph.split("\n"):
        match = _TRAILER.match(line)
        if match:
            found.append((match.group(1), match.group(2)))
        elif line.startswith(" ") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{_read_value(line[1:])}")
    return found


def _write_value(line: str) -> str:
    """A line of a value as it is written: git reads no trailer at all of a message in which a blank line stands within
    one, so `.` stands for it, and lines of dots alone are one dot longer."""
    if not line.strip(" \t\v\f"):
        return "."
    return line if line.strip(".") else f"{line}."


def _read_value(line: str) -> str:
    return line[:-1] if line and not line.strip(".") else line


def message_of(title: str, facts: Mapping[str, str] | Iterable[tuple[str, str]], paragraphs: Sequence[str] = ()) -> str:
    """A message of a title, paragraphs and trailers; `trailers_of` reads the facts back as they went in."""
    pairs = facts.items() if isinstance(facts, Mapping) else facts
    lines = []
    for key, value in pairs:
        first, *rest = value.replace("\0", "").strip().replace("\r", "").split("\n")
        lines += [f"{key}: {first}", *(f" {_write_value(line)}" for line in rest)]
    blocks = [" ".join(title.split()), *paragraphs, "\n".join(lines)]
    return "\n\n".join(block for block in blocks if block) + "\n"
