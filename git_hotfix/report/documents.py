"""What is still a gap in a document of a hotfix, and the command that fills it."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.model import form
from git_hotfix.report.streams import Streams

ANSWERED_BY = {"pull-request": "link-pr", "release-link": "link-release", "incident-link": "link-incident"}
"""Facts that a person may answer where nobody sees them, by the fields that do."""


def say_gaps(streams: Streams, gaps: Sequence[str], again: str) -> None:
    """Say which values of a document nobody gave: those that an answer fills with the command (`again`) for it, and
    those that only the hotfix itself shows."""
    answers = [field for id in gaps if (field := ANSWERED_BY.get(id, id)) in form.BY_ID]
    facts = [id for id in gaps if ANSWERED_BY.get(id, id) not in form.BY_ID]
    if answers:
        streams.say(f"not answered yet: {', '.join(answers)}")
        streams.say(f"  → {again}")
    if facts:
        streams.say(f"not known yet: {', '.join(facts)}")
