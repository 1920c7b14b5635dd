"""Patch-ids: the same change under another commit id."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from git_hotfix.git import diff, history
from git_hotfix.git.run import Git, decode
from git_hotfix.model.names import Oid

_PLAIN = ("--no-ext-diff", "--no-textconv", "--full-index", "--text", "-p")
_TREES = re.compile(rb"^[0-9a-f]{40,64} [0-9a-f]{40,64}$", re.MULTILINE)
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


def of_commits(git: Git, oids: Sequence[Oid], pairs: Sequence[tuple[Oid, Oid]] = ()) -> tuple[dict[Oid, str], set[str]]:
    """commit → the stable patch-id of what it changes, and the patch-ids of `pairs` of trees, in two processes. What
    changes nothing, as a merge by itself does not, is left out; so is what comes behind an object that is not here.
    """
    if not oids and not pairs:
        return {}, set()
    lines = [*dict.fromkeys(oids), *(f"{before} {after}" for before, after in pairs)]
    feed = "\n".join([*lines, ""]).encode()
    diffs = git.run("diff-tree", "--stdin", "--root", "-r", *_PLAIN, stdin=feed, check=False)
    answer = git.run("patch-id", "--stable", stdin=diffs.out).lines if diffs.out else []
    if diffs.code != 0:
        answer = answer[:-1]  # it was cut off within this one
    found = {Oid(oid): patch for patch, oid in (line.split(" ") for line in answer if line)}
    # A pair goes by the name of its first tree.
    trees = {before for before, _ in pairs}
    return found, {patch for patch, oid in (line.split(" ") for line in answer if line) if Oid(oid) in trees}


def taken_back(git: Git, base: Oid, tip: Oid, production: Oid) -> bool:
    """True when one commit of `production` since `base` makes the change tip → base, whatever its message says, and
    none makes it again later."""
    files = [file.path for file in diff.changes(git, base, tip).files]
    undone = _ids(git, git.run("diff-tree", *_PLAIN, tip, base).out)
    there = git.run("log", "--no-merges", f"--max-count={_MOST}", "--format=commit %H", *_PLAIN, production, f"^{tip}",
                    *_paths(files)).out  # fmt: skip
    again = _ids(git, git.run("diff-tree", *_PLAIN, base, tip).out)
    return bool(undone & _ids(git, there)) and not again & _ids(git, there)


def by_commit(git: Git, commits: Sequence[Oid]) -> dict[Oid, str]:
    """commit → the patch-id of its change; a merge, and a commit that changes nothing, has none."""
    if not commits:  # git would take HEAD
        return {}
    feed = "".join(f"{oid}\n" for oid in commits).encode()
    out = git.run("log", "--no-walk=unsorted", "--no-merges", "--format=commit %H", *_PLAIN, "--stdin", stdin=feed).out
    return dict(_named_ids(git, out))


def of_steps(git: Git, base: Oid, commits: Sequence[Oid]) -> list[str]:
    """The patch-ids of what lies between `base` and each of `commits`; one that changes nothing has none."""
    trees = history.trees(git, [base, *commits])
    feed = "".join(f"{trees[base]} {trees[commit]}\n" for commit in commits).encode()
    return [patch for _, patch in _named_ids(git, git.run("diff-tree", "--stdin", *_PLAIN, stdin=feed).out)]


def of_pairs(git: Git, pairs: Sequence[tuple[Oid, Oid]], trees: Mapping[Oid, Oid]) -> dict[Oid, str]:
    """The second commit of each pair → the patch-id of what lies between the two, whose `trees` are given; one that
    changes nothing has none. Two processes however many pairs."""
    if not pairs:
        return {}
    feed = "".join(f"{trees[before]} {trees[after]}\n" for before, after in pairs).encode()
    out = git.run("diff-tree", "--stdin", *_PLAIN, stdin=feed).out
    # Above each patch stands a line of its two trees, and patch-id names it by the first, which several may share.
    # No line of a patch looks like that: those of a hunk begin with a sign.
    names = (f"commit {after}".encode() for _, after in pairs)
    return dict(_named_ids(git, _TREES.sub(lambda _: next(names), out)))


def of_line(git: Git, tip: Oid, lack: Sequence[Oid], files: list[str]) -> set[str]:
    """The patch-ids of the commits, merges left out, that `tip` reaches and not all of `lack` do, in `files`."""
    since = git.run("merge-base", "--octopus", tip, *lack, check=False)
    fork = since.text.split()[0] if since.code == 0 and since.text else ""
    range_ = [tip, f"^{fork}"] if fork else [tip]
    out = git.run("log", "--no-merges", f"--max-count={_MOST}", "--format=commit %H", *_PLAIN, *range_, *_paths(files))
    return _ids(git, out.out)


def _paths(files: list[str]) -> list[str]:
    return ["--", *(f":(top,literal){path}" for path in files)] if files else []


def _log(git: Git, base: Oid, tip: Oid, files: list[str]) -> bytes:
    paths = _paths(files)
    return git.run(
        "log", "--no-merges", f"--max-count={_MOST}", "--format=commit %H", *_PLAIN, tip, f"^{base}", *paths
    ).out


def _ids(git: Git, patch: bytes) -> set[str]:
    """The stable patch-ids in a series of patches, without the commits they stand for."""
    return {found for _, found in _named_ids(git, patch)}


def _named_ids(git: Git, patch: bytes) -> list[tuple[Oid, str]]:
    """(the id that stands above a patch, its stable patch-id) for each patch of a series."""
    if not patch:
        return []
    lines = decode(git.run("patch-id", "--stable", stdin=patch).out).splitlines()
    return [(Oid(named), found) for found, named in (line.split() for line in lines)]
