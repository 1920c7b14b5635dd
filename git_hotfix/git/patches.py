"""Patch-ids: the same change under another commit id.

They count blanks (`--verbatim`): an indent is code. They do not count places: the same lines may be changed in another
function. So where an id alone would decide that production has a fix, `picks_give` holds it against the content.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from git_hotfix.git import commits, diff, history, merge
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import NOBODY
from git_hotfix.git.run import Git, decode
from git_hotfix.model.names import Oid

_PLAIN = ("--no-ext-diff", "--no-textconv", "--full-index", "--text", "-p")
_TREES = re.compile(rb"^[0-9a-f]{40,64} [0-9a-f]{40,64}$", re.MULTILINE)
_MOST = 2000  # commits of production that are looked through; a pull request is merged long before that


def carriers(git: Git, base: Oid, tip: Oid, production: Oid, out: Collection[Oid] = ()) -> tuple[Oid, ...]:
    """The commit of `production` since `base` that makes the change base → tip, or the commits there, oldest first,
    one each of which makes the change of one commit of the hotfix; none where production has no such commits. Those of
    `out` are not looked at. An equal patch-id is believed where the content confirms it."""
    files = diff.changed_paths(git, base, tip)
    whole = _ids(git, git.run("diff-tree", *_PLAIN, base, tip).out)
    single = _ids_by_commit(git, _read_log(git, base, tip, []))
    if not whole and not single:
        return ()
    there: dict[str, list[Oid]] = {}
    for oid, patch in reversed(_ids_by_commit(git, _read_log(git, base, production, files))):
        if oid not in out:
            there.setdefault(patch, []).append(oid)
    at_once = [(base, tip, oid) for patch in whole for oid in there.get(patch, ())]
    for (_, _, oid), made in zip(at_once, picks_give(git, at_once), strict=True):
        if made:
            return (oid,)
    if not single or not all(patch in there for _, patch in single):
        return ()
    parents = history.first_parent_of(git, [oid for oid, _ in single])
    steps = [(parents[own], own, oid) for own, patch in single for oid in there[patch]]
    found: dict[Oid, Oid] = {}
    for (_, own, oid), made in zip(steps, picks_give(git, steps), strict=True):
        if made:
            found.setdefault(own, oid)
    return tuple(found[own] for own, _ in reversed(single)) if len(found) == len(single) else ()


def lost_commits(git: Git, own: Sequence[Oid], there: Sequence[Oid]) -> list[Oid]:
    """Those of `own` whose change none of the commits `there` makes: what a replay of `own` did not take along."""
    mine = commit_patch_ids(git, own)
    parents = history.first_parent_of(git, list(mine)) if mine else {}
    changes = {(parents[oid], oid): patch for oid, patch in mine.items() if oid in parents}
    made = makers(git, changes, commit_patch_ids(git, there))
    return [oid for oid in own if (parents.get(oid), oid) not in made]


def makers(
    git: Git, changes: Mapping[tuple[Oid, Oid], str], there: Mapping[Oid, str]
) -> dict[tuple[Oid, Oid], list[Oid]]:
    """Each change (before, after → patch-id) that commits of `there` (commit → patch-id) make at its own place → these,
    in their order; one that none makes is left out."""
    named: dict[str, list[Oid]] = {}
    for oid, patch in there.items():
        named.setdefault(patch, []).append(oid)
    asked = [(*change, oid) for change, patch in changes.items() for oid in named.get(patch, ())]
    found: dict[tuple[Oid, Oid], list[Oid]] = {}
    for (before, after, oid), made in zip(asked, picks_give(git, asked), strict=True):
        if made:
            found.setdefault((before, after), []).append(oid)
    return found


def picks_give(git: Git, asked: Sequence[tuple[Oid, Oid, Oid]]) -> list[bool]:
    """For each (before, after, commit): whether picking the change before → after onto the parent of `commit` gives the
    very tree of `commit`. A patch-id does not say at which place its lines stand; this does."""
    if not asked:
        return []
    parents = history.first_parent_of(git, list(dict.fromkeys(oid for _, _, oid in asked)))
    known = history.trees(git, [*parents, *parents.values()])
    likely = [(before, after, oid) for before, after, oid in asked if oid in parents]
    drafts = [Draft((before,), known[parents[oid]], "a side of a cherry-pick\n") for before, _, oid in likely]
    sides = commits.write(git, drafts, NOBODY)
    pairs = [(side, after) for side, (_, after, _) in zip(sides, likely, strict=True)]
    made = dict(zip(likely, merge.merge_all(git, pairs), strict=True))
    return [each in made and made[each].clean and made[each].tree == known[each[2]] for each in asked]


def patch_ids(git: Git, oids: Sequence[Oid], pairs: Sequence[tuple[Oid, Oid]] = ()) -> tuple[dict[Oid, str], set[str]]:
    """commit → the patch-id of what it changes, and the patch-ids of `pairs` of trees, in two processes. What
    changes nothing, as a merge by itself does not, is left out; so is what comes behind an object that is not here.
    """
    if not oids and not pairs:
        return {}, set()
    lines = [*dict.fromkeys(oids), *(f"{before} {after}" for before, after in pairs)]
    feed = "\n".join([*lines, ""]).encode()
    diffs = git.run("diff-tree", "--stdin", "--root", "-r", *_PLAIN, stdin=feed, check=False)
    answer = git.run("patch-id", "--verbatim", stdin=diffs.out).lines if diffs.out else []
    if diffs.code != 0:
        answer = answer[:-1]  # it was cut off within this one
    found = {Oid(oid): patch for patch, oid in (line.split(" ") for line in answer if line)}
    # A pair goes by the name of its first tree.
    trees = {before for before, _ in pairs}
    return found, {patch for patch, oid in (line.split(" ") for line in answer if line) if Oid(oid) in trees}


def is_taken_back(git: Git, base: Oid, tip: Oid, production: Oid) -> bool:
    """True when one commit of `production` since `base` makes the change tip → base, whatever its message says, and
    none makes it again later."""
    files = diff.changed_paths(git, base, tip)
    undone = _ids(git, git.run("diff-tree", *_PLAIN, tip, base).out)
    there = git.run("log", "--no-merges", f"--max-count={_MOST}", "--format=commit %H", *_PLAIN, production, f"^{tip}",
                    *_paths(files)).out  # fmt: skip
    again = _ids(git, git.run("diff-tree", *_PLAIN, base, tip).out)
    return bool(undone & _ids(git, there)) and not again & _ids(git, there)


def commit_patch_ids(git: Git, commits: Sequence[Oid]) -> dict[Oid, str]:
    """commit → the patch-id of its change; a merge, and a commit that changes nothing, has none."""
    if not commits:  # git would take HEAD
        return {}
    feed = "".join(f"{oid}\n" for oid in commits).encode()
    out = git.run("log", "--no-walk=unsorted", "--no-merges", "--format=commit %H", *_PLAIN, "--stdin", stdin=feed).out
    return dict(_ids_by_commit(git, out))


def step_patch_ids(git: Git, base: Oid, commits: Sequence[Oid]) -> dict[Oid, str]:
    """Each of `commits` → the patch-id of what lies between `base` and it; one that changes nothing has none."""
    trees = history.trees(git, [base, *commits]) if commits else {}
    return pair_patch_ids(git, [(base, commit) for commit in commits], trees)


def pair_patch_ids(git: Git, pairs: Sequence[tuple[Oid, Oid]], trees: Mapping[Oid, Oid]) -> dict[Oid, str]:
    """The second commit of each pair → the patch-id of what lies between the two, whose `trees` are given; one that
    changes nothing has none. Two processes however many pairs."""
    if not pairs:
        return {}
    feed = "".join(f"{trees[before]} {trees[after]}\n" for before, after in pairs).encode()
    out = git.run("diff-tree", "--stdin", *_PLAIN, stdin=feed).out
    # Above each patch stands a line of its two trees, and patch-id names it by the first, which several may share.
    # No line of a patch looks like that: those of a hunk begin with a sign.
    names = (f"commit {after}".encode() for _, after in pairs)
    return dict(_ids_by_commit(git, _TREES.sub(lambda _: next(names), out)))


def line_patch_ids(git: Git, tip: Oid, lack: Sequence[Oid], files: list[str]) -> dict[Oid, str]:
    """The commits, merges left out, that `tip` reaches and not all of `lack` do → the patch-id of each in `files`."""
    since = git.run("merge-base", "--octopus", tip, *lack, check=False)
    fork = since.text.split()[0] if since.code == 0 and since.text else ""
    range_ = [tip, f"^{fork}"] if fork else [tip]
    out = git.run("log", "--no-merges", f"--max-count={_MOST}", "--format=commit %H", *_PLAIN, *range_, *_paths(files))
    return dict(_ids_by_commit(git, out.out))


def _paths(files: list[str]) -> list[str]:
    return ["--", *(f":(top,literal){path}" for path in files)] if files else []


def _read_log(git: Git, base: Oid, tip: Oid, files: list[str]) -> bytes:
    paths = _paths(files)
    return git.run(
        "log", "--no-merges", f"--max-count={_MOST}", "--format=commit %H", *_PLAIN, tip, f"^{base}", *paths
    ).out


def _ids(git: Git, patch: bytes) -> set[str]:
    """The patch-ids in a series of patches, without the commits they stand for."""
    return {found for _, found in _ids_by_commit(git, patch)}


def _ids_by_commit(git: Git, patch: bytes) -> list[tuple[Oid, str]]:
    """(the id that stands above a patch, its patch-id) for each patch of a series."""
    if not patch:
        return []
    lines = decode(git.run("patch-id", "--verbatim", stdin=patch).out).splitlines()
    return [(Oid(named), found) for found, named in (line.split() for line in lines)]
