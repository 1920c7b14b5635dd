"""git's range-diff: which commit is another one after somebody changed it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from git_hotfix.git import commits, history
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import NOBODY
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import replace
from git_hotfix.model.names import Oid

_PAIR = re.compile(r"^\s*1:\s+[0-9a-f]+ [!=]\s+\d+:\s+([0-9a-f]+)")
_FACTOR = 60  # percent, git's own default: how much of a change may differ, whatever the configuration says


def amended_commit(git: Git, base: Oid, tip: Oid, others: Sequence[history.FullCommit]) -> history.FullCommit | None:
    """The commit of `others` (none a root) that makes the change base → tip, folded into one commit, in other words.

    range-diff compares two ranges of commits and looks at no merge: the others stand in one range with merges between
    them, each of which has the tree that the next commit was made on. So it is one process however many there are.
    """
    below = history.trees(git, [commit.parents[0] for commit in others])
    # A shallow clone may not have what a commit was made on.
    others = [commit for commit in others if commit.parents[0] in below]
    if not others:
        return None
    trees = history.trees(git, [tip])
    drafts = [Draft((base,), trees[tip], "the fix\n")]
    for commit in others:
        last = Oid(f":{len(drafts)}")  # a mark of fast-import: the draft before
        drafts.append(Draft((last, base), below[commit.parents[0]], "between\n"))
        drafts.append(Draft((Oid(f":{len(drafts)}"),), commit.tree, "the fix\n"))
    written = commits.write(git, drafts, NOBODY)
    plain = replace(git, pins=(*git.pins, "core.abbrev=no"))
    folded, end = written[0], written[-1]
    words = ("range-diff", "-s", "--no-color", f"--creation-factor={_FACTOR}", f"{base}..{folded}", f"{folded}..{end}")
    found = {match[1] for line in plain.run(*words).lines if (match := _PAIR.match(line))}
    return next((commit for commit, made in zip(others, written[2::2], strict=True) if made in found), None)
