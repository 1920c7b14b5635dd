"""What a file says of the project's own version, and how the places of it are taken out of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from git_hotfix.model.frozen import frozen

Place = tuple[str, ...]


@frozen
class OwnVersions:
    """The project's own version wherever a file states it, by place and as written, and everything else (`rest`) in a
    form by which two readings of the file can be compared."""

    versions: Mapping[Place, str]
    rest: object


Read = Callable[[bytes], OwnVersions | None]
"""Reads one file; None, or any exception, for one of which nothing can be said."""


def take_out(document: Any, places: Sequence[Place]) -> OwnVersions:
    """A document of mappings with the texts at `places` taken out; `*` in a place is any key."""
    found = {place: at for pattern in places for place, at in _texts(document, pattern, ())}
    rest = document
    for place in found:
        rest = _remove_place(rest, place)
    return OwnVersions(found, rest)


def _texts(document: Any, pattern: Place, place: Place) -> Iterator[tuple[Place, str]]:
    if not pattern:
        if isinstance(document, str):
            yield place, document
    elif isinstance(document, Mapping):
        for key in [*document] if pattern[0] == "*" else [pattern[0]]:
            if key in document:
                yield from _texts(document[key], pattern[1:], (*place, key))


def _remove_place(document: Any, place: Place) -> Any:
    return {**document, place[0]: _remove_place(document[place[0]], place[1:])} if place else None
