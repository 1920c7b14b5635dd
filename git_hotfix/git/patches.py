"""Patch-ids: the same change under another commit id."""

from __future__ import annotations

from git_hotfix.git import diff
from git_hotfix.git.run import Git, decode
from git_hotfix.model.names import Oid

_PLAIN = ("--no-ext-diff", "--no-textconv", "--full-index", "--text", "-p")
_MOST = 2000  # commits of production that are looked through; a pull request is merged long before that


def applied(git: Git, base: Oid, tip: Oid, production: Oid) -> bool:
    """True when a commit of `production` since `base` makes the change base → tip, or one commit each makes the
    changes of the hotfix's commits, and no later one takes it back."""
    files = [file.path for file in diff.changes(git, base, tip).files]
    whole = _ids(git, git.run("diff-tree", *_PLAIN, base, tip).out)
    single = _ids(git, _log(git, base, tip, []))
    there = _ids(git, _log(git, base, production, files))
    if not whole and not single:
        return False
    wanted = whole if whole & there else single
    if not wanted or not wanted <= there:
        return False
    undone = _ids(git, git.run("diff-tree", *_PLAIN, tip, base).out)
    return not undone & there


def taken_back(git: Git, base: Oid, tip: Oid, production: Oid) -> bool:
    """True when one commit of `production` since `base` makes the change tip → base, whatever its message says, and
    none makes it again later."""
    files = [file.path for file in diff.changes(git, base, tip).files]
    undone = _ids(git, git.run("diff-tree", *_PLAIN, tip, base).out)
    there = git.run("log", "--no-merges", f"--max-count={_MOST}", "--format=commit %H", *_PLAIN, production, f"^{tip}",
                    *_paths(files)).out  # fmt: skip
    again = _ids(git, git.run("diff-tree", *_PLAIN, base, tip).out)
    return bool(undone & _ids(git, there)) and not again & _ids(git, there)


def _paths(files: list[str]) -> list[str]:
    return ["--", *(f":(top,literal){path}" for path in files)] if files else []


def _log(git: Git, base: Oid, tip: Oid, files: list[str]) -> bytes:
    paths = _paths(files)
    return git.run(
        "log", "--no-merges", f"--max-count={_MOST}", "--format=commit %H", *_PLAIN, tip, f"^{base}", *paths
    ).out


def _ids(git: Git, patch: bytes) -> set[str]:
    """The stable patch-ids in a series of patches, without the commits they stand for."""
    if not patch:
        return set()
    return {line.split()[0] for line in decode(git.run("patch-id", "--stable", stdin=patch).out).splitlines() if line}
