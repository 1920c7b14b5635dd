"""However branches grew, a delivery is what git makes of it in a checkout: the same tree, or the same conflicts."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from random_graphs import Recipe, build, recipes
from sandbox import Dates, Repo

Told = tuple[str, str, frozenset[str]]  # status, tree (of the target before for a conflict), paths in conflict


def unlabelled(path: str) -> str:
    """A path without what git calls the side that a file beside a folder or a link comes from (`~HEAD`, `~<id>`)."""
    return path.partition("~")[0]


class Checkout:
    """A working tree in which git itself merges and picks, as whoever has the default settings does."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo

    def _at(self, commit: str) -> None:
        self.repo.git("reset", "-q", "--hard")
        self.repo.git("clean", "-q", "-fdx")
        self.repo.git("checkout", "-q", "--force", "--detach", commit)

    def _done(self, *command: str) -> tuple[str | None, frozenset[str]]:
        """The tree (None where it conflicts) and the paths that are left unmerged."""
        answer = self.repo.run("git", *command)
        rows = self.repo.git("ls-files", "--unmerged", "-z").split("\0")
        unmerged = frozenset(unlabelled(row.partition("\t")[2]) for row in rows if row)
        assert answer.code == 0 or "CONFLICT (" in answer.out, answer.out + answer.err
        assert answer.code != 0 or not unmerged
        return (None if answer.code else self.repo.git("write-tree")), unmerged

    def merged(self, tip: str, fix: str) -> tuple[str | None, frozenset[str]]:
        self._at(tip)
        return self._done("merge", "-q", "--no-ff", "--no-commit", fix)

    def picked(self, tip: str, commits: list[str]) -> tuple[str | None, frozenset[str]]:
        """The commits picked in turn; the tree and paths of the first that conflicts."""
        self._at(tip)
        found: tuple[str | None, frozenset[str]] = (self.repo.git("write-tree"), frozenset())
        for commit in commits:
            found = self._done("cherry-pick", "-x", "-m", "1", "--keep-redundant-commits", commit)
            if found[0] is None:
                self.repo.git("cherry-pick", "--quit")
                break
        return found


def held(root: Path, recipe: Recipe, strategy: str) -> dict[str, int]:
    """Finish the hotfix of a recipe, hold every target against a checkout, and count what became of them."""
    remote, clone, work = (Repo(root / name, Dates()) for name in ("remote.git", "clone", "work"))
    for repo, bare in ((remote, ["--bare"]), (clone, [])):
        repo.path.mkdir()
        repo.git("init", "-q", *bare)
    build(remote, recipe, f'[backport]\nkeep-target = []\nstrategy = "{strategy}"\n')
    remote.git("clone", "-q", "--shared", "--no-checkout", str(remote.path), str(work.path))
    before = remote.branches()
    base, fix = remote.tip("v1.0.0"), remote.tip("hotfix/1")
    if remote.git("rev-parse", f"{base}^{{tree}}") == remote.git("rev-parse", f"{fix}^{{tree}}"):
        return {}  # no fix at all; refused
    clone.git("remote", "add", "origin", str(remote.path))
    answer = clone.hotfix("finish", "1", "--format", "json")
    assert answer.code in (0, 4), answer.out + answer.err
    checkout, wrong = Checkout(work), {}
    chain = work.git("rev-list", "--first-parent", "--reverse", f"{base}..{fix}").split()
    squashed = work.git("commit-tree", f"{fix}^{{tree}}", "-p", base, "-m", "the whole fix")
    for each in answer.json["targets"]:
        branch = each["ref"].removeprefix("refs/heads/")
        tip, tree = before[branch], remote.git("rev-parse", f"{each['ref']}^{{tree}}")
        old = work.git("rev-parse", f"{tip}^{{tree}}")
        said = (each["status"], tree, frozenset(unlabelled(conflict["path"]) for conflict in each["conflicts"]))
        lacking = lacks(work, base, tip, chain)
        if each["status"] == "reverted":
            assert lacking != chain  # a part of the fix was there, and its lines are gone
            continue
        if each["status"] == "pending":
            assert tree == old
            assert is_doubtful(work, base, tip, fix, each["reason"]), (branch, each["reason"])
            continue
        if lacking != chain:
            right = _expected(checkout.picked(tip, lacking), old)
        elif each["strategy"] == "merge":
            right = _expected(checkout.merged(tip, fix), old)
        else:
            right = _picks(checkout, tip, chain, squashed, old)
        if right[:2] == ("conflict", old) and not right[2]:
            # git leaves nothing unmerged where a file is in the way of a folder's rename, and says so in words alone.
            right = (*right[:2], said[2] - {""} or frozenset({"a path"}))
        if said != right:
            wrong[branch] = (each["strategy"], tip, said, right, each["reason"])
    assert not wrong, wrong
    return Counter(each["status"] for each in answer.json["targets"])


