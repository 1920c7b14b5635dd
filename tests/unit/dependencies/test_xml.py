"""XML of unknown origin: what is read, and what is refused."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.registry import Manifest, Reader, Unreadable, read
from git_hotfix.dependencies.syntax.xml_file import DEPTH, ELEMENTS, Element, load

BILLION_LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY lol "lol">
 <!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
 <!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;">
 <!ENTITY lol9 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">
]>
<project>&lol9;</project>
"""
PARSER = ": line 1, column"  # in whatever words of the parser's version


def shown(element: Element) -> object:
    return element.name, element.attributes, element.text, element.line, [shown(each) for each in element.children]


def as_reader(content: bytes) -> Manifest:
    return read(Reader("xml", bool, lambda _, found: Manifest(own=frozenset({load(found).name}))), "x.xml", content)


def test_elements_have_their_line_and_no_namespace() -> None:
    text = '<!-- c -->\n<a xmlns="u" xmlns:p="v"\n  x="1" p:x="2"> t\n <p:b/><![CDATA[&]]>\n</a>'
    assert shown(load(text.encode())) == ("a", {"x": "1"}, "t\n &", 2, [("b", {}, "", 4, [])])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_encodings_and_line_ends(encoding: str, ending: str) -> None:
    content = ending.join(["<a>", "<b>é</b>", "</a>"]).encode(encoding)
    assert shown(load(content)) == ("a", {}, "", 1, [("b", {}, "é", 2, [])])


def test_an_encoding_that_the_declaration_names() -> None:
    assert load(b'<?xml version="1.0" encoding="windows-1252"?><a>\xe9</a>').text == "\u00e9"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BILLION_LAUGHS, "it has a DTD"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "it has a DTD"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "it has a DTD"),
        (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://x.invalid/y">%x;]><a/>', "it has a DTD"),
        (b"<a>&x;</a>", PARSER),
        (b"", PARSER),
        (b"\x00", PARSER),
        (b"<a>\x00</a>", PARSER),
        (b"<a>\xe9</a>", PARSER),
        (b"<a/><b/>", PARSER),
        (b"<a", PARSER),
        (b'<a x="1" x="2"/>', PARSER),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "unknown encoding: nonsense"),
        (b"<a>" * (DEPTH + 1), "it is nested too deeply"),
        (b"<a>" * 1_000_000, "it is nested too deeply"),
        (b"<a>" + b"<b/>" * ELEMENTS + b"</a>", f"it has more than {ELEMENTS} elements"),
        (b" " * 5_000_001, "it is larger than 5 MB"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_unreadable(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        as_reader(content)
    assert reason in error.value.reason


def test_a_depth_that_is_just_allowed() -> None:
    assert as_reader(b"<a>" * DEPTH + b"</a>" * DEPTH) == Manifest(own=frozenset({"a"}))
