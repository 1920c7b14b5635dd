"""A write of one reference, as a value: what every transaction and push is made of."""

from __future__ import annotations

from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid, RefName


@frozen
class RefUpdate:
    """One reference from `old` (None: must not exist) to `new` (None: delete)."""

    ref: RefName
    old: Oid | None
    new: Oid | None
