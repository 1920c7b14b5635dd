"""The paper of a hotfix that is made of hostile texts, through every door: no control character reaches a terminal, no
Markdown is smuggled into a document, and nothing ends in a traceback."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import Project
from hostile_texts import HOSTILE
from sandbox import Answer, Repo
from test_logbook import NOBODY, entry, recorded

sys.path.append(str(Path(__file__).parents[1] / "unit" / "documents"))
from test_markdown import PARSER, asks_for_nothing

from git_hotfix.model.form import FIELDS

TAG = "v1.4.3|<b>@ada`x`#1&!2;$(x)'\""
FILE = "a|b`c`\x1b[31m\u202e#1 @ada.py"
COMMANDS = (
    ("status",), ("log",), ("list",), ("mark",), ("mark", "-v"), ("edit",), ("edit", "-v"), ("close",), ("notify",),
    ("pr",), ("pr", "--template", "extended"), ("postmortem", "--print"), ("report",),
)  # fmt: skip
DOCUMENTS = ("pr", "postmortem", "report")


def texts() -> list[str]:
    """Those that an argument can hold."""
    return [text for text in HOSTILE if "\0" not in text and "\ud800" not in text]


def seen(repo: Repo, issue: str) -> Iterator[tuple[tuple[str, ...], Answer, bool]]:
    for words in COMMANDS:
        place = () if words[0] == "list" else ("--issue", issue) if words[0] in ("mark", "edit") else (issue,)
        for more in ((), ("--format", "json")):
            yield words, repo.hotfix(*words, *place, *more), bool(more)


def complaints(repo: Repo, issue: str) -> list[str]:
    found = []
    for words, answer, in_json in seen(repo, issue):
        name = " ".join(words) + (" json" if in_json else "")
        if answer.code not in (0, 1, 4) or "Traceback" in answer.err:
            found.append(f"{name}: exit {answer.code}: {answer.err[-1500:]}")
        for text in (answer.out, answer.err):
            odd = {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
            if odd:
                line = next(line for line in text.split("\n") if odd & set(line))
                found.append(f"{name}: {sorted(map(ascii, odd))} in {ascii(line)[:300]}")
        if in_json:
            answer.json  # noqa: B018
        elif words[0] in DOCUMENTS:
            try:
                asks_for_nothing(answer.out, PARSER.parse(answer.out))
            except AssertionError as error:
                found.append(f"{name}: {ascii(str(error))[:400]}")
            inside = {e.type for t in PARSER.parse(answer.out) for e in t.children or []} & {"html_inline", "image"}
            if inside:
                found.append(f"{name}: {inside}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("turn", (0, 90))
def test_no_text_does_anything_but_stand_there(project: Project, turn: int) -> None:
    clone, given = project.clone, texts()
    given = given[turn:] + given[:turn]
    said = [text for text in given if text.strip()]
    started = clone.hotfix("start", "4712", "-m", said[0])
    assert started.code == 0, started.err
    (clone.path / FILE).write_text("x = 1\n")
    clone.git("add", "-A")
    for subject in said[1:4]:
        clone.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", subject)
    free = [field.id for field in FIELDS if field.shape not in ("choice", "duration")]
    for id, text in zip(free, given, strict=False):
        answer = clone.hotfix("edit", "--set", f"{id}={text}")
        assert answer.code in (0, 2), answer.err
    marks = (
        "detected",
        "acknowledged",
        "investigating",
        "root-cause",
        "mitigated",
        "manual",
        "told-business",
        "standby",
    )
    for name, text in zip(marks, said[5:], strict=False):
        answer = clone.hotfix("mark", name, "-m", text)
        assert answer.code in (0, 2), answer.err
    for box, text in zip(("told-support", "told-users"), said[20:], strict=False):
        answer = clone.hotfix("mark", box, "--na", "-m", text)
        assert answer.code in (0, 2), answer.err
    waived = clone.hotfix(
        "waive", "tests", "new-module", "--reason", next(t for t in said if any(c.isalnum() for c in t))
    )
    assert waived.code == 0, waived.err
    clone.git("push", "-q", "origin", "hotfix/4712")
    bob = project.another_clone("bob")
    bob.git("config", "user.name", "B\tob `x` <b> #1 @ada \x1b[1m")
    bob.git("config", "user.email", "bob@example.org")
    bob.hotfix("status", "4712", "--fetch")
    approved = bob.hotfix(
        "approve", "4712", "--yes", "--role", said[30] if any(c.isalnum() for c in said[30]) else "@all #1"
    )
    assert approved.code == 0, approved.err
    assert complaints(clone, "4712") == []
    finished = clone.hotfix("finish", "--yes", "--tag", TAG)
    assert finished.code in (0, 4), finished.err
    assert complaints(clone, "4712") == []


FUTURE = (
    entry("future-kind", Schema="9", Odd="\x1b[31m"), entry("answer", Field="no-such-field", Value="x", Schema="9"),
    entry("event", Mark="no-such-event", At="garbage"), entry("event", Mark="resolved", At="99999999-01-01"),
    entry("box", Box="no-such-box", State="half"), entry("box", Box="smoke", State="half"),
    entry("strike", Entry="zzz"), entry("document", Document="pr", Place="\u202e"), entry("\x1b[31mkind"),
    entry("notification", Channel="\x1b]0;x\x07", Occasion="\u202e", State="sent", Comment="../../7"),
    entry("notification", Channel="\x1b]0;x\x07", Occasion="finish", State="sent", Comment="../../7"),
    entry("evidence", Run="smoke", State="half", Tree="zz"), entry("done"), entry("finish", Tag="\x1b[2J"),
)  # fmt: skip


@pytest.mark.slow
def test_entries_of_another_version_are_named_and_do_nothing(fixed: Project) -> None:
    clone = fixed.clone
    recorded(fixed, [(NOBODY, f"\n{message}") for message in FUTURE[:-2]])
    assert complaints(clone, "4711") == []
    rows = clone.hotfix("log", "4711", "--format", "json").json["entries"]
    assert len(rows) == len(FUTURE) - 2 + 1
    assert clone.hotfix("finish", "--yes").code == 0
    recorded(fixed, [(NOBODY, f"\n{message}") for message in FUTURE[-2:]])
    assert complaints(clone, "4711") == []
