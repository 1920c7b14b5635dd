""".gitmodules: whole results, and agreement with git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.submodules import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read, reader_of

MODULES = """\
# ours
[submodule "lib"]
	path = lib
	url = git@github.com:o/Lib.git
	branch = main
[submodule "two \\"words\\""] path = two
	url = "https://me:secret@x.org/o/two.git" ; why
[submodule "beside"]
	url = ../beside.git
[submodule "near"]
	url = /srv/near
[submodule "none"]
	path = none
[submodule "long"]
	url = https://x.org/\\
long
"""


def test_gitmodules() -> None:
    assert reader_of(".gitmodules") is READER
    assert not READER.is_manifest("vendor/.gitmodules")  # git reads that of the top only
    assert read(READER, ".gitmodules", MODULES.encode()) == Manifest(
        names={
            "github.com/o/Lib": Declared("github.com/o/Lib", "main", "git", line=4, origin="git@github.com:o/Lib"),
            "x.org/o/two": Declared("x.org/o/two", "", "git", line=7, origin="https://x.org/o/two"),
            "../beside": Declared("../beside", "", "git", line=9, origin="../beside"),
            "x.org/long": Declared("x.org/long", "", "git", line=15, origin="https://x.org/long"),
        },
        local={"near": Declared("near", "", "path", line=11, origin="/srv/near")},
    )


def test_another_protocol_is_no_other_name() -> None:
    urls = ["https://x.org/o/a.git", "git@x.org:o/a.git", "ssh://git@x.org/o/a", "git://X.org/o/a/"]
    for url in urls:
        found = read(READER, ".gitmodules", f'[submodule "a"]\n url = {url}\n'.encode())
        assert list(found.names) == ["x.org/o/a"], url


@pytest.mark.parametrize(
    "content",
    [
        b"url = x", b'[submodule "a"', b"[submodule 'a']\n", b'[submodule "a"]\nurl = "x', b'[submodule "a"]\n1 = x',
        b'[submodule "a"]\nurl = \\x', b'[submodule "a"]\nurl ; x', b"\0", b"<<<<<<< HEAD\n", b"[ submodule]\n",
    ],
)  # fmt: skip
def test_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(READER, ".gitmodules", content)


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "  x  ",
        '"x y"',
        '" x "',
        'a"b c"d',
        "x # y",
        '"x # y" # z',
        "x;y",
        "a\\\nb",
        '"a\\\n b"',
        "\\\\",
        '\\"',
        "",
    ],
)
def test_values_are_those_that_git_reads(value: str, tmp_path: Path) -> None:
    file = tmp_path / "modules"
    file.write_bytes(f'[submodule "a"]\n\turl = x.org:{value}\n'.encode())
    command = ["git", "config", "-f", str(file), "--get", "submodule.a.url"]
    said = subprocess.run(command, capture_output=True, check=True).stdout.decode().removesuffix("\n")
    found = read(READER, ".gitmodules", file.read_bytes())
    assert [each.origin for each in found.names.values()] == [said.strip().partition("#")[0]]


WORDS = st.sampled_from('[submodule "a"]|[core]|\n|url = |path|"|\\|#|;| |=|x.org/a|[|]|\t'.split("|"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | st.lists(WORDS, max_size=20).map(lambda words: "".join(words).encode()))
def test_arbitrary_bytes_are_read_or_unreadable(content: bytes) -> None:
    try:
        found = read(READER, ".gitmodules", content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(name and name == declared.name for name, declared in found.names.items())
