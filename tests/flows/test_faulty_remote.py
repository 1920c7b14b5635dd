"""A remote whose hooks refuse, hang or die: what it took is done, what it did not take is owed, nothing is twice."""

from __future__ import annotations

import time
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals

import pytest
from building import TARGETS, Project
from proofs import rest_slow
from sandbox import Answer
from undisturbed import Gate, Running, at_work, end_state, nothing_under_way

MERGED = dict.fromkeys(TARGETS, ("merge", "merged"))
HUNG_UP = "the remote end hung up unexpectedly"
slow = pytest.mark.slow

# A hook that acts when the push holds a reference. Those of receive-pack get it as an argument, or on stdin.
WHEN = {
    "update": 'case "$1" in {ref}) ;; *) exit 0;; esac\n{act}',
    "reference-transaction": '[ "$1" = committed ] || exit 0\ncase "$(cat)" in *{ref}*) ;; *) exit 0;; esac\n{act}',
}
OTHERS = 'case "$(cat)" in *{ref}*) ;; *) exit 0;; esac\n{act}'
DIE = "kill -9 $PPID"  # the receive-pack that runs the hook


def begun(project: Project, command: str) -> tuple[dict[str, str], str]:
    """The remote's branches before any fix, and the hotfix; a backport comes after a finish that left it out."""
    before, tip = project.remote.branches(), project.clone.tip("HEAD")
    if command == "backport":
        answer = project.clone.hotfix("finish", "--no-backport")
        assert answer.code == 0, answer.err
    return before, tip


def hooked(project: Project, name: str, ref: str, act: str) -> Path:
    return project.remote.hook(name, WHEN.get(name, OTHERS).format(ref=ref, act=act))


def run(project: Project, command: str) -> Answer:
    return project.clone.hotfix(command, "4711", "--format", "json")


def done(project: Project, command: str, before: dict[str, str], tip: str, *, killed: bool = False) -> None:
    """The same command again gives the end state of an undisturbed run."""
    answer = project.clone.hotfix(command, "4711")
    assert answer.code == 0, answer.err
    end_state(project, before, tip, killed=killed)


@pytest.mark.parametrize("command", ["finish", "backport"])
@pytest.mark.parametrize("branch", rest_slow(["develop", "feature/login"]))
def test_one_reference_is_refused(fixed: Project, branch: str, command: str) -> None:
    before, tip = begun(fixed, command)
    hook = hooked(fixed, "update", f"refs/heads/{branch}", 'echo "not today" >&2; exit 1')
    answer = run(fixed, command)
    assert (answer.code, answer.targets) == (4, {**MERGED, branch: ("merge", "pending")}), answer.err
    [reason] = [each["reason"] for each in answer.json["targets"] if each["status"] == "pending"]
    assert "not today" in reason
    assert answer.json["next"] == ["git hotfix backport 4711"]
    end_state(fixed, before, tip, owed=[branch], offered=[branch])
    hook.unlink()
    done(fixed, "backport", before, tip)


@pytest.mark.slow
def test_every_reference_is_refused_to_finish(fixed: Project) -> None:
    before, tip = begun(fixed, "finish")
    hook = fixed.remote.hook("pre-receive", 'echo "closed for the night" >&2; exit 1')
    here, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = fixed.clone.hotfix("finish")
    assert (answer.code, "pre-receive hook declined" in answer.err) == (3, True), answer.err
    assert "(nothing was changed)" in answer.err
    assert (fixed.clone.snapshot(), fixed.remote.refs()) == (here, there)
    nothing_under_way(fixed)
    hook.unlink()
    done(fixed, "finish", before, tip)


@pytest.mark.slow
def test_every_reference_is_refused_to_backport(fixed: Project) -> None:
    before, tip = begun(fixed, "backport")
    hook = fixed.remote.hook("pre-receive", 'echo "closed for the night" >&2; exit 1')
    here, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = run(fixed, "backport")
    assert (answer.code, answer.targets) == (4, dict.fromkeys(TARGETS, ("merge", "failed"))), answer.err
    said = "pre-receive hook declined: closed for the night"
    reasons = {each["ref"].removeprefix("refs/heads/"): each["reason"] for each in answer.json["targets"]}
    assert reasons == {branch: f"{said}; hotfix-to/{branch}/4711: {said}" for branch in TARGETS}
    assert answer.json["next"] == [f"git hotfix backport 4711 --to {branch}" for branch in TARGETS]
    assert (fixed.clone.snapshot(), fixed.remote.refs()) == (here, there)
    nothing_under_way(fixed)
    hook.unlink()
    done(fixed, "backport", before, tip)


