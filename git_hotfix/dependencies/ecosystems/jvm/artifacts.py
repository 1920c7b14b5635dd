"""The artifacts that one statement of a Gradle script names, in any notation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from git_hotfix.dependencies.ecosystems.jvm.coordinates import name_of, parse
from git_hotfix.dependencies.ecosystems.jvm.script import Word
from git_hotfix.dependencies.ecosystems.jvm.statements import Statement
from git_hotfix.dependencies.registry import Dependency, Scope
from git_hotfix.dependencies.syntax.references import References

_REFERENCE = r"\$\{([^{}$]+)\}|\$([A-Za-z_](?:[\w.]*\w)?)"
# Calls whose texts are not dependencies: they leave out, explain, or describe what another artifact is.
SILENT = frozenset(
    "exclude because println print requireCapability requireCapabilities capability module withModule dependsOn"
    " description error throw includeGroup includeModule excludeModule excludeGroup using".split()
)
_PLACES = frozenset({"project", "files", "fileTree", "zipTree", "file", "dir", "includeBuild"})
_CALLS = frozenset({"kotlin", "npm", "devNpm", "peerNpm", "optionalNpm"})
_BILLS = frozenset({"platform", "enforcedPlatform", "mavenBom", "from"})  # a bill of materials brings no code


class Call(NamedTuple):
    """A dependency, and what is called with it (`implementation`, `platform`, `project`, `force`)."""

    declared: Dependency
    callee: str


class Variables:
    """The names that a script gives one literal value, wherever in it."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.defined: set[str] = set()
        self._values: dict[str, str | None] = {}  # None: several values
        self._references = References(_REFERENCE, lambda reference: self._values.get(reference.rpartition(".")[2]))
        for statement in statements:
            self._take_assignments(statement.words)

    def _take_assignments(self, words: Sequence[Word]) -> None:
        for place in range(len(words) - 2):
            name, sign, value = words[place : place + 3]
            if "->" in (sign.value, value.value):  # the arguments of a closure
                self.defined |= {name.value, sign.value}
            if name.kind == "name" and sign.kind == "sign" and sign.value in ("=", ":"):
                self.defined.add(name.value)
                if value.kind == "text" and words[place + 3 : place + 4] != [Word("sign", "+", value.line)]:
                    self._set(name.value, value.value)
            elif sign.value == "by" and value.value == "extra":  # val x by extra("1")
                self.defined.add(name.value)
                for text in texts_of_call(words, place + 2)[:1]:
                    self._set(name.value, text)

    def _set(self, name: str, value: str) -> None:
        self._values[name] = value if self._values.get(name, value) == value else None

    def value(self, reference: str) -> str | None:
        """The value of `a.b.name`, known by its last part."""
        return self._references.value(reference)

    def expand(self, text: str) -> str:
        """`text` with what it refers to put in where this script says it."""
        return self._references.expand(text)

    def at(self, words: Sequence[Word], place: int) -> str:
        """The value of the expression that starts at `place`, or its first words."""
        if place < len(words) and words[place].kind == "name":
            reference = joined_name(words, place)
            return self.value(reference) or reference
        return self.expand(words[place].value) if place < len(words) and words[place].kind != "sign" else ""


def joined_name(words: Sequence[Word], place: int = 0) -> str:
    """The names that dots join from `place` on: `rootProject.ext.version`."""
    parts: list[str] = []
    while place < len(words) and words[place].kind == "name":
        parts.append(words[place].value)
        if place + 1 >= len(words) or words[place + 1].value not in (".", "?."):
            break
        place += 2
    return ".".join(parts)


def texts(words: Sequence[Word], head: str) -> Iterator[tuple[int, str]]:
    """The place of every text, and what is called with it; `head` is what the whole statement calls."""
    callees: list[str] = []
    for place, word in enumerate(words):
        if word.kind == "text":
            yield place, next((callee for callee in reversed(callees) if callee), head)
        elif word.kind == "sign" and word.value in ("(", "["):
            before = words[place - 1] if place and word.value == "(" else None
            callees.append(before.value if before and before.kind in ("name", "text") else "")
        elif word.kind == "sign" and word.value in (")", "]") and callees:
            callees.pop()


def texts_of_call(words: Sequence[Word], place: int) -> list[str]:
    """The texts between the brackets that follow the name at `place`, if there is nothing else but commas."""
    found: list[str] = []
    if place + 1 < len(words) and words[place + 1].value == "(":
        for index in range(place + 2, len(words)):
            word = words[index]
            if word.kind == "text":
                found.append(word.value)
            elif word.value != ",":
                return found if word.value == ")" else []
    return []


