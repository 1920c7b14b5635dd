"""Manifests and what is read from them: whole results. `tests/manifest_fixtures.py` says how a case is added."""

from __future__ import annotations

from pathlib import Path

import pytest
from manifest_fixtures import TOP, cases, expected_of, files_of, main, name_of, reader_for, results_of, text_of

from git_hotfix.dependencies.registry import all_readers, lock_reader_of, reader_of

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


@pytest.mark.parametrize("ecosystem", [reader.ecosystem for reader in all_readers()])
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


def test_no_file_stands_outside_of_a_case() -> None:
    assert [file for file in (*TOP.glob("*"), *TOP.glob("*/*")) if file.is_file()] == []


def test_a_new_case_is_written_and_shown_and_keeps_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("manifest_fixtures.TOP", tmp_path)
    monkeypatch.delenv("CI", raising=False)
    case = tmp_path / "go" / "one-module"
    case.mkdir(parents=True)
    (case / "go.mod").write_text("require x.org/a v1.0.0\n")
    (case / "go.sum@of-nothing.fixture").write_text("")
    assert main([]) == 0
    text = """\
{
  "go.mod": {"names": {"x.org/a": {"version": "v1.0.0", "line": 1}}},
  "go.sum@of-nothing": "nothing is declared"
}
"""
    assert (case / "expected.json").read_text() == text
    assert capsys.readouterr().out.splitlines()[3:] == [f"+{line}" for line in text.splitlines()]
    assert sorted(file.name for file in case.iterdir()) == [
        "expected.json", "go.mod.fixture", "go.sum@of-nothing.fixture",
    ]  # fmt: skip
    (case / "expected.json").write_text(text.replace("{\n", '{\n  "why": "the shortest",\n', 1).replace("v1", "v2"))
    assert main([str(case)]) == 0
    assert "the shortest" in (case / "expected.json").read_text()
    assert [line for line in capsys.readouterr().out.splitlines() if line[:1] in "+-"][2:] == [
        '-  "go.mod": {"names": {"x.org/a": {"version": "v2.0.0", "line": 1}}},',
        '+  "go.mod": {"names": {"x.org/a": {"version": "v1.0.0", "line": 1}}},',
    ]
    assert (main([]), capsys.readouterr().out) == (0, "")


def test_what_is_no_case_is_named_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("manifest_fixtures.TOP", tmp_path)
    monkeypatch.delenv("CI", raising=False)
    for name in ("go/one/go.mod", "go/two/go.rum", "cobol/three/go.mod"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("module x.org/a\n")
    assert main([]) == main([str(tmp_path / "go" / "two"), str(tmp_path / "go")]) == 1
    assert list(tmp_path.rglob("expected.json")) == []
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("Nothing was written:")
    assert [line.partition(":")[0] for line in said[1:3]] == [
        "cobol is no ecosystem", "go reads no file that is called go.rum",
    ]  # fmt: skip
    assert said[5].endswith(f"/go is no folder of a case: {tmp_path}/<ecosystem>/<case>")


def test_nothing_is_written_where_nobody_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    assert main([]) == 1
    assert capsys.readouterr().err.startswith("Nothing was written:")
