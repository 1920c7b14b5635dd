"""Ended by a signal: git at work is ended first, nothing of the run stays, and the same command goes on."""

from __future__ import annotations

import os
import pty
import signal
from signal import SIGHUP, SIGINT, SIGTERM

import pytest
from building import Project
from proofs import rest_slow
from sandbox import Snapshot
from undisturbed import Gate, Running, at_work, end_state, nothing_under_way

SAID = "interrupted; the same command again goes on where this one stopped\n"


def hang(project: Project, gate: Gate, where: str) -> None:
    """Fetch or push waits, as for a server or a hook that takes its time."""
    if where == "fetch":
        script = project.remote.hook("slow", f'{gate.hang}\nexec git-upload-pack "$@"')
        project.clone.git("config", "remote.origin.uploadpack", str(script))
    else:
        project.clone.hook("pre-push", gate.hang)


def what_is_the_users(state: Snapshot) -> Snapshot:
    """A state without the pins that keep what a run had made from a garbage collection."""
    refs = {ref: oid for ref, oid in state.refs.items() if not ref.startswith("refs/hotfix/run/")}
    return Snapshot(state.head, refs, state.index, state.files, state.stash, state.config)


@pytest.mark.parametrize("number", rest_slow([SIGTERM, SIGINT, SIGHUP]))
@pytest.mark.parametrize("where", ["fetch", "push"])
def test_the_same_command_goes_on(fixed: Project, where: str, number: signal.Signals) -> None:
    branches, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    with Gate(fixed) as gate:
        hang(fixed, gate, where)
        before, there = fixed.clone.snapshot(), fixed.remote.refs()
        running = Running(fixed.clone, "finish")
        gate.wait()
        answer = running.stop(number)
        assert (answer.code, answer.err.endswith(SAID)) == (130, True), answer.err
        assert at_work(fixed.clone) == []
        assert what_is_the_users(fixed.clone.snapshot()) == before
        assert fixed.remote.refs() == there
        nothing_under_way(fixed, journal=where == "push")
    again = fixed.clone.hotfix("finish")
    assert again.code == 0, again.err
    end_state(fixed, branches, tip)


@pytest.mark.slow
def test_a_hangup_that_is_ignored_stays_ignored(fixed: Project) -> None:
    """`nohup git hotfix finish` goes on when its terminal goes away."""
    branches, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    with Gate(fixed) as gate:
        hang(fixed, gate, "push")
        running = Running(fixed.clone, "finish", ignores=SIGHUP)
        gate.wait()
        running.process.send_signal(SIGHUP)
    assert running.ended().code == 0
    end_state(fixed, branches, tip)


@pytest.mark.slow
def test_a_terminal_that_went_away_is_not_written_to(fixed: Project) -> None:
    with Gate(fixed) as gate:
        hang(fixed, gate, "push")
        theirs, ours = os.pipe()
        running = Running(fixed.clone, "finish", err=ours)
        os.close(ours)
        gate.wait()
        os.close(theirs)
        assert running.stop(SIGHUP).code == 130
    nothing_under_way(fixed, journal=True)


@pytest.mark.slow  # a progress line comes after a second
def test_the_progress_line_is_taken_back(fixed: Project) -> None:
    with Gate(fixed) as gate:
        hang(fixed, gate, "fetch")
        ours, theirs = pty.openpty()
        running = Running(fixed.clone, "finish", err=theirs)
        os.close(theirs)
        shown = b""
        while b"asking the remote (" not in shown:
            shown += os.read(ours, 1000)
        running.process.send_signal(SIGTERM)
        shown = b""
        while not shown.endswith(b"\r\n"):
            shown += os.read(ours, 1000)
        assert running.ended().code == 130
        os.close(ours)
    *_, last = shown.removesuffix(b"\r\n").rpartition(b"\r\x1b[K")
    assert last.decode() + "\n" == SAID
