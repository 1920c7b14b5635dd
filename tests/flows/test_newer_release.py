"""A release that was tagged on a release line and never merged to production: `start` asks which one runs."""

from __future__ import annotations

import pytest
from building import FIX, Project
from proofs import rest_slow
from sandbox import Repo, at_terminal

SAYS = "v1.5.0 is newer than v1.4.2: it is on release/1.5 and was never merged to main"


@pytest.fixture
def beside(project: Project) -> Project:
    """The project with v1.5.0 on release/1.5."""
    project.clone.tag("v1.5.0", "origin/release/1.5")
    return project


def base(clone: Repo, issue: str = "7") -> str:
    answer = clone.hotfix("start", issue, "--format", "json")
    assert answer.code == 0, answer.err
    return str(answer.json["hotfix"]["base_tag"])


def test_without_a_terminal_start_refuses_with_both_commands(beside: Project) -> None:
    clone = beside.clone
    before = clone.snapshot()
    answer = clone.hotfix("start", "7")
    assert (answer.code, answer.out, clone.snapshot()) == (2, "", before)
    take, keep = "git hotfix start 7 --from v1.5.0", "git config hotfix.newerRelease v1.5.0"
    assert answer.err == (
        f"git hotfix: {SAYS}\n  (nothing was changed)\n  → to fix v1.5.0: {take}\n"
        f"  → to fix v1.4.2: git hotfix start 7 --from v1.4.2\n  → to be asked no more: {keep}\n"
    )
    started = clone.hotfix("start", "6", "--from", "v1.4.2", "--format", "json").json["hotfix"]
    assert (started["base_tag"], started["production"]) == ("v1.4.2", "refs/heads/main")
    assert clone.run("sh", "-c", keep).code == 0
    assert base(clone) == "v1.4.2"
    clone.tag("v1.5.1", "origin/release/1.5")  # a hotfix of the same release
    assert base(clone, "8") == "v1.4.2"
    clone.branch("release/1.6", "origin/release/1.5", "release 1.6", {"release.txt": "six\n"})
    clone.tag("v1.6.0", "origin/release/1.6")
    assert "v1.6.0 is newer than v1.4.2: it is on release/1.6" in clone.hotfix("start", "9").err
    assert clone.hotfix("start", "9", "--from", "v1.5.1").code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "tag", "kept"),
    rest_slow([("2\n", "v1.4.2", "v1.5.0"), ("1\n", "v1.5.0", ""), ("\n", None, "")], spread=True),
)
def test_a_person_is_asked_once(beside: Project, typed: str, tag: str | None, kept: str) -> None:
    clone = beside.clone
    clone.git("config", "hotfix.gate", "none")
    code, said = at_terminal(clone, typed, "start", "7")
    assert SAYS in said
    assert "  1  v1.5.0, on release/1.5\n  2  v1.4.2, on main\n" in said
    assert (code, "hotfix/7" in clone.branches()) == (2 if tag is None else 0, tag is not None)
    assert tag is None or clone.tip("hotfix/7") == clone.tip(tag)
    assert clone.git("config", "--get", "hotfix.newerRelease", check=False) == kept


@pytest.mark.parametrize("line", rest_slow(["1.4", "release-1.5", "v1.x", "1-4-stable"]))
def test_a_line_is_told_by_the_version_that_it_is_named_after(project: Project, line: str) -> None:
    clone = project.clone
    clone.branch(line, "v1.4.2", "release 1.4.3", {"VERSION": "1.4.3\n"})
    clone.tag("v1.4.3", f"origin/{line}")
    clone.git("push", "-q", "origin", f"origin/{line}:refs/heads/renovate/node-1.x")
    answer = clone.hotfix("start", "7")
    said = f"git hotfix: v1.4.3 is newer than v1.4.2: it is on {line} and was never merged to main\n"
    assert (answer.code, answer.err.startswith(said)) == (2, True), answer.err
    started = clone.hotfix("start", "7", "--from", "v1.4.3", "--format", "json")
    assert (started.code, started.json["hotfix"]["production"]) == (0, f"refs/heads/{line}"), started.err


