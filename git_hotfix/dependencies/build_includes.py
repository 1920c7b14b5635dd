"""What build scripts include of other files, by the words that name these: the scripts themselves are never run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from git_hotfix.dependencies.registry import ReachedFile, decode, path_inside, sibling
from git_hotfix.model.late_pattern import late_pattern

_TOP = r"\$\{?(?:rootDir|rootProject\.projectDir|project\.rootDir|rootProject\.rootDir)\}?/?"
_HERE = r"\$\{?(?:projectDir|project\.projectDir)\}?/?"
_APPLIED = late_pattern(r"""\bfrom\s*[:=(]\s*(?:[\w.]+\(\s*)*["']([^"'\n]+)["']""")
_IMPORTED = late_pattern(r"""<Import\b[^>]*?\bProject\s*=\s*["']([^"'<>]+)["']""")
_MODULE = late_pattern(r"<(module|relativePath)>\s*([^<>]+?)\s*</\1>")
_INCLUDE = late_pattern(r"""(?i)^[ \t]*include\s*\(\s*"?([^\s")]+)""", re.MULTILINE)
_FOLDERS = r"\$\{(?:CMAKE_CURRENT_SOURCE_DIR|CMAKE_CURRENT_LIST_DIR)\}/"
_TOPS = r"\$\{(?:CMAKE_SOURCE_DIR|PROJECT_SOURCE_DIR)\}/"
_EVALUATED = late_pattern(r"""\beval_gemfile\b[ \t(]*["']([^"'\n]+)["']""")
_LISTED = late_pattern(r"""(?m)^\s*-\s+["']?(-r|--requirement|-c|--constraint)[ =]?([^\s"']+)""")
# A command of pip's in the words of a shell or in a list of texts, and each of its options that name a file.
_INSTALLED = late_pattern(r"""\b(?:pip[\d.]*|uv pip)["'\s][^\n&|;]*""")
_NAMES_FILE = late_pattern(
    r"""(?<![^\s"'])(-r|--requirement|-c|--constraint)(?:["'],\s*["']|[\s=]+)?["']?([^\s"'&|;,\]]+)"""
)


def gradle_includes(path: str, content: bytes) -> Iterable[ReachedFile]:
    """`apply from:` with a file, and version catalogs in a file of any name; what Gradle takes from the project's
    folder is looked for at the top, too."""
    kotlin = path.endswith(".kts")
    for file in _APPLIED.findall(decode(content)):
        bare, at_top = re.subn(_TOP, "", file)
        bare = re.sub(_HERE, "", bare)
        for place in {path_inside("" if at_top else path, bare), path_inside("", bare)}:
            end = ".versions.toml" if bare.endswith(".toml") else ".gradle.kts" if kotlin else ".gradle"
            yield ReachedFile(place, place if place.endswith(end) else place + end, optional=True)


def maven_includes(path: str, content: bytes) -> Iterable[ReachedFile]:
    """Modules and parents, those in a file of another name too."""
    for _, file in _MODULE.findall(decode(content)):
        place = path_inside(path, file if file.endswith(".xml") else f"{file}/pom.xml")
        yield ReachedFile(place, sibling(place, "pom.xml"), optional=True)


def msbuild_includes(path: str, content: bytes) -> Iterable[ReachedFile]:
    """`<Import Project="…">`."""
    for file in _IMPORTED.findall(decode(content)):
        bare = re.sub(r"(?i)\$\(MSBuildThisFileDirectory\)|\$\(MSBuildProjectDirectory\)[\\/]", "", file)
        place = path_inside(path, bare)
        yield ReachedFile(place, f"{place}.props", optional=True)


def cmake_includes(path: str, content: bytes) -> Iterable[ReachedFile]:
    """`include(…)` with a file."""
    for file in _INCLUDE.findall(decode(content)):
        bare, at_top = re.subn(_TOPS, "", re.sub(_FOLDERS, "", file))
        place = path_inside("" if at_top else path, bare)
        yield ReachedFile(place, sibling(place, "included.cmake"), optional=True)


def gemfile_includes(path: str, content: bytes) -> Iterable[ReachedFile]:
    """`eval_gemfile`."""
    for file in _EVALUATED.findall(decode(content)):
        place = path_inside(path, file)
        yield ReachedFile(place, sibling(place, "Gemfile"), optional=True)


def command_includes(path: str, content: bytes) -> Iterable[ReachedFile]:
    """`pip install -r` in a Dockerfile, beside it or at the top: what the image calls it is another path."""
    commands = _INSTALLED.findall(decode(content).replace("\\\n", " "))
    for option, file in (found for command in commands for found in _NAMES_FILE.findall(command)):
        name = "constraints.txt" if option in ("-c", "--constraint") else "requirements.reached.txt"
        for place in {
            path_inside(folder, part) for folder in (path, "") for part in (file.lstrip("/"), file.rpartition("/")[2])
        }:
            yield ReachedFile(place, sibling(place, name), optional=True)


def conda_includes(path: str, content: bytes) -> Iterable[ReachedFile]:
    """`- -r deps.lst` in the `pip:` list of an environment."""
    for option, file in _LISTED.findall(decode(content)):
        place = path_inside(path, file)
        name = "constraints.txt" if option in ("-c", "--constraint") else "requirements.reached.txt"
        yield ReachedFile(place, sibling(place, name), optional=True)


def package_json_includes(path: str, content: bytes) -> Iterable[ReachedFile]:
    """The workspaces of npm, yarn and bun."""
    document = json.loads(decode(content))
    found = document.get("workspaces") if isinstance(document, dict) else None
    found = found.get("packages") if isinstance(found, dict) else found
    for folder in found if isinstance(found, list) else ():
        if isinstance(folder, str) and not folder.startswith("!"):
            place = path_inside(path, f"{folder}/package.json")
            yield ReachedFile(place, place, pattern=True, optional=True)


def composer_json_includes(path: str, content: bytes) -> Iterable[ReachedFile]:
    """What wikimedia/composer-merge-plugin brings."""
    document = json.loads(decode(content))
    extra = document.get("extra") if isinstance(document, dict) else None
    plugin = extra.get("merge-plugin") if isinstance(extra, dict) else None
    for key in ("include", "require"):
        files = plugin.get(key) if isinstance(plugin, dict) else None
        for file in files if isinstance(files, list) else [files]:
            if isinstance(file, str):
                place = path_inside(path, file)
                yield ReachedFile(place, sibling(place, "composer.json"), pattern=True, optional=True)
