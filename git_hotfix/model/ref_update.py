"""A write of one reference, as a value: what every transaction and push is made of."""

from __future__ import annotations

from dataclasses import dataclass

from git_hotfix.model.names import Oid, RefName


@dataclass(frozen=True)
class RefUpdate:
    """One reference from `old` (None: must not exist) to `new` (None: delete)."""

    ref: RefName
    old: Oid | None
    new: Oid | None
