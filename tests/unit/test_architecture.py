"""The map of docs/ARCHITECTURE.md names what is there, and every decision says when, why, and what would change it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.test_doors import LAYERS

TOP = Path(__file__).parents[2]
MAP = (TOP / "docs" / "ARCHITECTURE.md").read_text("utf-8")
DECISIONS = sorted((TOP / "docs" / "decisions").glob("*.md"))
HEAD = "| to find | look in |\n|---|---|\n"
OUTSIDE = ("hooks/pre-push", "bench/", "docs/", "tests/")  # of the repository; other paths are the package's


def place(path: str) -> Path:
    return TOP / path if path.startswith(OUTSIDE) else TOP / "git_hotfix" / path


def rows() -> dict[str, list[str]]:
    """What is to be found → the code words of the second column."""
    table = MAP[MAP.index(HEAD) + len(HEAD) :].partition("\n\n")[0]
    cells = [row.strip("| ").split(" | ") for row in table.splitlines()]
    return {wanted: re.findall(r"`([^`]+)`", where) for wanted, where in cells}


def is_path(word: str) -> bool:
    return "/" in word or word.endswith(".py")


def named(tree: ast.Module | ast.ClassDef) -> dict[str, ast.stmt]:
    """Functions, classes and assigned names, and where each stands."""
    found: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        for target in getattr(node, "targets", [getattr(node, "target", None)]):
            if isinstance(target, ast.Name):
                found[target.id] = node
    return found


def holds(file: Path, name: str) -> bool:
    """True where `file` defines `name`, which may be `Class.member`."""
    outer, _, inner = name.partition(".")
    node = named(ast.parse(file.read_text("utf-8"))).get(outer)
    return node is not None and (not inner or (isinstance(node, ast.ClassDef) and inner in named(node)))


def links() -> Iterator[str]:
    yield from re.findall(r"\]\((decisions/[^)#]+)\)", MAP[MAP.index("## Decisions\n") :])


@pytest.mark.parametrize("wanted", sorted(rows()))
def test_what_the_map_names_is_there(wanted: str) -> None:
    words = rows()[wanted]
    assert words, "a row without a path"
    assert is_path(words[0])
    assert [word for word in words if is_path(word) and not place(word).exists()] == []
    file, missing = words[0], []
    for word in words:
        if is_path(word):
            file = word
        elif place(file).suffix == ".py" and not holds(place(file), word):
            missing.append(f"{file} {word}")
    assert missing == []


def test_the_map_begins_with_what_a_newcomer_looks_for() -> None:
    assert MAP.index(HEAD) < 400
    asked = {"the tag's name", "a solved conflict", "`--dry-run`", "the push is refused", "the JSON contract", "a gate"}
    asked |= {"an ecosystem", "a language", "an output format", "a document", "as a target", '"already"'}
    asked |= {"the hook decides", "the logbook is written", "a killed run"}
    assert {each for each in asked if not any(each in wanted for wanted in rows())} == set()


def test_the_map_shows_the_layers_that_are_held() -> None:
    part = MAP[MAP.index("## The layers\n") :].partition("\n## ")[0]
    shown = next(text for text in part.split("\n\n") if text.startswith("`model`"))
    assert tuple(" ".join(re.findall(r"`(\w+)`", layer)) for layer in shown.split("<")) == LAYERS


def test_every_decision_is_linked_once_and_every_link_leads_to_one() -> None:
    assert sorted(links()) == [f"decisions/{file.name}" for file in DECISIONS]


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.stem)
def test_a_decision_says_when_where_why_and_what_would_change_it(file: Path) -> None:
    parts = re.fullmatch(
        r"# (?P<title>[^\n]+)\n\nDecided: \d{4}-\d\d-\d\d\. In (?P<where>[^\n]+)\.\n\n(?P<reason>\S.*?)\n\n"
        r"\*\*What would change it:\*\* (?P<change>\S.*)\n",
        file.read_text("utf-8"),
        re.DOTALL,
    )
    assert parts, "title, date, where, reason and what would change it"
    assert "TODO" not in parts["change"]
    assert f"[{parts['title']}](decisions/{file.name})" in MAP
    words = re.findall(r"`([^`]+)`", f"{parts['where']} {parts['reason']}")
    code = [word for word in words if re.fullmatch(r"[\w/-]+/[\w-]+\.(py|json)|[a-z_]+\.py|hooks/pre-push", word)]
    assert [word for word in code if word != "version.py" and not place(word).exists()] == []
    assert max(map(len, file.read_text("utf-8").splitlines())) <= 120
