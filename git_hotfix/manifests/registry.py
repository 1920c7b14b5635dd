"""What a manifest reader is, how the readers are found, and how they are kept from crashing or hanging."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

Scope = Literal["runtime", "optional", "build", "development"]
Source = Literal["registry", "url"]
_STRENGTH: tuple[Scope, ...] = ("runtime", "optional", "build", "development")
SIZE = 5_000_000  # bytes; the largest manifest that a package index or a package manager takes is far below


class Unreadable(Exception):
    """A manifest that cannot be parsed; `reason` is one line for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Declared:
    """One dependency as a manifest declares it: its normalised name, the version as written ("" for any), where it
    comes from, what it is needed for, and the 1-based line where the name stands (0 unknown)."""

    name: str
    version: str = ""
    source: Source = "registry"
    scope: Scope = "runtime"
    line: int = 0

    @property
    def development(self) -> bool:
        """True when production runs without it."""
        return self.scope in ("build", "development")


@dataclass(frozen=True)
class Manifest:
    """What one manifest says: its dependencies by normalised name, the normalised names of the packages that it
    describes itself, and the source texts of what is only known by running it."""

    names: Mapping[str, Declared] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    dynamic: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reader:
    """One ecosystem. `reads` tells its manifests by path; `read` takes path and content and raises `Unreadable`."""

    ecosystem: str
    reads: Callable[[str], bool]
    read: Callable[[str, bytes], Manifest]


@lru_cache(maxsize=1)
def all_readers() -> tuple[Reader, ...]:
    """Every reader, found by its file being in this package and declaring `READER`."""
    import git_hotfix.manifests as package

    modules = (
        importlib.import_module(f"{package.__name__}.{info.name}") for info in pkgutil.iter_modules(package.__path__)
    )
    found: list[Reader] = [module.READER for module in modules if hasattr(module, "READER")]
    return tuple(sorted(found, key=lambda reader: reader.ecosystem))


def reader_of(path: str) -> Reader | None:
    """The reader of the manifest at `path`, or None when no ecosystem reads such a file."""
    return next((reader for reader in all_readers() if reader.reads(path)), None)


def read(reader: Reader, path: str, content: bytes) -> Manifest:
    """Read one manifest. Raises `Unreadable`, and nothing else, for whatever cannot be parsed."""
    if len(content) > SIZE:
        raise Unreadable(f"it is larger than {SIZE // 1_000_000} MB")
    try:
        return reader.read(path, content)
    except (ValueError, SyntaxError) as error:
        raise Unreadable(" ".join(str(error).split())[:200]) from error
    except (RecursionError, MemoryError) as error:
        raise Unreadable("it is nested too deeply") from error


def strongest(declared: Iterable[Declared]) -> dict[str, Declared]:
    """By name; a name that is declared twice counts in the scope that is nearest to production."""
    names: dict[str, Declared] = {}
    for each in declared:
        known = names.get(each.name)
        if known is None or _STRENGTH.index(each.scope) < _STRENGTH.index(known.scope):
            names[each.name] = each
    return names


def decode(content: bytes) -> str:
    """`content` as text: UTF-8, or what a byte order mark says; other bytes become surrogate escapes, CRLF one LF."""
    for mark, encoding in (
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding).replace("\r\n", "\n")
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape").replace("\r\n", "\n")
