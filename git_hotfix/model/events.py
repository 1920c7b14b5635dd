"""The events of an incident that people state: `git hotfix mark NAME`. One namespace with the boxes."""

from __future__ import annotations

from git_hotfix.model.frozen import frozen


@frozen
class Event:
    """One event: its name and what it says."""

    id: str
    text: str


EVENTS: tuple[Event, ...] = (
    Event("impact-started", "the first people were affected"),
    Event("detected", "somebody or an alarm noticed"),
    Event("acknowledged", "somebody took it on"),
    Event("investigating", "somebody began to look for the cause"),
    Event("root-cause", "the cause was known"),
    Event("mitigated", "people were no longer affected"),
    Event("staging", "the fix ran on staging"),
    Event("deployed", "the fix ran in production"),
    Event("verified", "somebody saw in production that the fault is gone"),
    Event("resolved", "the incident was over"),
)
"""In the order in which they usually happen; another order is named and never refused. `deployed` is stated only where
no passed `run deploy` says it. `approved` and `released` are facts of the record, and nobody states them."""

BY_ID = {event.id: event for event in EVENTS}
FACTS = ("started", "fixed", "tested", "approved", "released", "delivered", "done")
"""Moments that the record knows by itself: no event and no box has such a name."""
