"""`finish --dry-run`: the same words and exit code as the run, and nothing left, not even an object."""

from __future__ import annotations

import pytest
from building import APP, TARGETS, Project


def untouched(project: Project) -> object:
    """Every byte of the clone and the remote, and every temporary file."""
    return project.clone.everything(), project.remote.everything(), list(project.private_git_dir.iterdir())


def test_predicts_what_the_run_does(fixed: Project) -> None:
    before = untouched(fixed)
    predicted = fixed.clone.hotfix("finish", "--dry-run", "--format", "json")
    assert untouched(fixed) == before
    assert (predicted.code, predicted.json["pushed"]) == (0, False)
    assert predicted.json["next"] == ["git hotfix finish 4711"]
    done = fixed.clone.hotfix("finish", "--format", "json")
    assert predicted.targets == done.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    assert [gate["status"] for gate in predicted.json["gates"]] == [gate["status"] for gate in done.json["gates"]]
    assert predicted.json["tag"]["name"] == done.json["tag"]["name"]
    assert predicted.json["production"]["old"] == done.json["production"]["old"]
    again = fixed.clone.hotfix("finish", "4711", "--dry-run", "--format", "json")
    assert (again.code, again.json["next"]) == (0, [])


@pytest.mark.slow
def test_sees_the_remote_as_it_is_now(fixed: Project) -> None:
    """Branches and tags that this clone has never fetched count, and leave no object here."""
    other = fixed.another_clone("bob")
    other.branch("feature/new", "origin/develop", "new one", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    before = untouched(fixed)
    answer = fixed.clone.hotfix("finish", "--dry-run", "--format", "json")
    assert untouched(fixed) == before
    assert answer.code == 4
    assert answer.targets == {**dict.fromkeys(TARGETS, ("merge", "merged")), "feature/new": ("merge", "conflict")}
    assert (answer.json["tag"]["name"], answer.json["next"]) == ("v1.4.3", ["git hotfix finish 4711"])
    other.tag("v1.4.3", "origin/develop")
    before = untouched(fixed)
    told = fixed.clone.hotfix("finish", "--dry-run", "--format", "json")
    assert (told.code, "v1.4.3" in told.json["error"]["message"]) == (2, True)  # v1.4.4 would promise it
    assert untouched(fixed) == before


@pytest.mark.slow
def test_exits_as_the_run_would(fixed: Project) -> None:
    clone = fixed.clone
    clone.commit("far too much", {f"part{number}.py": "x = 1\n" for number in range(12)})
    before = untouched(fixed)
    answer = clone.hotfix("finish", "--dry-run", "--format", "json")
    assert (answer.code, answer.statuses["max-files"]) == (1, "fail")
    taken = clone.hotfix("finish", "--dry-run", "--tag", "v1.4.2")
    assert taken.code == 1
    assert untouched(fixed) == before


def test_writes_for_people(fixed: Project) -> None:
    before = untouched(fixed)
    answer = fixed.clone.hotfix("finish", "--dry-run")
    assert answer.code == 0
    assert "branch          how         would be\n" in answer.out
    assert "is finished" not in answer.out
    assert untouched(fixed) == before


def test_while_another_run_holds_the_lock(fixed: Project) -> None:
    """A dry run takes no lock and waits for none."""
    folder = fixed.clone.path / ".git" / "hotfix"
    folder.mkdir(exist_ok=True)
    (folder / "lock").write_text('{"pid": 1, "started": "0", "what": "finish"}')
    before = untouched(fixed)
    assert fixed.clone.hotfix("finish", "--dry-run").code == 0
    assert untouched(fixed) == before


@pytest.mark.slow
def test_cherry_picks_and_odd_lines_too(fixed: Project) -> None:
    fixed.clone.branch("release/1.0", "v1.4.1", "an old line", {"old-line.txt": "kept\n"})
    fixed.clone.git("fetch", "-q")
    before = untouched(fixed)
    answer = fixed.clone.hotfix("finish", "--dry-run", "--format", "json")
    assert answer.targets["release/1.0"] == ("cherry-pick", "merged")
    assert untouched(fixed) == before


@pytest.mark.slow
def test_names_the_command_with_its_options(fixed: Project) -> None:
    """Without them another tag would be made, or branches would be delivered to that were not shown."""
    clone = fixed.clone

    def next_of(command: str, *options: str) -> list[str]:
        answer = clone.hotfix(command, "4711", "--dry-run", "--format", "json", *options)
        return list(answer.json["next"])

    assert next_of("finish", "--tag", "v1.4.9", "--yes") == ["git hotfix finish 4711 --tag v1.4.9"]
    assert next_of("finish", "--no-backport", "--no-verify") == ["git hotfix finish 4711 --no-backport --no-verify"]
    assert clone.hotfix("finish", "--no-backport").code == 0
    wanted = ("--to", "release/*", "--to", "develop", "--draft", "--show")
    assert next_of("backport", *wanted) == ["git hotfix backport 4711 --to 'release/*' --to develop --draft"]
