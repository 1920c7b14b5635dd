"""YAML of unknown origin: built from events, so that nothing is constructed and every name has its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from git_hotfix.dependencies.registry import Unreadable

SIZE = 5_000_000  # bytes; pnpm's lock files of large monorepos reach 3 MB
SLOW_SIZE = 300_000  # bytes, for the parser in Python, which takes 10 s for 1 MB
DEPTH = 100  # containers in one another
NODES = 500_000  # as many take 2 s; 3 MB of a lock file have 200,000
ALIASES = 1_000
ALIASED = 100_000  # nodes that all aliases stand for together; ten aliases of ten, nine times over, are 10⁹
_CORE = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq"))
# Line ends for YAML 1.1 (libyaml and its port to Go, SnakeYAML, YamlDotNet), letters for 1.2 (js-yaml, Dart): a comment
# that ends for one of them goes on for the other.
_BREAKS = tuple(each.encode() for each in "\x85\u2028\u2029")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})


class Text(str):
    """A scalar as it is written (`1.10` stays `1.10`, `yes` stays `yes`) and the 1-based `line` where it stands."""

    line: int = 0


def line_of(value: object) -> int:
    """The 1-based line of a scalar that `load` gave; 0 of anything else."""
    return value.line if isinstance(value, Text) else 0


def load(content: bytes, *, last: bool = False) -> dict[str, Any]:
    """The one mapping of a document: its keys and scalars are `Text`, an empty or null value is None.

    Raises `Unreadable`: for a document that is not a mapping or not the only one, for keys that stand twice or are no
    scalars, for tags other than those of the core schema, for aliases that stand for too much, and for what does not
    parse. With `last`, of a key that stands twice the last value counts, as some tools have it.
    """
    documents = load_all(content, last=last)
    if len(documents) != 1:
        raise Unreadable(f"it has {len(documents)} YAML documents instead of one")
    if not isinstance(documents[0], dict):
        raise Unreadable("it is not YAML mapping")
    return documents[0]


def find_duplicates(content: bytes) -> list[tuple[str, str]]:
    """The keys that stand twice in one mapping, each with the value that is lost to whoever takes the last, as text.
    Raises what `load` raises."""
    return _build(content, last=True).duplicates


def load_all(content: bytes, *, last: bool = False) -> list[Any]:
    """Every document of a stream, of whatever type; else as `load`."""
    return _build(content, last=last).documents


def _build(content: bytes, *, last: bool) -> _Builder:
    import yaml

    fast = getattr(yaml, "CSafeLoader", None)
    if len(content) > (SIZE if fast else SLOW_SIZE):
        raise Unreadable(f"it is larger than {(SIZE if fast else SLOW_SIZE) / 1_000_000} MB")
    for mark in _BREAKS:
        if mark in content:
            line = content.count(b"\n", 0, content.index(mark)) + 1
            raise Unreadable(f"it has an end of a line that only some tools take for one (line {line})")
    builder = _Builder(last=last)
    try:
        # Bytes, not text: the parser knows byte order marks.
        for event in yaml.parse(content, Loader=fast or yaml.SafeLoader):
            builder.take(type(event).__name__, event)
    except yaml.YAMLError as error:
        raise Unreadable(_reason(error)) from error
    return builder


def _reason(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = " ".join(str(getattr(error, "problem", None) or "it is not YAML").split())[:150]
    if "nesting depth" in problem:  # newer parsers have a bound of their own, and read ahead of the events
        return "it is nested too deeply"
    return f"{problem} (line {mark.line + 1})" if mark else problem


class _OpenNode:
    """A mapping or a list that is being read."""

    def __init__(self, value: dict[str, Any] | list[Any], anchor: str | None) -> None:
        self.value = value
        self.anchor = anchor
        self.key: Text | None = None
        self.merged: list[Any] = []
        self.nodes = 1


class _Builder:
    """Builds documents without recursion: the depth of the input is not that of the interpreter's stack."""

    def __init__(self, *, last: bool) -> None:
        self.last = last
        self.duplicates: list[tuple[str, str]] = []
        self.documents: list[Any] = []
        self.open: list[_OpenNode] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = 0
        self.aliases = 0
        self.aliased = 0

    def take(self, kind: str, event: Any) -> None:
        if kind == "ScalarEvent":
            self._check_tag(event)
            value = Text(event.value)
            value.line = event.start_mark.line + 1
            null = event.tag is None and event.style in (None, "") and event.value in _NULL
            self._close(None if null else value, 1, event.anchor, key=value)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._check_tag(event)
            if len(self.open) >= DEPTH:
                raise Unreadable("it is nested too deeply")
            if self.open and isinstance(self.open[-1].value, dict) and self.open[-1].key is None:
                raise Unreadable(f"a key is not a scalar (line {event.start_mark.line + 1})")
            self.open.append(_OpenNode({} if kind == "MappingStartEvent" else [], event.anchor))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            done = self.open.pop()
            if isinstance(done.value, dict):
                for key, value in _merge_pairs(done.merged):
                    done.value.setdefault(key, value)
            self._close(done.value, done.nodes, done.anchor)
        elif kind == "AliasEvent":
            self._alias(event)
        elif kind == "DocumentStartEvent":
            self.anchors = {}

    def _alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:  # unknown, or of a container that is still open
            raise Unreadable(f"an alias stands for nothing (line {event.start_mark.line + 1})")
        value, nodes = self.anchors[event.anchor]
        self.aliases += 1
        self.aliased += nodes
        if self.aliases > ALIASES or self.aliased > ALIASED:
            raise Unreadable("its aliases stand for too much")
        self._close(value, nodes, None, key=value if isinstance(value, Text) else None)

    def _close(self, value: Any, nodes: int, anchor: str | None, *, key: Text | None = None) -> None:
        """Put a finished value where it belongs; `key` is what it is as a key, None when it cannot be one."""
        self.nodes += 1
        if self.nodes > NODES:
            raise Unreadable(f"it has more than {NODES} values")
        if anchor is not None:
            self.anchors[anchor] = (value, nodes)
        if not self.open:
            self.documents.append(value)
            return
        parent = self.open[-1]
        parent.nodes += nodes
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.key is None:
            if key is None:
                raise Unreadable("a key is not a scalar")
            if key in parent.value and self.last:
                self.duplicates.append((str(key), repr(parent.value[key])))
            elif key in parent.value:
                raise Unreadable(f"the key {key} stands twice in one mapping (line {key.line})")
            parent.key = key
        else:
            if parent.key == "<<":
                parent.merged.append(value)
            else:
                parent.value[parent.key] = value
            parent.key = None

    def _check_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag not in _CORE and event.tag != "!":
            raise Unreadable(f"it has a tag of its own (line {event.start_mark.line + 1})")


def _merge_pairs(values: list[Any]) -> Iterator[tuple[str, Any]]:
    """What `<<` brings: the entries of a mapping, or of a list of mappings of which the first wins."""
    for value in values:
        for table in value if isinstance(value, list) else [value]:
            if not isinstance(table, dict):
                raise Unreadable("what << merges is not a mapping")
            yield from table.items()
