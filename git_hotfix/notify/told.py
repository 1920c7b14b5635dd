"""What the logbook knows of who was told what: an entry `sending` before, one that says how it ended after. A run that
was killed between leaves `unknown`, and only `git hotfix notify --replay` sends again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from git_hotfix.model.frozen import frozen
from git_hotfix.model.logbook import Entry, Logbook

CHANNEL, OCCASION, STATE, TEXT = "Channel", "Occasion", "State", "Text"
"""The trailers of a notification."""
State = Literal["sent", "failed", "unknown"]


@frozen
class Told:
    """How telling one channel of one occasion stands: `tries` counts how often it was tried."""

    channel: str
    occasion: str
    state: State
    tries: int
    text: str


def read_told(book: Logbook) -> tuple[Told, ...]:
    """Each channel and occasion since the last start, in the order of the first try."""
    found: dict[tuple[str, str], Told] = {}
    for entry in book.of_kind("notification"):
        channel, occasion = entry.facts.get(CHANNEL, ""), entry.facts.get(OCCASION, "")
        before = found.get((channel, occasion))
        tries = before.tries if before else 0
        text = entry.facts.get(TEXT, before.text if before else "")
        state = entry.facts.get(STATE)
        if state == "sending":
            found[channel, occasion] = Told(channel, occasion, "unknown", tries + 1, text)
        elif state in ("sent", "failed"):
            found[channel, occasion] = Told(channel, occasion, state, max(tries, 1), text)  # type: ignore[arg-type]
    return tuple(found.values())


def sending(channel: str, occasion: str, text: str, who: str, now: int) -> Entry:
    """The entry before a message goes out."""
    facts: Mapping[str, str] = {CHANNEL: channel, OCCASION: occasion, STATE: "sending", TEXT: text}
    return Entry("notification", f"tell {channel} of {occasion}", facts, who, now)


def ended(channel: str, occasion: str, state: State, who: str, now: int) -> Entry:
    """The entry after it."""
    words = {"sent": "was told of", "failed": "could not be told of", "unknown": "may have been told of"}
    facts = {CHANNEL: channel, OCCASION: occasion, STATE: state}
    return Entry("notification", f"{channel} {words[state]} {occasion}", facts, who, now)
