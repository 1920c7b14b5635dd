"""A disk that is full or read-only, in a mount namespace of its own: exit 3 with a clear word, and nothing is lost."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from building import Project
from proofs import rest_slow
from sandbox import Answer, Repo
from undisturbed import end_state, nothing_under_way

SIZE = 4 << 20  # bytes of the small disk; a project's git directory takes a tenth of it
# The system's, fast-import's and git's words, and those of a reftable.
FULL = ("No space left on device", "Out of diskspace", "couldn't write", ": I/O error")
NEW_NAMESPACE = 0x20000  # CLONE_NEWNS of Linux


@contextmanager
def mounted(place: Path, *how: str) -> Iterator[None]:
    """`place` is another file system within, for this process and what it starts."""
    done = subprocess.run(["mount", *how, str(place)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip() or 'no mount'}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@contextmanager
def small(project: Project, place: Path) -> Iterator[None]:
    """What lies at `place`, on a disk of its own that is small; what is on it in the end stays."""
    aside = project.root / "aside"
    shutil.copytree(place, aside, symlinks=True)
    try:
        with mounted(place, "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs"):
            shutil.copytree(aside, place, symlinks=True, dirs_exist_ok=True)
            yield
    finally:
        shutil.rmtree(aside)


@contextmanager
def full(place: Path, *, left: int) -> Iterator[None]:
    """`left` bytes are free within."""
    found = os.statvfs(place)
    filler = place / "filler"
    filler.write_bytes(bytes(found.f_bavail * found.f_frsize - left))
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    with mounted(place, "--bind", str(place)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(place)], check=True)
        yield


@pytest.fixture(scope="session")
def namespace() -> str:
    """Why nothing can be mounted for this process alone, or nothing: what is mounted goes when it ends, killed too."""
    if not sys.platform.startswith("linux") or shutil.which("mount") is None:
        return "no mount namespaces here"
    if ctypes.CDLL(None, use_errno=True).unshare(NEW_NAMESPACE):
        return f"no mount namespace of its own: {os.strerror(ctypes.get_errno())}"
    done = subprocess.run(["mount", "--make-rprivate", "/"], capture_output=True, text=True)
    return done.stderr.strip()


@pytest.fixture(autouse=True)
def allowed(namespace: str) -> None:
    if namespace:
        pytest.skip(namespace)


def run(repo: Repo, *arguments: str) -> Answer:
    """The command in a process of its own. The warm one could not tell a full TMPDIR from a full disk of the test."""
    answer = repo.run("git-hotfix", *arguments)
    repo.dates.catch_up()
    return answer


def clear(answer: Answer, *words: str) -> None:
    """It says what was wrong, and that nothing was changed; no traceback."""
    assert answer.code == 3, answer.err
    assert any(word in answer.err for word in words), answer.err
    assert "(nothing was changed)" in answer.err


def same_again(project: Project, before: dict[str, str], tip: str) -> None:
    """There is room again: the same command gives the end state of an undisturbed run."""
    git = project.clone.path / ".git"
    assert project.clone.git("fsck", "--no-dangling") == ""
    for file in git.glob("objects/pack/tmp_*"):  # what git itself leaves for its garbage collection
        file.unlink()
    answer = run(project.clone, "finish", "4711")
    assert answer.code == 0, answer.err
    end_state(project, before, tip)


@pytest.mark.parametrize("left", rest_slow([16384, 4096, 8192, 32768]))  # bytes: lock, objects, packs
def test_no_room_for_commits(fixed: Project, left: int) -> None:
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    git = fixed.clone.path / ".git"
    with small(fixed, git):
        here, there = fixed.clone.snapshot(), fixed.remote.refs()
        with full(git, left=left):
            clear(run(fixed.clone, "finish"), *FULL)
            assert [file.name for file in (git / "hotfix").glob("*")] == []
        assert (fixed.clone.snapshot(), fixed.remote.refs()) == (here, there)
        same_again(fixed, before, tip)


@pytest.mark.slow
@pytest.mark.parametrize("left", range(49152, 131072, 8192))
def test_no_room_at_any_moment(fixed: Project, left: int) -> None:
    """Pins, journal, records, local branches: wherever it ends, production and tag are both there or both not."""
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    git = fixed.clone.path / ".git"
    with small(fixed, git):
        files = fixed.clone.files()
        with full(git, left=left):
            answer = run(fixed.clone, "finish")
        assert answer.code in (0, 3), answer.err
        assert answer.code == 0 or any(word in answer.err for word in FULL), answer.err
        assert (fixed.remote.branches()["main"] != before["main"]) == ("v1.4.3" in fixed.remote.tags())
        assert fixed.clone.files() == files
        same_again(fixed, before, tip)


@pytest.mark.slow
@pytest.mark.parametrize("left", rest_slow([4096, 8192, 16384]))
def test_no_room_for_temporary_files(fixed: Project, left: int) -> None:
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    with small(fixed, fixed.private_git_dir):
        here, there = fixed.clone.snapshot(), fixed.remote.refs()
        with full(fixed.private_git_dir, left=left):
            clear(run(fixed.clone, "finish"), *FULL)
        assert (fixed.clone.snapshot(), fixed.remote.refs()) == (here, there)
        nothing_under_way(fixed)
        same_again(fixed, before, tip)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    rest_slow([("finish",), ("backport", "4711"), ("start", "4712"), ("waive", "tests", "--reason", "x"), ("update",),
     ("abandon",), ("undo",), ("rollback",)]),
)  # fmt: skip
def test_a_git_directory_that_is_read_only(fixed: Project, words: tuple[str, ...]) -> None:
    before, tip = fixed.remote.branches(), fixed.clone.tip("HEAD")
    here, there = fixed.clone.snapshot(), fixed.remote.refs()
    git = fixed.clone.path / ".git"
    with read_only(git):
        clear(run(fixed.clone, *words), "Read-only file system")
        told = run(fixed.clone, "doctor")
        assert f"fail  writable        cannot be written: {git} → ls -ld {git}" in told.out.splitlines()
    assert (fixed.clone.snapshot(), fixed.remote.refs()) == (here, there)
    same_again(fixed, before, tip)


@pytest.mark.slow
@pytest.mark.parametrize("words", rest_slow([("finish", "--dry-run"), ("check",), ("status",), ("list",)]))
def test_looking_needs_no_room(fixed: Project, words: tuple[str, ...]) -> None:
    with read_only(fixed.clone.path / ".git"):
        answer = run(fixed.clone, *words)
        assert answer.code == 0, answer.err
