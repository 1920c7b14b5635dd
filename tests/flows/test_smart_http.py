"""The whole job through a real smart-HTTP server, and through one that breaks at any request."""

from __future__ import annotations

import random
from collections.abc import Iterator
from signal import SIGINT, SIGTERM, Signals

import pytest
from building import APP, FIX, TARGETS, Project
from http_server import ASK, FETCH, GREETING, PUSH, Break, Fault, Server, serving
from proofs import rest_slow
from undisturbed import Running, at_work, end_state, nothing_under_way

MERGED = dict.fromkeys(TARGETS, ("merge", "merged"))
slow = pytest.mark.slow


@pytest.fixture
def server(fixed: Project) -> Iterator[Server]:
    """The server of the project `fixed`."""
    with serving(fixed) as found:
        yield found


def unchanged(project: Project, *arguments: str, code: int) -> str:
    """A finish that changes nothing, here or there; what it said."""
    here, there = project.clone.snapshot(), project.remote.refs()
    answer = project.clone.hotfix("finish", *arguments)
    assert answer.code == code, answer.err
    assert (project.clone.snapshot(), project.remote.refs()) == (here, there)
    nothing_under_way(project)
    return answer.out + answer.err


def test_start_and_finish(project: Project) -> None:
    clone, before = project.clone, project.remote.branches()
    with serving(project) as server:
        answer = clone.hotfix("start", "4711", "-m", "Checkout fails", "--severity", "P0", "--push")
        assert answer.code == 0, answer.err
        assert project.remote.tip("hotfix/4711") == clone.tip("v1.4.2")
        tip = clone.commit("fix the checkout", {"app.py": FIX})
        answer = clone.hotfix("finish", "--format", "json")
        assert (answer.code, answer.targets) == (0, MERGED), answer.err
    end_state(project, before, tip)
    assert {each.code for each in server.requests} == {200}
    assert {each.kind for each in server.requests} == {ASK, FETCH, GREETING, PUSH}


@pytest.mark.slow
def test_backport(fixed: Project, server: Server) -> None:
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    assert fixed.clone.hotfix("finish", "--no-backport").code == 0
    answer = fixed.clone.hotfix("backport", "v1.4.3", "--format", "json")
    assert (answer.code, answer.targets) == (0, MERGED), answer.err
    end_state(fixed, before, tip)


@pytest.mark.slow
def test_a_conflict_is_solved(fixed: Project, server: Server) -> None:
    clone, remote, tip = fixed.clone, fixed.remote, fixed.clone.tip("HEAD")
    theirs = clone.branch("feature/clash", "develop", "clash", {"app.py": APP.replace("= 15", "= 0")})
    before = remote.branches()
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets) == (4, {**MERGED, "feature/clash": ("merge", "conflict")}), answer.err
    assert clone.hotfix("backport", "4711", "--resolve", "feature/clash").code == 0
    there = fixed.at("clone-resolve-feature-clash")
    solved = APP.replace("= 15", '= "zero"')
    (there.path / "app.py").write_text(solved)
    there.git("add", "app.py")
    answer = clone.hotfix("backport", "4711", "--continue")
    assert answer.code == 0, answer.err
    assert remote.parents("feature/clash") == [theirs, tip]
    assert remote.tree("feature/clash") == {**remote.tree(theirs), "app.py": solved}
    remote.git("update-ref", "-d", "refs/heads/feature/clash")
    end_state(fixed, {name: oid for name, oid in before.items() if name != "feature/clash"}, tip)


@pytest.mark.slow
def test_a_dry_run_leaves_nothing(fixed: Project, server: Server) -> None:
    fixed.clone.branch("feature/clash", "develop", "clash", {"app.py": APP.replace("= 15", "= 0")})
    fixed.another_clone("bob").branch("feature/new", "origin/main", "not seen here yet", {"new.txt": "new\n"})
    here, there, sent = fixed.clone.everything(), fixed.remote.everything(), server.pushes()
    answer = fixed.clone.hotfix("finish", "--dry-run", "--format", "json")
    assert (answer.code, answer.targets) == (
        4, {**MERGED, "feature/clash": ("merge", "conflict"), "feature/new": ("merge", "merged")},
    ), answer.err  # fmt: skip
    assert (fixed.clone.everything(), fixed.remote.everything()) == (here, there)
    assert server.pushes() == sent


