"""What people said of a hotfix, as its logbook holds it: answers of the form, events and boxes. The last word counts,
and what was struck out does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_hotfix.model import boxes, events, form
from git_hotfix.model.frozen import frozen
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import Oid
from git_hotfix.model.times import seconds_of, utc_time

EVENT, AT, BOX, STATE, TEXT, FIELD, VALUE, TREE = "Event", "At", "Box", "State", "Text", "Field", "Value", "Tree"
"""The trailers of these entries."""
PULL_REQUEST = "Pull-Request"
"""The trailer of an entry of any kind that says where the hotfix's pull request into production is."""


@frozen
class StatedEvent:
    """An event with its time (seconds since the epoch), a word on it, and the entry that says so."""

    id: str
    at: int
    text: str
    entry: Entry


@frozen
class StatedBox:
    """A box that somebody ticked, opened again or called not applicable; `tree` is the code it was said of, if any."""

    id: str
    state: boxes.State
    text: str
    tree: Oid | None
    entry: Entry


@frozen
class Answer:
    """An answer of the form, as it was given; an empty value takes an earlier one back."""

    field: str
    value: str
    entry: Entry


@frozen
class Statements:
    """All that people said, by id: the last word on each. `unknown` are entries of a newer or another schema: they are
    named and never dropped."""

    events: Mapping[str, StatedEvent]
    boxes: Mapping[str, StatedBox]
    answers: Mapping[str, Answer]
    unknown: tuple[Entry, ...] = ()

    def value(self, field: str) -> str:
        """The answer to `field`, empty where nobody gave one."""
        answer = self.answers.get(field)
        return answer.value if answer else ""

    def items(self, field: str) -> tuple[str, ...]:
        """The items of a list: one a line, without bullets and blank lines."""
        lines = (line.strip().removeprefix("- ").strip() for line in self.value(field).splitlines())
        return tuple(line for line in lines if line)

    def at(self, event: str) -> int | None:
        """When `event` was, in seconds since the epoch; None where nobody stated it."""
        stated = self.events.get(event)
        return stated.at if stated else None


def read_statements(book: Logbook) -> Statements:
    """What people said since the last start. A start entry's `--detected` is the event `detected` until somebody states
    another time."""
    found = Statements({}, {}, {})
    stated, ticked, answered, unknown = dict(found.events), dict(found.boxes), dict(found.answers), list[Entry]()
    if book.start and (detected := seconds_of(book.start.facts.get("Detected"))) is not None:
        stated["detected"] = StatedEvent("detected", detected, "", book.start)
    for entry in book.standing:
        facts = entry.facts
        if entry.kind == "event" and facts.get(EVENT) in events.BY_ID:
            at = seconds_of(facts.get(AT))
            stated[facts[EVENT]] = StatedEvent(
                facts[EVENT], entry.when if at is None else at, facts.get(TEXT, ""), entry
            )
        elif entry.kind == "box" and BOX in facts and facts.get(STATE) in ("open", "done", "na"):
            tree = Oid(facts[TREE]) if TREE in facts else None
            state: boxes.State = facts[STATE]  # type: ignore[assignment]
            ticked[facts[BOX]] = StatedBox(facts[BOX], state, facts.get(TEXT, ""), tree, entry)
        elif entry.kind == "answer" and FIELD in facts:
            answered[facts[FIELD]] = Answer(facts[FIELD], facts.get(VALUE, ""), entry)
        elif entry.stated:
            unknown.append(entry)
    unknown += [answer.entry for answer in answered.values() if answer.field not in form.BY_ID]
    return Statements(stated, ticked, {id: answer for id, answer in answered.items() if answer.value}, tuple(unknown))


def event_entry(id: str, at: int, text: str, who: str, now: int) -> Entry:
    """The entry that states when an event was (`at`, in seconds since the epoch)."""
    facts = {EVENT: id, AT: utc_time(at), **({TEXT: text} if text else {})}
    return Entry("event", f"{id}: {events.BY_ID[id].text}", facts, who, now)


def box_entry(id: str, state: boxes.State, text: str, tree: Oid | None, who: str, now: int) -> Entry:
    """The entry that ticks a box, opens it again or calls it not applicable; `tree` for a box about code."""
    facts = {BOX: id, STATE: state, **({TEXT: text} if text else {}), **({TREE: tree} if tree else {})}
    words = {"done": "done", "open": "open again", "na": "not applicable"}
    return Entry("box", f"{id}: {words[state]}", facts, who, now)


def answer_entries(values: Mapping[str, str], who: str, now: int) -> Sequence[Entry]:
    """An entry for each answer, so that each can be struck out alone; an empty value takes the answer back."""
    return [
        Entry("answer", f"{id} is {'answered' if value else 'taken back'}", {FIELD: id, VALUE: value}, who, now)
        for id, value in values.items()
    ]
