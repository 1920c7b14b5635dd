"""What nobody should type or write ends in a clear word, and never in a traceback."""

from __future__ import annotations

import json

import pytest
from building import APP, Project


def test_a_time_that_no_clock_shows_is_refused_before_anything_is_made(project: Project) -> None:
    clone = project.clone
    before = clone.everything()
    for text in ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-13-01", "99999999999999999999d ago"):
        answer = clone.hotfix("start", "1", "--detected", text)
        assert (answer.code, answer.out, clone.everything()) == (2, "", before), text
        assert f"--detected {text!r} is not a time" in answer.err


def test_a_reason_of_two_paragraphs_is_read_by_git(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("waive", "max-files", "--reason", "three copies\n\nseen by Bob").code == 0
    read = clone.git("log", "-1", "--format=%(trailers:key=Reason,valueonly,unfold)", "refs/hotfix/log/4711")
    assert read.strip() == "three copies . seen by Bob"
    [waiver] = clone.hotfix("check", "--format", "json").json["waivers"]
    assert waiver["reason"] == "three copies\n\nseen by Bob"


@pytest.mark.slow
@pytest.mark.parametrize("note", ["", "{}", "[]", '{"issue": "4711"}', "later"])
def test_a_note_of_an_open_conflict_that_is_odd_or_of_a_later_version(fixed: Project, note: str) -> None:
    clone = fixed.clone
    clone.branch("feature/clash", "develop", "clash", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    assert clone.hotfix("finish").code == 4
    clone.hotfix("backport", "4711", "--resolve", "feature/clash")
    [file] = clone.path.glob(".git/worktrees/*/hotfix-resolve")
    file.write_text(note if note != "later" else json.dumps({**json.loads(file.read_text()), "more": [1]}))
    assert clone.hotfix("backport", "4711").code == 4
    assert clone.hotfix("finish", "4711").code in (0, 4)
    assert "resolve-feature-clash" in clone.hotfix("doctor").out
    closed = clone.hotfix("backport", "--abort")
    assert (closed.code, closed.out) == (0, "closed 1 open conflict; every branch is as it was\n")
    assert not (fixed.root / "clone-resolve-feature-clash").exists()


def test_a_path_that_git_cannot_tell_in_a_line_is_refused(project: Project) -> None:
    place = project.root / "two\nlines"
    place.mkdir()
    project.clone.run("git", "init", "-q", str(place))
    answer = project.at("two\nlines").hotfix("status")
    assert (answer.code, answer.out) == (3, "")
    assert answer.err.startswith("git hotfix: the path of this repository has a line break in it\n")