@pytest.mark.slow
def test_production_and_tag_are_one(fixed: Project, server: Server) -> None:
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    hook = fixed.remote.hook("update", 'case "$1" in refs/tags/*) echo "no tags today" >&2; exit 1;; esac')
    assert "no tags today" in unchanged(fixed, code=3)
    hook.unlink()
    assert fixed.clone.hotfix("finish").code == 0
    end_state(fixed, before, tip)


@pytest.mark.slow
def test_one_feature_is_refused(fixed: Project, server: Server) -> None:
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    hook = fixed.remote.hook("update", 'case "$1" in refs/heads/feature/login) echo "mine" >&2; exit 1;; esac')
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets) == (4, {**MERGED, "feature/login": ("merge", "pending")}), answer.err
    assert answer.json["next"] == ["git hotfix backport 4711"]
    end_state(fixed, before, tip, owed=["feature/login"], offered=["feature/login"])
    hook.unlink()
    assert fixed.clone.hotfix("backport").code == 0
    end_state(fixed, before, tip)


@slow
def test_large_requests(fixed: Project, server: Server) -> None:
    """git sends what is larger than its buffer in chunks, and what it asks for compressed."""
    clone = fixed.clone
    clone.git("config", "http.postBuffer", "131072")
    noise = {"tests/picture.txt": random.Random(4711).randbytes(100_000).hex()}
    tip = clone.commit("a large test file", noise)
    bob = fixed.another_clone("bob")
    names = [f"feature/part{number}" for number in range(60)]
    bob.git("push", "-q", "origin", *(f"{_commit(bob.git, name)}:refs/heads/{name}" for name in names))
    before = fixed.remote.branches()
    assert clone.hotfix("waive", "max-lines", "binary", "secret", "--reason", "it is noise").code == 0
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets) == (0, {**MERGED, **dict.fromkeys(names, ("merge", "merged"))}), answer.err
    assert any(each.chunked for each in server.pushes())
    assert any(each.zipped for each in server.requests if each.kind == FETCH)
    for name in ("main", *TARGETS, *names):
        assert fixed.remote.parents(name) == [before[name], tip]
        assert fixed.remote.tree(name) == {**fixed.remote.tree(before[name]), "app.py": FIX, **noise}
    nothing_under_way(fixed)


def _commit(git: object, name: str) -> str:
    return git("commit-tree", "origin/develop^{tree}", "-p", "origin/develop", "-m", name)  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.parametrize("how", rest_slow(["drop after", "cut after"]))
@pytest.mark.parametrize("ref", rest_slow(["refs/heads/main", "refs/heads/develop", "refs/heads/feature/login"]))
def test_it_accepts_and_dies(fixed: Project, server: Server, ref: str, how: Break) -> None:
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    server.fault = fault = Fault(PUSH, how, ref.encode(), times=2)
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert fault.met.is_set()
    assert (answer.code, answer.targets) == (0, MERGED), answer.err
    end_state(fixed, before, tip)


@pytest.mark.slow
@pytest.mark.parametrize("ref", rest_slow(["refs/heads/main", "refs/heads/develop", "refs/heads/feature/login"]))
def test_a_push_that_arrives_twice(fixed: Project, server: Server, ref: str) -> None:
    """The connection broke after the server had accepted, and git's own client sent the same once more."""
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    server.fault = Fault(PUSH, "drop after", ref.encode())
    answer = fixed.clone.hotfix("finish")
    assert (answer.code, server.fault.times) == (0, 0), answer.err
    end_state(fixed, before, tip)


