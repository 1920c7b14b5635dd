"""build.gradle, settings.gradle and any other Gradle script, in Groovy or Kotlin; the sources of buildSrc."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from git_hotfix.dependencies.ecosystems.jvm.artifacts import (
    SILENT,
    Variables,
    artifacts,
    join_texts,
    joined_name,
    local_project,
    texts,
)
from git_hotfix.dependencies.ecosystems.jvm.configurations import is_configuration, scope_of
from git_hotfix.dependencies.ecosystems.jvm.coordinates import index, name_of, parse
from git_hotfix.dependencies.ecosystems.jvm.script import Dialect, Word, words
from git_hotfix.dependencies.ecosystems.jvm.statements import Statement, statements
from git_hotfix.dependencies.registry import Dependency, Manifest, manifest_of

# What a build brings by itself: gradleApi(), sourceSets.main.output, projects.core, configurations.x, a closure's `it`.
_BROUGHT = frozenset(
    "gradleApi gradleTestKit gradleKotlinDsl localGroovy project projects rootProject sourceSets configurations files"
    " fileTree zipTree it this output".split()
)
_UNKNOWN = r"(?:^|:)\$(?:\w+|\{[^{}]*\})(?:$|:)"  # a group or an artifact of which nothing is literal
_UPLOADS = ("publishing", "uploadArchives", "distributionManagement", "nexusPublishing", "mavenPublishing")
_BUILDS = frozenset({"buildSrc", "build-logic", "buildLogic"})
_CONDITIONS = 10  # in front of one statement
_SHORT = ("google", "jcenter", "mavenLocal")  # repositories that Gradle knows, beside those it takes by itself


def read_gradle(path: str, content: bytes) -> Manifest:
    """Read one Gradle script. An argument that is neither a literal nor read elsewhere stands in `dynamic`."""
    dialect: Dialect = "kotlin" if path.endswith(".kts") else "groovy"
    folders = path.split("/")[:-1]
    return _Script(words(content, dialect), build=not _BUILDS.isdisjoint(folders)).manifest()


def read_source(path: str, content: bytes) -> Manifest:
    """Read a source file of buildSrc, where builds keep the names of what they use: every text that names an artifact
    with its version."""
    dialects: dict[str, Dialect] = {"groovy": "groovy", "java": "java"}
    dialect = dialects.get(path.rpartition(".")[2], "kotlin")
    found = [(word, parse(word.value, strict=True)) for word in words(content, dialect) if word.kind == "text"]
    return manifest_of(Dependency(*each, line=word.line) for word, each in found if each)


class _Script:
    """What one script says."""

    def __init__(self, words: Sequence[Word], *, build: bool) -> None:
        self.build = build
        self.declared: list[Dependency] = []
        self.pins: list[Dependency] = []
        self.indexes: dict[str, int] = {}
        self.replaced: list[Dependency] = []
        self.dynamic: set[str] = set()
        self.groups: set[str] = set()
        self.artifacts: set[str] = set()
        script = list(statements(words))
        self.variables = Variables(script)
        for statement in script:
            self._take_statement(statement, _strip_condition(statement.words))

    def manifest(self) -> Manifest:
        """All of it."""
        return manifest_of(
            self.declared,
            own=(name_of(group, artifact) for group in self.groups for artifact in self.artifacts),
            dynamic=self.dynamic,
            indexes=self.indexes,
            replaced=self.replaced,
            pins=self.pins,
        )

    def _take_statement(self, statement: Statement, words: Sequence[Word]) -> None:
        called = joined_name(words)
        head = called.rpartition(".")[2] or (words[0].value if words and words[0].kind == "text" else "")
        if head in ("include", "includeBuild", "includeFlat"):
            self.declared += [local_project(word) for word in words if word.kind == "text"]
        elif head == "substitute":
            self._substitute(words)
        elif head == "apply":
            self._apply(words)
        elif statement.is_within("repositories") and not statement.is_within(*_UPLOADS):
            self._repository(statement, words, head)
        elif statement.blocks and statement.blocks[-1].name == "plugins":
            self._plugin(words, head)
        elif head == "gitRepository":
            self._index(words)
        elif called in ("group", "project.group", "rootProject.name", "archivesBaseName", "artifactId"):
            found = {word.value for word in words if word.kind == "text"}
            (self.groups if head == "group" else self.artifacts).update(found if len(words) < 6 else ())
        elif not statement.is_within(*_UPLOADS, "components", "modules") and head not in SILENT:
            self._dependencies(statement, words, head)

    def _substitute(self, words: Sequence[Word]) -> None:
        named = [(words[place], callee) for place, callee in texts(words, "")]
        if len(named) > 1 and named[1][1] != "project":
            original, other = (parse(self.variables.expand(word.value)) for word, _ in named[:2])
            if original and other:
                name, version = other
                self.replaced.append(Dependency(original[0], version, line=named[1][0].line, origin=name))

    def _apply(self, words: Sequence[Word]) -> None:
        """A script from the network runs in the build."""
        for word in words:
            if word.kind == "text" and "://" in word.value:
                address = index(self.variables.expand(word.value)) or word.value
                self.declared.append(Dependency(address, "", "url", "build", word.line, address))

    def _index(self, words: Sequence[Word]) -> bool:
        """Take the addresses; False when there is nothing that could be one."""
        for word in words:
            value = self.variables.expand(word.value) if word.kind == "text" else self.variables.value(word.value)
            address = index(value) if value and "://" in value and not value.startswith("file:") else None
            if address:
                self.indexes.setdefault(address, word.line)
        return any(word.kind == "text" or word.value in self.variables.defined for word in words[1:])

    def _repository(self, statement: Statement, words: Sequence[Word], head: str) -> None:
        if head in _SHORT and not any(word.kind == "text" for word in words):
            self.indexes.setdefault(f"{head}()", words[0].line)
            return
        named = head in ("maven", "ivy", "url", "setUrl") or statement.blocks[-1].name in ("maven", "ivy")
        if named and not self._index(words) and head in ("url", "setUrl"):
            self.dynamic.add(_source_text(words))

    def _plugin(self, words: Sequence[Word], head: str) -> None:
        """`id "x" version "1"`. A plugin without a version comes with Gradle or is declared elsewhere."""
        place = next((place for place, word in enumerate(words) if word.value == "version"), 0)
        names = [word for word in words[:place] if word.kind == "text"]
        if head in ("id", "kotlin") and names:
            name = f"org.jetbrains.kotlin.{names[0].value}" if head == "kotlin" else names[0].value
            after = place + 2 if place + 1 < len(words) and words[place + 1].value == "(" else place + 1
            version = self.variables.at(words, after)
            self.declared.append(Dependency(name, version, scope="build", line=names[0].line))

    def _dependencies(self, statement: Statement, words: Sequence[Word], head: str) -> None:
        inside = statement.is_within("dependencies")
        words = join_texts(words, self.variables) if inside else words
        configuration = head
        if head == "add" and inside:
            configuration = next((word.value for word in words if word.kind == "text"), head)
        scope = scope_of(configuration, statement.blocks)
        if self.build and scope == "runtime":
            scope = "build"
        pinned = statement.is_within("constraints", "dependencyManagement") and head != "mavenBom"
        named = list(artifacts(words, configuration, scope, self.variables, strict=not inside))
        for declared, callee in named:
            if declared.source != "path" and re.search(_UNKNOWN, declared.name):
                self.dynamic.add(declared.name)
            else:
                pin = (pinned or callee == "force") and declared.source != "path"
                (self.pins if pin else self.declared).append(declared)
        if inside and not pinned and not named and is_configuration(configuration):
            self._take_dynamic(words[1:])

    def _take_dynamic(self, words: Sequence[Word]) -> None:
        """An argument that only running tells. Version catalogs and variables are read where they are defined."""
        names = [word.value for word in words if word.kind == "name"]
        if any(word.kind == "text" and ":" in word.value and "$" in word.value for word in words):
            self.dynamic.add(_source_text(words))
        called = any(one.kind == "name" and other.value == "(" for one, other in itertools.pairwise(words))
        if not names or (names[0] in self.variables.defined and not called) or not _BROUGHT.isdisjoint(names):
            return
        if not any(name == "libs" or name.endswith("Libs") for name in names):
            self.dynamic.add(_source_text(words))


def _strip_condition(words: Sequence[Word]) -> Sequence[Word]:
    """A statement without the names of a closure's arguments and without `if (…)` in front."""
    for place in range(len(words) - 1, -1, -1):
        if words[place].value == "->":
            words = words[place + 1 :]
            break
    for _ in range(_CONDITIONS):
        if not words or words[0].kind != "name" or words[0].value not in ("if", "else", "for", "while", "return"):
            break
        end, depth = 1, 0
        for place in range(1, len(words)):
            depth += (words[place].value == "(") - (words[place].value == ")")
            if depth == 0:
                end = place + 1 if words[place].value == ")" else 1
                break
        words = words[end:]
    return words


def _source_text(words: Sequence[Word]) -> str:
    """An expression on one line, without its versions."""
    return " ".join(re.sub(r"\d[\w.+-]*", "…", word.value) if word.kind == "text" else word.value for word in words)
