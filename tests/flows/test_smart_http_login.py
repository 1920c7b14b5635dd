"""A server that asks who comes: the password in the remote's address goes to git, and nowhere else."""

from __future__ import annotations

import pytest
from building import FIX, TARGETS, Project
from http_server import serving
from undisturbed import end_state, nothing_under_way

LOGIN, QUOTED = "ada:p@ss-w0rd", "ada:p%40ss-w0rd"
PASSWORDS = ("p@ss-w0rd", "p%40ss-w0rd")


def told(project: Project) -> list[str]:
    """Where the password stands: in files of the tool, in any object of the clone or the remote, in temporary files."""
    git = project.clone.path / ".git"
    files = [file for folder in git.glob("hotfix*") for file in folder.rglob("*") if file.is_file()]
    files += [
        file for file in (*git.joinpath("logs").rglob("*"), *project.private_git_dir.rglob("*")) if file.is_file()
    ]
    found = [str(file) for file in files if any(word in file.read_text() for word in PASSWORDS)]
    for repo in (project.clone, project.remote):
        objects = repo.git("cat-file", "--batch", "--batch-all-objects", "--buffer")
        found += [str(repo.path) for word in PASSWORDS if word in objects]
    return found


@pytest.mark.slow
def test_the_password_is_told_to_nobody(project: Project) -> None:
    clone, remote, before = project.clone, project.remote, project.remote.branches()
    said = []

    def hotfix(*words: str, code: int = 0) -> None:
        answer = clone.hotfix(*words)
        assert answer.code == code, answer.err
        said.append(answer.out + answer.err)

    with serving(project, LOGIN, quoted=QUOTED) as server:
        hotfix("start", "4711", "-m", "Checkout fails", "--severity", "P0", "--push")
        tip = clone.commit("fix the checkout", {"app.py": FIX})
        hotfix("status")
        hotfix("doctor")
        hotfix("finish", "--dry-run", "--format", "json")
        hook = remote.hook("update", '[ "$1" != refs/heads/main ] || { echo "protected branch" >&2; exit 1; }')
        hotfix("finish", code=4)  # a pull request, with the address to open it
        hook = remote.hook("update", '[ "$1" != refs/heads/develop ] || exit 1')
        hotfix("finish", "--format", "json", code=4)
        hotfix("undo", "--dry-run", code=4)
        hook.unlink()
        hotfix("backport", "4711")
        hotfix("list", "--format", "json")
    assert {each.code for each in server.requests} == {200, 401}
    assert [text for text in said if any(word in text for word in PASSWORDS)] == []
    assert told(project) == []
    assert set(remote.branches()) == set(before)
    for branch in ("main", *TARGETS):
        assert remote.parents(branch) == [before[branch], tip]


@pytest.mark.slow
@pytest.mark.parametrize("quoted", ["ada:wr0ng-w0rd", ""])
def test_who_is_not_let_in(fixed: Project, quoted: str) -> None:
    """Nothing is asked where nobody can answer, and nothing is changed."""
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    with serving(fixed, LOGIN, quoted=quoted) as server:
        here = fixed.clone.snapshot()
        for words in (["finish"], ["finish", "--dry-run"], ["start", "4712"]):
            answer = fixed.clone.hotfix(*words)
            assert answer.code == 3, answer.err
            assert "(nothing was changed)" in answer.err
            assert "wr0ng-w0rd" not in answer.out + answer.err
        assert fixed.clone.snapshot() == here
        nothing_under_way(fixed)
        fixed.clone.git("remote", "set-url", "origin", server.url("remote.git", QUOTED))
        assert fixed.clone.hotfix("finish").code == 0
    end_state(fixed, before, tip)


@pytest.mark.slow
def test_a_servers_own_words_hold_no_password(fixed: Project) -> None:
    """A hook's own words come through; an address with a login in them does not."""
    with serving(fixed, LOGIN, quoted=QUOTED) as server:
        address = server.url("remote.git", QUOTED)
        fixed.remote.hook("update", f'[ "$1" != refs/tags/v1.4.3 ] || {{ echo "see {address}" >&2; exit 1; }}')
        answer = fixed.clone.hotfix("finish")
        assert (answer.code, f"see {server.url('remote.git')}" in answer.err) == (3, True), answer.err
        assert [word for word in PASSWORDS if word in answer.out + answer.err] == []
