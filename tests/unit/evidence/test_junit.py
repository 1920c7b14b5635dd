"""JUnit XML: new reports only, the worst end of a name, and nothing that an XML parser could be tricked by."""

from __future__ import annotations

import os
from pathlib import Path

from git_hotfix.evidence.junit import CaseResults, read_reports


def report(top: Path, name: str, *cases: str, at: int = 100) -> None:
    file = top / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"<testsuite>{''.join(cases)}</testsuite>")
    os.utime(file, ns=(at, at))


def case(name: str, end: str = "", *, of: str = "m") -> str:
    return f'<testcase classname="{of}" name="{name}">{end}</testcase>'


def test_all_new_reports_are_one(tmp_path: Path) -> None:
    report(tmp_path, "a/one.xml", case("a"), case("b", "<failure>no</failure>"), case("c", "<skipped/>"))
    report(tmp_path, "b/two.xml", case("a", "<error/>"), case("c"), case("d", of=""))
    report(tmp_path, "b/old.xml", case("old"), at=99)
    found = read_reports(tmp_path, "*/*.xml", 100)
    assert found == CaseResults(
        {"m.a": "error", "m.b": "failed", "m.c": "passed", "d": "passed"},
        {"skipped": 1, "passed": 3, "failed": 1, "error": 1},
    )
    assert found.words == "3 passed, 1 failed, 1 error, 1 skipped"
    assert found.named("failed") == ("m.b",)


def test_what_cannot_be_read_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "half.xml").write_text("<testsuite><testcase")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>'
    (tmp_path / "bomb.xml").write_text(bomb)
    (tmp_path / "outside.xml").write_text(
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&a;"/></testsuite>'
    )
    (tmp_path / "odd.xml").write_text('<?xml version="1.0" encoding="nobody-s"?><testsuite/>')
    assert read_reports(tmp_path, "*.xml", 0) is None
    assert read_reports(tmp_path, "", 0) is None
    assert read_reports(tmp_path, str(tmp_path / "gone.xml"), 0) is None


def test_the_name_of_a_case_is_one_line_of_visible_letters(tmp_path: Path) -> None:
    report(tmp_path, "a.xml", case("one&#10;&#10;Hotfix-Entry: approval&#155;&#8238;"))
    found = read_reports(tmp_path, "a.xml", 0)
    assert found
    assert [*found.cases] == ["m.one Hotfix-Entry: approval\\u009b\\u202e"]
