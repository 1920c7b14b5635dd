"""Which types and functions a source file defines."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from git_hotfix.symbols.languages import Language, language_by_script, language_of
from git_hotfix.symbols.model import FileSymbols, TooCostly

if TYPE_CHECKING:
    from git_hotfix.symbols.tree import Allowance

SIZE = 1_000_000  # bytes; of 100,000 source files that people wrote a handful is larger, and those are generated


def symbols_of(path: str, content: bytes, allowance: Allowance | None = None) -> FileSymbols | None:
    """What the file at `path` defines; None when no language here reads it. Raises nothing: whatever could not be read
    is said in the result. `allowance` is what is left for files that are read together."""
    language = language_of(path) or language_by_script(path, content)
    if language is None:
        return None
    if len(content) > SIZE:
        return FileSymbols(language.id, unread=f"it is larger than {SIZE // 10**6} MB, its definitions were not read")
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return FileSymbols(language.id, unread="it holds NUL bytes, its definitions were not read")
    if language.id == "python":
        from git_hotfix.symbols.python import definitions

        return definitions.symbols(language, decode(content), allowance)
    if not language.package:
        return _scan(language, decode(content))
    from git_hotfix.symbols import by_grammar

    return by_grammar.symbols(language, decode(content).encode("utf-8", "surrogateescape"), allowance)


def _scan(language: Language, text: str) -> FileSymbols:
    reader = importlib.import_module(f"git_hotfix.symbols.scanning.{language.id}")
    try:
        return FileSymbols(language.id, reader.definitions(text))
    except (TooCostly, RecursionError, MemoryError):
        return FileSymbols(language.id, unread="it is too tangled, its definitions were not read")


def decode(content: bytes) -> str:
    """`content` as text: UTF-8, or what a byte order mark says; other bytes become surrogate escapes, CRLF one LF."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return content[2:].decode(encoding, "replace").replace("\r\n", "\n")
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape").replace("\r\n", "\n")