def artifacts(words: Sequence[Word], head: str, scope: Scope, variables: Variables, *, strict: bool) -> Iterator[Call]:
    """Every artifact that a statement names. `strict`: it stands where a text may be anything."""
    for place, callee in texts(words, head):
        word = words[place]
        if callee in SILENT or callee in _CALLS:
            continue
        if callee in _PLACES:
            if not strict and (callee != "project" or word.value.startswith(":")):
                yield Call(local_project(word), callee)
        elif found := parse(_joined_text(words, place, variables), strict=strict):
            bill = callee in _BILLS and scope == "runtime"
            yield Call(Dependency(*found, scope="build" if bill else scope, line=word.line), callee)
    if not strict:
        yield from _calls(words, head, scope, variables)
    for name, version, line in _maps(words, variables, literal=strict):
        yield Call(Dependency(name, version, scope=scope, line=line), head)


def join_texts(words: Sequence[Word], variables: Variables) -> list[Word]:
    """`words` with what `+` puts together as one text; a part that this script does not say is `${its name}` in it."""
    found: list[Word] = []
    place = 0
    while place < len(words):
        parts = [(place, _part_end(words, place))]
        while parts[-1][1] and words[parts[-1][1] : parts[-1][1] + 1] and words[parts[-1][1]].value == "+":
            start = parts[-1][1] + 1
            parts.append((start, _part_end(words, start)))
        if len(parts) < 2 or not parts[-1][1]:
            found.append(words[place])
            place += 1
            continue
        text = ""
        for start, end in parts:
            word, reference = words[start], joined_name(words[start:end])
            known = variables.expand(word.value) if word.kind == "text" else variables.value(reference) or ""
            # Behind group and artifact it is a version, which is shown as it is written.
            text += known or (reference if text.count(":") > 1 else f"${{{reference}}}")
        found.append(Word("text", text, words[place].line))
        place = parts[-1][1]
    return found


def _part_end(words: Sequence[Word], place: int) -> int:
    """Where the text, the number or the name with its dots that starts at `place` ends; 0 for nothing such."""
    if place >= len(words) or words[place].kind not in ("text", "name", "number"):
        return 0
    end = place + 1
    while words[place].kind == "name" and [word.value for word in words[end : end + 1]] == ["."]:
        end += 2
    return end if end <= len(words) else 0


def local_project(word: Word) -> Dependency:
    """A project or a file of the same repository."""
    return Dependency(word.value, "", "path", line=word.line, origin=word.value)


def _joined_text(words: Sequence[Word], place: int, variables: Variables) -> str:
    """A text with what is added to it: `"g:a:" + version`."""
    text = variables.expand(words[place].value)
    if place + 2 < len(words) and words[place + 1].value == "+":
        text += variables.at(words, place + 2)
    return text


def _calls(words: Sequence[Word], head: str, scope: Scope, variables: Variables) -> Iterator[Call]:
    """`implementation("g", "a", "v")`; `kotlin("stdlib")` and `npm("name", "v")`, which Kotlin's plugins know."""
    for place, word in enumerate(words):
        found = texts_of_call(words, place) if word.value in _CALLS or place == 0 else []
        found = [variables.expand(text) for text in found]
        version = found[-1] if len(found) > 1 else ""
        if found and word.value == "kotlin":
            yield Call(
                Dependency(f"org.jetbrains.kotlin:kotlin-{found[0]}", version, scope=scope, line=word.line), head
            )
        elif found and word.value in _CALLS:
            kind: Scope = "development" if word.value == "devNpm" else scope
            yield Call(Dependency(f"npm:{found[0]}", version, scope=kind, line=word.line), head)
        elif len(found) in (2, 3) and not any(":" in text for text in found) and head not in ("add", *SILENT):
            version = found[2] if len(found) == 3 else ""
            yield Call(Dependency(name_of(found[0], found[1]), version, scope=scope, line=word.line), head)


def _maps(words: Sequence[Word], variables: Variables, *, literal: bool) -> Iterator[tuple[str, str, int]]:
    """`group: "g", name: "a", version: "v"`, in whatever order, and the same with `=`: name, version, line."""
    entries: list[tuple[dict[str, str], int]] = []
    for place, word in enumerate(words[:-2]):
        sign = words[place + 1]
        if word.kind != "name" or word.value not in ("group", "name", "version") or sign.value not in (":", "="):
            continue
        if literal and words[place + 2].kind != "text" and word.value != "version":
            continue
        if not entries or word.value in entries[-1][0]:
            entries.append(({}, word.line))
        entries[-1][0][word.value] = variables.at(words, place + 2)
    for entry, line in entries:
        if entry.get("group") and entry.get("name"):
            yield name_of(entry["group"], entry["name"]), entry.get("version", ""), line
