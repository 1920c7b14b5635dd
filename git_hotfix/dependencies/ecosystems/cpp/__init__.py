"""C and C++: CMake, Conan and vcpkg."""

from __future__ import annotations

from collections.abc import Iterable

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Manifest, ReachedFile, Reader

# What CMake makes other files of (config.h.cmake) is in their language.
_TEMPLATES = tuple(f"*.{kind}.cmake" for kind in "in h hh hpp hxx c cc cpp cxx rc plist py sh txt json xml pc".split())


def read(path: str, content: bytes) -> Manifest:
    """Read one manifest; names are in lower case, because the tools spell one package in several ways."""
    # Only a hotfix that touches a manifest pays for the parsers.
    name = path.rpartition("/")[2]
    if name.startswith("conanfile."):
        from git_hotfix.dependencies.ecosystems.cpp import conan

        return conan.read_python(content) if name.endswith(".py") else conan.read_text(content)
    if name.endswith(".json"):
        from git_hotfix.dependencies.ecosystems.cpp import vcpkg

        return vcpkg.read_manifest(content) if name == "vcpkg.json" else vcpkg.read_configuration(content)
    from git_hotfix.dependencies.ecosystems.cpp.cmake import read_cmake

    return read_cmake(content)


def read_lock(path: str, content: bytes) -> Manifest:
    """Read a conan.lock."""
    from git_hotfix.dependencies.ecosystems.cpp import conan

    return conan.read_lock(content)


def reaches(path: str, content: bytes) -> Iterable[ReachedFile]:
    """What a CMake script includes."""
    from git_hotfix.dependencies import build_includes

    return build_includes.cmake_includes(path, content) if path.endswith((".cmake", "CMakeLists.txt")) else ()


READER = Reader(
    "cpp",
    manifests=(
        globs("CMakeLists.txt", "conanfile.txt", "conanfile.py", "vcpkg.json", "vcpkg-configuration.json"),
        globs("*.cmake", but=_TEMPLATES),
    ),
    read=read,
    locks=(globs("conan.lock"),),
    read_lock=read_lock,
    reaches=reaches,
)
