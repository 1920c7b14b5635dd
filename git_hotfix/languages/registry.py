"""Which languages are read, by which endings, and what a source file of one defines."""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Literal

from git_hotfix.model.frozen import frozen

Kind = Literal["type", "function"]
SIZE = 1_000_000  # bytes; of 100,000 source files that people wrote a handful is larger, and those are generated
# A script without an ending says in its first line what runs it.
_INTERPRETERS = {
    "sh": ".sh", "bash": ".sh", "dash": ".sh", "ksh": ".sh", "zsh": ".sh", "python": ".py", "ruby": ".rb",
    "node": ".js", "php": ".php",
}  # fmt: skip


@frozen
class Definition:
    """One type (class, interface, struct, enum, trait, …) or function (method, constructor, …): its name with the types
    and functions that it stands in (`Outer.method`), the 1-based line of its name, and its last line (0 where that is
    not known)."""

    kind: Kind
    name: str
    line: int
    end: int = 0


@frozen
class Outline:
    """The definitions of one file in their order; `note` says in words what was read with less than full care."""

    language: str
    definitions: tuple[Definition, ...] = ()
    note: str = ""


@frozen
class Language:
    """One language, read by the file of its id in this package: the endings of its files (with the dot, in lower
    case)."""

    id: str
    suffixes: tuple[str, ...]

    def outline(self, text: str) -> Outline:
        """What a text of the language defines."""
        found: Outline = importlib.import_module(f"git_hotfix.languages.{self.id}").outline(text)
        return found


# A table and no search among the files: importing fifteen readers, to find which one reads a path, costs every check of
# a source file 5 ms.
_ENDINGS = {
    "c_cpp": ".c .h .cc .cpp .cxx .c++ .hh .hpp .hxx .h++ .inl .ipp .tpp",
    "csharp": ".cs",
    "go": ".go",
    "java": ".java",
    "javascript": ".js .mjs .cjs .jsx",
    "kotlin": ".kt .kts",
    "php": ".php .phtml .inc",
    "python": ".py .pyi .pyw",
    "ruby": ".rb .rake .gemspec .ru",
    "rust": ".rs",
    "scala": ".scala .sc",
    "shell": ".sh .bash .zsh .ksh",
    "swift": ".swift",
    "typescript": ".ts .mts .cts .tsx",
}


@lru_cache(maxsize=1)
def all_languages() -> tuple[Language, ...]:
    """Every language, by id."""
    return tuple(Language(name, tuple(endings.split())) for name, endings in _ENDINGS.items())


def language_of(path: str) -> Language | None:
    """The language of the file at `path`, or None when no language here reads it."""
    name = path.rpartition("/")[2].lower()
    return next((language for language in all_languages() if name.endswith(language.suffixes)), None)


def language_by_script(path: str, content: bytes) -> Language | None:
    """The language of a script whose path has no ending, by its first line; None for anything else."""
    if "." in path.rpartition("/")[2] or not content.startswith(b"#!"):
        return None
    words = content[2:200].partition(b"\n")[0].decode("latin-1").replace("/", " ").split()
    words = [word.rstrip("0123456789.") for word in words]
    return next((language_of(f"x{_INTERPRETERS[word]}") for word in words if word in _INTERPRETERS), None)


# Several gates ask for the same two sides of the same files.
@lru_cache(maxsize=1024)
def outline_of(path: str, content: bytes) -> Outline | None:
    """What the file at `path` defines; None when no language here reads it. Raises nothing: whatever could not be read
    is in the outline's `note`."""
    language = language_of(path) or language_by_script(path, content)
    if language is None:
        return None
    if len(content) > SIZE:
        return Outline(language.id, note=f"it is larger than {SIZE // 1_000_000} MB, its definitions were not read")
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Outline(language.id, note="it holds NUL bytes, its definitions were not read")
    from git_hotfix.languages.scanning.code import Tangled

    try:
        return language.outline(decode(content))
    except (Tangled, RecursionError, MemoryError):
        return Outline(language.id, note="it is too tangled, its definitions were not read")


def decode(content: bytes) -> str:
    """`content` as text: UTF-8, or what a byte order mark says; other bytes become surrogate escapes, CRLF one LF."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return content[2:].decode(encoding, "replace").replace("\r\n", "\n")
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape").replace("\r\n", "\n")