@pytest.mark.slow
@pytest.mark.parametrize("ref", rest_slow(["refs/heads/main", "refs/heads/develop", "refs/heads/feature/login"]))
def test_it_accepts_and_the_network_is_gone(fixed: Project, server: Server, ref: str) -> None:
    """Nobody can be asked what became of the push; the same command again finds out."""
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    server.fault = Fault(PUSH, "gone after", ref.encode())
    answer = fixed.clone.hotfix("finish", "4711")
    assert answer.code == (3 if ref == "refs/heads/main" else 4), answer.err
    assert "it is not known whether it accepted this" in answer.out + answer.err
    assert "here or there" not in answer.err
    assert (fixed.clone.path / ".git" / "hotfix" / "journal-4711.json").exists()
    landed = {name for name, oid in fixed.remote.branches().items() if before[name] != oid}
    assert ref.removeprefix("refs/heads/") in landed
    server.fault = None
    answer = fixed.clone.hotfix("finish", "4711")
    answer = answer if answer.code else fixed.clone.hotfix("backport", "4711")
    assert answer.code == 0, answer.err
    end_state(fixed, before, tip)


@pytest.mark.slow
def test_the_network_is_gone_in_the_push(fixed: Project, server: Server) -> None:
    """The server took nothing, and nobody can know: what the run had made stays kept for the next one."""
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    here, there = fixed.clone.snapshot(), fixed.remote.refs()
    server.fault = Fault(PUSH, "gone")
    answer = fixed.clone.hotfix("finish")
    assert (answer.code, fixed.remote.refs()) == (3, there)
    assert "it is not known whether it accepted this" in answer.err
    assert "(nothing was changed here)" in answer.err
    after = fixed.clone.snapshot()
    kept = {ref for ref in after.refs if ref.startswith("refs/hotfix/run/4711/")}
    assert len(kept) == 2
    assert {ref: oid for ref, oid in after.refs.items() if ref not in kept} == here.refs
    assert (after.head, after.files, after.index) == (here.head, here.files, here.index)
    server.fault = None
    answer = fixed.clone.hotfix("finish")
    assert answer.code == 0, answer.err
    end_state(fixed, before, tip)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [ASK, GREETING])
def test_the_network_is_gone(fixed: Project, server: Server, kind: str) -> None:
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    server.fault = Fault(kind, "gone")
    assert "nothing was changed" in unchanged(fixed, code=3)
    server.fault = None
    answer = fixed.clone.hotfix("finish")
    assert answer.code == 0, answer.err
    end_state(fixed, before, tip)


@pytest.mark.slow
@pytest.mark.parametrize("number", [SIGINT, SIGTERM])
@pytest.mark.parametrize(
    ("kind", "how"),
    [(ASK, "hang"), pytest.param(GREETING, "hang", marks=slow), pytest.param(PUSH, "hang", marks=slow),
     (PUSH, "hang after")],
)  # fmt: skip
def test_a_server_that_hangs(fixed: Project, server: Server, kind: str, how: Break, number: Signals) -> None:
    """git waits for ever where nobody set a limit; whoever waits can stop it."""
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    server.fault = fault = Fault(kind, how)
    running = Running(fixed.clone, "finish")
    fault.met.wait()
    answer = running.stop(number)
    assert answer.code == 130, answer.err
    # The helper that waits for the server is git's own child, and ends when that answers or closes.
    assert [each for each in at_work(fixed.clone) if each.startswith("git ")] == []
    nothing_under_way(fixed, journal=kind != ASK)
    assert (fixed.remote.branches() == before) == (how == "hang")
    server.fault = None
    answer = fixed.clone.hotfix("finish")
    assert answer.code == 0, answer.err
    end_state(fixed, before, tip)


@slow
def test_the_users_own_limit_holds(fixed: Project, server: Server) -> None:
    """`http.lowSpeedLimit` and `http.lowSpeedTime` end a wait, as for every git."""
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    fixed.clone.git("config", "http.lowSpeedLimit", "1")
    fixed.clone.git("config", "http.lowSpeedTime", "1")
    server.fault = Fault(GREETING, "hang")
    assert "Operation too slow" in unchanged(fixed, code=3)
    server.fault = None
    assert fixed.clone.hotfix("finish").code == 0
    end_state(fixed, before, tip)
