"""`check --format … --output …`: one verdict for every reader, and a file that is whole or not there."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from pathlib import Path

import defusedxml.ElementTree as ElementTree
import pytest
from building import Project
from sandbox import Answer, Repo

from git_hotfix.report import formats

NAMES = formats.names()
WILD = [
    b"new\nline.py", b"::add-mask::x.py", b"##[add-mask]x.py", b"esc\x1b[31m.py", b"\xff\xfe.py",
    "bidi\u202e.py".encode(), b"a,b:c%.py", b" lead.py", b'"quoted".py', b"&<]]>.py", "日本語.py".encode(),
]  # fmt: skip


@pytest.fixture
def refused(fixed: Project) -> Repo:
    """A hotfix that brings a new module and changes too much."""
    fixed.clone.commit("4711: more", {"helper.py": "x = 1\n" * 300})
    return fixed.clone


def parsed(name: str, text: str) -> object:
    """What a program reads; text and annotations are lines."""
    if name == "junit":
        return ElementTree.fromstring(text)
    if name in ("json", "sarif", "gitlab"):
        return json.loads(text)
    lines = text.splitlines()
    assert name != "github" or all(line.startswith(("::", "git hotfix: ")) for line in lines)
    return lines


@pytest.mark.parametrize("name", NAMES)
def test_the_exit_code_is_the_same_and_stdout_is_the_format_alone(refused: Repo, name: str) -> None:
    answer = refused.hotfix("check", "--format", name)
    assert (answer.code, answer.err) == (1, "")
    assert parsed(name, answer.out)
    refused.git("reset", "-q", "--hard", "HEAD~1")
    answer = refused.hotfix("check", "--format", name)
    assert (answer.code, answer.err) == (0, "")
    assert parsed(name, answer.out) is not None


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_file_beside_the_text(refused: Repo, tmp_path: Path, name: str) -> None:
    """The file holds what stdout would have got; stdout gets the text; nothing else is written."""
    place = tmp_path / "reports"
    place.mkdir()
    (place / "out").write_text("an old one")
    before = refused.everything()
    answer = refused.hotfix("check", "--format", name, "--output", str(place / "out"))
    assert refused.everything() == before
    assert (answer.code, answer.err) == (1, "")
    assert answer.out == refused.hotfix("check").out
    assert (place / "out").read_text("utf-8") == refused.hotfix("check", "--format", name).out
    assert [file.name for file in place.iterdir()] == ["out"]


def test_the_name_is_meant_from_where_one_stands_and_gets_the_usual_mode(refused: Repo) -> None:
    folder = refused.path / "deep" / "down"
    folder.mkdir(parents=True)
    there = Repo(folder, refused.dates, refused.environment)
    assert there.hotfix("check", "--format=json", "--output=out.json").code == 1
    (folder / "mode").touch()
    assert (folder / "out.json").stat().st_mode == (folder / "mode").stat().st_mode


def test_a_link_is_replaced_and_not_followed(refused: Repo, tmp_path: Path) -> None:
    """A branch that brings a link of the name that CI writes to does not choose another file to be written."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    link = refused.path / "out.json"
    link.symlink_to(victim)
    assert refused.hotfix("check", "--format", "json", "--output", "out.json").code == 1
    assert (victim.read_text(), link.is_symlink()) == ("mine", False)
    assert json.loads(link.read_text())["verdict"] == "fail"


def wrong(repo: Repo, name: str, *, code: int) -> Answer:
    before = repo.everything()
    answer = repo.hotfix("check", "--format", "json", "--output", name)
    assert answer.code == code
    assert repo.everything() == before
    return answer


def test_a_name_that_can_be_no_file(refused: Repo, tmp_path: Path) -> None:
    """Wrong usage: said before anything is judged, and nothing on stdout."""
    refused.git("branch", "-q", "--move", "hotfix/4711", "elsewhere")  # judging would fail with another word
    (refused.path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, word in (
        ("missing/out.json", "'missing' is not a directory"),
        ("app.py/out.json", "'app.py' is not a directory"),
        ("folder", "'folder' is a directory"),
        ("", "names no file"),
        ("/dev/null", "is not a regular file"),
        (str(tmp_path / "pipe"), "is not a regular file"),
    ):
        answer = wrong(refused, name, code=2)
        assert answer.out == ""
        assert word in answer.err.splitlines()[0]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a folder that not even root can write to")
def test_a_file_that_cannot_be_written(refused: Repo) -> None:
    """The environment failed; whoever waits hears the verdict all the same."""
    answer = wrong(refused, "/proc/out.json", code=3)
    assert answer.out == refused.hotfix("check").out
    assert answer.err.startswith("git hotfix: '/proc/out.json' cannot be written: ")


def test_a_failure_leaves_the_file_alone_and_no_json_on_stdout(refused: Repo, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("an old one")
    for words in (["--output", str(out)], [f"--output={out}"]):
        answer = refused.hotfix("check", "--range", "nothing..HEAD", "--format", "json", *words)
        assert (answer.code, answer.out, out.read_text()) == (2, "", "an old one")
    assert refused.hotfix("check", "--range", "nothing..HEAD", "--format", "json").json["error"]


@pytest.mark.slow
def test_a_waived_gate_gives_its_reason_everywhere(refused: Repo) -> None:
    assert refused.hotfix("waive", "new-module", "max-lines", "--reason", "one generated table").code == 0
    for name in NAMES:
        answer = refused.hotfix("check", "--format", name)
        assert answer.code == 0, name
        if name != "json":
            assert "one generated table (4711-W1, Ada)" in answer.out, name
    results = json.loads(refused.hotfix("check", "--format", "sarif").out)["runs"][0]["results"]
    assert {each["ruleId"] for each in results if each["suppressions"]} == {"new-module", "max-lines"}


@pytest.mark.slow
def test_wild_names_of_files(fixed: Project) -> None:
    """No name of a file commands a terminal, a log or a runner; in each format every file is told of."""
    clone = fixed.clone
    for name in WILD:
        (Path(os.fsdecode(os.fsencode(clone.path) + b"/" + name))).write_text("x = 1\n")
    clone.commit("4711: wild files")
    for name in NAMES:
        answer = clone.hotfix("check", "--only", "new-module", "--format", name, *(["-v"] if name == "text" else []))
        assert (answer.code, answer.err) == (1, "")
        assert parsed(name, answer.out)
        assert not [c for c in answer.out if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs")], name
        if name != "github":
            assert not [line for line in answer.out.splitlines() if line.lstrip().startswith("::")], name
            # JUnit names the first one in an attribute, too; SARIF's rule has the words in its summary.
            assert answer.out.count("new source file") == len(WILD) + (name in ("junit", "sarif")), name
    annotations = clone.hotfix("check", "--only", "new-module", "--format", "github").out.splitlines()
    assert len([line for line in annotations if line.startswith("::error ")]) == 10
    assert not [line for line in annotations if "add-mask::x" in line.partition("::")[2].partition("::")[0]]


def test_a_push_hears_what_check_says(refused: Repo) -> None:
    """The same blocks, on stderr, without the table."""
    line = f"refs/heads/hotfix/4711 {refused.tip('HEAD')} refs/heads/hotfix/4711 {'0' * 40}\n"
    said = refused.hotfix("verify-push", "origin", "url", stdin=line)
    head, _, *blocks, _ = refused.hotfix("check").out.split("\n\n")
    assert (said.code, said.out) == (1, "")
    wanted = "\n".join([head, *blocks, "git hotfix: this push is refused; nothing was pushed"])
    assert said.err == wanted + "\n"
