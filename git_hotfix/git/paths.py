"""The names that a file had in history, and who ever had one of them: for many branches in a few processes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice

from git_hotfix.git import history
from git_hotfix.git.run import Git, decode, encode
from git_hotfix.model.names import Oid

_ROUNDS = 20  # renames of one file, one after the other, that are followed
_WALK = ("--full-history", "--no-merges", "--topo-order", "--reverse")


def touched_paths(git: Git, base: Oid, tip: Oid) -> set[str]:
    """Every path that a commit of base..tip touched, a merge against its first parent, and both names of what was
    renamed."""
    out = git.run(
        "log", "--first-parent", "-m", "-M", "-l1000", "-z", "--name-status", "--format=", tip, f"^{base}"
    ).out  # fmt: skip
    return {path for _, names in _statuses(out) for path in names}


def all_names(git: Git, paths: Collection[str], tips: Sequence[Oid]) -> set[str] | None:
    """`paths`, and every former and later name of them in the history of `tips`, commit by commit; None where that goes
    on for too long."""
    names, asked = set(paths), set[str]()
    for _ in range(_ROUNDS):
        new = names - asked
        if not new:
            return names
        asked |= new
        commits = introducing_commits(git, new, tips, kinds="AD")
        if commits:
            feed = "\n".join([*commits, ""]).encode()
            renames = ("-r", "-M", "-l1000", "--diff-filter=R", "--name-status", "-z", "--no-commit-id")
            out = git.run("diff-tree", "--stdin", *renames, stdin=feed).out
            names |= {name for _, pair in _statuses(out) if names & set(pair) for name in pair}
    return None


def introducing_commits(git: Git, names: Collection[str], tips: Sequence[Oid], *, kinds: str = "A") -> list[Oid]:
    """The commits in the history of `tips` that add one of `names` (D of `kinds`: that delete one), parents before
    children."""
    places = [f":(top,literal){name}" for name in sorted(names)]
    feed = encode("\n".join([*dict.fromkeys(tips), "--", *places, ""]))
    found = git.run(
        "log", *_WALK, "--no-renames", f"--diff-filter={kinds}", "--format=%H", "--no-patch", "--stdin", stdin=feed
    ).lines  # fmt: skip
    return [Oid(line) for line in found if line]


def tips_without(git: Git, commits: Iterable[Oid], tips: Collection[Oid]) -> set[Oid]:
    """Those of `tips` that hold none of `commits`, given parents before children: what holds a commit holds all below
    it, so most of them need no look of their own."""
    left, waiting = set(tips), list(commits)
    while left and waiting:
        holding = history.tips_containing(git, waiting[0], [*left, *waiting])
        left -= holding
        waiting = [commit for commit in waiting[1:] if commit not in holding]
    return left


def _statuses(out: bytes) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Status and paths of `--name-status -z`: two paths behind a rename."""
    tokens = iter(decode(token) for token in out.split(b"\0"))
    for status in tokens:
        if status:
            yield status[:1], tuple(islice(tokens, 2 if status[0] in "RC" else 1))