@pytest.mark.parametrize("named", rest_slow(["hotfix.develop", "and nowhere else", "the remote's default branch"]))
def test_releases_on_the_branch_of_daily_work_are_a_question_of_production(project: Project, named: str) -> None:
    clone = project.clone
    clone.git("push", "-q", "origin", "develop:refs/heads/dove", ":refs/heads/develop")
    clone.tag("v1.6.0", "origin/dove")
    if named == "and nowhere else":
        clone.git("push", "-q", "origin", ":refs/heads/release/1.5", ":refs/heads/feature/login")
    if named != "the remote's default branch":
        clone.git("config", "hotfix.develop", "dove")
    else:
        clone.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/dove")
    before = clone.snapshot()
    answer = clone.hotfix("start", "7")
    assert (answer.code, answer.out, clone.snapshot()) == (2, "", before)
    says = "v1.6.0 is newer than v1.4.2: it is on dove and was never merged to main"
    take, keep = "git config hotfix.production dove", "git config hotfix.newerRelease v1.6.0"
    line = f"git push origin {clone.tip('v1.6.0')[:12]}:refs/heads/support/v1.6.0"
    own = "git hotfix start 7 --from v1.6.0"
    own = f"{line} && {own}" if named == "and nowhere else" else own
    assert answer.err == (
        f"git hotfix: {says}\n  (nothing was changed)\n"
        f"  → if releases come from dove: {take} && git hotfix start 7\n"
        f"  → to fix v1.6.0 on a line of its own: {own}\n"
        f"  → to fix v1.4.2: git hotfix start 7 --from v1.4.2\n  → to be asked no more: {keep}\n"
    )
    checks = clone.hotfix("doctor", "--format", "json").json["checks"]
    assert [each["message"] for each in checks if each["id"] == "newer-release"] == [says]
    assert clone.run("sh", "-c", own.replace("start 7", "start 6")).code == 0
    assert clone.tip("hotfix/6") == clone.tip("v1.6.0")
    assert clone.run("sh", "-c", take).code == 0
    assert base(clone) == "v1.6.0"


@pytest.mark.slow
def test_the_policy_answers_for_everybody(beside: Project) -> None:
    beside.set_policy('newer-release = "ignore"\n')
    assert base(beside.clone) == "v1.4.2"


@pytest.mark.slow
def test_status_doctor_and_init_say_it(beside: Project) -> None:
    clone = beside.clone
    clone.git("switch", "-q", "-c", "hotfix/7", "v1.4.2")
    clone.commit("fix (#7)", {"app.py": FIX})
    assert f"note: {SAYS}" in clone.hotfix("status").out
    assert clone.hotfix("init", "--dry-run", "--format", "json").json["newer_release"] == "v1.5.0"
    checks = clone.hotfix("doctor", "--format", "json").json["checks"]
    assert [each["message"] for each in checks if each["id"] == "newer-release"] == [SAYS]


@pytest.mark.slow
def test_names_that_are_no_versions_are_compared_by_their_dates(project: Project) -> None:
    clone = project.clone
    clone.git("push", "-q", "origin", ":v1.4.1", ":v1.4.2")
    clone.git("tag", "-d", "v1.4.1", "v1.4.2")
    project.set_policy('release-tags = ["*"]\n')
    clone.git("tag", "-a", "-m", "beaver", "beaver", "origin/release/1.5")
    clone.tag("otter", "main")
    clone.git("push", "-q", "origin", "beaver")
    assert base(clone) == "otter"
    clone.tag("walrus", "origin/release/1.5")
    assert "walrus is newer than otter: it is on release/1.5" in clone.hotfix("start", "8").err


@pytest.mark.slow
@pytest.mark.parametrize("tag", ["v1.3.9", "v2.0.0-rc1", "lib-v9.0.0", "v2"])
def test_an_older_one_a_pre_release_and_another_scheme_are_no_question(project: Project, tag: str) -> None:
    project.clone.tag(tag, "origin/release/1.5")
    assert base(project.clone) == "v1.4.2"


@pytest.mark.slow
def test_a_release_on_a_feature_is_no_question_and_one_that_production_has_is_none(project: Project) -> None:
    clone = project.clone
    clone.tag("v3.0.0", "origin/feature/login")
    assert base(clone) == "v1.4.2"


def test_production_without_a_release_names_the_lines(project: Project) -> None:
    clone = project.clone
    clone.git("push", "-q", "origin", ":v1.4.1", ":v1.4.2")
    clone.tag("v1.5.0", "origin/release/1.5")
    answer = clone.hotfix("start", "7")
    assert answer.code == 2
    assert "v1.5.0 is on release/1.5 and was never merged to main: git hotfix start <issue> --from v1.5.0" in answer.err
