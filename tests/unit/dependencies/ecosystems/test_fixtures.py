"""Manifests and what is read from them: whole results. `tests/manifest_fixtures.py` says how a case is added."""

from __future__ import annotations

from pathlib import Path

import pytest
from manifest_fixtures import TOP, cases, expected_of, files_of, main, name_of, reader_for, results_of, text_of

from git_hotfix.dependencies.registry import lock_reader_of, reader_of

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_what_is_read(case: Path) -> None:
    assert results_of(case) == expected_of(case)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_every_fixture_is_a_file_of_its_ecosystem_and_says_something(case: Path) -> None:
    """By the table of all readers, and with everything in the folder read."""
    files = files_of(case)
    assert [
        each.path for each in files if reader_for(case) not in (reader_of(each.path), lock_reader_of(each.path))
    ] == []
    assert {each.file for each in files} | {case / "expected.json"} == {
        each for each in case.rglob("*") if each.is_file()
    }
    expected = expected_of(case)
    assert expected and all(expected.values())
    assert (case / "expected.json").read_text(encoding="ascii") == text_of(case, expected)


@pytest.mark.parametrize("ecosystem", sorted({reader_for(case).ecosystem for case in CASES}))
def test_every_ecosystem_has_fixtures_that_are_read_and_that_are_refused(ecosystem: str) -> None:
    kinds = {
        key
        for case in CASES
        if name_of(case).startswith(f"{ecosystem}/")
        for result in expected_of(case).values()
        for key in (result if isinstance(result, dict) else ())
    }
    assert "names" in kinds
    assert "refused" in kinds


def test_no_fixture_stands_outside_of_a_case() -> None:
    folders = set(CASES)
    assert [file for file in TOP.rglob("*.fixture") if folders.isdisjoint(file.parents)] == []


def test_nothing_is_written_where_nobody_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    assert main([]) == 1
    assert capsys.readouterr().err.startswith("Nothing was written:")
