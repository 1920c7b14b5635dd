""".gitmodules: agreement with git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from git_hotfix.dependencies.ecosystems.submodules import READER
from git_hotfix.dependencies.registry import read


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
