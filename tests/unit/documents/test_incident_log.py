"""One row a hotfix, whatever was known of it when its row was written first."""

from __future__ import annotations

from git_hotfix.documents.rendering import Part, Rendering
from git_hotfix.paper.incident_log import HEAD, put_row


def row(tag: str) -> Rendering:
    cells = (("date", "2026-11-28"), ("issue", "88"), ("severity", "P1 (High)"), ("tag", tag))
    parts = [part for id, text in cells for part in (Part(None, "| "), Part(id, text), Part(None, " "))]
    return Rendering((*parts, Part(None, "|\n")))


def test_a_row_that_was_written_before_the_tag_was_known_gets_it() -> None:
    before, after = row("*not known yet*"), row("v1.4.3")
    first = put_row(None, {"88"}, [], before)
    assert put_row(first, {"88", "v1.4.3"}, [before], after) == f"{HEAD}{after.text}"


def test_another_hotfix_has_a_row_of_its_own() -> None:
    first = put_row(None, {"88"}, [], row("v1.4.3"))
    other = Rendering((Part(None, "| 2026-11-29 | 89 | P1 (High) | v1.4.4 |\n"),))
    assert put_row(first, {"89", "v1.4.4"}, [], other) == f"{first}{other.text}"
