"""What git prints of a merge is read, whatever it says: every kind of conflict, advice outside its frame, a crash."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from random_graphs import Files, Written
from sandbox import Dates, Repo

from git_hotfix.git import merge
from git_hotfix.git.run import Git
from git_hotfix.model.names import Oid


def text(word: str, *changed: int) -> tuple[str, bytes]:
    lines = [f"{word} {line}{' changed' if line in changed else ''}\n" for line in range(30)]
    return ("100644", "".join(lines).encode())


def plain(word: str) -> tuple[str, bytes]:
    return ("100644", f"{word}\n".encode())


def link(to: str) -> tuple[str, bytes]:
    return ("120000", to.encode())


FOLDER: Files = {f"old/{name}": text(name) for name in "abcd"}
MOVED: Files = {f"new/{name}": text(name) for name in "abcd"}
SPLIT: Files = {"one/a": text("a"), "one/b": text("b"), "two/c": text("c"), "two/d": text("d")}

# kind → base, ours, theirs; the path and the kind of every conflict; whether it is one between lines of files
CASES: Mapping[str, tuple[Files, Files, Files, list[tuple[str, str]], bool]] = {
    "none": ({"a": plain("1")}, {"a": plain("1"), "b": plain("2")}, {"a": plain("3")}, [], True),
    "content": ({"a": plain("1")}, {"a": plain("2")}, {"a": plain("3")}, [("a", "content")], True),
    "add/add": ({"z": plain("1")}, {"a": plain("2")}, {"a": plain("3")}, [("a", "content")], True),
    "modify/delete": ({"a": text("a")}, {"z": plain("z")}, {"a": text("a", 3)}, [("a", "modify/delete")], False),
    "delete/modify": ({"a": text("a")}, {"a": text("a", 3)}, {"z": plain("z")}, [("a", "modify/delete")], False),
    "rename/rename, one to two": (
        {"a": text("a")}, {"b": text("a")}, {"c": text("a")},
        [("a", "rename/rename"), ("b", "rename/rename"), ("c", "rename/rename")], False,
    ),
    "rename/rename, two to one": (
        {"a": text("a"), "b": text("b")}, {"c": text("a"), "b": text("b")}, {"a": text("a"), "c": text("b")},
        [("c", "content")], True,
    ),
    "rename/rename, two to one, changed": (
        {"a": text("a"), "b": text("b")}, {"c": text("a"), "b": text("b", 3)}, {"a": text("a", 5), "c": text("b")},
        [("c", "content")], True,
    ),
    "rename/add": (
        {"a": text("a")}, {"b": text("a")}, {"a": text("a", 3), "b": text("other")}, [("b", "content")], True,
    ),
    "rename/add, changed by both": (
        {"a": text("a")}, {"b": text("a", 3)}, {"a": text("a", 3, 4), "b": text("other")},
        [("b", "rename involved in collision")], False,
    ),
    "rename/delete": ({"a": text("a")}, {"b": text("a")}, {"z": plain("z")}, [("b", "rename/delete")], False),
    "rename/delete, changed": (
        {"a": text("a")}, {"b": text("a", 3)}, {"z": plain("z")}, [("b", "modify/delete")], False,
    ),
    "a file in a moved folder": (
        FOLDER, MOVED, {**FOLDER, "old/e": text("e")}, [("new/e", "directory rename suggested")], False,
    ),
    "a file in the way of a moved folder": (
        FOLDER, MOVED, {**FOLDER, "old/e": text("e"), "new/e": text("f")},
        [("new/e", "file in way of directory rename"), ("old/e", "file in way of directory rename")], False,
    ),
    "two files that a move puts in one place": (
        {**FOLDER, **{f"far/{name}": text(f"far {name}") for name in "xyz"}},
        {**MOVED, **{f"new/{name}": text(f"far {name}") for name in "xyz"}},
        {**FOLDER, **{f"far/{name}": text(f"far {name}") for name in "xyz"}, "old/e": text("e"), "far/e": text("f")},
        [(path, "directory rename collision") for path in ("new/e", "far/e", "old/e")], False,
    ),
    "a folder that was split": (
        FOLDER, SPLIT, {**FOLDER, "old/e": text("e")}, [("old", "directory rename unclear split")], False,
    ),
    "a folder that both moved": (
        FOLDER, MOVED, {f"far/{name}": text(name) for name in "abcd"},
        [(f"{folder}/{name}", "rename/rename") for folder in ("far", "new", "old") for name in "abcd"], False,
    ),
    "file/directory": (
        {"z": plain("z")}, {"a": plain("1")}, {"a/b": plain("2")}, [("a~ours", "file/directory")], False,
    ),
    "binary": (
        {"a": ("100644", b"\0one")}, {"a": ("100644", b"\0two")}, {"a": ("100644", b"\0three")},
        [("a", "binary")], False,
    ),
    "distinct types": (
        {"z": plain("z")}, {"a": plain("1")}, {"a": link("z")}, [("a", "distinct modes"), ("a~ours", "distinct modes")],
        False,
    ),
    "links": ({"a": link("1")}, {"a": link("2")}, {"a": link("3")}, [("a", "content")], True),
    "a mode and a content": (
        {"a": text("a", 1)}, {"a": ("100755", text("a", 2)[1])}, {"a": text("a", 3)}, [("a", "content")], True,
    ),
}  # fmt: skip


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "work", Dates())
    made.path.mkdir()
    made.git("init", "-q")
    return made


def outside(repo: Repo) -> Git:
    """git with what the tool's private directory leaves at git's defaults."""
    return Git(repo.path)


def test_every_kind_of_conflict_is_read(repo: Repo) -> None:
    out = Written()
    for number, (base, ours, theirs, _, _) in enumerate(CASES.values()):
        at = out.commit(f"refs/heads/base{number}", [], base)
        out.commit(f"refs/heads/ours{number}", [at], ours)
        out.commit(f"refs/heads/theirs{number}", [at], theirs)
    out.write(repo)
    tips = repo.branches()
    pairs = [(Oid(tips[f"ours{number}"]), Oid(tips[f"theirs{number}"])) for number in range(len(CASES))]
    found = {}
    for (name, case), pair, each in zip(CASES.items(), pairs, merge.merge_all(outside(repo), pairs), strict=True):
        conflicts = [(conflict.path.replace(pair[0], "ours"), conflict.kind) for conflict in each.conflicts]
        found[name] = (*case[:3], conflicts, each.textual)
    assert found == CASES


@pytest.fixture
def library(repo: Repo) -> Mapping[str, str]:
    """A submodule's repository below `lib` of the working tree: one, two and three in a line, aside and joined with
    three; `other` has no history in common with them."""
    lib = Repo(repo.path / "lib", repo.dates)
    lib.path.mkdir()
    lib.git("init", "-q")
    made = {name: lib.commit(name, {"a": name}) for name in ("one", "two", "three")}
    lib.git("checkout", "-q", made["one"])
    made["aside"] = lib.commit("aside", {"b": "aside"})
    lib.git("merge", "-q", "--no-edit", made["three"])
    made["joined"] = lib.tip("HEAD")
    lib.git("branch", "joined")
    lib.git("checkout", "-q", "--orphan", "other")
    return {**made, "other": lib.commit("other")}


def linked(repo: Repo, subject: str, parent: str | None, submodules: Mapping[str, str]) -> str:
    """A commit with a file and these submodules."""
    blob = repo.git("hash-object", "-w", "--stdin", stdin="file\n")
    rows = [f"100644 blob {blob}\tfile", *(f"160000 commit {oid}\t{path}" for path, oid in submodules.items())]
    tree = repo.git("mktree", "--missing", stdin="\n".join([*rows, ""]))
    return repo.git("commit-tree", "-m", subject, *(("-p", parent) if parent else ()), tree)


@pytest.mark.slow
def test_submodules_of_every_kind_are_read(repo: Repo, library: Mapping[str, str]) -> None:
    """git puts advice about them outside of its frame, behind the messages of a merge."""
    gone = "1" * 40
    wanted = {
        ("one", "two", "three"): (True, []),
        ("one", "aside", "three"): (False, ["submodule with possible resolution"]),
        ("one", "aside", "joined"): (True, []),
        ("two", "one", "three"): (False, ["submodule may have rewinds"]),
        ("one", "aside", "two"): (False, ["submodule with possible resolution"]),
        ("one", "two", "other"): (False, ["submodule may have rewinds"]),
        ("one", "two", gone): (False, ["submodule history not available"]),
        (None, "two", "other"): (False, ["submodule lacks merge base"]),
    }
    pairs = []
    for sides in wanted:
        base, ours, theirs = ({"lib": library.get(side, side)} if side else {} for side in sides)
        start = linked(repo, "base", None, base)
        pairs.append((Oid(linked(repo, "ours", start, ours)), Oid(linked(repo, "theirs", start, theirs))))
    found = merge.merge_all(outside(repo), pairs)
    assert (
        dict(zip(wanted, [(each.clean, [conflict.kind for conflict in each.conflicts]) for each in found], strict=True))
        == wanted
    )


def test_submodules_that_are_not_here_are_read(repo: Repo) -> None:
    """Two of them in one merge, with a clean merge and another conflict behind it."""
    one, two, three = ("1" * 40, "2" * 40, "3" * 40)
    base = linked(repo, "base", None, {"a": one, "b": one})
    ours = Oid(linked(repo, "ours", base, {"a": two, "b": two}))
    theirs = Oid(linked(repo, "theirs", base, {"a": three, "b": three}))
    merged = merge.merge_all(outside(repo), [(ours, theirs), (ours, Oid(base)), (theirs, ours)])
    kinds = [[(conflict.path, conflict.kind) for conflict in each.conflicts] for each in merged]
    both = [("a", "submodule not initialized"), ("b", "submodule not initialized")]
    assert (kinds, [each.textual for each in merged]) == ([both, [], both], [False, True, False])


def test_what_git_cannot_merge_is_one_result(repo: Repo) -> None:
    """Unrelated histories, a missing blob and, where this git has the fault, one that it dies of."""
    out = Written()
    files = {"tools/hello": plain("hello"), "world": text("world"), "a": text("a")}
    start = out.commit("refs/heads/start", [], files)
    moved = {"tools/hello": plain("hello"), "tools/world": text("world")}
    out.commit("refs/heads/fix", [start], {**moved, "a": text("a", 3)})
    out.commit("refs/heads/crash", [start], {"hello": plain("hello"), "a": text("a")})
    out.commit("refs/heads/clean", [start], {**moved, "a": text("a"), "b": plain("b")})
    out.commit("refs/heads/lacking", [start], {**moved, "a": text("a", 20)})
    for name in ("stranger", "alien"):
        out.commit(f"refs/heads/{name}", [], {"site": plain(name)})
    out.write(repo)
    blob = repo.git("rev-parse", "lacking:a")
    (repo.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    order = ("stranger", "clean", "alien", "crash", "lacking", "stranger", "clean")
    pairs = [(Oid(repo.tip(name)), Oid(repo.tip("fix"))) for name in order]
    alone = repo.run("git", "merge-tree", "--write-tree", *pairs[3]).code
    failures = [each.failure for each in merge.merge_all(outside(repo), pairs)]
    unrelated = "refusing to merge unrelated histories"
    assert failures[:3] == [unrelated, "", unrelated]
    assert failures[3].startswith("git crashed (signal 6): " if alone < 0 else "") and bool(failures[3]) == (alone < 0)
    assert failures[4:] == [f"unable to read blob object {blob}", unrelated, ""]


def test_an_answer_that_cannot_be_read_is_one_result_and_the_next_is_read() -> None:
    """Nobody has seen one; a newer git may print more than this one."""
    clean = b"1\0" + b"a" * 40 + b"\0\0\0"
    odd = b"0\0" + b"b" * 40 + b"\0" + b"100644 " + b"c" * 40 + b" 2\ta\0\0what\0is\0this\0\0"
    printed = (clean, clean + clean, clean + odd + clean, clean + clean[:-1], clean + clean[:-1] + b"1")
    assert [len(merge._parse(each, 3)) for each in printed] == [1, 2, 2, 1, 1]
