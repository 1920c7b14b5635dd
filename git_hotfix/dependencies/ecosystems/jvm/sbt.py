"""sbt's build.sbt, project/*.sbt and project/*.scala, and Mill's build.mill."""

from __future__ import annotations

import re
from typing import NamedTuple

from git_hotfix.dependencies.ecosystems.jvm.coordinates import index, name_of, parse
from git_hotfix.dependencies.ecosystems.jvm.script import Word, words
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, manifest_of
from git_hotfix.dependencies.syntax.references import References
from git_hotfix.model.frozen import replace

_JOINS = ("%", "%%", "%%%")
_TESTS = r"(?i)test|it\b|integration|bench|jmh|multi-?jvm|scalafix"
_BUILDS = ("addSbtPlugin", "addCompilerPlugin", "compilerPlugin")
_LEAVES_OUT = ("exclude", "excludeAll", "ExclusionRule", "excludeDependencies")
_NO_DEPENDENCIES = ("excludeDependencies", "libraryDependencySchemes", "mimaPreviousArtifacts")
_GROUPS = ("Seq", "List", "Set", "Vector")
_REFERENCE = r"\$\{(?:\w+\.)*(\w+)\}|\$(\w+)"
_LENGTH = 500  # characters of one text that are looked at


class _Chain(NamedTuple):
    """`"group" %% "artifact" % "version" % Test`: its operands as they are shown, whether they name an artifact, the
    place behind it, and its line."""

    operands: list[str]
    names: bool
    end: int
    line: int


