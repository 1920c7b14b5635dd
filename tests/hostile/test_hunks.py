"""The hunks of all files come from one process: each must be the file's own, whatever its name and content are."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from git_hotfix.git import diff
from git_hotfix.git.content import Reader
from git_hotfix.git.run import Git
from git_hotfix.model.names import Oid

File = tuple[str, bytes]  # mode and content; a submodule's content is the commit that it points at
NAMES = [b"new\nline", b" leading", b"trailing ", b'quo"te', b"tab\tname", b"caf\xe9", b"diff --git a", b"-dash",
         "größe".encode(), b"plain/x.py"]  # fmt: skip
TRAP = b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-one\n+two\n"
LINES = st.lists(st.sampled_from([b"one\n", b"two\n", TRAP, b"-\n", b"+++ b/x\n", b"\\ No newline\n", b"\0\n",
                                  b"a\rb\r\n",
                                  b"caf\xe9\n", b"\x0c\n", "\u2028\n".encode(), b"end"]), max_size=6)  # fmt: skip
FILES: st.SearchStrategy[File] = st.one_of(
    st.tuples(st.sampled_from(["100644", "100755", "120000"]), LINES.map(b"".join)),
    st.sampled_from([("160000", b"1" * 40), ("160000", b"2" * 40)]),
)
TREES = st.dictionaries(st.sampled_from(NAMES), FILES, max_size=5)


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Git:
    place = tmp_path_factory.mktemp("trees")
    subprocess.run(["git", "init", "-q", "--bare", str(place)], check=True)
    return Git(place)


def commit(git: Git, files: dict[bytes, File]) -> Oid:
    """A commit of exactly these files."""
    stream = [b"reset refs/heads/x\ncommit refs/heads/x\nmark :1\ncommitter a <a@x> 1 +0000\ndata 0\n"]
    for path, (mode, content) in files.items():
        quoted = b'"' + b"".join(b"\\%03o" % byte for byte in path) + b'"'
        if mode == "160000":
            stream.append(b"M 160000 " + content + b" " + quoted + b"\n")
        else:
            stream.append(
                b"M " + mode.encode() + b" inline " + quoted + b"\ndata %d\n" % len(content) + content + b"\n"
            )
    marks = git.cwd / "marks"
    git.run("fast-import", "--quiet", "--force", f"--export-marks={marks}", stdin=b"".join(stream) + b"\n")
    return Oid(marks.read_text().split()[1])


def alone(git: Git, old: str, new: str) -> tuple[list[bytes], list[bytes]]:
    """Added and removed lines of two blobs, by git's own count of each side."""
    out = git.run("diff", "-U0", "--text", "--no-color", old, new).out
    body = out[out.find(b"\n@@ ") + 1 :] if b"\n@@ " in out else b""
    lines = [line for line in body.split(b"\n") if not line.startswith(b"@@ ")]
    return [x[1:] for x in lines if x.startswith(b"+")], [x[1:] for x in lines if x.startswith(b"-")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(base=TREES, tip=TREES)
def test_every_file_gets_its_own_hunks(git: Git, base: dict[bytes, File], tip: dict[bytes, File]) -> None:
    one, other = commit(git, base), commit(git, tip)
    changes = diff.changes(git, one, other)
    reader = Reader(git, one, other, changes, one)
    empty = git.text("hash-object", "-t", "blob", "-w", "--stdin")
    for file in changes.files:
        hunks = reader.hunks(file)
        added = [text.removesuffix("\n").encode("utf-8", "surrogateescape") for h in hunks for _, text in h.added]
        removed = [text.removesuffix("\n").encode("utf-8", "surrogateescape") for h in hunks for _, text in h.removed]
        if "160000" in (file.old_mode, file.new_mode):
            moved = file.old_oid != file.new_oid
            lines = added if file.new_mode == "160000" else removed
            assert {line[:11] for line in lines} == ({b"Subproject "} if moved else set())
            continue
        if file.status == "T":  # the whole of either side
            old_side, new_side = alone(git, file.old_oid, empty)[1], alone(git, empty, file.new_oid)[0]
            assert (added, removed) == (new_side, old_side)
            continue
        sides = [empty if set(oid) == {"0"} else oid for oid in (file.old_oid, file.new_oid)]
        assert (added, removed) == alone(git, *sides)


def test_the_trap_itself(git: Git) -> None:
    base = commit(git, {b"a": ("100644", b"x\n"), b"b": ("100644", b"x\n")})
    tip = commit(git, {b"a": ("100644", b"x\n" + TRAP), b"b": ("100644", b"y\n")})
    changes = diff.changes(git, base, tip)
    reader = Reader(git, base, tip, changes, base)
    first, second = (reader.hunks(file) for file in changes.files)
    assert [text for h in first for _, text in h.added] == TRAP.decode().splitlines(keepends=True)
    assert [(h.old_start, h.new_start, h.added, h.removed) for h in second] == [(1, 1, ((1, "y\n"),), ((1, "x\n"),))]


def test_the_line_numbers_are_those_of_either_side(git: Git) -> None:
    base = commit(git, {b"a": ("100644", b"1\n2\n3\n4\n5\n")})
    tip = commit(git, {b"a": ("100644", b"0\n1\n2\n3\nfour\n")})
    changes = diff.changes(git, base, tip)
    hunks = Reader(git, base, tip, changes, base).hunks(changes.files[0])
    assert [(h.added, h.removed) for h in hunks] == [
        (((1, "0\n"),), ()),
        (((5, "four\n"),), ((4, "4\n"), (5, "5\n"))),
    ]


@pytest.mark.slow
def test_a_huge_binary_is_left_out_and_the_others_keep_their_own(git: Git) -> None:
    base = commit(git, {b"a": ("100644", b"x\n"), b"z": ("100644", b"x\n")})
    tip = commit(
        git, {b"a": ("100644", b"y\n"), b":(m) odd*": ("100644", b"\0" * 20_000_001), b"z": ("100644", b"w\n")}
    )
    changes = diff.changes(git, base, tip)
    reader = Reader(git, base, tip, changes, base)
    added = {file.path: [text for h in reader.hunks(file) for _, text in h.added] for file in changes.files}
    assert added == {"a": ["y\n"], ":(m) odd*": [], "z": ["w\n"]}


def test_files_above_a_path_are_those_of_its_folders_only(git: Git) -> None:
    names = [b"top", b"a/x", b"a/b/x", b"a/b/c/x", b"ab/x", b":(glob)*/x", b"caf\xe9/new\nline/x", b"*/x"]
    base = commit(git, dict.fromkeys(names, ("100644", b"x\n")))
    reader = Reader(git, base, base, diff.changes(git, base, base), base)
    everything = reader.base_files()
    assert len(everything) == len(names)
    for name in names:
        path = name.decode("utf-8", "surrogateescape")
        folders = {"/".join(path.split("/")[:depth]) for depth in range(path.count("/") + 1)}
        held = {file: oid for file, oid in everything.items() if file.rpartition("/")[0] in folders}
        assert reader.files_above(path) == held
    assert reader.files_above("not/there") == {"top": everything["top"]}


def test_files_of_the_base_by_path_and_by_name(git: Git) -> None:
    names = [b"top.txt", b"a/x.txt", b"a/b/Gemfile.old", b":(glob)*/x", b"caf\xe9/new\nline\tx.txt", b"*/x.txt", b"a/y"]
    base = commit(git, dict.fromkeys(names, ("100644", b"x\n")) | {b"a/module": ("160000", b"1" * 40)})
    everything = Reader(git, base, base, diff.changes(git, base, base), base).base_files()
    paths = [name.decode("utf-8", "surrogateescape") for name in names]
    assert set(everything) == set(paths)
    asked = [*paths, "a", "a/b", "a/module", "not/there", "", "a\0b", "x" * 200_000]
    fresh = Reader(git, base, base, diff.changes(git, base, base), base)
    assert fresh.base_files_at(asked) == everything
    assert fresh.base_files_at(["nowhere"]) == {}
    named = fresh.base_files_named((".txt",), ("Gemfile",))
    assert named == {path: everything[path] for path in paths if path.endswith(".txt") or "Gemfile" in path}
    assert fresh.base_files_at(asked) == everything
    assert Reader(git, base, base, diff.changes(git, base, base), base).base_files_at(asked * 100) == everything
