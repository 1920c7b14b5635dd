"""Colour as git's configuration, NO_COLOR and --color say; -v shows what is folded otherwise."""

from __future__ import annotations

import pytest
from building import Project
from proofs import rest_slow

PLAIN = {"NO_COLOR": ""}


@pytest.mark.parametrize(
    ("config", "options", "env", "coloured"),
    rest_slow(
        [
            ({"color.ui": "always"}, (), PLAIN, True),
            ({"color.ui": "always"}, ("--no-color",), PLAIN, False),
            ({}, (), PLAIN, False),
            ({}, ("--color",), PLAIN, True),
            ({"color.ui": "always", "color.hotfix": "never"}, (), PLAIN, False),
            ({"color.ui": "always"}, (), {"NO_COLOR": "1"}, False),
            ({"color.ui": "never"}, ("--color=always",), {"NO_COLOR": "1"}, True),
        ],
        now=2,
        spread=True,
    ),
)
def test_colour_is_as_it_is_said_last(
    fixed: Project, config: dict[str, str], options: tuple[str, ...], env: dict[str, str], coloured: bool
) -> None:
    for key, value in config.items():
        fixed.clone.git("config", key, value)
    answer = fixed.clone.hotfix("list", *options, env=env)
    assert (answer.code, "\033[" in answer.out) == (0, coloured), answer.out
    assert "\033" not in fixed.clone.hotfix("list", "--format", "json", *options, env=env).out


@pytest.mark.slow
def test_color_alone_takes_no_word_that_follows(fixed: Project) -> None:
    answer = fixed.clone.hotfix("status", "--color", "4711")
    assert (answer.code, answer.out.startswith("hotfix/4711")) == (0, True), answer.err
    assert fixed.clone.hotfix("status", "--color", "never", "4711").code == 0


@pytest.mark.slow
def test_verbose_lists_what_is_counted_otherwise(fixed: Project) -> None:
    clone = fixed.clone
    for number in range(20):
        clone.git("push", "-q", "--no-verify", "origin", f"origin/feature/search:refs/heads/feature/{number}")
    answer = clone.hotfix("finish", "--dry-run")
    assert ("22 feature branches" in answer.out, "feature/7 " in answer.out) == (True, False)
    answer = clone.hotfix("finish", "--dry-run", "--verbose")
    assert ("feature branches" in answer.out, "feature/7 " in answer.out) == (False, True)


def test_an_unknown_command_names_the_one_of_the_same_meaning(project: Project) -> None:
    answer = project.clone.hotfix("abort")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines() == [
        "git hotfix: 'abort' is not a git hotfix command",
        "  (nothing was changed)",
        "  → close the open conflicts: git hotfix backport --abort",
        "  → give the hotfix up: git hotfix abandon",
    ]
