"""However lines, releases and conflicts fall: a delivery changes in a target only what the fix changes, and what
whoever solved a conflict typed."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sandbox import Dates, Repo

FILES = ("a.txt", "b.txt")
LINES = 12
TYPED = "typed by whoever solves it"
POLICY = "[backport]\nkeep-target = []\n" + "".join(
    f'[gates.{gate}]\nseverity = "off"\n'
    for gate in ("tests", "max-commits", "max-lines", "format-churn", "moved-code")
)

place = st.tuples(st.sampled_from(FILES), st.integers(0, LINES - 1), st.sampled_from(["change", "insert", "cut"]))
places = st.lists(place, max_size=4)
Places = list[tuple[str, int, str]]
Files = dict[str, list[str]]


def first() -> Files:
    return {name: [f"{name} {number}" for number in range(LINES)] for name in FILES}


def edited(files: Files, what: Places, who: str) -> Files:
    """`files` after some edits, each of whose lines nobody else writes."""
    made = {name: list(lines) for name, lines in files.items()}
    for count, (name, at, kind) in enumerate(what):
        lines = made[name]
        spot = at % max(1, len(lines))
        if kind == "insert" or not lines:
            lines.insert(spot, f"{who} {count}")
        elif kind == "cut":
            del lines[spot]
        else:
            lines[spot] = f"{who} {count}"
    return made


def texts(files: Files) -> dict[str, str]:
    return {name: "".join(f"{line}\n" for line in lines) for name, lines in files.items()}


def lines_of(repo: Repo, commit: str) -> Counter[tuple[str, str]]:
    tree = repo.tree(commit)
    return Counter((name, line) for name in FILES for line in tree.get(name, "").splitlines())


def solved(there: Repo) -> None:
    """Each conflict keeps the side of the target, and a line below it that somebody types."""
    for path in there.git("diff", "--name-only", "--diff-filter=U").splitlines():
        file = there.path / path
        text = file.read_text()
        kept = re.sub(r"(?ms)^<{7} [^\n]*\n(.*?)^={7}\n.*?^>{7} [^\n]*\n", rf"\g<1>{TYPED}\n", text)
        assert "<<<<<<<" not in kept, text
        file.write_text(kept)
        there.git("add", path)


def held(root: Path, old: Places, release: Places, line: Places, fix: list[Places]) -> str:
    """Deliver a fix of production's release to a line that was cut before it; what became of the line."""
    remote, clone = (Repo(root / name, Dates()) for name in ("remote.git", "clone"))
    for repo, bare in ((remote, ["--bare"]), (clone, [])):
        repo.path.mkdir()
        repo.git("init", "-q", *bare)
    clone.git("remote", "add", "origin", str(remote.path))
    clone.commit("old", {**texts(edited(first(), old, "old")), ".git-hotfix.toml": POLICY})
    clone.git("branch", "release/1.0")
    files = edited(edited(first(), old, "old"), release, "release")
    clone.commit("release", {**texts(files), "released.txt": "new\n"})
    clone.git("tag", "v2.0.0")
    clone.git("switch", "-q", "release/1.0")
    clone.commit("line", texts(edited(edited(first(), old, "old"), line, "line")))
    clone.git("switch", "-q", "main")
    clone.git("push", "-q", "origin", "main", "v2.0.0", "release/1.0")
    assert clone.hotfix("start", "1").code == 0
    changed: Counter[tuple[str, str]] = Counter()
    before = lines_of(clone, "HEAD")
    for count, what in enumerate(fix):
        files = edited(files, what, f"fix {count}")
        clone.commit(f"fix {count}", texts(files))
        now = lines_of(clone, "HEAD")
        changed |= (now - before) | (before - now)
        before = now
    answer = clone.hotfix("finish", "1", "--format", "json")
    assert answer.code in (0, 1, 4), answer.out + answer.err
    if answer.code == 1 or not answer.json.get("targets"):
        return "refused"
    status = answer.targets["release/1.0"][1]
    if status == "conflict":
        assert clone.hotfix("backport", "1", "--resolve", "release/1.0").code == 0
        there = Repo(root / "clone-resolve-release-1.0", clone.dates)
        for _ in range(len(fix) + 1):
            solved(there)
            done = clone.hotfix("backport", "1", "--continue", "--format", "json")
            if done.code == 0:
                break
        assert done.code == 0, done.out + done.err
    old_tip = clone.git("log", "-1", "--format=%H", "--grep=^line$", "origin/release/1.0")
    was, now = lines_of(remote, old_tip), lines_of(remote, "release/1.0")
    assert not [line for line in now - was if line not in changed and line[1] != TYPED]
    assert not [line for line in was - now if line not in changed]
    assert "released.txt" not in remote.tree("release/1.0")
    again = clone.hotfix("backport", "1", "--format", "json")
    assert (again.code, again.json["pushed"]) == (0, False), again.out + again.err
    return status


EXAMPLES = {
    "merged": ([], [("a.txt", 9, "change")], [("b.txt", 1, "change")], [[("a.txt", 2, "change")]]),
    # The release's line above the fix's own stands in the other side of the conflict.
    "conflict": (
        [],
        [("a.txt", 4, "change"), ("a.txt", 9, "insert")],
        [("a.txt", 5, "change")],
        [[("a.txt", 5, "change")]],
    ),
    "already": ([], [("a.txt", 9, "change")], [("a.txt", 2, "cut")], [[("a.txt", 2, "cut")]]),
}


@pytest.mark.parametrize("status", EXAMPLES)
def test_a_delivery_changes_only_what_the_fix_changes(tmp_path: Path, status: str) -> None:
    assert held(tmp_path, *EXAMPLES[status]) == status


@pytest.mark.slow
def test_a_conflict_that_was_solved_by_the_targets_own_lines_is_done(tmp_path: Path) -> None:
    """Every line that the fix removes stands there still: somebody decided so, and the logbook knows it."""
    release = [("b.txt", 9, "change"), ("b.txt", 3, "change")]
    assert held(tmp_path, [], release, [("a.txt", 9, "change")], [[("b.txt", 2, "change")]]) == "conflict"


@pytest.mark.slow
@pytest.mark.parametrize("_part", range(6))
@settings(
    max_examples=10, phases=[Phase.generate], print_blob=True, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(
    old=places, release=places, line=places,
    fix=st.lists(st.lists(place, min_size=1, max_size=3), min_size=1, max_size=3),
)  # fmt: skip
def test_many_deliveries_change_only_what_the_fix_changes(
    _part: int, old: Places, release: Places, line: Places, fix: list[Places]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        held(Path(folder), old, release, line, fix)
