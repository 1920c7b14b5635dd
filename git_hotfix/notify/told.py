"""What the logbook knows of who was told what: an entry `sending` before, one that says how it ended after. A run that
was killed between leaves `unknown`, and only `git hotfix notify --replay` sends again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.notify.channels import OCCASIONS

CHANNEL, OCCASION, STATE, TEXT, COMMENT_ID = "Channel", "Occasion", "State", "Text", "Comment"
"""The trailers of a notification."""
State = Literal["sent", "failed", "unknown"]


_STATES: Mapping[str, State] = {"sent": "sent", "failed": "failed"}


@frozen
class Told:
    """How telling one channel of one occasion stands: `tries` counts how often it was tried, `at` is when that was
    first (seconds since the epoch), `comment` the forge's id of the comment that tells it."""

    channel: str
    occasion: str
    state: State
    tries: int
    text: str
    at: int = 0
    comment: str = ""


def read_told(book: Logbook) -> tuple[Told, ...]:
    """Each channel and occasion since the last start, in the order of the first try."""
    found: dict[tuple[str, str], Told] = {}
    for entry in book.of_kind("notification"):
        channel, occasion = entry.facts.get(CHANNEL, ""), entry.facts.get(OCCASION, "")
        if occasion not in OCCASIONS:
            continue  # of another version: `git hotfix log` shows it
        before = found.get((channel, occasion)) or Told(channel, occasion, "unknown", 0, "", entry.when)
        state = entry.facts.get(STATE, "")
        if state == "sending":
            text = entry.facts.get(TEXT, before.text)
            found[channel, occasion] = replace(before, state="unknown", tries=before.tries + 1, text=text)
        elif state in _STATES:
            comment = entry.facts.get(COMMENT_ID, before.comment)
            found[channel, occasion] = replace(
                before, state=_STATES[state], tries=max(before.tries, 1), comment=comment
            )
    return tuple(found.values())


def sending(channel: str, occasion: str, text: str, who: str, now: int) -> Entry:
    """The entry before a message goes out."""
    facts: Mapping[str, str] = {CHANNEL: channel, OCCASION: occasion, STATE: "sending", TEXT: text}
    return Entry("notification", f"tell {channel} of {occasion}", facts, who, now)


def ended(channel: str, occasion: str, state: State, who: str, now: int, *, comment: str = "") -> Entry:
    """The entry after it."""
    words = {"sent": "was told of", "failed": "could not be told of", "unknown": "may have been told of"}
    facts = {CHANNEL: channel, OCCASION: occasion, STATE: state, **({COMMENT_ID: comment} if comment else {})}
    return Entry("notification", f"{channel} {words[state]} {occasion}", facts, who, now)
