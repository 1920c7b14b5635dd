"""Build scripts that state a version: CMakeLists.txt, and Gradle's in Groovy or Kotlin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from git_hotfix.dependencies.carriers.own_versions import OwnVersions, Place, Read

_PART = r"VERSION(?:_(?:MAJOR|MINOR|PATCH|MICRO|REVISION|TWEAK|BUILD|RELEASE|SUFFIX|EXTRA|PRE|PRERELEASE|STRING|FULL))?"
_REFERENCE = r"\$\{(\w+)\}"
_WHOLE_BUILD = ("allprojects", "subprojects")
_NOT_NAMES = ("version", "versionName", "versionCode", "project", "rootProject", "ext", "extra")
_ANDROID = ("defaultConfig", "productFlavors")


def cmake(content: bytes) -> OwnVersions | None:
    """`project(app VERSION 1.4.2)`, and what is set under the project's own name: APP_VERSION_MAJOR and the like, or
    the variables that `project` takes its version from. Of several projects the first is the file's own; a folder that
    is built along has its version from somebody else."""
    from git_hotfix.dependencies.ecosystems.cpp.commands import commands

    found = [(command.name, [word.value for word in command.words]) for command in commands(content)]
    project = next((words for name, words in found if name == "project" and words), [])
    own = re.compile(rf"(?:{'|'.join(map(re.escape, _prefixes(project)))})?{_PART}")
    stated = project[project.index("VERSION") + 1 :][:1] if "VERSION" in project else []
    named = {name for word in stated for name in re.findall(_REFERENCE, word)}
    versions: dict[Place, str] = {}
    for number, (name, words) in enumerate(found):
        at = None
        if words is project and "VERSION" in words[:-1]:
            at = words.index("VERSION") + 1
        elif name == "set" and len(words) > 1 and (own.fullmatch(words[0]) or words[0] in named):
            at = 1
        if at:
            versions[str(number), words[0]] = words[at]
            words[at] = ""
    return OwnVersions(versions, found)


def _prefixes(project: Sequence[str]) -> list[str]:
    """What the names of a project's own variables begin with."""
    names = [re.sub(r"\W", "_", name) for name in project[:1]]
    return [f"{name}_" for name in ("PROJECT", "CPACK_PACKAGE", *names, *(name.upper() for name in names))]


def gradle(dialect: str) -> Read:
    """`version = "1.4.2"` for one project or all, Android's `versionName` and `versionCode`, and the variable that the
    version is taken from. The version of a plug-in stands in `plugins`, that of a dependency in `dependencies`."""

    def read(content: bytes) -> OwnVersions | None:
        from git_hotfix.dependencies.ecosystems.jvm.script import words
        from git_hotfix.dependencies.ecosystems.jvm.statements import statements

        script = list(statements(words(content, dialect)))  # type: ignore[arg-type]
        named = {name for one in script if _is_own(one, _name_set_by(one)) for name in _names(one)}
        versions: dict[Place, str] = {}
        rest: list[object] = []
        for number, one in enumerate(script):
            said: list[object] = list(one.words)
            literals = [place for place, word in enumerate(one.words) if word.kind in ("text", "number")]
            called = _name_set_by(one)
            if len(literals) == 1 and (_is_own(one, called) or (called in named and not one.is_within("dependencies"))):
                versions[str(number), called] = one.words[literals[0]].value
                said[literals[0]] = None
            rest.append((one.blocks, said))
        return OwnVersions(versions, rest)

    return read


def _is_own(statement: Any, called: str) -> bool:
    blocks = [block.name for block in statement.blocks]
    if called == "version":
        return all(block in _WHOLE_BUILD for block in blocks)
    return called in ("versionName", "versionCode") and any(block in _ANDROID for block in blocks)


def _name_set_by(statement: Any) -> str:
    """What a statement sets or calls: the last name before a value, without `project.` and `ext.`; "" for a longer
    statement."""
    names = [word.value for word in statement.words if word.kind == "name"]
    signs = {word.value for word in statement.words if word.kind == "sign"} - {"=", ".", "(", ")"}
    declared = [
        name for name in names if name not in ("def", "val", "var", "ext", "extra", "project", "String", "final")
    ]
    return declared[0] if declared and not signs else ""


def _names(statement: Any) -> set[str]:
    """The variables that a version is made of."""
    names = [word.value for word in statement.words if word.kind == "name" and word.value not in _NOT_NAMES]
    texts = [word.value for word in statement.words if word.kind == "text"]
    return {*names, *(found for text in texts for found in re.findall(r"\$\{?(\w+)", text))}
