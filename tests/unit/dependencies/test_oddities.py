"""What a tool accepts is read as the tool reads it; what is odd about it is said, and for old oddities as a note."""

from __future__ import annotations

import pytest
from gate_facts import between, waived

from git_hotfix.dependencies.oddities import find_oddities
from git_hotfix.dependencies.registry import read, reader_of
from git_hotfix.gates import judge
from git_hotfix.model.verdict import GateResult

TWICE = b'{"version": "1", "scripts": {"a": "b"}, "dependencies": {"x": "1"}, "scripts": {"c": "d"}}\n'
CHART = b"name: a\nversion: 1\nname: b\ndependencies:\n- {name: x, version: 1, repository: 'https://r'}\n"
CMAKE = b"project(a)\nif (NOT\xc2\xa0X MATCHES a)\nendif ()\nfind_package(Boost 1.70)\n"
GRADLE = b"// caf\xe9\ndependencies { implementation 'a:b:1' }\n"
POM = (
    b"<!DOCTYPE project>\n<project><developers><developer><name>M&uuml;ller &amp; S.</name></developer></developers>"
    b"<dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId></dependency></dependencies></project>\n"
)


@pytest.mark.parametrize(
    ("path", "content", "names", "odd"),
    [
        ("package.json", TWICE, ["x"], ["fail 0 the key 'scripts' stands twice in one object: the last one counts"]),
        ("Chart.yaml", CHART, ["x"], ["fail 0 the key 'name' stands twice in one mapping: the last one counts"]),
        (
            "CMakeLists.txt", CMAKE, ["boost"],
            ["warn 2 U+00A0 looks like a space and is none: it is part of a word"],
        ),
        ("CMakeLists.txt", b"project(a) # \xc2\xa0\n", [], []),
        ("CMakeLists.txt", b"find_package(A\xc2\xa0B)\n", ["a\xa0b"],
         ["warn 1 U+00A0 looks like a space and is none: it is part of a word"]),
        (
            "build.gradle", GRADLE, ["a:b"],
            ["warn 1 it has bytes that are not UTF-8: what they mean is up to whoever reads it"],
        ),
        ("pom.xml", POM, ["a:b"], ["warn 0 it has a DOCTYPE, which is passed over"]),
        ("pom.xml", b"<?xml version='1.0' encoding='latin-1'?><project><name>\xe9</name></project>", [], []),
        ("package.json", b"{", None, []),  # what cannot be read at all is said elsewhere
    ],
)  # fmt: skip
def test_read_as_the_tool_does(path: str, content: bytes, names: list[str] | None, odd: list[str]) -> None:
    reader = reader_of(path)
    assert reader
    if names is not None:
        assert sorted(read(reader, path, content).names) == names
    assert [f"{each.level} {each.line} {each.message}" for each in find_oddities(reader, content)] == odd


def analysis(base: dict[str, bytes], tip: dict[str, bytes], *, waive: bool = False) -> tuple[str, str, list[str]]:
    given = between(base, tip)
    verdict = judge(waived(given, "analysis") if waive else given, only=["new-dependency", "analysis"])
    first, found = verdict.gates
    return first.status, found.status, [each.level for each in found.findings]


@pytest.mark.parametrize(
    ("base", "tip", "result"),
    [
        # odd ever since: a note, and the other gates judge
        (TWICE, TWICE.replace(b'"1", "s', b'"2", "s'), ("pass", "pass", ["note"])),
        (TWICE, TWICE.replace(b'"x": "1"', b'"y": "1"'), ("fail", "pass", ["note"])),
        # odd by the fix, or in another way than before
        (TWICE.replace(b'"c": "d"', b'"a": "b"'), TWICE, ("pass", "fail", ["fail"])),
        (TWICE, TWICE.replace(b'"a": "b"', b'"a": "evil"'), ("pass", "fail", ["fail"])),
        # unreadable as it was, and changed by the fix
        (b"{", b"{{", ("unknown", "fail", ["fail"])),
    ],
)
def test_what_was_odd_at_the_base_is_a_note(base: bytes, tip: bytes, result: tuple[str, str, list[str]]) -> None:
    assert analysis({"package.json": base}, {"package.json": tip}) == result
    if "fail" in result[2]:
        assert analysis({"package.json": base}, {"package.json": tip}, waive=True)[1] == "waived"


def test_a_blank_that_is_none_warns_when_the_fix_brings_it() -> None:
    clean = CMAKE.replace(b"\xc2\xa0", b" ")
    assert analysis({"CMakeLists.txt": clean}, {"CMakeLists.txt": CMAKE}) == ("pass", "warn", ["warn"])
    moved = b"# first\n" + CMAKE
    assert analysis({"CMakeLists.txt": CMAKE}, {"CMakeLists.txt": moved}) == ("pass", "pass", ["note"])


def test_the_hint_goes_with_how_grave_it_is() -> None:
    def hints(base: bytes, tip: bytes) -> list[str]:
        found: GateResult = judge(between({"package.json": base}, {"package.json": tip}), only=["analysis"]).gates[0]
        return [each.hint for each in found.findings]

    assert hints(TWICE, TWICE + b"\n") == [""]
    assert hints(b"{}", TWICE) == [
        "write it so that nobody reads it otherwise, or record why: git hotfix waive analysis --reason …"
    ]
