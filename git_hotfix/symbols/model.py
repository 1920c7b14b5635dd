"""What was read of one source file."""

from __future__ import annotations

from typing import Literal

from git_hotfix.model.frozen import frozen

Kind = Literal["type", "function"]


@frozen
class Definition:
    """One type (class, interface, struct, enum, trait, …) or function (method, constructor, …): its name with the types
    and functions that it stands in (`Outer.method`), and the 1-based line of its name."""

    kind: Kind
    name: str
    line: int


@frozen
class FileSymbols:
    """The definitions of one file in their order.

    `note` says in words what was read with less than full care, `unread` why nothing was read, and `hint` what to do
    about that; `broken` is the 1-based line of the first thing that does not parse (0: everything does).
    """

    language: str
    definitions: tuple[Definition, ...] = ()
    note: str = ""
    unread: str = ""
    hint: str = ""
    broken: int = 0


class TooCostly(Exception):
    """To read on would cost more than the length of a text can explain."""