@pytest.mark.slow
@pytest.mark.parametrize("number", [SIGTERM, SIGKILL])
@pytest.mark.parametrize(
    ("command", "name", "ref"),
    [
        ("finish", "pre-receive", "refs/heads/main"),
        pytest.param("finish", "update", "refs/tags/v1.4.3", marks=slow),
        pytest.param("finish", "post-receive", "refs/heads/main", marks=slow),
        pytest.param("finish", "update", "refs/heads/develop", marks=slow),
        pytest.param("finish", "update", "refs/heads/release/1.5", marks=slow),
        pytest.param("finish", "pre-receive", "refs/heads/feature/login", marks=slow),
        pytest.param("backport", "update", "refs/heads/release/1.5", marks=slow),
        pytest.param("backport", "pre-receive", "refs/heads/develop", marks=slow),
        pytest.param("backport", "post-receive", "refs/heads/feature/login", marks=slow),
    ],
)
def test_a_hook_that_hangs(fixed: Project, command: str, name: str, ref: str, number: Signals) -> None:
    """The client is killed; the server goes on, and may take the push after that."""
    if not Path("/proc/self/cwd").exists():
        pytest.skip("there is no /proc to see when the server has ended")
    before, tip = begun(fixed, command)
    with Gate(fixed) as gate:
        hook = hooked(fixed, name, ref, gate.hang)
        running = Running(fixed.clone, command, "4711")
        gate.wait()
        answer = running.stop(number)
        assert answer.code == (130 if number == SIGTERM else -SIGKILL)
    while at_work(fixed.remote, fixed.clone):
        time.sleep(0.01)
    hook.unlink()
    done(fixed, command, before, tip, killed=number == SIGKILL)


def in_one(project: Project) -> bool:
    """True where a server takes all references of a push in one transaction, atomic or not (git 2.50 and newer)."""
    major, minor = project.remote.git("version").split()[2].split(".")[:2]
    return (int(major), int(minor)) >= (2, 50)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["finish", "backport"])
@pytest.mark.parametrize(
    ("ref", "lost"),
    rest_slow(
        [
            ("refs/heads/develop", ["release/1.5"]),
            ("refs/heads/main", []),
            ("refs/heads/feature/login", ["feature/search"]),
        ],
        spread=True,
    ),
)
def test_it_takes_a_reference_and_dies(fixed: Project, ref: str, lost: list[str], command: str) -> None:
    """What it took without a word is asked for and is done; what came behind it in the same push is owed."""
    before, tip = begun(fixed, command)
    if in_one(fixed):
        lost = []
    hook = hooked(fixed, "reference-transaction", ref, DIE)
    answer = run(fixed, command)
    statuses = {**MERGED, **dict.fromkeys(lost, ("merge", "failed"))}
    assert (answer.code, answer.targets) == (4 if lost else 0, statuses), answer.err
    assert {each["reason"] for each in answer.json["targets"] if each["status"] == "failed"} == (
        {HUNG_UP} if lost else set()
    )
    assert answer.json["next"] == [f"git hotfix backport 4711 --to {branch}" for branch in lost]
    end_state(fixed, before, tip, owed=lost)
    hook.unlink()
    done(fixed, "backport", before, tip)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["finish", "backport"])
def test_it_answers_and_dies(fixed: Project, command: str) -> None:
    before, tip = begun(fixed, command)
    fixed.remote.hook("post-receive", DIE)
    answer = run(fixed, command)
    assert (answer.code, answer.targets) == (0, MERGED), answer.err
    end_state(fixed, before, tip)


@pytest.mark.slow
def test_it_dies_before_it_takes_production(fixed: Project) -> None:
    before, tip = begun(fixed, "finish")
    hook = hooked(fixed, "pre-receive", "refs/heads/main", DIE)
    here, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = fixed.clone.hotfix("finish")
    assert (answer.code, HUNG_UP in answer.err) == (3, True), answer.err
    assert "(nothing was changed, here or there)" in answer.err
    assert (fixed.clone.snapshot(), fixed.remote.refs()) == (here, there)
    nothing_under_way(fixed)
    hook.unlink()
    done(fixed, "finish", before, tip)
