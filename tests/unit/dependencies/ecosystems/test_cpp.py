"""CMake, Conan and vcpkg: every form, whole results."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.cpp import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read, read_lock


def manifest(path: str, content: str | bytes) -> Manifest:
    return read(READER, path, content if isinstance(content, bytes) else content.encode())


def table(*declared: Declared) -> dict[str, Declared]:
    return {each.name: each for each in declared}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("CMakeLists.txt", True), ("cmake/deps.cmake", True), ("conanfile.py", True), ("a/conanfile.txt", True),
        ("vcpkg.json", True), ("vcpkg-configuration.json", True), ("config.h.cmake", False), ("x-config.cmake", True),
        ("x-config.in.cmake", False), ("conan.lock", False), ("requirements.txt", False),
    ],
)  # fmt: skip
def test_which_files_are_read(path: str, expected: bool) -> None:
    assert READER.is_manifest(path) is expected
    assert READER.is_lock(path) is (path == "conan.lock")


CMAKE = """\
# find_package(Commented)
#[==[ find_package(AlsoCommented)
]==]
cmake_minimum_required(VERSION 3.14)
project(MyApp VERSION 1.2)
set(FMT_VERSION 10.2.1)
set(Several 1)
set(Several 2)
find_package(Threads REQUIRED)
find_package(ZLIB 1.2.11 REQUIRED)
FIND_PACKAGE( OpenSSL )
find_package(${COMPUTED} REQUIRED)
find_package(Doxygen)
find_package(Python3 REQUIRED COMPONENTS Development)
find_dependency(Boost 1.80)
message(STATUS "find_package(InText) \\" )")
pkg_check_modules(GTK REQUIRED IMPORTED_TARGET gtk+-3.0>=3.20 "glib-2.0 >= 2.56" ${MORE})
include(FetchContent)
FetchContent_Declare(
  Fmt
  GIT_REPOSITORY https://user:secret@github.com/fmtlib/fmt.git
  GIT_TAG ${FMT_VERSION} # pinned
)
FetchContent_Declare(json URL https://github.com/nlohmann/json/archive/v3.11.tar.gz URL_HASH SHA256=abc)
FetchContent_Declare(vendored SOURCE_DIR ${CMAKE_SOURCE_DIR}/third_party/x)
FetchContent_Declare(archived URL ${CMAKE_CURRENT_SOURCE_DIR}/x.tar.gz)
ExternalProject_Add(zstd GIT_REPOSITORY "https://github.com/facebook/zstd" GIT_TAG v1.5.5 SOURCE_SUBDIR build/cmake)
ExternalProject_Add(${each} GIT_REPOSITORY ${url})
CPMAddPackage("gh:catchorg/Catch2@3.4.0")
CPMAddPackage("https://github.com/gabime/spdlog.git#v1.12")
CPMAddPackage(NAME range-v3 GITHUB_REPOSITORY ericniebler/range-v3 GIT_TAG 0.12.0)
CPMAddPackage(NAME lua URL "https://www.lua.org/ftp/lua-5.4.tar.gz" VERSION 5.4)
file(DOWNLOAD https://github.com/cpm-cmake/CPM.cmake/releases/download/v0.38.1/CPM.cmake ${file})
file(DOWNLOAD ${address} x)
conan_cmake_configure(REQUIRES poco/1.12.4 BUILD_REQUIRES nasm/2.15 GENERATORS cmake_find_package)
hunter_add_package(Abseil)
if(BUILD_TESTING AND (NOT_A OR B))
  find_package(Trompeloeil REQUIRED)
else(BUILD_TESTING)
  find_package(Production REQUIRED)
endif()
if(NOT BUILD_TESTING)
  find_package(AlsoProduction REQUIRED)
endif()
find_package(GTest REQUIRED)
"""


def test_cmake() -> None:
    forge = "https://github.com"
    assert manifest("CMakeLists.txt", CMAKE) == Manifest(
        names=table(
            Declared("zlib", "1.2.11", line=10),
            Declared("openssl", "", scope="optional", line=11),
            Declared("doxygen", "", scope="build", line=13),
            Declared("python", "", line=14),
            Declared("boost", "1.80", line=15),
            Declared("gtk+-3.0", ">=3.20", line=17),
            Declared("glib-2.0", ">=2.56", line=17),
            Declared("fmt", "10.2.1", "git", line=20, origin=f"{forge}/fmtlib/fmt"),
            Declared("json", "", "url", line=24, origin=f"{forge}/nlohmann/json/archive/v3.11.tar.gz"),
            Declared("zstd", "v1.5.5", "git", line=27, origin=f"{forge}/facebook/zstd"),
            Declared("catch2", "3.4.0", "git", "development", 29, f"{forge}/catchorg/Catch2"),
            Declared("spdlog", "v1.12", "git", line=30, origin=f"{forge}/gabime/spdlog"),
            Declared("range-v3", "0.12.0", "git", line=31, origin=f"{forge}/ericniebler/range-v3"),
            Declared("lua", "5.4", "url", line=32, origin="https://www.lua.org/ftp/lua-5.4.tar.gz"),
            Declared(
                "cpm.cmake", "", "url", "build", 33,
                f"{forge}/cpm-cmake/CPM.cmake/releases/download/v0.38.1/CPM.cmake",
            ),
            Declared("poco", "1.12.4", line=35),
            Declared("nasm", "2.15", scope="build", line=35),
            Declared("abseil", "", line=36),
            Declared("trompeloeil", "", scope="development", line=38),
            Declared("production", "", line=40),
            Declared("alsoproduction", "", line=43),
            Declared("gtest", "", scope="development", line=45),
        ),
        own=frozenset({"myapp"}),
        dynamic=frozenset({"${COMPUTED}", "${MORE}", "${each} ${url}", "file(DOWNLOAD ${address})"}),
        local=table(
            Declared("vendored", "", "path", line=25, origin="${CMAKE_SOURCE_DIR}/third_party/x"),
            Declared("archived", "", "path", line=26, origin="${CMAKE_CURRENT_SOURCE_DIR}/x.tar.gz"),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("find_package(", "a command does not end in line 1"),
        ("find_package(a))", "it is not a command that stands in line 1"),
        ("\nwhat is this", "it is not a command that stands in line 2"),
        ('message("', "a string does not end in line 1"),
        ("message([[", "a bracket is not closed in line 1"),
        ("\n#[[", "a bracket is not closed in line 2"),
        ("if" + "(" * 1_000, "it is nested too deeply in line 1"),
        ("a()\0", "it has a control character in line 1"),
        ("a()\n<<<<<<< x", "it has a conflict marker in line 2"),
    ],
)
def test_unreadable_cmake(content: str, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        manifest("a.cmake", content)
    assert error.value.reason == reason


def test_python_is_one_package_whichever_way_it_is_asked_for() -> None:
    for name in ("Python", "Python2", "Python3", "PythonInterp", "PythonLibs"):
        expected = Manifest(table(Declared("python", scope="build", line=1)))
        assert manifest("a.cmake", f"find_package({name} REQUIRED)") == expected


def test_cmake_with_a_mark_and_windows_line_ends() -> None:
    content = b"\xef\xbb\xbf" + CMAKE.replace("\n", "\r\n").encode()
    assert manifest("CMakeLists.txt", content) == manifest("CMakeLists.txt", CMAKE)


CONANFILE = """\
[requires]
zlib/1.2.13  # why
Boost/[>=1.80 <2]@acme/stable#0123
[tool_requires]
cmake/3.27.1
[test_requires]
gtest/1.14.0
[generators]
CMakeDeps
"""


def test_conanfile_txt() -> None:
    assert manifest("conanfile.txt", CONANFILE) == Manifest(
        table(
            Declared("zlib", "1.2.13", line=2),
            Declared("boost", "[>=1.80 <2]", line=3, origin="@acme/stable"),
            Declared("cmake", "3.27.1", scope="build", line=5),
            Declared("gtest", "1.14.0", scope="development", line=7),
        )
    )


CONANFILE_PY = """\
from conan import ConanFile
class Recipe(ConanFile):
    name = "Own"
    requires = "zlib/1.2.13", ("openssl/[>=3 <4]", "private")
    python_requires = "pyreq/1.0@acme/ci"
    tool_requires = ["cmake/3.27.1"]
    no_requires = "no/1"
    def requirements(self):
        self.requires("fmt/10.2.1", transitive_headers=True)
        self.requires(f"qt/{self.version}")
        self.requires("poco/" + version)
        self.requires("pinned/1.0", override=True)
        self.requires("tested/1.0", test=True)
        self.requires.add("old/1.0")
        self.requires(self._computed())
        other.requires("not-self/1.0")
        if self.options.shared:
            for each in ["looped/1.0"]:
                self.requires(each)
    def build_requirements(self):
        self.test_requires("gtest/1.14.0")
        self.build_requires("nasm/2.15")
        self.requires(self.tested_reference_str)
"""


def test_conanfile_py() -> None:
    found = manifest("conanfile.py", CONANFILE_PY)
    assert found == Manifest(
        names=table(
            Declared("zlib", "1.2.13", line=4),
            Declared("openssl", "[>=3 <4]", line=4),
            Declared("pyreq", "1.0", scope="build", line=5, origin="@acme/ci"),
            Declared("cmake", "3.27.1", scope="build", line=6),
            Declared("fmt", "10.2.1", line=9),
            Declared("qt", "f'qt/{self.version}'", line=10),
            Declared("poco", "'poco/' + version", line=11),
            Declared("tested", "1.0", scope="development", line=13),
            Declared("old", "1.0", line=14),
            Declared("gtest", "1.14.0", scope="development", line=21),
            Declared("nasm", "2.15", scope="build", line=22),
        ),
        own=frozenset({"own"}),
        dynamic=found.dynamic,
        pins=table(Declared("pinned", "1.0", line=12)),
    )
    assert len(found.dynamic) == 1
    assert all(text in next(iter(found.dynamic)) for text in ("self._computed()", "looped"))


VCPKG = """\
{
  "name": "my-app",
  "builtin-baseline": "abc",
  "dependencies": [
    "zlib",
    {"name": "boost-asio", "version>=": "1.80", "features": ["ssl"]},
    {"name": "protobuf", "host": true},
    {"name": "my-app", "features": ["x"]}
  ],
  "features": {
    "gui": {"description": "x", "dependencies": ["qtbase"]},
    "tests": {"description": "x", "dependencies": [{"name": "gtest"}]}
  },
  "overrides": [{"name": "openssl", "version-semver": "3.0"}],
  "vcpkg-configuration": {
    "default-registry": {"kind": "git", "repository": "https://github.com/Microsoft/vcpkg", "baseline": "x"},
    "registries": [
      {"kind": "git", "repository": "https://user:secret@git.example.org/ports.git", "packages": ["*"]},
      {"kind": "filesystem", "path": "./ports"}
    ]
  }
}
"""


def test_vcpkg() -> None:
    assert manifest("vcpkg.json", VCPKG) == Manifest(
        names=table(
            Declared("zlib", line=5),
            Declared("boost-asio", ">=1.80", line=6),
            Declared("protobuf", scope="build", line=7),
            Declared("qtbase", scope="optional", line=11),
            Declared("gtest", scope="development", line=12),
        ),
        own=frozenset({"my-app"}),
        indexes={"https://git.example.org/ports": 18, "./ports": 19},
        pins=table(Declared("openssl", "3.0", line=14), Declared("builtin-baseline", "abc", line=3)),
    )


def test_vcpkg_configuration() -> None:
    configuration = json.loads(VCPKG)["vcpkg-configuration"]
    content = json.dumps(configuration, indent=1).encode()
    assert manifest("vcpkg-configuration.json", content) == Manifest(
        indexes={"https://git.example.org/ports": 10, "./ports": 17},
        pins=table(Declared("builtin-baseline", "x", line=5)),
    )


def test_conan_lock() -> None:
    lock = {
        "version": "0.5",
        "requires": ["zlib/1.2.13#abc%1692672717.68", ["fmt/10.2.1#def", {"package_id": 1}]],
        "build_requires": ["cmake/3.27.1"],
        "python_requires": [],
    }
    assert read_lock(READER, "conan.lock", json.dumps(lock, indent=1).encode()) == Manifest(
        table(
            Declared("zlib", "1.2.13", line=4),
            Declared("fmt", "10.2.1", line=5),
            Declared("cmake", "3.27.1", scope="build", line=13),
        )
    )
    old = {"graph_lock": {"nodes": {"0": {"ref": "own/1.0", "path": "conanfile.py"}, "1": {"ref": "zlib/1.2.11#x"}}}}
    assert read_lock(READER, "conan.lock", json.dumps(old).encode()) == Manifest(table(Declared("zlib", "1.2.11")))


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("conanfile.txt", "zlib/1", "line 1 stands in no section"),
        ("conanfile.txt", "[requires]\nzlib", "line 2 is not a reference of Conan"),
        ("conanfile.txt", "[requires", "line 1 is not a section"),
        ("conanfile.py", "def", "invalid syntax (<unknown>, line 1)"),
        ("conanfile.py", "a = 1" + " " * 500_000, "it is larger than 500 kB"),
        ("vcpkg.json", "[]", "it is not JSON object"),
        ("vcpkg.json", '{"dependencies": {}}', "'dependencies' is not a list"),
        ("vcpkg.json", '{"dependencies": [\n{"host": true}]}', "a dependency has no name (line 2)"),
        ("vcpkg.json", '{"features": 1}', "features is not an object"),
        ("vcpkg.json", '{"features": {"a": 1}}', "the feature 'a' is not an object"),
        ("vcpkg.json", '{"vcpkg-configuration": 1}', "the configuration is not an object"),
        ("vcpkg-configuration.json", '{"registries": 1}', "registries is not a list"),
        ("vcpkg-configuration.json", '{"registries": [1]}', "a registry is not an object"),
        ("vcpkg-configuration.json", '{"default-registry": 1}', "a registry is not an object"),
        ("conan.lock", '{"requires": 1}', "requires is not a list"),
        ("conan.lock", '{"requires": ["x"]}', "an entry is not a reference of Conan"),
        ("conan.lock", '{"graph_lock": 1}', "graph_lock has no nodes"),
    ],
)
def test_unreadable(path: str, content: str, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        (read_lock if READER.is_lock(path) else read)(READER, path, content.encode())
    assert error.value.reason == reason


def test_a_line_of_brackets_and_a_file_of_conditions_are_read_soon() -> None:
    assert manifest("a.cmake", "if(TEST)\n" * 5_000 + "find_package(a)\n" * 5_000).names["a"].scope == "development"
    assert manifest("a.cmake", f'CPMAddPackage("gh:a@{"/" * 100_000}#@")').names == {}


WORDS = st.sampled_from(
    'find_package( CPMAddPackage( FetchContent_Declare( if( endif( ) ( " [[ ]] # #[[ a ${a} REQUIRED URL GIT_REPOSITORY'
    ' https://x.example.org [requires] zlib/1 self.requires( \\ \n {"dependencies": [ ] } ,'.split(" ")
)


@settings(max_examples=150, deadline=None)
@given(
    path=st.sampled_from(["CMakeLists.txt", "conanfile.txt", "conanfile.py", "vcpkg.json", "vcpkg-configuration.json",
                          "conan.lock"]),
    content=st.binary(max_size=100) | st.lists(WORDS, max_size=30).map(lambda words: " ".join(words).encode()),
)  # fmt: skip
def test_arbitrary_bytes_are_read_or_unreadable(path: str, content: bytes) -> None:
    try:
        found = (read_lock if READER.is_lock(path) else read)(READER, path, content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(name == declared.name for name, declared in found.names.items())


FORMS = {
    "CMakeLists.txt": ("\n", "find_package({} 1.0 REQUIRED)\n", ""),
    "conanfile.txt": ("[requires]\n", "{}/1.0\n", ""),
    "conanfile.py": ("class A: requires = [\n", "'{}/1.0',\n", "]"),
}


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(sorted(FORMS)),
    names=st.lists(
        st.from_regex(r"x[A-Za-z][A-Za-z0-9_+-]{1,10}", fullmatch=True), unique_by=str.lower
    ),
)  # fmt: skip
def test_generated_manifests_give_exactly_their_names(path: str, names: list[str]) -> None:
    start, form, end = FORMS[path]
    found = manifest(path, start + "".join(form.format(name) for name in names) + end)
    expected = {name.lower(): Declared(name.lower(), "1.0", line=line) for line, name in enumerate(names, start=2)}
    assert found.names == expected
