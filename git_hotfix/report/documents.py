"""Documents of a hotfix in JSON: where each stands, what of it is filled from what, and what is still a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


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
