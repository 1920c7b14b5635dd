"""version: what followed the release tags states the hotfix's number; nobody is asked who never kept it so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from gate_facts import between

from git_hotfix.gates.registry import NoOptions, judge
from git_hotfix.gates.version import GATE
from git_hotfix.model.hotfix import EarlierHotfix, Facts
from git_hotfix.model.names import TagName
from git_hotfix.model.policy import Package
from git_hotfix.model.verdict import Finding

PROJECT = '[project]\nname = "app"\nversion = "1.4.2"\n'
INIT = '"""An app."""\n__version__ = "1.4.2"\n'
BASE = {"pyproject.toml": PROJECT, "app/__init__.py": INIT, "app/core.py": "one = 1\n"}
FIX = {"app/core.py": "one = 2\n"}


def fix(
    changed: Mapping[str, str | None],
    base: Mapping[str, str] = BASE,
    *,
    tag: str | None = "v1.4.3",
    base_tag: str = "v1.4.2",
    earlier: EarlierHotfix | None = None,
    **more: object,
) -> Facts:
    before = {path: text.encode() for path, text in base.items()}
    after = {path: text.encode() for path, text in {**base, **changed}.items() if text is not None}
    facts = between(before, after, **more)
    return replace(
        facts,
        hotfix=replace(facts.hotfix, base_tag=TagName(base_tag)),
        next_tag=lambda: TagName(tag) if tag else None,
        earlier_hotfix=lambda paths: earlier,
    )


def says(facts: Facts) -> list[tuple[str | None, int | None, str]]:
    return [(each.path, each.line, each.message) for each in GATE.check(facts, NoOptions()).findings]


def test_each_field_that_follows_the_tags_is_named_with_its_line() -> None:
    judged = GATE.check(fix(FIX), NoOptions())
    says = "states 1.4.2, and the tag will be v1.4.3: expected 1.4.3"
    assert judged.findings == (
        Finding(says, "pyproject.toml", 3, hint=judged.findings[0].hint),
        Finding(says, "app/__init__.py", 2, hint=judged.findings[1].hint),
    )
    assert (judged.measured, judged.limit) == ("0 of 2 fields", "v1.4.3")
    result = judge(fix(FIX), only=["version"]).gates[0]
    assert (result.status, result.severity) == ("warn", "warn")


@pytest.mark.parametrize(
    ("moved", "wanted"),
    [
        ({"pyproject.toml": "1.4.3", "app/__init__.py": "1.4.3"}, []),
        ({"pyproject.toml": "1.4.3"}, [("app/__init__.py", 2, "1.4.2")]),
        ({"pyproject.toml": "1.4.4", "app/__init__.py": "1.4.3"}, [("pyproject.toml", 3, "1.4.4")]),
    ],
)
def test_a_version_changed_by_hand_is_right_or_named(
    moved: Mapping[str, str], wanted: list[tuple[str, int, str]]
) -> None:
    changed = {path: BASE[path].replace("1.4.2", version) for path, version in moved.items()}
    expected = [
        (path, line, f"states {value}, and the tag will be v1.4.3: expected 1.4.3") for path, line, value in wanted
    ]
    assert says(fix({**FIX, **changed})) == expected


@pytest.mark.parametrize(
    ("facts", "measured"),
    [
        (fix(FIX, {"app/core.py": "one = 1\n"}), "no file with a version"),
        (fix(FIX, base_tag="hotfix-4711"), "the base tag is no version"),
        (fix(FIX, tag="hotfix-4711"), "hotfix-4711 is no version after v1.4.2"),
        (fix(FIX, tag=None), "the tag is not chosen yet"),
        (fix(FIX, base_tag="v1.4.1"), "no field states v1.4.1"),
        (fix(FIX, {"tests/app/pyproject.toml": PROJECT, "vendor/x/pyproject.toml": PROJECT}), "no file with a version"),
        (fix({"pyproject.toml": None, "app/__init__.py": None}), "2 of 2 fields"),
        (fix({"app/__init__.py": 'import os\n\n__version__ = "1.4.3"\n', "pyproject.toml": None}), "2 of 2 fields"),
    ],
)
def test_what_follows_no_tag_is_not_asked_about(facts: Facts, measured: str) -> None:
    judged = GATE.check(facts, NoOptions())
    assert (judged.measured, judged.findings, judged.level) == (measured, (), "pass")


def test_a_team_whose_last_hotfix_left_the_version_alone_is_not_asked() -> None:
    left = EarlierHotfix(TagName("v1.3.1"), {"pyproject.toml": PROJECT.replace("1.4.2", "1.3.0").encode()})
    kept = EarlierHotfix(TagName("v1.3.1"), {"pyproject.toml": PROJECT.replace("1.4.2", "1.3.1").encode()})
    elsewhere = EarlierHotfix(TagName("v1.3.1"), {"pyproject.toml": None})
    assert GATE.check(fix(FIX, earlier=left), NoOptions()).measured == "the hotfix v1.3.1 did not state its number"
    assert says(fix(FIX, earlier=left)) == []
    assert len(says(fix(FIX, earlier=kept))) == len(says(fix(FIX, earlier=elsewhere))) == 2
    # Whoever begins to move the version is told what is missing.
    moved = {"pyproject.toml": PROJECT.replace("1.4.2", "1.4.3")}
    assert [path for path, _, _ in says(fix(moved, earlier=left))] == ["app/__init__.py"]


def test_a_version_that_is_made_by_a_build_is_told_and_not_judged() -> None:
    dynamic = '[project]\nname = "app"\ndynamic = ["version"]\n'
    facts = fix(FIX, {"pyproject.toml": dynamic, "app/core.py": "one = 1\n"})
    judged = GATE.check(facts, NoOptions())
    assert (judged.measured, judged.level) == ("the version is computed", "pass")
    assert judged.findings == (
        Finding("not judged: its version is made when it is built", "pyproject.toml", level="note"),
    )


def test_of_several_packages_only_the_one_that_is_released_counts() -> None:
    base = {f"{name}/package.json": '{\n  "version": "1.4.2"\n}\n' for name in ("app", "lib")}
    packages = {name: Package(paths=(f"{name}/",)) for name in ("app", "lib")}
    facts = fix({}, base, base_tag="app-v1.4.2", tag="app-v1.4.3", packages=packages)
    assert [path for path, _, _ in says(facts)] == ["app/package.json"]


def test_a_form_that_cannot_say_the_number_is_no_fault_of_the_fix() -> None:
    facts = fix(FIX, {"app/__init__.py": "version_info = (1, 4, 2)\n"}, tag="v1.4.2-hf1")
    judged = GATE.check(facts, NoOptions())
    assert judged.level == "pass"
    assert says(facts) == [("app/__init__.py", 1, "states (1, 4, 2), and cannot state the number of v1.4.2-hf1")]
