"""go.mod, go.work, go.sum and vendor/modules.txt: whole results."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.ecosystems.go import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, lock_reader_of, read, read_lock, reader_of

MOD = """\
module example.com/app // the app

go 1.24.0
toolchain go1.24.1
godebug default=go1.21

require github.com/a/one v1.2.3
require (
	github.com/a/two/v2 v2.0.0 // why
	"github.com/a/quoted" v0.1.0
	github.com/a/brought v1.0.0 // indirect
	github.com/a/noted v1.0.0 // indirect; pinned
	github.com/a/tooling v0.3.0 // indirect
	github.com/a/inner v0.0.0
	github.com/a/Case v1.0.0 // indirectly is another word
)

require ()

exclude github.com/a/one v1.2.2
exclude (
	github.com/a/two/v2 v2.0.1
)
retract [v1.0.0, v1.0.5] // broken
retract (
	v1.1.0
)
tool github.com/a/tooling/cmd/x
ignore ./node_modules

replace github.com/a/one => github.com/fork/one v1.2.4
replace (
	github.com/a/inner v0.0.0 => ./inner
	github.com/a/twice v1.0.0 => github.com/fork/twice v1.0.1
	github.com/a/twice v2.0.0 => ../twice
)
"""


def test_go_mod() -> None:
    assert read(READER, "go.mod", MOD.encode()) == Manifest(
        names={
            "github.com/a/one": Declared("github.com/a/one", "v1.2.3", line=7),
            "github.com/a/two/v2": Declared("github.com/a/two/v2", "v2.0.0", line=9),
            "github.com/a/quoted": Declared("github.com/a/quoted", "v0.1.0", line=10),
            "github.com/a/tooling": Declared("github.com/a/tooling", "v0.3.0", scope="development", line=13),
            "github.com/a/Case": Declared("github.com/a/Case", "v1.0.0", line=15),
        },
        own=frozenset({"example.com/app"}),
        local={"github.com/a/inner": Declared("github.com/a/inner", "v0.0.0", "path", line=14, origin="./inner")},
        replaced={
            "github.com/a/one": Declared("github.com/a/one", "v1.2.4", line=31, origin="github.com/fork/one"),
            "github.com/a/inner": Declared("github.com/a/inner", "", "path", line=33, origin="./inner"),
            "github.com/a/twice": Declared(
                "github.com/a/twice", "v1.0.1", line=34, origin="github.com/fork/twice, ../twice"
            ),
        },
        pins={
            "github.com/a/brought": Declared("github.com/a/brought", "v1.0.0", line=11),
            "github.com/a/noted": Declared("github.com/a/noted", "v1.0.0", line=12),
        },
    )


def test_go_work() -> None:
    text = "go 1.24\nuse ./app\nuse (\n  ./lib // ours\n)\nreplace x.org/a => x.org/b v1.0.0\n"
    assert read(READER, "go.work", text.encode()) == Manifest(
        local={
            "./app": Declared("./app", "", "path", line=2, origin="./app"),
            "./lib": Declared("./lib", "", "path", line=4, origin="./lib"),
        },
        replaced={"x.org/a": Declared("x.org/a", "v1.0.0", line=6, origin="x.org/b")},
    )


def test_go_sum_counts_what_is_built() -> None:
    text = (
        "github.com/a/one v1.2.3 h1:abc=\ngithub.com/a/one v1.2.3/go.mod h1:def=\n"
        "github.com/a/asked v1.0.0/go.mod h1:ghi=\n"
    )
    found = Manifest({"github.com/a/one": Declared("github.com/a/one", "v1.2.3", line=1)})
    assert read_lock(READER, "go.sum", text.encode()) == found
    assert read_lock(READER, "go.work.sum", text.encode()) == found


def test_vendored_modules() -> None:
    text = (
        "# github.com/a/one v1.2.3\n## explicit; go 1.20\ngithub.com/a/one/pkg\n"
        "# github.com/a/two v2.0.0 => github.com/fork/two v2.0.1\n# github.com/a/three => ./three\n"
    )
    assert read_lock(READER, "vendor/modules.txt", text.encode()) == Manifest(
        {
            "github.com/a/one": Declared("github.com/a/one", "v1.2.3", line=1),
            "github.com/a/two": Declared("github.com/a/two", "v2.0.0", line=4),
        }
    )


def test_a_direct_requirement_wins_over_an_indirect_one() -> None:
    text = "require x.org/a v1.0.0 // indirect\nrequire x.org/a v1.1.0\nrequire x.org/a v1.2.0 // indirect\n"
    assert read(READER, "go.mod", text.encode()) == Manifest({"x.org/a": Declared("x.org/a", "v1.1.0", line=2)})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("modul x.org/a\n", "'modul' is not a directive in line 1"),
        ("module x.org/a\nuse ./b\n", "'use' is not a directive in line 2"),
        ("require x.org/a\n", "require has another number of words in line 1"),
        ("require x.org/a v1 v2\n", "require has another number of words in line 1"),
        ("require\n", "require has another number of words in line 1"),
        ("replace x.org/a x.org/b v1\n", "replace has another number of words in line 1"),
        ("replace x.org/a =>\n", "replace has another number of words in line 1"),
        ("require (\n\nx.org/a v1.0.0\n", "a block is not closed in line 1"),
        ("require (\n(\n", "require has another number of words in line 2"),
        (")\n", "')' is not a directive in line 1"),
        ('require "x.org/a v1\n', "a word cannot be read in line 1"),
        ("require /* x */ x.org/a v1\n", "require has another number of words in line 1"),
        ("module x\x00y\n", "it has a control character in line 1"),
        ("module x\n<<<<<<< ours\nrequire a v1\n=======\n>>>>>>> theirs\n", "it has a conflict marker in line 2"),
    ],
)
def test_unreadable(content: str, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(READER, "go.mod", content.encode())
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("go.sum", "x.org/a v1.0.0\n"),
        ("go.sum", "x.org/a v1.0.0 abc\n"),
        ("go.sum", "<<<<<<< ours\n"),
        ("go.work", "require x.org/a v1.0.0\n"),
        ("vendor/modules.txt", "two words\n"),
        ("go.mod", "module \xff\n"),
    ],
)
def test_unreadable_locks_and_others(path: str, content: str) -> None:
    with pytest.raises(Unreadable):
        (read if READER.is_manifest(path) else read_lock)(READER, path, content.encode("latin-1"))


@pytest.mark.parametrize(
    ("path", "manifest", "lock"),
    [
        ("go.mod", True, False), ("a/go.mod", True, False), ("go.work", True, False), ("go.sum", False, True),
        ("go.work.sum", False, True), ("vendor/modules.txt", False, True), ("a/vendor/modules.txt", False, True),
        ("modules.txt", False, False), ("xvendor/modules.txt", False, False), ("x.go.mod", False, False),
    ],
)  # fmt: skip
def test_which_files_are_read(path: str, manifest: bool, lock: bool) -> None:
    assert ((reader_of(path) is READER), (lock_reader_of(path) is READER)) == (manifest, lock)
