"""A commit checked out in a folder and a git directory of its own, which borrows the repository's objects.

It is no worktree of the repository: nothing there knows of it, so nothing is left behind when it is deleted or its
maker is killed, and what runs in it can commit, tag and configure without touching the repository.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git.private_dir import format_of
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git, decode, encode
from git_hotfix.model.change import SUBMODULE_MODE
from git_hotfix.model.names import Oid

Laid = tuple[str, Oid | None, str, str]
"""A file that is laid over a checkout: its mode, its content (None: it goes), its path, and a path that it leaves."""


def check_out(repository: Repository, commit: Oid, place: Path) -> Git:
    """Check `commit` out at `place`, which is made, with every reference and the configuration of the repository, and
    with those of its submodules that the user has here.

    No hook of the repository runs. Raises `Failure` (exit 3) where objects are missing.
    """
    known = repository.git.run("for-each-ref", "--format=%(objectname) %(refname)", check=False).out
    git = _make(repository, repository.common_dir, commit, place)
    (place / ".git" / "packed-refs").write_bytes(known)
    _read_tree(git, commit, "fsck")
    _check_out_submodules(repository, git, (repository.git_dir, repository.common_dir), repository.top)
    return git


def lay_over(git: Git, files: Sequence[Laid]) -> Oid:
    """Lay `files` over the checkout that `git` works in, and return the tree that it holds then."""
    zeros = "0" * len((git.cwd / ".git" / "HEAD").read_text().strip())
    rows = []
    for mode, content, path, left in files:
        rows += [f"0 {zeros}\t{gone}" for gone in (left, path if content is None else "") if gone]
        rows += [f"{mode} {content}\t{path}"] if content else []
    git.run("update-index", "-z", "--index-info", stdin=b"".join(encode(row) + b"\0" for row in rows))
    tree = Oid(git.text("write-tree"))
    git.run("read-tree", "--reset", "HEAD")
    _read_tree(git, tree, "fsck")
    return tree


def _make(repository: Repository, borrowed: Path, commit: Oid, place: Path) -> Git:
    """git in a new repository at `place` that borrows the objects and the configuration of the git directory
    `borrowed`, with `commit` as its HEAD."""
    folder = place / ".git"
    (folder / "objects" / "info").mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "HEAD").write_text(f"{commit}\n")
    (folder / "objects" / "info" / "alternates").write_bytes(encode(f"{borrowed / 'objects'}\n"))
    mine = {"bare": "false", "worktree": _quoted(place), "hooksPath": "/dev/null", "sparseCheckout": "false",
            "fsmonitor": "false"}  # fmt: skip
    core = "".join(f"\t{key} = {value}\n" for key, value in mine.items())
    config = f"[include]\n\tpath = {_quoted(borrowed / 'config')}\n[core]\n{core}[gc]\n\tauto = 0\n"
    (folder / "config").write_bytes(encode(format_of(repository) + config))
    (folder / "info").mkdir(exist_ok=True)
    for name in ("shallow", "info/exclude"):
        if (borrowed / name).exists():
            shutil.copyfile(borrowed / name, folder / name)
    return Git(place, {}, (*repository.git.pins, "core.hooksPath=/dev/null"))


def _quoted(path: Path) -> str:
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _read_tree(git: Git, commit: Oid, way: str) -> None:
    """Check out a commit or a tree. Raises `Failure` (exit 3) where git cannot."""
    answer = git.run("read-tree", "--reset", "-u", commit, check=False)
    if answer.code != 0:
        from git_hotfix.git.merge import fetch_of_missing

        raise Failure(
            f"{commit[:10]} cannot be checked out: {answer.last_words}",
            hint=fetch_of_missing(answer.err) or f"git {way}",
            code=ExitCode.FAILED,
        )


def _check_out_submodules(repository: Repository, git: Git, homes: Sequence[Path], top: Path | None) -> None:
    """The submodules of the checkout that `git` works in, of which the objects are here: below `homes`, the git
    directories that may hold them, or in the working directory `top` itself. One that the user never initialized is
    not there for the user's own directory, either."""
    if not (git.cwd / ".gitmodules").is_file():
        return
    told = git.run("config", "--file", ".gitmodules", "-z", "--get-regexp", r"^submodule\..*\.path$", check=False).out
    pairs = (decode(item).partition("\n") for item in told.split(b"\0") if item)
    names = {path: key.removeprefix("submodule.").removesuffix(".path") for key, _, path in pairs}
    for row in git.run("ls-files", "--stage", "-z").out.split(b"\0"):
        about, _, path = decode(row).partition("\t")
        if not about.startswith(f"{SUBMODULE_MODE} ") or path not in names:
            continue
        places = [home / "modules" / names[path] for home in homes] + ([top / path / ".git"] if top else [])
        home = next((each for each in places if (each / "objects").is_dir()), None)
        if home is None:
            continue
        commit = Oid(about.split(" ")[1])
        inner = _make(repository, home, commit, git.cwd / path)
        _read_tree(inner, commit, f"submodule update --init --recursive -- {path}")
        _check_out_submodules(repository, inner, (home,), top / path if top else None)
