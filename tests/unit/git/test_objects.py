"""One git answers what objects are, in order, whatever is asked of it; what it cannot answer is not an answer."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from git_hotfix.git import blobs, history
from git_hotfix.git.objects import GitEnded, ObjectInfo, Objects
from git_hotfix.git.run import Conversation, Git
from git_hotfix.model.names import Oid

TEXTS = [b"", b"x", b"a\nb\n", b"0123456789 blob 5\n", b"\0\xff" * 100_000]
NOT_HERE = ["1" * 40, "HEAD:none", "a b c", "x blob 5", "HEAD:" + "y" * 10_000]


@pytest.fixture
def git(tmp_path: Path) -> Iterator[Git]:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "r.git")], check=True)
    objects = Objects(Git(tmp_path / "r.git"))
    yield Git(tmp_path / "r.git", objects=objects)
    objects.close()


def write(git: Git, text: bytes) -> Oid:
    return Oid(git.text("hash-object", "-w", "--stdin", stdin=text))


def conversations(monkeypatch: pytest.MonkeyPatch) -> list[Conversation]:
    found: list[Conversation] = []
    begin = Git.converse

    def converse(self: Git, *arguments: str) -> Conversation:
        found.append(begin(self, *arguments))
        return found[-1]

    monkeypatch.setattr(Git, "converse", converse)
    return found


def test_many_questions_one_git(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers larger than a pipe, more questions than a pipe takes, and an object that is written meanwhile."""
    begun = conversations(monkeypatch)
    oids = [write(git, text) for text in TEXTS]
    names = [name for pair in zip(oids, NOT_HERE, strict=True) for name in pair] * 15
    sizes = [size for text in TEXTS for size in (len(text), None)] * 15
    assert blobs.read(git, names) == [text for each in TEXTS for text in (each, None)] * 15
    assert blobs.sizes(git, names) == sizes
    assert blobs.kinds(git, names) == ["blob", None] * 75
    later = write(git, b"later")
    assert (blobs.read(git, [later]), blobs.ids(git, [later])) == ([b"later"], [later])
    assert len(begun) == 1
    plain = Git(git.cwd)  # and a process a question says the same
    assert (blobs.read(plain, names), blobs.describe(plain, names)) == (
        blobs.read(git, names),
        blobs.describe(git, names),
    )


def test_trees_are_those_of_commits(git: Git) -> None:
    tree = Oid(git.text("mktree"))
    words = ("-c", "user.name=a", "-c", "user.email=a@x")
    commit = Oid(git.text(*words, "commit-tree", "-m", "x", tree))
    git.run(*words, "tag", "-a", "-m", "x", "t", commit)
    asked = [commit, Oid(git.text("rev-parse", "t")), write(git, b"x"), Oid("1" * 40)]
    assert history.trees(git, asked) == {commit: tree}
    assert history.peel(git, asked[:2]) == {commit: commit, asked[1]: commit}


