"""Two runs at once: one works, the other says who holds it and ends; and what each tier tells the server."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from building import TARGETS, Project
from proofs import rest_slow
from undisturbed import Gate, Running, end_state

SECOND = [("backport", "4711"), ("finish", "4711"), ("undo", "4711"), ("backport", "--abort")]


@pytest.mark.parametrize("words", rest_slow(SECOND))
def test_the_second_ends_while_the_first_is_at_work(fixed: Project, words: tuple[str, ...]) -> None:
    clone, remote = fixed.clone, fixed.remote
    before, tip = remote.branches(), clone.tip("HEAD")
    with Gate(fixed) as gate:
        remote.hook("pre-receive", f'case "$(cat)" in *refs/heads/main*) {gate.hang};; esac')
        first = Running(clone, "finish")
        gate.wait()
        second = clone.hotfix(*words)
        assert first.process.poll() is None  # it answered while the other still waited for the server
        assert second.code == 3
        assert f"git hotfix finish is running here (process {first.process.pid})" in second.err
        assert "nothing was changed" in second.err
        gate.open()
        assert first.ended().code == 0
    end_state(fixed, before, tip)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only /proc tells a dead process from a living one")
def test_a_dead_run_that_nobody_has_buried_holds_nothing(fixed: Project) -> None:
    """Its parent never asks how it ended, as the first process of many a container."""
    clone, remote = fixed.clone, fixed.remote
    before, tip = remote.branches(), clone.tip("HEAD")
    with Gate(fixed) as gate:
        hook = remote.hook("pre-receive", f'case "$(cat)" in *refs/heads/main*) {gate.hang};; esac')
        first = Running(clone, "finish")
        gate.wait()
        first.process.kill()
        stat = Path(f"/proc/{first.process.pid}/stat")
        while stat.read_text().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.01)
        gate.open()
        hook.unlink()
        assert clone.hotfix("finish").code == 0
        first.process.wait()
    end_state(fixed, before, tip, killed=True)


@pytest.mark.slow
def test_a_look_needs_no_lock(fixed: Project) -> None:
    with Gate(fixed) as gate:
        fixed.remote.hook("pre-receive", f'case "$(cat)" in *refs/heads/main*) {gate.hang};; esac')
        first = Running(fixed.clone, "finish")
        gate.wait()
        for words in (["check"], ["status"], ["list"], ["finish", "--dry-run"]):
            assert fixed.clone.hotfix(*words).code == 0
        gate.open()
        assert first.ended().code == 0


@pytest.mark.slow
def test_push_options_of_each_tier(fixed: Project) -> None:
    """The server hears what git config says for production and tag, for develop and releases, and for features."""
    clone, remote = fixed.clone, fixed.remote
    remote.git("config", "receive.advertisePushOptions", "true")
    heard = fixed.root / "heard"
    remote.hook("post-receive", f'while read -r old new ref; do echo "$ref ${{GIT_PUSH_OPTION_0-}} '
                                f'${{GIT_PUSH_OPTION_1-}}" >> "{heard}"; done')  # fmt: skip
    for key, value in (("tier1", "ci.run"), ("tier2", "ci.skip"), ("tier3", "ci.skip"), ("tier3", "topic=hotfix")):
        clone.git("config", "--add", f"hotfix.{key}PushOption", value)
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets) == (0, dict.fromkeys(TARGETS, ("merge", "merged"))), answer.err
    told = {line.split()[0]: line.split()[1:] for line in heard.read_text().splitlines()}
    tiers = {
        ("ci.run",): ["refs/heads/main", "refs/tags/v1.4.3"],
        ("ci.skip",): ["refs/heads/develop", "refs/heads/release/1.5"],
        ("ci.skip", "topic=hotfix"): ["refs/heads/feature/login", "refs/heads/feature/search"],
    }
    found = {options: sorted(ref for ref, said in told.items() if tuple(said) == options and "/log/" not in ref)
             for options in tiers}  # fmt: skip
    assert found == tiers
