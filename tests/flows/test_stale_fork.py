"""`origin` is somebody's old fork: another remote has all of its production and a later release."""

from __future__ import annotations

import pytest
from building import FIX, Project
from proofs import rest_slow
from sandbox import Repo, at_terminal

SAYS = "origin may be an old fork: upstream has all of its production, and the release v1.5.0 which origin lacks"


@pytest.fixture
def fork(project: Project) -> Project:
    """A fork of the project as origin, and the project itself, with a release more, as upstream."""
    clone = project.clone
    project.remote.git("clone", "-q", "--bare", str(project.remote.path), str(project.root / "fork.git"))
    clone.git("remote", "rename", "origin", "upstream")
    clone.git("remote", "add", "origin", str(project.root / "fork.git"))
    clone.git("fetch", "-q", "origin")
    project.released("v1.5.0", {"VERSION": "1.5.0\n"})
    clone.git("fetch", "-q", "--tags", "upstream")
    return project


def started(clone: Repo, issue: str = "7") -> tuple[str, str]:
    """(base tag, what git says of where it is pushed) of a hotfix that is started and pushed."""
    answer = clone.hotfix("start", issue, "--push", "--format", "json")
    assert answer.code == 0, answer.err
    return answer.json["hotfix"]["base_tag"], clone.git("config", f"branch.hotfix/{issue}.remote")


def test_without_a_terminal_start_refuses_with_both_commands(fork: Project) -> None:
    clone = fork.clone
    before = clone.snapshot()
    answer = clone.hotfix("start", "7")
    assert (answer.code, answer.out, clone.snapshot()) == (2, "", before)
    assert answer.err == (
        f"git hotfix: {SAYS}\n  (nothing was changed)\n  → hotfixes go to upstream: git config hotfix.remote upstream\n"
        "  → hotfixes go to origin: git config hotfix.remote origin\n"
    )
    clone.git("config", "hotfix.remote", "origin")
    assert started(clone) == ("v1.4.2", "origin")
    clone.git("config", "hotfix.remote", "upstream")
    assert started(clone, "8") == ("v1.5.0", "upstream")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "tag", "kept"),
    rest_slow([("1\n", "v1.5.0", "upstream"), ("2\n", "v1.4.2", "origin"), ("3\n", None, "")], spread=True),
)
def test_a_person_is_asked_once(fork: Project, typed: str, tag: str | None, kept: str) -> None:
    clone = fork.clone
    clone.git("config", "hotfix.gate", "none")
    code, said = at_terminal(clone, typed, "start", "7")
    assert f"{SAYS}.\nWhich remote do hotfixes go to?\n  1  upstream\n  2  origin\n" in said
    assert (code, "hotfix/7" in clone.branches()) == (2 if tag is None else 0, tag is not None)
    assert tag is None or clone.tip("hotfix/7") == clone.tip(tag)
    assert clone.git("config", "--get", "hotfix.remote", check=False) == kept


@pytest.mark.slow
def test_status_doctor_and_init_say_it(fork: Project) -> None:
    clone = fork.clone
    clone.git("switch", "-q", "-c", "hotfix/7", "v1.4.2")
    clone.commit("fix (#7)", {"app.py": FIX})
    assert f"note: {SAYS}" in clone.hotfix("status").out
    assert clone.hotfix("init", "--dry-run", "--format", "json").json["other_remote"] == "upstream"
    checks = clone.hotfix("doctor", "--format", "json").json["checks"]
    assert [each["message"] for each in checks if each["id"] == "other-remote"] == [SAYS]


@pytest.mark.slow
@pytest.mark.parametrize("case", ["no release", "pre-release", "apart", "the same", "nothing fetched"])
def test_another_remote_that_says_nothing(fork: Project, case: str) -> None:
    clone = fork.clone
    if case in ("no release", "pre-release"):
        clone.git("tag", *(("v1.5.0-rc1", "v1.5.0") if case == "pre-release" else ("build-9", "v1.5.0")))
        clone.git("tag", "-d", "v1.5.0")
    if case == "apart":
        clone.git("push", "-q", "origin", f"{clone.git('commit-tree', '-p', 'main', '-m', 'ours', 'main^{tree}')}:main")
    if case == "the same":
        clone.git("push", "-q", "origin", "upstream/main:main", "v1.5.0")
    if case == "nothing fetched":
        clone.git("update-ref", "-d", "refs/remotes/upstream/main")
    assert started(clone)[1] == "origin"
