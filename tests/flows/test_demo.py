"""`git hotfix demo` as somebody plays it who has an odd configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from sandbox import Answer, Dates, Repo

from git_hotfix.demo.stage import Stage
from git_hotfix.demo.story import STORY, Step

HOSTILE = """\
[user]
    name = Mallory
    email = mallory@example.org
    signingKey = none
[commit]
    gpgSign = true
[tag]
    gpgSign = true
[core]
    hooksPath = /nowhere/hooks
    autocrlf = true
[init]
    defaultBranch = trunk
    templateDir = /nowhere/template
[merge]
    conflictStyle = diff3
[push]
    default = nothing
[color]
    ui = always
[alias]
    hotfix = !false
"""


@pytest.fixture
def play(tmp_path: Path) -> Repo:
    """A folder to play in, with a folder for temporary files beside it."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "here").mkdir()
    return Repo(tmp_path / "here", Dates(), {"TMPDIR": str(tmp_path / "tmp")})


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def left_behind(play: Repo) -> list[str]:
    return [*names(Path(play.environment["TMPDIR"])), *names(play.path)]


def typed(answer: Answer) -> list[str]:
    return [line.removeprefix("$ ") for line in answer.out.splitlines() if line.startswith("$ ")]


@pytest.mark.slow
def test_the_whole_story(play: Repo) -> None:
    answer = play.hotfix("demo")
    assert (answer.code, answer.err) == (0, "")
    assert typed(answer) == [step.command for step in STORY]
    assert left_behind(play) == []


@pytest.mark.slow
def test_a_hostile_home_does_not_bend_it(play: Repo, tmp_path: Path) -> None:
    home = tmp_path / "hostile"
    home.mkdir()
    (home / ".gitconfig").write_text(HOSTILE)
    leaks = {"GIT_DIR": "/nowhere", "GIT_AUTHOR_DATE": "1 +0000", "GIT_EDITOR": "false", "LC_ALL": "de_DE.UTF-8"}
    answer = play.hotfix("demo", env={"HOME": str(home), "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"), **leaks})
    assert (answer.code, answer.err) == (0, "")
    assert "\x1b" not in answer.out
    assert left_behind(play) == []


@pytest.mark.slow
def test_keep_leaves_a_repository_for_play(play: Repo) -> None:
    answer = play.hotfix("demo", "--keep")
    assert answer.code == 0
    [place] = [Path(play.environment["TMPDIR"]) / name for name in left_behind(play)]
    assert f"cd {place / 'shop'}" in answer.out
    shop = Repo(place / "shop", play.dates)
    assert names(place) == ["audit", "errors", "shop", "shop.git"]
    shop.commit("fix the receipt", {"src/receipt.txt": "right\n"})
    finished = shop.hotfix("finish", "--yes")
    assert finished.code == 0, finished.out + finished.err
    assert "v1.4.4" in finished.out


def test_a_step_that_answers_otherwise_ends_the_demo(play: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    from git_hotfix import cli
    from git_hotfix.commands import demo

    monkeypatch.setattr(Stage, "run_line", lambda stage, command: (0, "") if "init" in command else (0, "as always"))
    monkeypatch.setattr(demo, "STORY", (Step("git one", says=("as always",)), Step("git two", says=("news",))))
    assert cli.main(["demo"]) == 3
    monkeypatch.setattr(demo, "STORY", (Step("git one", code=1),))
    assert cli.main(["demo"]) == 3