def is_doubtful(work: Repo, base: str, tip: str, fix: str, reason: str) -> bool:
    """Whether a target is rightly left to a human: a commit of its own is named that brought the fix and kept less of
    it than all, or a file that has every line already which the fix adds to it."""
    if named := re.match(r"([0-9a-f]{10}) (brought|merged) the fix, ", reason):
        return any(commit.startswith(named[1]) for commit in work.git("rev-list", f"{base}..{tip}").split())
    path = reason.removesuffix(" already has the lines that the fix adds")
    added = [line[1:] for line in work.git("diff", "-U0", base, fix, "--", path).splitlines() if line[:1] == "+"][1:]
    there = work.git("show", f"{tip}:{path}").splitlines()
    return path != reason and bool(added) and all(line in there for line in added)


def lacks(work: Repo, base: str, tip: str, chain: list[str]) -> list[str]:
    """The commits of the fix whose change no commit of a branch makes; a merge is there when all is that it brought."""
    there = patch_ids(work, f"{base}..{tip}")
    found = []
    for commit in chain:
        brought = f"{commit}^..{commit}" if len(work.parents(commit)) == 1 else f"{commit}^1..{commit}^2"
        if not patch_ids(work, brought) or not patch_ids(work, brought) <= there:
            found.append(commit)
    return found


def patch_ids(work: Repo, span: str) -> set[str]:
    log = f"git log --no-merges --format='commit %H' --full-index --text -p {span} | git patch-id --stable"
    return {line.split()[0] for line in work.run("sh", "-c", log).out.splitlines()}


def _expected(found: tuple[str | None, frozenset[str]], old: str) -> Told:
    tree, conflicts = found
    if tree is None:
        return "conflict", old, conflicts
    return ("already" if tree == old else "merged"), tree, frozenset()


def _picks(checkout: Checkout, tip: str, chain: list[str], squashed: str, old: str) -> Told:
    """One by one they give the tree. A fix that is there as a whole is not picked again, and of one that conflicts as a
    whole the report names all files, not only those of the first commit that does."""
    whole = checkout.picked(tip, [squashed])
    steps = checkout.picked(tip, chain) if len(chain) > 1 else whole
    if whole[0] == old:
        return "already", old, frozenset()
    if steps[0] is None and whole[0] is None:
        return "conflict", old, whole[1]
    return _expected(steps, old)


# A bit of everything, which chance rarely gives at once.
RICH = Recipe(
    older=[("change", 1, 1, "x"), ("insert", 8, 2, "x")],
    steps=[
        (2, -1, 1, [("rename", 0, 2, "")]),
        (4, -1, 1, [("folder", 4, 0, "")]),
        (5, -1, 2, [("change", 0, 3, "y"), ("remove", 4, 0, "")]),
        (2, -1, 1, [("attributes", 0, 0, ""), ("change", 0, 3, "z")]),
        (7, -1, 1, [("attributes", 0, 1, ""), ("change", 4, 5, "z")]),
        (8, -1, 5, []),  # has a part of the fix
        (10, -1, 4, [("change", 1, 1, "y")]),  # from the tag before: the fix is picked
        (10, 4, 1, [("change", 2, 9, "y"), ("add", 1, 3, "z")]),
        (3, 8, 2, [("change", 3, 0, "z")]),  # these two merge each other
        (6, 5, 2, [("end", 2, 0, "")]),
    ],
    hotfix=[
        [("change", 0, 3, "x"), ("change", 4, 5, "x")],
        [("insert", 2, 7, "x"), ("add", 1, 3, "y")],
        [("mode", 0, 0, ""), ("change", 3, 0, "x")],
    ],
    side=[("change", 8, 5, "x")],
    merging=1,
)
FOUND = {
    "merge": {"merged": 5, "conflict": 4},
    "auto": {"merged": 6, "conflict": 3},
    "cherry-pick": {"merged": 6, "conflict": 3},
}
# To find the least recipe that fails, add Phase.shrink and take the watchdog away.
MANY = settings(
    max_examples=20, phases=[Phase.generate], print_blob=True, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
STRATEGIES = pytest.mark.parametrize("strategy", ["merge", "auto", "cherry-pick"])


@STRATEGIES
def test_a_delivery_is_what_git_makes_in_a_checkout(tmp_path: Path, strategy: str) -> None:
    assert held(tmp_path, RICH, strategy) == FOUND[strategy]


@pytest.mark.slow
@STRATEGIES
@MANY
@given(recipe=recipes)
def test_many_deliveries_are_what_git_makes_in_a_checkout(recipe: Recipe, strategy: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        held(Path(folder), recipe, strategy)
