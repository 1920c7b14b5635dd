"""The native gate beside pre-commit, lefthook and husky, in either order of installation."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hook_clone import Clone, arguments, clone, gate_saw, line

from git_hotfix.commands import hooks as command
from git_hotfix.errors import ExitCode

__all__ = ["clone"]


# Beside pre-commit


PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - id: seen
        name: seen
        entry: sh -c 'echo "$PRE_COMMIT_REMOTE_BRANCH" >> {records}/pre-commit'
        language: system
        stages: [pre-push]
        always_run: true
        pass_filenames: false
"""


def pre_commit(clone: Clone, *arguments: str) -> None:
    if shutil.which("pre-commit") is None:
        pytest.skip("pre-commit is not installed")
    config = clone.top / ".pre-commit-config.yaml"
    if not config.exists():
        config.write_text(PRE_COMMIT.format(records=clone.records))
        clone.git("add", ".")
        clone.git("commit", "-q", "-m", "settings")
    clone.run("pre-commit", *arguments)


def one_push_each(clone: Clone, *, old: bool) -> None:
    """Push a hotfix and a feature branch: gate, old hook and pre-commit each run once, the first two with all lines."""
    for name in [file.name for file in clone.records.iterdir()]:
        (clone.records / name).unlink()
    clone.git("commit", "-q", "--allow-empty", "-m", "more")
    done = clone.push("main:refs/heads/feature/x", "main:refs/heads/hotfix/1")
    assert done.returncode == 0, done.stderr
    assert [len(run) for run in clone.runs("gate")] == [4]
    assert [len(run) for run in clone.runs("old")] == ([4] if old else [])
    assert (clone.records / "pre-commit").read_text().count("\n") == 1


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("first", ["pre-commit", "git-hotfix"])
@pytest.mark.slow
def test_beside_pre_commit(clone: Clone, first: str, *, old: bool) -> None:
    if old:
        clone.old_hook()
    if first == "git-hotfix":
        clone.hotfix("install")
    pre_commit(clone, "install", "-t", "pre-push")
    clone.hotfix("install")
    assert clone.hotfix("status") == (ExitCode.DONE, "in place: .git/hooks/pre-push.legacy\n")
    standing = clone.tree()
    one_push_each(clone, old=old)
    clone.hotfix("install")
    pre_commit(clone, "install", "-t", "pre-push")
    clone.hotfix("install")
    assert clone.tree() == standing
    one_push_each(clone, old=old)
    clone.hotfix("uninstall")
    assert clone.hotfix("status")[0] == ExitCode.REFUSED
    assert ("pre-push.legacy" in clone.tree()) == old
    pre_commit(clone, "uninstall", "-t", "pre-push")
    assert set(clone.tree()) == ({"pre-push"} if old else set())


@pytest.mark.slow
def test_pre_commit_goes_and_the_gate_stays(clone: Clone) -> None:
    text = clone.old_hook()
    pre_commit(clone, "install", "-t", "pre-push")
    clone.hotfix("install")
    pre_commit(clone, "uninstall", "-t", "pre-push")
    assert clone.hotfix("status") == (ExitCode.DONE, "in place: .git/hooks/pre-push\n")
    clone.push("main:refs/heads/hotfix/1")
    assert (len(clone.runs("gate")), len(clone.runs("old"))) == (1, 1)
    clone.hotfix("uninstall")
    assert clone.tree() == {"pre-push": (text, 0o755)}


# Beside lefthook


LEFTHOOK = "pre-push:\n  commands:\n    seen:\n      run: echo {{1}} >> {records}/lefthook\n"


def lefthook(clone: Clone, *, extra: str = "") -> None:
    """Run `lefthook install` with settings that record each run; lefthook needs a file to push before it runs any."""
    if shutil.which("lefthook") is None:
        pytest.skip("lefthook is not installed (pip install lefthook)")
    (clone.top / "lefthook.yml").write_text(LEFTHOOK.format(records=clone.records) + extra)
    clone.git("add", ".")
    clone.git("commit", "-q", "-m", "settings")
    clone.run("lefthook", "install")


@pytest.mark.slow
def test_beside_lefthook(clone: Clone) -> None:
    lefthook(clone)
    before = clone.tree()
    code, said = clone.hotfix("install")
    assert code == ExitCode.DONE
    assert "found: lefthook's hooks" in said
    assert 'verify-push {1} "{2}"\n        use_stdin: true' in said
    standing = clone.tree()
    clone.hotfix("install")
    assert clone.tree() == standing
    assert clone.push("main:refs/heads/hotfix/1").returncode == 0
    assert (clone.records / "lefthook").read_text() == "origin\n"
    assert clone.runs("gate") == [gate_saw(clone, "refs/heads/hotfix/1")]
    clone.hotfix("uninstall")
    assert clone.tree() == before


