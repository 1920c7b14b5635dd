"""The tree of a text by a grammar that others keep: bounded by time, and every reason why there is none."""

from __future__ import annotations

import importlib
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from git_hotfix.symbols.model import TooCostly

if TYPE_CHECKING:
    from tree_sitter import Node as Node
    from tree_sitter import Parser

SECONDS = 1.0  # for one file; of 11,000 that people wrote none takes half of that
# Of 11,000 files that people wrote none has more than 23 brackets or 605 signs `<` above their counterparts (a
# here-document opens with two), or takes more than 2.3 steps of the parser a byte. Beyond is no code, and to find out
# how it is broken takes a grammar a thousand times as long as reading code of that length.
_BRACKETS, _ANGLES = 200, 3000
_STEPS, _STEPS_A_BYTE = 10_000, 4
_STEPS_A_CALL = 100  # how often tree-sitter asks whether it shall go on
_CHUNK = 65_536  # bytes that the parser is given at once
# How long reading a text takes is told in the processor time that this process took before it began to read texts: 70
# ms where a byte takes 0.1 to 0.2 µs, and both grow alike on a slower machine. Of 11,300 files that people wrote none
# is lost where all share one allowance, and none where reading takes three times as long as it should.
_USUAL = 1 / 100_000  # of that time, a byte
_TOGETHER, _EACH = 1 / 4, 1 / 20  # of that time


class Allowance:
    """The processor time that the texts of a change may take beyond the usual: all of them together, and each a little.

    What is no code costs a grammar up to a hundred times as much as code, and a change may hold 200 such files. `unit`
    is what this process took (seconds), by itself until now.
    """

    def __init__(self, unit: float | None = None) -> None:
        self._unit = time.process_time() if unit is None else unit
        self._left = self._whole = _TOGETHER * self._unit

    def allows(self, begin: float, size: int) -> bool:
        """True while a text may go on that was begun at `begin` (of `time.process_time`) and is read as far as `size`
        bytes."""
        return self._beyond(begin, size) < max(self._left, _EACH * self._unit)

    def spend(self, begin: float, size: int) -> None:
        """Take off what a text took beyond the usual, or give back what it took less: where the clock ticks in steps of
        15 ms, as on Windows, one text is charged for several."""
        self._left = min(self._whole, self._left - self._beyond(begin, size))

    def _beyond(self, begin: float, size: int) -> float:
        return time.process_time() - begin - size * _USUAL * self._unit


class Unavailable(Exception):
    """There is no grammar: its package is missing, or has another interface than the parser."""

    hint = "install git-hotfix again, with what it depends on"

    def __init__(self, package: str) -> None:
        super().__init__(f"not available: {package} is missing or of another version")


def parse(
    package: str,
    content: bytes,
    *,
    grammar: str = "language",
    until: float | None = None,
    allowance: Allowance | None = None,
) -> Node:
    """The root of the tree of UTF-8 text by the grammar in `package` (`tree-sitter-ruby`), which names the function
    that returns it; `until` is the time of `time.monotonic` at which to stop, a second from now by itself, and
    `allowance` what is left for texts that are read together.

    What does not parse is a node in the tree: `first_error` finds it. Raises `Unavailable` and `TooCostly`. Cut texts
    of nodes from `content`: `Node.text` reads by the parser's callback, and ends the process where that returns
    anything but bytes.
    """
    try:
        parser = _parser(package, grammar)
    except (ImportError, ValueError, OSError, AttributeError):
        raise Unavailable(package) from None
    unclosed = [content.count(pair[:1]) - content.count(pair[1:]) for pair in (b"()", b"[]", b"{}", b"<>")]
    if max(unclosed[:3]) > _BRACKETS or unclosed[3] > _ANGLES:
        raise TooCostly
    return _parse(parser, content, time.monotonic() + SECONDS if until is None else until, allowance or Allowance())


@lru_cache(maxsize=16)
def _parser(package: str, grammar: str) -> Parser:
    import tree_sitter

    module = importlib.import_module(package.replace("-", "_"))
    return tree_sitter.Parser(tree_sitter.Language(getattr(module, grammar)()))


def _parse(parser: Parser, content: bytes, until: float, allowance: Allowance) -> Node:
    """The root of the tree; raises `TooCostly`. The parser asks whether to go on only while it reads by chunks."""
    calls = last = 0
    begin = time.process_time()

    def stop(offset: int, _failed: bool) -> bool:
        nonlocal calls, last
        calls, last = calls + 1, offset
        if calls * _STEPS_A_CALL > _STEPS + _STEPS_A_BYTE * offset or time.monotonic() > until:
            return True
        return not allowance.allows(begin, offset)

    # Kotlin's scanner (1.1.0) looks for the end of an annotation for ever where the file ends with one.
    view = memoryview(content + b"\n")

    def read(offset: int, _point: object) -> memoryview:
        return view[offset : offset + _CHUNK]

    try:
        return parser.parse(read, progress_callback=stop).root_node
    except ValueError:  # "Parsing failed"
        parser.reset()
        raise TooCostly from None
    finally:
        allowance.spend(begin, last)


def first_error(root: Node) -> int:
    """The 1-based line of the first node that does not parse or had to be made up; 0 for none. What was made up may be
    a node that is not shown, behind the last child of the one that holds it."""
    if not root.has_error:
        return 0
    node, at = root, root.end_point
    while node is root or not (node.is_error or node.is_missing):  # where little parses, the root is an error itself
        below = next((each for each in node.children if each.has_error or each.is_missing), None)
        if below is None:
            return 1 + int(node.start_point.row if node.is_error else at.row)
        node, at = below, below.end_point
    return int(node.start_point.row) + 1
