"""Five documents of our users' say what a hotfix leaves behind. docs/documents.md says of each of their 268 rows where
it comes from; here that page is held against the documents, the form, the boxes, the templates and the commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from git_hotfix import gates
from git_hotfix.commands import COMMANDS
from git_hotfix.documents.facts import FACTS, LISTS
from git_hotfix.documents.filled import CHOICES
from git_hotfix.model import boxes, form
from git_hotfix.model.frozen import frozen

TOP = Path(__file__).parents[3]
SEEDS = TOP / "tests" / "seeds"
TEMPLATES = TOP / "git_hotfix" / "documents" / "templates"
TEMPLATE_OF = {
    "pr-template-standard.md": "pr-standard.md.j2",
    "pr-template-extended.md": "pr-extended.md.j2",
    "post-mortem-template.md": "postmortem.md.j2",
}
ROWS_OF = {
    "pr-template-standard.md": 60,
    "pr-template-extended.md": 86,
    "post-mortem-template.md": 37,
    "hotfix-playbook.md": 67,
    "emergency-hotfix-scenario.md": 18,
}
COMING = {"run", "monitor", "mark", "edit", "pr", "postmortem", "report", "close"}
"""Commands that a row names and that are not built yet."""


@frozen
class Line:
    """A row of the page: the part of the seed, the field, and what it is filled from (`answer:summary`, …)."""

    part: str
    field: str
    sources: tuple[str, ...]


def page() -> dict[str, list[Line]]:
    """The rows by seed."""
    found: dict[str, list[Line]] = {}
    for section in (TOP / "docs" / "documents.md").read_text("utf-8").split("\n## ")[1:]:
        named = re.search(r"`tests/seeds/([a-z-]+\.md)`", section)
        assert named
        rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
                for line in section.splitlines() if line.startswith("| ")]  # fmt: skip
        found[named[1]] = [Line(row[0], row[1], tuple(re.findall(r"`([^`]+)`", row[2]))) for row in rows[1:]]
    return found


def headings(seed: str) -> list[str]:
    """The headings of a seed; a `#` within its code blocks is a comment that says what a step is, and counts."""
    text = (SEEDS / seed).read_text("utf-8")
    return [re.sub(r"<!--.*?-->", "", line.lstrip("#")).strip() for line in text.splitlines() if line.startswith("#")]


PAGE = page()


def test_the_page_has_every_row() -> None:
    assert {seed: len(rows) for seed, rows in PAGE.items()} == ROWS_OF
    assert sum(ROWS_OF.values()) == 268


@pytest.mark.parametrize("seed", ROWS_OF)
def test_every_row_belongs_to_a_part_of_its_document(seed: str) -> None:
    known = headings(seed)
    assert [row for row in PAGE[seed] if row.part not in known] == []


@pytest.mark.parametrize("seed", TEMPLATE_OF)
def test_every_part_with_something_to_fill_in_has_a_row(seed: str) -> None:
    part, waiting = "", set()
    for line in (SEEDS / seed).read_text("utf-8").splitlines():
        if line.startswith("#"):
            part = re.sub(r"<!--.*?-->", "", line.lstrip("#")).strip()
        elif re.match(r"- \[[ x]\]|\*\*[^*]+:\*\*|- \*\*|- [A-Z][^:]*:|\{|\| \{", line):
            waiting.add(part)
    covered = {row.part for row in PAGE[seed]}
    # Three lists are rows of the section that holds them.
    covered |= {"Immediate Actions (This Sprint)", "Medium-Term Improvements (This Quarter)",
                "Long-Term Systemic Changes", "What Went Well", "What Could Be Improved"}  # fmt: skip
    assert waiting - covered == set()


def test_every_source_is_there() -> None:
    known = {
        "answer": set(form.BY_ID),
        "choice": set(CHOICES),
        "box": set(boxes.BY_ID),
        "boxes": {"team"},
        "fact": {*FACTS, *LISTS},
        "gate": {gate.id for gate in gates.all_gates()},
        "command": {command.name for command in COMMANDS if command.group} | COMING,
    }
    for seed, rows in PAGE.items():
        for row in rows:
            assert row.sources, (seed, row)
            for source in row.sources:
                kind, _, name = source.partition(":")
                assert kind == "gap" or name in known[kind], (seed, row.field, source)


@pytest.mark.parametrize("seed", TEMPLATE_OF)
def test_the_document_shows_what_its_rows_are_filled_from(seed: str) -> None:
    text = (TEMPLATES / TEMPLATE_OF[seed]).read_text("utf-8")
    asked = {f"{call}:{id}" for call, id in re.findall(r'\b(field|fact|box|items|rows)\("([^"]+)"', text)}
    shown = {
        "answer": {"field", "items", "rows"},
        "fact": {"fact", "items", "rows"},
        "box": {"box"},
    }
    for row in PAGE[seed]:
        for source in row.sources:
            kind, _, id = source.partition(":")
            if kind == "choice":
                assert any(each.startswith(f"box:{id}=") for each in asked), row
            elif kind == "boxes":
                assert "rows:team-boxes" in asked
            elif kind in shown:
                assert any(f"{call}:{id}" in asked for call in shown[kind]), row


def test_every_question_of_the_form_stands_in_some_document() -> None:
    text = "".join(file.read_text("utf-8") for file in TEMPLATES.iterdir())
    asked = set(re.findall(r'\b(?:field|items|rows)\("([^"]+)"', text)) | set(re.findall(r'box\("([a-z-]+)=', text))
    by_a_fact = {"watch-for", "link-pr", "link-release", "link-incident", "actions"}
    assert set(form.BY_ID) - asked - by_a_fact == set()
