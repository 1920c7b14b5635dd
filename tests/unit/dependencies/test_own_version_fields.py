"""Where a file states the project's own version: the line, the bytes, and nothing of anybody else's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_hotfix.dependencies.carriers.fields import locate, put, read_versions, same_places, stating
from git_hotfix.model.versions import parse

POM = (
    "<project>\n  <parent>\n    <groupId>a</groupId>\n    <version>1.4.2</version>\n  </parent>\n"
    "  <version>1.4.2</version>\n  <dependencies>\n    <dependency><version>1.4.2</version></dependency>\n"
    "  </dependencies>\n</project>\n"
)
CMAKE = (
    "cmake_minimum_required(VERSION 3.2)\nproject(app VERSION 1.4.2)\nset(APP_VERSION_MAJOR 1)\n"
    "set(APP_VERSION_MINOR 4)\nset(APP_VERSION_PATCH 2)\nset(OTHER 2)\n"
)
FILES = {
    "pyproject.toml": ('[project]\nversion = "1.4.2"\ndependencies = ["x==1.4.2"]\n', [2]),
    "app/__init__.py": ('OLD = "1.4.2"\n__version__ = "1.4.2"\nversion_info = (1,4, 2)\n', [2, 3]),
    "setup.py": ('from setuptools import setup\nsetup(name="1.4.2", version="1.4.2")\n', [2]),
    "setup.cfg": ("[metadata]\nversion = 1.4.2\n[options]\ninstall_requires =\n    x==1.4.2\n", [2]),
    "package.json": ('{\n  "version": "1.4.2",\n  "dependencies": {"x": "1.4.2"}\n}\n', [2]),
    "package-lock.json": (
        '{\n"version": "1.4.2",\n"packages": {"": {\n"version": "1.4.2"},\n"web": {\n"version": "1.4.2"},\n'
        '"node_modules/x": {"version": "1.4.2"}}}\n', [2, 4, 6]),
    "Cargo.lock": (
        '[[package]]\nname = "app"\nversion = "1.4.2"\n\n[[package]]\nname = "x"\nversion = "1.4.2"\n'
        'source = "r"\n', [3]),
    "uv.lock": (
        '[[package]]\nname = "x"\nversion = "1.4.2"\nsource = { registry = "r" }\n\n[[package]]\nname = "app"\n'
        'version = "1.4.2"\nsource = { editable = "." }\n', [8]),
    "pom.xml": (POM, [4, 6]),
    "CMakeLists.txt": (CMAKE, [2, 3, 4, 5]),
    "Properties/AssemblyInfo.cs": ('// 1.4.2.0\n[assembly: AssemblyVersion("1.4.2.0")]\n', [2]),
    "build.gradle": ('version = "1.4.2"\ndependencies { implementation "a:b:1.4.2" }\n', [1]),
    "lib/app/version.rb": ('module App\n  MIN_RUBY_VERSION = "1.4.2"\n  VERSION = "1.4.2"\nend\n', [3]),
    "VERSION": ("1.4.2\n", [1]),
    "src/version.h": ("#define VERSION_MAJOR 1\n#define VERSION_MINOR 4\n#define VERSION_PATCH 2\n", [1, 2, 3]),
    "mix.exs": (
        'defmodule A do\n  @version "1.4.2"\n  def project do\n    [version: @version]\n  end\n'
        '  defp deps do\n    [{:x, "1.4.2"}]\n  end\nend\n', [2]),
}  # fmt: skip


def found(path: str, text: str) -> list[tuple[int | None, bytes]]:
    number, content = parse("v1.4.2"), text.encode()
    read = read_versions(path, content)
    assert number and read
    fields = locate(path, content, stating(read.versions, number))
    return sorted((field.line or 0, content[field.start : field.end]) for field in fields)


@pytest.mark.parametrize("path", FILES)
def test_each_format_names_the_lines_of_its_own_version(path: str) -> None:
    text, lines = FILES[path]
    places = found(path, text)
    assert [line for line, _ in places] == lines
    assert all(piece in (b"1.4.2", b"1,4, 2", b"1.4.2.0", b"1", b"4", b"2") for _, piece in places)


@pytest.mark.parametrize("path", FILES)
def test_only_the_version_has_moved_when_its_bytes_have(path: str) -> None:
    """The reader of the format sees the same file with another version."""
    number, content = parse("v1.4.2"), FILES[path][0].encode()
    before = read_versions(path, content)
    assert number and before
    fields = locate(path, content, stating(before.versions, number))
    patches = {(field.start, field.end): content[field.start : field.end].replace(b"2", b"7") for field in fields}
    after = read_versions(path, put(content, patches))
    assert after and after.rest == before.rest
    assert same_places(before.versions, after.versions).keys() == before.versions.keys()
    assert all(after.versions[field.place] == field.value.replace("2", "7") for field in fields)


def test_parts_agree_all_or_not_at_all() -> None:
    assert found("CMakeLists.txt", CMAKE.replace("MINOR 4", "MINOR 5")) == [(2, b"1.4.2")]
    assert found("src/version.h", "#define VERSION_MAJOR 1\n") == []


@given(st.text(alphabet="1.42,()'\"=[]{}<>/\n versionVERSION_", max_size=200), st.sampled_from(sorted(FILES)))
def test_odd_text_is_read_or_left_alone(text: str, path: str) -> None:
    number, content = parse("v1.4.2"), text.encode()
    read = read_versions(path, content)
    assert number
    for field in locate(path, content, stating(read.versions, number)) if read else ():
        assert (field.start < 0) == (field.line is None)
