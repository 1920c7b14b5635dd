"""What a language is, how the languages are found, and what a source file of one defines."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["type", "function"]


@dataclass(frozen=True)
class Definition:
    """One type (class, interface, struct, enum, trait, …) or function (method, constructor, …): its name with the types
    that it stands in (`Outer.method`), the 1-based line of its name, and its last line (0 where that is not known)."""

    kind: Kind
    name: str
    line: int
    end: int = 0


@dataclass(frozen=True)
class Outline:
    """The definitions of one file in their order; `note` says in words what was read with less than full care."""

    language: str
    definitions: tuple[Definition, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Language:
    """One language: the endings of its files (with the dot, in lower case), and what a text of it defines."""

    id: str
    suffixes: tuple[str, ...]
    outline: Callable[[str], Outline]


@lru_cache(maxsize=1)
def all_languages() -> tuple[Language, ...]:
    """Every language, found by its file being in this package and declaring `LANGUAGE`."""
    import git_hotfix.languages as package

    modules = (
        importlib.import_module(f"{package.__name__}.{info.name}")
        for info in pkgutil.iter_modules(package.__path__)
        if not info.ispkg
    )
    found: list[Language] = [module.LANGUAGE for module in modules if hasattr(module, "LANGUAGE")]
    return tuple(sorted(found, key=lambda language: language.id))


def language_of(path: str) -> Language | None:
    """The language of the file at `path`, or None when no language here reads it."""
    name = path.rpartition("/")[2].lower()
    return next((language for language in all_languages() if name.endswith(language.suffixes)), None)
