"""The native gate alone, before a hook of the team's own, and in other hooks folders."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from hook_clone import ZERO, Clone, arguments, clone, gate_saw, head, line

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git.repository import open_repository
from git_hotfix.hooks import install

__all__ = ["clone"]


# The gate alone


def test_beside_nothing_and_back(clone: Clone) -> None:
    before = clone.tree()
    assert clone.hotfix("status")[0] == ExitCode.REFUSED
    code, said = clone.hotfix("install")
    assert code == ExitCode.DONE
    assert said.startswith("found: no pre-push hook\ninstalled: .git/hooks/pre-push\n")
    assert stat.S_IMODE(clone.hook.stat().st_mode) == 0o755
    assert clone.hotfix("status") == (ExitCode.DONE, "in place: .git/hooks/pre-push\n")
    assert clone.push("main:refs/heads/hotfix/1").returncode == 0
    assert clone.runs("gate") == [gate_saw(clone, "refs/heads/hotfix/1")]
    standing = clone.tree()
    assert (
        clone.hotfix("install")[1] == "found: no pre-push hook\nunchanged: the gate is in place, .git/hooks/pre-push\n"
    )
    assert clone.tree() == standing
    assert clone.hotfix("uninstall") == (ExitCode.DONE, "removed: the gate from .git/hooks/pre-push\n")
    assert clone.tree() == before
    assert clone.hotfix("uninstall")[1] == "nothing to remove: .git/hooks/pre-push is not this gate\n"


def test_an_older_version_is_brought_up_to_date(clone: Clone) -> None:
    clone.folder.mkdir(exist_ok=True)
    clone.hook.write_bytes(b"#!/bin/sh\n" + install.MARKER + b" of old\n")
    clone.hook.chmod(0o755)
    assert "another version" in clone.hotfix("status")[1]
    assert "updated: .git/hooks/pre-push" in clone.hotfix("install")[1]
    assert clone.hook.read_bytes() == install.hook_text()
    clone.hook.chmod(0o644)
    assert clone.hotfix("status")[0] == ExitCode.REFUSED
    assert "updated" in clone.hotfix("install")[1]
    assert clone.hotfix("status")[0] == ExitCode.DONE


@pytest.mark.parametrize(
    ("refs", "handed"),
    [
        (["main:refs/heads/feature/main"], False),
        (["main:refs/heads/develop", "main:refs/heads/release/2.0"], False),
        (["main:refs/heads/mainline"], False),
        (["main:refs/heads/feature/hotfix/x"], False),
        (["main"], True),
        (["main:refs/heads/master"], True),
        (["main:refs/heads/hotfix/7"], True),
        (["main:refs/tags/v1"], True),
        (["main:refs/hotfix/log/7"], True),
        (["main:refs/heads/feature/a", "main:refs/heads/hotfix/7"], True),
        (["HEAD@{0 seconds ago}:refs/heads/hotfix/7"], True),
        ([":refs/heads/hotfix/7"], True),
    ],
)
def test_which_pushes_are_handed_over(clone: Clone, refs: list[str], handed: bool) -> None:
    clone.push("--no-verify", "main:refs/heads/hotfix/7" if refs[0].startswith(":") else "main:refs/heads/other")
    clone.hotfix("install")
    assert clone.push(*refs).returncode == 0
    assert len(clone.runs("gate")) == handed


@pytest.mark.slow
def test_production_is_what_the_configuration_says(clone: Clone) -> None:
    clone.hotfix("install")
    clone.git("config", "gitflow.branch.master", "stable")
    clone.push("main:refs/heads/other")
    clone.push("main:refs/heads/stable")
    clone.push("main:refs/heads/main")  # git-flow's word outlives a rename
    assert clone.runs("gate") == [gate_saw(clone, f"refs/heads/{branch}") for branch in ("stable", "main")]
    clone.git("config", "hotfix.production", "li*ve")
    clone.push("main:refs/heads/live")  # it is a name and not a pattern
    assert len(clone.runs("gate")) == 2
    clone.push("main:refs/heads/master")  # while it names no branch, the defaults hold
    clone.git("config", "hotfix.production", "live")
    assert len(clone.runs("gate")) == 3
    clone.push("main:refs/heads/live2", "main:refs/heads/live")
    clone.git("push", "-q", "--no-verify", "origin", ":refs/heads/live", ":refs/heads/main")
    clone.git("fetch", "-q", "--prune")
    clone.git("push", "-q", "--no-verify", "origin", "main:refs/heads/live")
    clone.push("main:refs/heads/main")  # production is live, and that is a branch
    assert len(clone.runs("gate")) == 3
    clone.git("push", "-q", "--no-verify", "origin", ":refs/heads/live")
    clone.push("main:refs/heads/live")
    assert len(clone.runs("gate")) == 4


@pytest.mark.slow
def test_the_hook_reads_the_clones_prefixes_in_the_shell(clone: Clone) -> None:
    clone.hotfix("install")
    clone.push("main:refs/heads/hotfix-7", "main:refs/heads/fix-7")
    clone.git("config", "gitflow.prefix.hotfix", "hot*")
    clone.push("main:refs/heads/hotfix-8")
    assert clone.runs("gate") == []
    clone.git("config", "gitflow.prefix.hotfix", "hotfix-")
    clone.git("config", "hotfix.prefix", "fix-")
    for branch in ("hotfix-9", "fix-9"):
        clone.push(f"main:refs/heads/{branch}")
    clone.push("main:refs/heads/feature/fix-9", "main:refs/heads/hotfixes")
    assert clone.runs("gate") == [gate_saw(clone, f"refs/heads/{branch}") for branch in ("hotfix-9", "fix-9")]


def test_the_gate_refuses_and_the_old_hook_does_not_run(clone: Clone) -> None:
    clone.old_hook()
    clone.hotfix("install")
    (clone.records / "gate.refuse").touch()
    assert clone.push("main:refs/heads/hotfix/1").returncode == 1
    assert (len(clone.runs("gate")), clone.runs("old")) == (1, [])
    assert clone.git("ls-remote", "origin") == ""


def test_without_git_hotfix_only_its_own_refs_are_refused(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    clone.old_hook()
    clone.hotfix("install")
    monkeypatch.setenv("PATH", os.environ["PATH"].partition(os.pathsep)[2])
    assert clone.push("main:refs/heads/feature/x").returncode == 0
    for ref in ("refs/heads/hotfix/1", "refs/heads/main", "refs/tags/v1"):
        refused = clone.push(f"main:{ref}", "main:refs/heads/feature/y")
        assert refused.returncode == 1
        assert f"\n  {ref}\n" in refused.stderr
        assert "Nothing was pushed" in refused.stderr
        assert "pipx install git-hotfix" in refused.stderr
    assert clone.git("ls-remote", "origin") == f"{head(clone)}\trefs/heads/feature/x"
    assert len(clone.runs("old")) == 1
    assert "not on PATH" in clone.hotfix("status")[1]


def test_our_own_run_skips_the_gate_and_not_the_old_hook(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    clone.old_hook()
    clone.hotfix("install")
    monkeypatch.setenv("GIT_HOTFIX_RUN", "1")
    assert clone.push("main:refs/heads/hotfix/1").returncode == 0
    assert clone.runs("gate") == []
    assert clone.runs("old") == [[".git/hooks/pre-push", arguments(clone), line(clone, "refs/heads/hotfix/1")]]


# Beside a hook of the team's own


@pytest.mark.parametrize("shebang", ["#!/bin/sh", "#!/bin/sh -e", "#! /bin/sh", "#!/usr/bin/env sh", "#!/bin/bash"])
@pytest.mark.parametrize("refs", [["feature/x"], ["hotfix/1", "feature/x"]])
def test_own_shell_hook_runs_once_as_before(clone: Clone, shebang: str, refs: list[str]) -> None:
    if shebang == "#!/bin/bash" and not Path("/bin/bash").exists():
        pytest.skip("there is no /bin/bash")
    text = clone.old_hook(mode=0o751, shebang=shebang)
    before = clone.tree()
    code, said = clone.hotfix("install")
    assert code == ExitCode.DONE
    assert "kept: the hook that stood there is .git/hooks/pre-push.before-git-hotfix" in said
    assert clone.tree()[clone.saved.name] == (text, 0o751)
    standing = clone.tree()
    clone.hotfix("install")
    assert clone.tree() == standing
    assert clone.push(*(f"main:refs/heads/{ref}" for ref in refs)).returncode == 0
    lines = [line(clone, f"refs/heads/{ref}") for ref in sorted(refs)]
    assert [[run[0], run[1], *sorted(run[2:], key=lambda each: each.split()[2])] for run in clone.runs("old")] == [
        [".git/hooks/pre-push", arguments(clone), *lines]
    ]
    assert len(clone.runs("gate")) == ("hotfix/1" in refs)
    clone.hotfix("uninstall")
    assert clone.tree() == before


@pytest.mark.slow
def test_old_hook_gets_every_byte_and_decides(clone: Clone) -> None:
    """Also of input that is empty or ends without a newline, which git itself writes for up-to-date pushes only."""
    clone.folder.mkdir(exist_ok=True)
    clone.hook.write_text(
        f"#!{shutil.which('python3')}\n"
        "import pathlib, sys\n"
        f"pathlib.Path({str(clone.records)!r}, 'bytes').write_bytes(sys.stdin.buffer.read())\n"
        "sys.exit(7)\n"
    )
    clone.hook.chmod(0o755)
    before = clone.tree()
    clone.hotfix("install")
    for given in (b"", b"\n\n", b"a b c d", b"refs/heads/\xff\xfe x refs/heads/y 0\n", b"%s \\n -n\n" * 9):
        done = subprocess.run([str(clone.hook), "origin", "url"], input=given, cwd=clone.top)
        assert done.returncode == 7
        assert (clone.records / "bytes").read_bytes() == given
    assert clone.push("main:refs/heads/feature/x").returncode != 0
    clone.hotfix("uninstall")
    assert clone.tree() == before


def test_an_old_hook_that_does_not_read_its_input(clone: Clone) -> None:
    clone.folder.mkdir(exist_ok=True)
    clone.hook.write_text("#!/bin/sh\nexit 0\n")
    clone.hook.chmod(0o755)
    clone.hotfix("install")
    given = f"refs/heads/f {ZERO} refs/heads/f {ZERO}\n".encode() * 20_000
    done = subprocess.run([str(clone.hook), "origin", "url"], input=given, cwd=clone.top, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_hook_that_git_passed_over_is_passed_over(clone: Clone) -> None:
    clone.old_hook(mode=0o644)
    before = clone.tree()
    clone.hotfix("install")
    assert clone.push("main:refs/heads/hotfix/1").returncode == 0
    assert (len(clone.runs("gate")), clone.runs("old")) == (1, [])
    clone.hotfix("uninstall")
    assert clone.tree() == before


def test_a_linked_hook_stays_a_link(clone: Clone) -> None:
    clone.old_hook(clone.top / "scripts" / "push-check")
    clone.folder.mkdir(exist_ok=True)
    clone.hook.symlink_to("../../scripts/push-check")
    clone.hotfix("install")
    assert clone.push("main:refs/heads/feature/x").returncode == 0
    assert [run[0] for run in clone.runs("old")] == [".git/hooks/pre-push"]
    clone.hotfix("uninstall")
    assert str(clone.hook.readlink()) == "../../scripts/push-check"


def test_a_hook_that_calls_the_gate_is_left_alone(clone: Clone) -> None:
    clone.folder.mkdir(exist_ok=True)
    clone.hook.write_text('#!/bin/sh\n# ours\nexec git-hotfix verify-push "$@"\n')
    clone.hook.chmod(0o755)
    before = clone.tree()
    code, said = clone.hotfix("install")
    assert (code, clone.tree()) == (ExitCode.DONE, before)
    assert "unchanged: the gate is in place, .git/hooks/pre-push" in said
    assert clone.hotfix("status")[0] == ExitCode.DONE


def test_two_different_old_hooks_are_a_question(clone: Clone) -> None:
    clone.old_hook()
    clone.hotfix("install")
    clone.hook.write_text("#!/bin/sh\n: something else wrote here\n")
    before = clone.tree()
    with pytest.raises(Failure) as failure:
        clone.hotfix("install")
    assert failure.value.code == ExitCode.USAGE
    assert clone.tree() == before


# In other folders


def test_a_tracked_hook_is_wrapped_and_named(clone: Clone) -> None:
    clone.old_hook(clone.top / ".githooks" / "pre-push")
    clone.git("add", ".")
    clone.git("commit", "-q", "-m", "hooks")
    clone.git("config", "core.hooksPath", ".githooks")
    said = clone.hotfix("install")[1]
    assert "changed inside the working tree: .githooks/pre-push;" in said
    assert "changed inside the working tree: .githooks/pre-push.before-git-hotfix;" in said
    clone.push("main:refs/heads/hotfix/1")
    assert [run[0] for run in clone.runs("old")] == [".githooks/pre-push"]
    assert len(clone.runs("gate")) == 1
    clone.hotfix("uninstall")
    assert clone.git("status", "--porcelain") == ""


@pytest.mark.parametrize("scope", ["global", "command"])
def test_a_folder_that_others_share_is_refused(clone: Clone, scope: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = clone.records.parent / "shared"
    shared.mkdir()
    if scope == "global":
        clone.git("config", "--global", "core.hooksPath", str(shared))
    else:
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.hooksPath")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(shared))
    with pytest.raises(Failure) as failure:
        clone.hotfix("install")
    assert failure.value.code == ExitCode.USAGE
    assert list(shared.iterdir()) == []
    assert clone.hotfix("status")[0] == ExitCode.REFUSED
    if scope == "global":
        by_hand = next(each for each in failure.value.hint.splitlines() if each.startswith("  "))
        (shared / "pre-push").write_text(f"#!/bin/sh\n{by_hand}\n")
        (shared / "pre-push").chmod(0o755)
        assert clone.push("main:refs/heads/hotfix/1").returncode == 0
        assert clone.runs("gate") == []
        clone.git("config", "hotfix.production", "main")
        clone.push("main:refs/heads/hotfix/2")
        assert clone.runs("gate") == [gate_saw(clone, "refs/heads/hotfix/2")]
        assert clone.hotfix("status")[0] == ExitCode.DONE


def test_hooks_that_are_switched_off_stay_off(clone: Clone) -> None:
    clone.git("config", "core.hooksPath", "/dev/null")
    with pytest.raises(Failure) as failure:
        clone.hotfix("install")
    assert failure.value.code == ExitCode.USAGE


def test_one_install_serves_every_worktree(clone: Clone) -> None:
    linked = clone.top.parent / "linked"
    clone.git("worktree", "add", "-q", "-b", "side", str(linked))
    code, said = clone.hotfix("install", cwd=linked)
    assert code == ExitCode.DONE
    assert f"installed: {clone.hook}" in said
    assert install.gate_in_place(open_repository(clone.top))
    for top, ref in ((linked, "refs/heads/hotfix/1"), (clone.top, "refs/heads/hotfix/2")):
        assert clone.push(f"main:{ref}", cwd=top).returncode == 0
    assert len(clone.runs("gate")) == 2


def test_the_hook_does_not_look_like_a_managers_own() -> None:
    text = install.hook_text()
    assert b"LEFTHOOK" not in text
    assert b"File generated by pre-commit" not in text
    assert install.MARKER in text.splitlines()[1]