def test_a_git_that_ends_is_asked_anew(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks gets the answer all the same: a process of its own says it, or why there is none."""
    oid = write(git, b"x")
    begun = conversations(monkeypatch)
    assert blobs.read(git, [oid]) == [b"x"]
    begun[0]._process.kill()
    begun[0]._process.wait()
    assert git.objects
    with pytest.raises(GitEnded):
        git.objects.describe([oid])
    assert git.objects.describe([oid]) == [ObjectInfo(oid, "blob", 1)]
    begun[1]._process.kill()
    begun[1]._process.wait()
    assert blobs.read(git, [oid]) == [b"x"]
    assert len(begun) == 2


def test_it_ends_where_nobody_reads_the_rest(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    oid = write(git, b"x" * 1_000_000)
    begun = conversations(monkeypatch)
    assert git.objects
    git.objects.describe([oid])
    begun[0].ask(f"contents {oid}\n".encode())
    git.objects.close()
    assert begun[0]._process.poll() is not None
    assert git.objects.contents([oid]) == [b"x" * 1_000_000]


def test_git_that_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from git_hotfix.errors import Failure

    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(Failure, match="git is not on PATH"):
        Git(tmp_path).run("version")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Every git that is run from here on, by its words."""
    words: list[tuple[str, ...]] = []
    run = Git.run

    def counted(self: Git, *arguments: str, **more: object) -> object:
        words.append(arguments)
        return run(self, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Git, "run", counted)
    return words


def test_near_history_is_read_and_far_history_is_asked_for(git: Git, asked: list[tuple[str, ...]]) -> None:
    """A line of 60 commits, a merge, a commit beside it; the answer is git's own, however it was found."""
    words = ("-c", "user.name=a", "-c", "user.email=a@x", "commit-tree", Oid(git.text("mktree")), "-m")
    root = Oid(git.text(*words, "parent 0\n\nparent 1"))
    line = [root]
    for number in range(60):
        line.append(Oid(git.text(*words, str(number), "-p", line[-1])))
    beside = Oid(git.text(*words, "beside", "-p", line[50]))
    merge = Oid(git.text(*words, "merge", "-p", line[55], "-p", beside))
    for commit, of, held, near in [
        (line[58], line[60], True, True), (line[60], line[60], True, True), (line[60], line[58], False, False),
        (root, line[60], True, False), (beside, merge, True, True), (line[52], merge, True, True),
        (line[56], merge, False, False), (beside, line[3], False, True), (line[4], line[3], False, True),
        (Oid("1" * 40), line[1], False, True), (line[1], Oid("1" * 40), False, False),
    ]:  # fmt: skip
        asked.clear()
        assert (history.is_ancestor(git, commit, of), not asked) == (held, near)
    (git.cwd / "shallow").write_text(f"{line[59]}\n")
    asked.clear()
    assert not history.is_ancestor(Git(git.cwd, objects=git.objects), line[58], line[60])
    assert asked


def test_short_lines_of_commits_are_read_as_git_tells_them(git: Git, asked: list[tuple[str, ...]]) -> None:
    """Whatever a commit says of itself, who reads it by itself and who asks git for a walk are told the same."""
    tree, mail = git.text("mktree"), "<a@x>"
    plain = f"Ann {mail} 1700000000 +0100"
    odd = [  # author, further headers, message, whether it is read by itself
        (plain, "", "subject\n\nbody\n\n\nHotfix-Issue: 7\n", True),
        (plain, "", "", True),
        (plain, "", "\n\nno subject, no line at its end", True),
        ("Jérôme O'Ní (x) <> 100000 -0930", "", "é \udcff\n", True),
        (plain, "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n", "signed\n", True),
        (plain, "encoding ISO-8859-1\n", "caf\udce9\n", False),
        (f"  Ann  {mail} 1700000000 +0100", "", "blanks\n", False),
        (f"{mail} 1700000000 +0100", "", "nobody\n", False),
        (f"Ann {mail} 1700000000 -0000", "", "no zone\n", False),
        (f"Ann {mail} 99999999999999999999 +0000", "", "late\n", False),
        (f"Ann {mail}", "", "never\n", False),
    ]
    for author, headers, message, near in odd:
        text, line = "", []
        for who, more, words in ((plain, "", "base\n"), (author, headers, message), (plain, "", "tip\n")):
            parent = f"parent {line[-1]}\n" if line else ""
            text = f"tree {tree}\n{parent}author {who}\ncommitter {plain}\n{more}\n{words}"
            raw = text.encode("utf-8", "surrogateescape")
            line.append(Oid(git.text("hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=raw)))
        asked.clear()
        found = history.commits(git, line[2], [line[0]]), history.all_commits(git, [line[2]])
        assert (not asked) is near, author
        alone = Git(git.cwd)  # without the git that answers: a walk
        assert found == (history.commits(alone, line[2], [line[0]]), history.all_commits(alone, [line[2]])), author
        assert [each.oid for each in found[1]] == line


def test_a_line_that_is_long_or_holds_a_merge_is_walked(git: Git) -> None:
    words = ("-c", "user.name=a", "-c", "user.email=a@x", "commit-tree", Oid(git.text("mktree")), "-m")
    line = [Oid(git.text(*words, "0"))]
    for number in range(40):
        line.append(Oid(git.text(*words, str(number), "-p", line[-1])))
    beside = Oid(git.text(*words, "beside", "-p", line[9]))
    merge = Oid(git.text(*words, "merge", "-p", line[12], "-p", beside))
    alone = Git(git.cwd)
    for tip, base in [(line[40], line[0]), (merge, line[5]), (line[3], line[3]), (line[3], line[8]), (line[3], beside)]:
        assert history.commits(git, tip, [base]) == history.commits(alone, tip, [base])
    assert history.all_commits(git, [line[40]]) == history.all_commits(alone, [line[40]])
    (git.cwd / "shallow").write_text(f"{line[5]}\n")
    shallow = Git(git.cwd, objects=git.objects)
    assert [each.oid for each in history.all_commits(shallow, [line[8]])] == line[5:9]
