"""Killed at any moment: nothing is lost, and the same command again gives the same end state."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from building import FIX, TARGETS, Project
from proofs import rest_slow
from sandbox import Repo
from undisturbed import hears

ON_INPUT = 'input=$(cat); case "$input" in *"{word}"*) ;; *) exit 0;; esac'
KILL = 'while [ ! -s "{file}" ]; do sleep 0.01; done; read -r pid < "{file}"; kill -9 "$pid"'


def run_until_killed(project: Project, hook: Path, word: str, *options: str, state: str = "") -> None:
    """Run finish; the hook kills it when its input holds `word` (in that state of a reference transaction)."""
    file = project.root / "pid"
    when = f'[ "$1" = "{state}" ] || exit 0\n' if state else ""
    hook.write_text(f"#!/bin/sh\n{when}{ON_INPUT.format(word=word)}\n{KILL.format(file=file)}\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "git_hotfix", "finish", *options], cwd=project.clone.path,
        env={**os.environ, **project.clone.environment}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    file.write_text(f"{process.pid}\n")
    assert process.wait(timeout=60) == -signal.SIGKILL
    hook.unlink()


def end_state(project: Project, branches: dict[str, str], tip: str) -> None:
    """Everything where one undisturbed run leaves it, each merge made once."""
    clone, remote = project.clone, project.remote
    after = remote.branches()
    assert set(after) == set(branches)
    for branch in ("main", *TARGETS):
        assert remote.parents(branch) == [branches[branch], tip]
        assert remote.tree(branch) == {**remote.tree(branches[branch]), "app.py": FIX}
    assert after["feature/old"] == branches["feature/old"]
    assert remote.tags() == {"v1.4.1", "v1.4.2", "v1.4.3"}
    assert remote.tip("v1.4.3") == after["main"]
    assert remote.log("4711")[0] == "start hotfix 4711: Checkout fails"
    assert [title for title in remote.log("4711") if title.startswith("finish")] == ["finish hotfix 4711 as v1.4.3"]
    assert remote.log("4711")[-1] == "close hotfix 4711"
    assert clone.branches() == {"main": after["main"], "develop": after["develop"]}
    assert clone.refs("refs/tags/v1.4.3") == remote.refs("refs/tags/v1.4.3")
    assert clone.refs("refs/hotfix/log", "refs/hotfix/run") == remote.refs("refs/hotfix/")
    assert [file.name for file in (clone.path / ".git" / "hotfix").iterdir()] == []
    assert clone.git("status", "--porcelain") == ""


def local(repo: Repo, name: str) -> Path:
    return repo.hook(name, "exit 0")


@pytest.mark.parametrize(
    ("where", "name", "state", "word"),
    rest_slow(
        [
            ("remote", "post-receive", "", "refs/heads/main"),
            ("clone", "reference-transaction", "committed", "refs/heads/develop"),
            ("clone", "pre-push", "", "refs/heads/main "),
            ("clone", "reference-transaction", "committed", "refs/tags/v1.4.3"),
            ("remote", "post-receive", "", "refs/heads/develop"),
            ("remote", "post-receive", "", "refs/heads/feature/login"),
            ("clone", "reference-transaction", "committed", "refs/heads/hotfix/4711"),
        ],
        now=2,
        spread=True,
    ),
)
def test_killed_and_run_again(fixed: Project, where: str, name: str, state: str, word: str) -> None:
    branches, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    before = fixed.clone.snapshot()
    hook = local(fixed.clone if where == "clone" else fixed.remote, name)
    run_until_killed(fixed, hook, word, state=state)
    again = fixed.clone.hotfix("finish", "4711")
    assert again.code == 0, again.err
    end_state(fixed, branches, tip)
    assert fixed.clone.files() == before.files


@pytest.mark.slow
def test_a_colleague_ends_what_was_killed(fixed: Project) -> None:
    """The remote is the truth: any other clone finishes the targets."""
    fixed.clone.git("push", "-q", "origin", "hotfix/4711")
    branches, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    run_until_killed(fixed, local(fixed.remote, "post-receive"), "refs/heads/main")
    other = fixed.another_clone("bob")
    answer = other.hotfix("finish", "4711", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    after = fixed.remote.branches()
    assert set(after) == set(branches) - {"hotfix/4711"}
    assert fixed.remote.parents("develop") == [branches["develop"], tip]
    assert fixed.remote.tags() == {"v1.4.1", "v1.4.2", "v1.4.3"}


@pytest.mark.slow
def test_interrupted_by_the_keyboard(fixed: Project) -> None:
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    fixed.clone.hook("pre-push", f'while [ ! -s "{fixed.root}/pid" ]; do sleep 0.01; done\n'
                     f'read -r pid < "{fixed.root}/pid"; kill -INT "$pid"; exit 1')  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "git_hotfix", "finish"], cwd=fixed.clone.path,
        env={**os.environ, **fixed.clone.environment}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, preexec_fn=hears,
    )  # fmt: skip
    (fixed.root / "pid").write_text(f"{process.pid}\n")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"the same command again goes on" in said
    assert fixed.remote.refs() == there
    assert fixed.clone.files() == before.files
    (fixed.clone.path / ".git" / "hooks" / "pre-push").unlink()
    assert fixed.clone.hotfix("finish").code == 0


@pytest.mark.slow
def test_a_garbage_collection_takes_nothing_of_a_killed_run(fixed: Project) -> None:
    """Everything that the journal names is kept alive until the run goes on."""
    clone = fixed.clone
    branches, tip = fixed.remote.branches(), clone.tip("HEAD")
    run_until_killed(fixed, local(clone, "pre-push"), "refs/heads/main ")
    updates = json.loads((clone.path / ".git" / "hotfix" / "journal-4711.json").read_bytes())["updates"]
    assert {row["ref"] for row in updates} == {
        "refs/heads/main", "refs/tags/v1.4.3", "refs/hotfix/log/4711", "refs/heads/hotfix/4711",
        *(f"refs/heads/{name}" for name in TARGETS),
    }  # fmt: skip
    clone.git("reflog", "expire", "--expire=now", "--all")
    clone.git("gc", "--quiet", "--prune=now")
    # The hotfix branch is only going to be deleted.
    kinds = {row["ref"]: clone.git("cat-file", "-t", row["new"]) for row in updates if row["new"]}
    assert set(kinds) == {row["ref"] for row in updates} - {"refs/heads/hotfix/4711"}
    assert kinds == {**dict.fromkeys(kinds, "commit"), "refs/tags/v1.4.3": "tag"}
    assert clone.hotfix("finish").code == 0
    end_state(fixed, branches, tip)
