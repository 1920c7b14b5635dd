"""Where a document may stand: inside the repository, and never where git keeps its own."""

from __future__ import annotations

import pytest

from git_hotfix.model.document_path import fill_path, why_no_document_path


@pytest.mark.parametrize(
    "path",
    [
        "../x", "a/../x", "a/..", "/etc/x", "./x", "a/./x", "a//x", "docs/", "", " a", "a ", "-x", "C:/x", ":(top)x",
        ".git/hooks/x", ".GIT/x", "a/.git/x", "git~1/x", "GIT~1", ".git./x", ".git /x", ".git", "a\\..\\b", "a\nb",
        "a\x1bb", "a\u202eb", ".g\u200cit/x", "a\udc80", ".{tag}/x", "{tag}/.{issue}/x", ".g{tag}", "git~{issue}",
        ".{tag}{issue}", '"a"',
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    assert why_no_document_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "docs/postmortems/{tag}.md", "{tag}", "{issue}/{tag}.md", "x.git/y", ".github/p.md", ".gitlab/{tag}.md",
        "docs/Nachträge/{issue} {tag}.md", "git/x", "~/x", "a..b/..c", "{tag}.git",
    ],
)  # fmt: skip
def test_a_path_inside_is_taken(path: str) -> None:
    assert why_no_document_path(path) == ""


@pytest.mark.parametrize(
    ("tag", "path"),
    [("v1.4.3", "d/v1.4.3/7"), ("app/v1", "d/app-v1/7"), ("v1\u202e\x85", "d/v1--/7"), ("a|<b>`", "d/a|<b>`/7")],
)
def test_a_name_stays_one_part_of_the_path(tag: str, path: str) -> None:
    assert fill_path("d/{tag}/{issue}", tag, "7") == path
