"""What is odd about a manifest that its tool reads: a note where it was so, a finding where the fix brings it."""

from __future__ import annotations

import pytest
from gate_facts import between, waived

from git_hotfix.gates import judge
from git_hotfix.model.verdict import GateResult

TWICE = b'{"version": "1", "scripts": {"a": "b"}, "dependencies": {"x": "1"}, "scripts": {"c": "d"}}\n'
CMAKE = b"project(a)\nif (NOT\xc2\xa0X MATCHES a)\nendif ()\nfind_package(Boost 1.70)\n"


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
