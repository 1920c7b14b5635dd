"""Documents of a hotfix in JSON: where each stands, what of it is filled from what, and what is still a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from git_hotfix.model import form
from git_hotfix.report.streams import Streams

ANSWERED_BY = {"pull-request": "link-pr", "release-link": "link-release", "incident-link": "link-incident"}
"""Facts that a person may answer where nobody sees them, by the fields that do."""


def document_object(
    kind: str,
    template: str,
    *,
    path: str | None = None,
    url: str | None = None,
    ref: str | None = None,
    changed: bool = False,
    fields: Sequence[Mapping[str, Any]] = (),
    kept: Sequence[str] = (),
    dropped: Sequence[str] = (),
) -> dict[str, Any]:
    """One document: `kept` are lines that people own, `dropped` the ids of facts whose lines people deleted."""
    return {
        "kind": kind,
        "path": path,
        "url": url,
        "ref": ref,
        "changed": changed,
        "template": template,
        "fields": [dict(field) for field in fields],
        "kept": list(kept),
        "dropped_facts": list(dropped),
    }


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