class _Build:
    """What one build definition says."""

    def __init__(self, words: list[Word], *, build: bool) -> None:
        self.words = words
        self.scope: Scope = "build" if build else "runtime"
        self.declared: list[Dependency] = []
        self.pins: list[Dependency] = []
        self.indexes: dict[str, int] = {}
        self.dynamic: set[str] = set()
        self.own: dict[str, set[str]] = {"organization": set(), "name": set()}
        self._values: dict[str, str | None] = {}  # None: several values
        self._references = References(_REFERENCE, self._values.get)
        self._open: list[tuple[str, str, int]] = []  # each open bracket, what is called with it, dependencies before it
        self._settings: list[tuple[str, int]] = []  # what is being given a value, and in how many brackets
        for place in range(len(words) - 2):
            self._define(place)
        place = 0
        while place < len(words):
            place = self._take_word(place)

    def _sign(self, place: int) -> str:
        return self.words[place].value if self._kind(place) == "sign" else ""

    def _kind(self, place: int) -> str:
        return self.words[place].kind if place < len(self.words) else ""

    @property
    def _setting(self) -> str:
        return self._settings[-1][0] if self._settings else ""

    def _defined(self, place: int) -> str:
        """The name that gets a value where its last word stands at `place`: `name in Test :=`, `val name: String =`."""
        before = [word.value for word in self.words[max(place - 3, 0) : place]]
        typed = before[-1:] == [":"] and before[0] in ("val", "var", "def")
        scoped = len(before) > 1 and before[-1] == "in"
        return self.words[place - 2 if typed or scoped else place].value

    def _define(self, place: int) -> None:
        word, sign, value = self.words[place : place + 3]
        if word.kind == "name" and sign.value in ("=", ":=") and value.kind == "text":
            if self._sign(place + 3) in (*_JOINS, "+", "."):
                return
            name = self._defined(place)
            known = self._values.setdefault(name, value.value)
            self._values[name] = value.value if known == value.value else None
            if sign.value == ":=" and name in self.own:
                self.own[name].add(value.value)

    def _end_settings(self, depth: int) -> None:
        """What is given a value within as many brackets has it."""
        while self._settings and self._settings[-1][1] >= depth:
            self._settings.pop()

    def _ends_line(self, place: int) -> bool:
        """True for the end of a line that ends what stands in it: not in parentheses, and not beside an operator."""
        inside = self._open[-1][0] if self._open else "{"
        closed = self._kind(place - 1) != "sign" or self._sign(place - 1) in (")", "]", "}")
        return self._kind(place) == "end" and inside == "{" and closed and self._sign(place + 1) in ("", "(", "}", "@")

    def _value(self, word: Word) -> str:
        """A text with the variables put in that have one value here; a name's value; else what is written."""
        if word.kind != "text":
            return self._references.value(word.value) or word.value
        return self._references.expand(word.value)

    def _take_word(self, place: int) -> int:
        """Take what starts at `place`; the place to go on from."""
        word = self.words[place]
        if word.kind == "name":
            if self._sign(place + 1) in ("+=", "++=", ":=", "="):
                self._end_settings(len(self._open))
                self._settings.append((self._defined(place), len(self._open)))
            self._take_name(place)
        elif self._sign(place) == "," or self._ends_line(place):
            self._end_settings(len(self._open))
        elif word.kind == "sign":
            self._bracket(place)
        elif "://" in word.value and self._setting in ("resolvers", "externalResolvers"):
            address = index(self._value(word))
            if address:
                self.indexes.setdefault(address, word.line)
        if word.kind not in ("name", "text") or self._sign(place + 1) not in _JOINS:
            return place + 1
        chain = self._chain(place)
        if chain.names:
            if self._sign(place - 1) == "+":  # a text that is put together
                self.dynamic.add(" ".join(each.value for each in self.words[place - 2 : chain.end]))
            self._dependency(chain)
        return chain.end

    def _take_name(self, place: int) -> None:
        word = self.words[place]
        if word.value in ("ivy", "mvn") and self._kind(place + 1) == "text":
            self._mill(self.words[place + 1], "runtime")
        elif word.value == "$ivy" and self._kind(place + 2) == "name":
            self._mill(self.words[place + 2], "build")
        elif word.value in ("RootProject", "ProjectRef"):
            self._project(place)
        elif word.value == "Resolver" and self._kind(place + 2) == "name" and self._setting == "resolvers":
            # Resolver.sonatypeRepo("snapshots"), Resolver.mavenLocal
            known = self.words[place + 2].value
            argument = self.words[place + 4].value if self._kind(place + 4) == "text" else ""
            if known not in ("url", "file", "mavenCentral"):
                self.indexes.setdefault(f"Resolver.{known}({argument})", word.line)

    def _bracket(self, place: int) -> None:
        value = self.words[place].value
        if value in ("(", "[", "{"):
            callee = self.words[place - 1].value if value == "(" and place and self._kind(place - 1) == "name" else ""
            self._open.append((value, callee, len(self.declared)))
        elif value in (")", "]", "}") and self._open:
            _, callee, before = self._open.pop()
            self._end_settings(len(self._open) + 1)
            shown = "".join(word.value for word in self.words[place + 1 : place + 9] if word.kind != "end")
            # Seq(…).map(_ % Test), ("g" % "a" % "v") % Test
            match = re.match(r"\.?map\(_%(\w+)\)" if callee in _GROUPS else r"%(\w+)", shown)
            if match and (callee in _GROUPS or not callee) and re.search(_TESTS, match.group(1)):
                for number, one in enumerate(self.declared[before:], start=before):
                    self.declared[number] = replace(one, scope="development")

    def _chain(self, place: int) -> _Chain:
        """The chain of operands that starts at `place`. It names no artifact where it gives a configuration to what is
        named elsewhere (`core % "test"`) and where it is arithmetic."""
        start, join = place, self._sign(place + 1)
        read = place > 1 and self.words[place].value == "value" and self._sign(place - 1) == "."
        first = place - 2 if read else place
        shown, texts = [self._operand(first, place + 1)], int(self._kind(place) == "text")
        place += 1
        while self._sign(place) in _JOINS:
            end = self._operand_end(place + 1)
            if end == place + 1:
                break
            texts += len(shown) == 1 and self._kind(place + 1) == "text"
            shown.append(self._operand(place + 1, end))
            place = end
        names = len(shown) > 1 and (texts == 2 or (texts == 1 and (len(shown) > 2 or join != "%")))
        return _Chain(shown, names, max(place, start + 1), self.words[start].line)

    def _operand_end(self, place: int) -> int:
        """Where the operand that starts at `place` ends: a text, names with dots between, or brackets."""
        if self._kind(place) in ("name", "text"):
            place += 1
            while self._sign(place) == "." and self._kind(place + 1) == "name":
                place += 2
            return place
        depth = 0
        while self._kind(place) and (depth or self._sign(place) == "("):
            depth += (self._sign(place) == "(") - (self._sign(place) == ")")
            place += 1
        return place

    def _operand(self, start: int, end: int) -> str:
        """One operand in words; `${…}` says that it is a name without a value here."""
        found = self.words[start:end]
        name = found[-3] if len(found) > 2 and found[-1].value == "value" else found[-1]  # organization.value
        value = self._value(name) if found[0].kind != "sign" else ""
        if found[0].kind == "text" or (value and value != name.value):
            return value
        return f"${{{''.join(word.value for word in found)[:_LENGTH]}}}"

    def _dependency(self, chain: _Chain) -> None:
        callees = [callee for _, callee, _ in self._open]
        if any(callee in _LEAVES_OUT for callee in callees) or self._setting in _NO_DEPENDENCIES:
            return
        group, artifact, *rest = chain.operands
        if re.fullmatch(r"\$\{[^{}]*\}|\$\w+", artifact):
            self.dynamic.add(f"{group}:{artifact}")
            return
        scope = self.scope
        if any(callee in _BUILDS for callee in callees) or any("plugin" in each.lower() for each in rest[1:]):
            scope = "build"
        elif any(re.search(_TESTS, each) for each in rest[1:]):
            scope = "development"
        name, version = name_of(group, artifact), rest[0] if rest else ""
        one = Dependency(name, version, "registry", scope, chain.line)
        if self._kind(chain.end) == "name" and self.words[chain.end].value == "from":
            text = self._kind(chain.end + 1) == "text"
            address = index(self._value(self.words[chain.end + 1])) if text else None
            one = Dependency(name, version, "url", scope, chain.line, address or "")
        (self.pins if self._setting == "dependencyOverrides" else self.declared).append(one)

    def _mill(self, word: Word, scope: Scope) -> None:
        """`ivy"group::artifact:version"`, where more colons ask for Scala's own suffixes."""
        found = parse(re.sub(":+", ":", self._value(word)))
        if found:
            self.declared.append(Dependency(*found, scope=scope, line=word.line))

    def _project(self, place: int) -> None:
        """A build that sbt clones: `ProjectRef(uri("https://…#v1"), "core")`."""
        for word in self.words[place + 1 : place + 6]:
            if word.kind == "text" and "://" in word.value:
                address, _, revision = self._value(word).partition("#")
                bare = index(address) or address
                self.declared.append(Dependency(bare, revision, "git", "runtime", word.line, bare))


def read_sbt(path: str, content: bytes) -> Manifest:
    """Read one build definition in Scala. What a variable in another file holds is read there."""
    # What project/*.sbt declares is for the build; the sources beside it hold the names of what the program needs.
    build = _Build(
        words(content, "scala"), build=f"/{path.rpartition('/')[0]}".endswith("/project") and path.endswith(".sbt")
    )
    own = (name_of(group, name) for group in build.own["organization"] for name in build.own["name"])
    return manifest_of(build.declared, own=own, dynamic=build.dynamic, indexes=build.indexes, pins=build.pins)
