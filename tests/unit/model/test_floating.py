"""Which floating tags a release moves, by its name and those of the others."""

from __future__ import annotations

import pytest

from git_hotfix.model.floating import floats, names_of, why_no_floating
from git_hotfix.model.names import TagName

BOTH = ("v{major}", "v{major}.{minor}")


@pytest.mark.parametrize(
    ("tag", "others", "moved"),
    [
        ("v1.4.3", ["v1.4.2"], ["v1", "v1.4"]),
        ("v1.4.3", ["v1.4.2", "v1.5.0"], ["v1.4"]),
        ("v1.4.3", ["v1.5.0-rc1", "v2.0.0"], ["v1", "v1.4"]),
        ("v1.4.9", ["v1.4.10"], []),
        ("v1.4.3", ["app/v1.9.0", "lib-v1.9.0"], ["v1", "v1.4"]),
        ("1.4.3", ["1.4.2"], ["v1", "v1.4"]),
        ("app/v1.4.3", [], []),
        ("v7", ["v6"], []),
        ("v1.4.3-rc1", [], []),
        ("hotfix-4711", [], []),
    ],
)
def test_a_release_moves_those_of_whose_part_it_is_the_highest(tag: str, others: list[str], moved: list[str]) -> None:
    releases = [TagName(name) for name in (tag, *others)]
    assert names_of(BOTH, TagName(tag), releases) == moved


def test_a_template_is_for_one_package() -> None:
    releases = [TagName("app/v1.4.3"), TagName("v1.9.0")]
    assert names_of(("v{major}", "app/v{major}"), releases[0], releases) == ["app/v1"]


def test_a_name_that_a_template_makes_floats() -> None:
    assert [name for name in ("v1", "v12", "v1.4", "v1.4.3", "v", "xv1") if floats("v{major}", name)] == ["v1", "v12"]
    assert [name for name in ("v1", "v1.4", "v1x4", "v1.4.3") if floats("v{major}.{minor}", name)] == ["v1.4"]


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("latest", "the name of a floating tag holds {major}, or {major} and then {minor}"),
        ("v{minor}.{major}", "the name of a floating tag holds {major}, or {major} and then {minor}"),
        ("v{patch}", "{patch} is not a placeholder; known here: {major}, {minor}"),
        ("v {major}", "it holds ' '"),
    ],
)
def test_a_template_that_names_no_floating_tag_is_refused(template: str, why: str) -> None:
    assert why_no_floating(template) == why
    assert why_no_floating("v{major}.{minor}") is None
