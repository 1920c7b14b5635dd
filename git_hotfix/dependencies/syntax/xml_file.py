"""XML of unknown origin: elements without namespaces, each with its line; a DTD that declares anything is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from git_hotfix.dependencies.registry import Unreadable

DEPTH = 100  # elements in one another; Maven and MSBuild files that people write reach 15
ELEMENTS = 100_000  # as many take half a second; a bill of materials of 5,000 artifacts has 25,000


# `<!DOCTYPE project>` declares nothing, and Maven, MSBuild and NuGet read on; only comments may stand before it.
_BARE_DOCTYPE = rb"\A((?:\xef\xbb\xbf)?\s*(?:<\?[^?]*\?>\s*)?(?:<!--(?:[^-]|-(?!-))*-->\s*)*)(<!DOCTYPE\s+[\w.:-]+\s*>)"


class Element:
    """One element: its name without a namespace, its attributes that have none, the text that stands directly in it
    (stripped), its children in their order, and the 1-based line of its start tag."""

    __slots__ = ("attributes", "children", "line", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""
        self.line = line

    def all(self, *names: str) -> Iterator[Element]:
        """The children of these names; without names, all children."""
        return (child for child in self.children if not names or child.name in names)

    def child(self, name: str) -> Element | None:
        """The first child of this name."""
        return next(self.all(name), None)

    def at(self, *path: str) -> Iterator[Element]:
        """The elements that a path of names leads to, from this one on: `at("build", "plugins", "plugin")`."""
        found = [self]
        for name in path:
            found = [child for element in found for child in element.all(name)]
        return iter(found)

    def value(self, name: str) -> str:
        """The text of the first child of this name; "" where there is none."""
        found = self.child(name)
        return found.text if found else ""


def load(content: bytes) -> Element:
    """The root element. Raises `Unreadable`, ValueError or SyntaxError (their messages name line and column)."""
    from defusedxml.common import DTDForbidden
    from defusedxml.ElementTree import DefusedXMLParser

    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    builder.position = parser.parser
    try:
        parser.feed(re.sub(_BARE_DOCTYPE, _blank, content, count=1))
        parser.close()
    except DTDForbidden:
        raise Unreadable("it has a DTD") from None
    except LookupError as error:  # an encoding that nobody knows
        raise Unreadable(" ".join(str(error).split())[:200]) from error
    return builder.roots[0]


def _blank(match: re.Match[bytes]) -> bytes:
    """As many lines and nothing in them."""
    return match[1] + b"\n" * match[2].count(b"\n")


class _Builder:
    """Builds the tree without recursion, as the parser reports it."""

    def __init__(self) -> None:
        self.roots: list[Element] = []
        self.position: Any = None  # the parser, which knows the line
        self.open: list[tuple[Element, list[str]]] = []
        self.count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > ELEMENTS:
            raise Unreadable(f"it has more than {ELEMENTS} elements")
        if len(self.open) >= DEPTH:
            raise Unreadable("it is nested too deeply")
        bare = {name: value for name, value in attributes.items() if "}" not in name}
        element = Element(tag.rpartition("}")[2], bare, self.position.CurrentLineNumber)
        (self.open[-1][0].children if self.open else self.roots).append(element)
        self.open.append((element, []))

    def data(self, text: str) -> None:
        self.open[-1][1].append(text)

    def end(self, tag: str) -> None:
        element, texts = self.open.pop()
        element.text = "".join(texts).strip()

    def close(self) -> Element:
        return self.roots[0]