@pytest.mark.slow
def test_lefthook_pushes_us_aside_and_we_come_back(clone: Clone) -> None:
    text = clone.old_hook()
    clone.hotfix("install")
    lefthook(clone)
    assert clone.hotfix("status")[0] == ExitCode.REFUSED
    clone.hotfix("install")
    # As if lefthook had come first: it never ran the team's own hook, and holds it as pre-push.old.
    assert clone.tree()["pre-push.old"] == (text, 0o755)
    clone.push("main:refs/heads/hotfix/1")
    assert (len(clone.runs("gate")), clone.runs("old")) == (1, [])
    assert (clone.records / "lefthook").read_text() == "origin\n"


@pytest.mark.slow
def test_lefthook_runs_the_gate_by_the_printed_lines(clone: Clone) -> None:
    clone.hotfix("install")
    lefthook(clone)
    printed = command._LEFTHOOK_SNIPPET.partition("commands:\n")[2]
    lefthook(clone, extra="".join(each.removeprefix("  ") + "\n" for each in printed.splitlines()))
    code, said = clone.hotfix("status")
    assert (code, said.splitlines()[0]) == (ExitCode.DONE, "in place: lefthook.yml")
    standing = clone.tree()
    assert "unchanged" in clone.hotfix("install")[1]
    assert clone.tree() == standing
    clone.push("main:refs/heads/hotfix/1")
    (seen,) = clone.runs("gate")
    assert seen == gate_saw(clone, "refs/heads/hotfix/1")
    # lefthook itself finds no file to push here, and passes over the commands that do not ask for some.
    clone.push("--no-verify", "-u", "main")
    (clone.records / "lefthook").unlink()
    (clone.records / "gate.refuse").touch()
    assert clone.push("main:refs/tags/v1").returncode != 0
    assert len(clone.runs("gate")) == 2
    assert not (clone.records / "lefthook").exists()


# Beside husky


# A shim by the model of husky 9: the shim's folder and name say which script of the team's is meant.
SHIM = '#!/usr/bin/env sh\n. "$(dirname "$0")/h"'
RUNNER = """\
script=$(dirname "$(dirname "$0")")/$(basename "$0")
[ ! -f "$script" ] && exit 0
sh -e "$script" "$@"
exit $?
"""


def husky(clone: Clone) -> Path:
    folder = clone.top / ".husky" / "_"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*")
    (folder / "h").write_text(RUNNER)
    (folder / "pre-push").write_text(SHIM)
    (folder / "pre-push").chmod(0o755)
    clone.git("config", "core.hooksPath", ".husky/_")
    return folder


@pytest.mark.slow
def test_beside_husky(clone: Clone) -> None:
    clone.old_hook(clone.top / ".husky" / "pre-push", mode=0o644)
    folder = husky(clone)
    deep = clone.top / "src" / "deep"
    deep.mkdir(parents=True)
    code, said = clone.hotfix("install", cwd=deep)
    assert code == ExitCode.DONE
    assert 'in .husky/pre-push:\n  git-hotfix verify-push "$@"' in said
    assert "changed inside the working tree" not in said
    assert clone.push("main:refs/heads/hotfix/1").returncode == 0
    assert clone.runs("gate") == [gate_saw(clone, "refs/heads/hotfix/1")]
    assert clone.runs("old") == [[".husky/pre-push", arguments(clone), line(clone, "refs/heads/hotfix/1")]]
    husky(clone)  # npm install writes the shims anew
    assert clone.hotfix("status")[0] == ExitCode.REFUSED
    clone.hotfix("install")
    clone.push("main:refs/heads/hotfix/2")
    assert (len(clone.runs("gate")), len(clone.runs("old"))) == (2, 2)
    clone.hotfix("uninstall")
    assert ((folder / "pre-push").read_text(), sorted(file.name for file in folder.iterdir())) == (
        SHIM,
        [".gitignore", "h", "pre-push"],
    )


def test_husky_runs_the_gate_by_the_printed_line(clone: Clone) -> None:
    folder = husky(clone)
    (clone.top / ".husky" / "pre-push").write_text('git-hotfix verify-push "$@"\n')
    code, said = clone.hotfix("status")
    assert (code, said.splitlines()[0]) == (ExitCode.DONE, "in place: .husky/pre-push")
    assert "unchanged" in clone.hotfix("install")[1]
    assert (folder / "pre-push").read_text() == SHIM
    clone.push("main:refs/heads/hotfix/1")
    assert len(clone.runs("gate")) == 1
