"""The repository that a command works in: where it lies, what its configuration says, what is under way in it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from git_hotfix.errors import UNCHANGED, ExitCode, Failure
from git_hotfix.git.run import Git, decode, scrub_environment
from git_hotfix.model.frozen import frozen

GIT_FLOOR = (2, 39)

# The files, or the references of the worktree, by which git itself knows that something is half done (wt-status.c).
_UNDER_WAY = {
    "MERGE_HEAD": ("a merge", "git merge --abort"),
    "rebase-merge": ("a rebase", "git rebase --abort"),
    "rebase-apply": ("a rebase or am", "git rebase --abort"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert", "git revert --abort"),
    "BISECT_LOG": ("a bisect", "git bisect reset"),
}
_REFERENCES = ("CHERRY_PICK_HEAD", "REVERT_HEAD")  # MERGE_HEAD is a file with every backend (gitglossary, pseudoref)


@frozen
class Identity:
    """Who writes, as git spells it in a commit: `Name <mail> seconds zone`."""

    author: str
    committer: str


def _dated(ident: str, seconds: int) -> str:
    """`Name <mail> seconds zone` with other seconds."""
    name, _, zone = ident.rsplit(" ", 2)
    return f"{name} {seconds} {zone}"


NOBODY = Identity("nobody <> 0 +0000", "nobody <> 0 +0000")
"""Writes the commits of a preview, which stay in a scratch directory."""


@frozen
class Repository:
    """One repository as seen from one worktree. `top` is None in a bare repository."""

    git: Git
    git_dir: Path
    common_dir: Path
    top: Path | None
    object_format: str
    shallow: bool

    @cached_property
    def config(self) -> Mapping[str, tuple[str, ...]]:
        """All of git's configuration: key (section and name in lower case) → values in order, the last one holding."""
        found: dict[str, tuple[str, ...]] = {}
        answer = self.git.run("config", "--list", "-z", "--includes", check=False)
        for item in answer.out.split(b"\0"):
            if item:
                key, newline, value = decode(item).partition("\n")
                # A key without `=` is true by git's rules.
                found[key] = (*found.get(key, ()), value if newline else "true")
        return found

    def setting(self, key: str) -> str | None:
        """The value of a configuration key, or None. The key's section and name are case-blind, as git's are."""
        section, _, name = key.rpartition(".")
        head, dot, rest = section.partition(".")
        values = self.config.get(f"{head.lower()}{dot}{rest}.{name.lower()}")
        return values[-1] if values else None

    def flag(self, key: str) -> bool:
        """A boolean configuration key by git's rules; False when it is not set."""
        return (self.setting(key) or "").lower() in ("true", "yes", "on", "1")

    @property
    def remote_names(self) -> list[str]:
        """The remotes that have a URL, in the order of the configuration."""
        keys = (key for key in self.config if key.startswith("remote.") and key.endswith(".url"))
        return [key[len("remote.") : -len(".url")] for key in keys]

    @property
    def release_tags(self) -> tuple[str, ...]:
        """The patterns of git config `hotfix.releaseTags`, which hold until a policy stands on production."""
        return tuple(" ".join(self.config.get("hotfix.releasetags", ())).replace(",", " ").split())

    @cached_property
    def identity(self) -> Identity:
        """Who writes by git's own rules, and when this run began to. Raises `Failure` (exit 3) where git knows no name
        or mail."""
        author, committer = (self.git.text("var", f"GIT_{role}_IDENT") for role in ("AUTHOR", "COMMITTER"))
        return Identity(author, committer)

    def identity_now(self) -> Identity:
        """`identity` at this moment: a run may have waited for a person or a server since it began. A date that the
        environment fixes stays."""
        now, known = int(time.time()), self.identity
        author = known.author if "GIT_AUTHOR_DATE" in os.environ else _dated(known.author, now)
        return Identity(author, known.committer if "GIT_COMMITTER_DATE" in os.environ else _dated(known.committer, now))

    def under_way(self) -> tuple[str, str] | None:
        """What is half done in this worktree and the command that ends it, or None."""
        for name, words in _UNDER_WAY.items():
            if has_special_ref(self.git, self.git_dir, name) if name in _REFERENCES else (self.git_dir / name).exists():
                return words
        return None

    @property
    def is_partial(self) -> bool:
        """True for a partial clone, where objects may be missing until somebody asks for them."""
        return any(
            key.startswith("remote.") and key.endswith((".promisor", ".partialclonefilter")) for key in self.config
        )


def has_special_ref(git: Git, git_dir: Path, name: str) -> bool:
    """True when a worktree has a reference beside HEAD, such as CHERRY_PICK_HEAD: a file, or a record of a reftable."""
    # show-ref knows these names since git 2.44; a git that is older knows no reftable either.
    return (git_dir / name).exists() or git.run("show-ref", "--verify", "--quiet", name, check=False).code == 0


_ANSWERS = 6  # lines of rev-parse where a working tree is


def open_repository(start: Path | None = None) -> Repository:
    """The repository around `start` (the current directory), as git itself finds it, GIT_DIR included.

    Afterwards this process's environment no longer says where the repository is: every later git is told. Raises
    `Failure` (exit 3) outside a repository.
    """
    git = Git(start or Path.cwd())
    told = {name: os.environ[name] for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR") if name in os.environ}
    answer = git.run(
        "rev-parse", "--path-format=absolute", "--git-dir", "--git-common-dir", "--is-bare-repository",
        "--is-shallow-repository", "--show-object-format", "--show-toplevel", check=False,
    )  # fmt: skip
    lines = answer.lines
    if len(lines) < 5 and (way := answer.owned_by_another) is not None:
        raise Failure(
            "this clone belongs to another user, and git does not trust it (dubious ownership)",
            hint=f"if you trust it: {way}",
            code=ExitCode.FAILED,
            unchanged=UNCHANGED,
        )
    if len(lines) < 5:
        raise Failure(
            f"this is not a git repository: {answer.last_words}",
            hint="change to a clone of the project, or: git hotfix demo",
            code=ExitCode.FAILED,
        )
    if len(lines) > _ANSWERS:
        raise Failure(
            "the path of this repository has a line break in it",
            hint="move the repository to a path without one: git tells paths a line each",
            code=ExitCode.FAILED,
            unchanged=UNCHANGED,
        )
    git_dir, common, bare, shallow, object_format = lines[:5]
    top = Path(lines[5]) if len(lines) > 5 and bare == "false" else None
    scrub_environment()
    environment: dict[str, str] = {}
    if told:
        environment = {"GIT_DIR": git_dir, **({"GIT_WORK_TREE": str(top)} if top else {})}
    return Repository(
        git=Git(top or Path(git_dir), environment),
        git_dir=Path(git_dir),
        common_dir=Path(common),
        top=top,
        object_format=object_format,
        shallow=shallow == "true",
    )


def require_git(git: Git) -> None:
    """Refuse a git that cannot merge without a working tree. Raises `Failure` (exit 3)."""
    found = re.search(r"(\d+)\.(\d+)", git.text("version"))
    if found and tuple(map(int, found.groups())) < GIT_FLOOR:
        floor = ".".join(map(str, GIT_FLOOR))
        raise Failure(
            f"git {found.group()} is too old", hint=f"install git {floor} or newer: it merges without a checkout"
        )
