"""CMakeLists.txt and *.cmake: what is found on the system, and what is downloaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from git_hotfix.dependencies.ecosystems.cpp.commands import Command, Word, commands
from git_hotfix.dependencies.ecosystems.cpp.conan import reference
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, manifest_of
from git_hotfix.dependencies.syntax.address import origin
from git_hotfix.dependencies.syntax.references import References

_REFERENCE = r"\$\{([\w.+/-]+)\}"
# Parts of the compiler's own tool chain, which find_package only asks for.
_BROUGHT = frozenset({"threads", "openmp", "unixcommands", "selfpackers"})
_TOOLS = frozenset(
    "git subversion hg mercurial doxygen pkgconfig perl perllibs bison flex swig latex gettext java jni python"
    " pybind11_mkdoc cython clangformat clangtidy ccache sphinx breathe wget patch ruby nodejs"
    " ecm extra-cmake-modules cmakelib npm".split()
)
_TESTS = frozenset(
    "gtest gmock googletest catch catch2 doctest benchmark googlebenchmark cppunit cpputest boost-ut celero nanobench"
    " criterion cmocka unity munit lcov gcov valgrind".split()
)
_TEST_SWITCH = r"(?i)test|bench|exampl|fuzz|sample|coverage|docs?(?![a-z])"
_PLACES = ("GIT_REPOSITORY", "URL", "SVN_REPOSITORY", "HG_REPOSITORY", "CVS_REPOSITORY")
_FORGES = {
    "GITHUB_REPOSITORY": "https://github.com", "gh": "https://github.com",
    "GITLAB_REPOSITORY": "https://gitlab.com", "gl": "https://gitlab.com",
    "BITBUCKET_REPOSITORY": "https://bitbucket.org", "bb": "https://bitbucket.org",
}  # fmt: skip
_CONAN: dict[str, Scope] = {"REQUIRES": "runtime", "BUILD_REQUIRES": "build", "TOOL_REQUIRES": "build"}
_CPM = ("cpmaddpackage", "cpmfindpackage", "cpmdeclarepackage")
_PYTHON = r"^python(?:2|3|interp|libs)?$"  # CMake asks for the same thing in five ways
_CPM_SHORT = r"(?:(\w+):)?([^#@]*(?:@[^#@]*/[^#@]*)?)(?:@([^#@]*))?(?:#([^#@]*))?"
_KEY = r"[A-Z][A-Z_]+"
_LENGTH = 500  # characters of an address; matching one takes quadratic time


def read_cmake(content: bytes) -> Manifest:
    """Read one CMake file. Names are compared without case, because a package is FMT here and fmt there. What is found
    on the system is optional unless it is REQUIRED."""
    return _File(list(commands(content))).manifest()


class _File:
    """What one file says."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self.declared: list[Dependency] = []
        self.dynamic: set[str] = set()
        self.own: set[str] = set()
        self.values: dict[str, str | None] = {}  # None: several values
        self.references = References(_REFERENCE, self.values.get)
        self._switches: list[bool] = []  # of each open if(): whether it asks for tests
        self._tests = 0  # how many of them do
        for command in commands:
            if command.name in ("set", "option") and len(command.words) > 1:
                name, value = command.words[0].value, command.words[1].value
                single = command.name == "set" and (len(command.words) == 2 or command.words[2].value == "CACHE")
                self.values[name] = value if single and self.values.get(name, value) == value else None
        for command in commands:
            self._take_command(command)

    def manifest(self) -> Manifest:
        """All of it."""
        return manifest_of(self.declared, own=self.own, dynamic=self.dynamic)

    def _take_command(self, command: Command) -> None:
        words = [Word(self.references.expand(word.value), word.line) for word in command.words]
        name = command.name
        if name in ("if", "elseif", "else", "endif"):
            self._switch(name, words)
        elif not words:
            return
        elif name == "project":
            self.own.add(words[0].value.lower())
        elif name in ("find_package", "find_dependency"):
            self._find(words, required=name == "find_dependency")
        elif name in ("pkg_check_modules", "pkg_search_module"):
            self._modules(words)
        elif name in ("fetchcontent_declare", "externalproject_add"):
            self._download(words[0], _keys(words[1:], _PLACES))
        elif name in _CPM:
            self._cpm(words)
        elif name == "hunter_add_package":
            self._add_dependency(words[0], words[0].value, "runtime")
        elif name == "file" and words[0].value == "DOWNLOAD" and len(words) > 1:
            self._file(words[1])
        elif name in ("conan_cmake_configure", "conan_cmake_run"):
            self._conan(words)

    def _switch(self, name: str, words: Sequence[Word]) -> None:
        values = [word.value for word in words]
        asks = name != "else" and "NOT" not in values and any(re.search(_TEST_SWITCH, value) for value in values)
        if name != "if" and self._switches:
            self._tests -= self._switches.pop()
        if name != "endif":
            self._switches.append(asks)
            self._tests += asks

    def _scope(self, name: str, scope: Scope = "runtime") -> Scope:
        if name in _TESTS or self._tests:
            return "development"
        return "build" if name in _TOOLS else scope

    def _add_dependency(self, word: Word, name: str, scope: Scope, version: str = "") -> None:
        """A package by its name; a name that only running tells is dynamic."""
        lower = re.sub(_PYTHON, "python", name.strip().lower())
        if not re.sub(r"\$\w*\{[^{}]*\}", "", lower) or "$<" in lower:
            self.dynamic.add(name)
        elif lower not in _BROUGHT:
            self.declared.append(Dependency(lower, version, "registry", self._scope(lower, scope), word.line))

    def _find(self, words: Sequence[Word], *, required: bool) -> None:
        values = [word.value for word in words]
        version = values[1] if len(values) > 1 and re.match(r"\d", values[1]) else ""
        scope: Scope = "runtime" if required or "REQUIRED" in values else "optional"
        if re.match(_PYTHON, values[0].lower()) and any(value.startswith("Development") for value in values):
            # Linked to, not only run.
            self.declared.append(Dependency("python", version, "registry", self._scope("", scope), words[0].line))
        else:
            self._add_dependency(words[0], values[0], scope, version)

    def _modules(self, words: Sequence[Word]) -> None:
        scope: Scope = "runtime" if any(word.value == "REQUIRED" for word in words) else "optional"
        for word in words[1:]:
            name = re.split(r"[<>=]", word.value, maxsplit=1)[0]
            version = "".join(word.value[len(name) :].split())
            if name.strip() and not re.fullmatch(_KEY, name):
                self._add_dependency(word, name, scope, version)

    def _download(self, word: Word, keys: Mapping[str, Sequence[str]], *, version: str = "") -> None:
        """What is fetched at an address; a directory or a file is local."""
        name = word.value.lower()
        place = next((keys[key][0] for key in _PLACES if keys.get(key)), "")
        key = next((key for key in _PLACES if keys.get(key)), "")
        revision = next((keys[key][0] for key in ("GIT_TAG", "HG_TAG", "SVN_REVISION") if keys.get(key)), version)
        if not re.sub(r"\$\w*\{[^{}]*\}", "", name):
            self.dynamic.add(" ".join([word.value, *(value for values in keys.values() for value in values)]))
            return
        if not place or _is_path(place):
            path = place or next((keys[key][0] for key in ("SOURCE_DIR", "DOWNLOAD_COMMAND") if keys.get(key)), "")
            self.declared.append(Dependency(name, "", "path", self._scope(name), word.line, path))
            return
        git = key == "GIT_REPOSITORY"
        self.declared.append(
            Dependency(name, revision, "git" if git else "url", self._scope(name), word.line, origin(place))
        )

    def _cpm(self, words: Sequence[Word]) -> None:
        """`CPMAddPackage("gh:owner/repository@1.0")`, or the same with keys."""
        keys = dict(_keys(words, (*_PLACES, "NAME", "URI", *_FORGES)))
        short = keys.get("URI", [words[0].value] if len(words) == 1 else [])
        version = (keys.get("VERSION") or [""])[0]
        for key, host in _FORGES.items():
            if keys.get(key):
                keys["GIT_REPOSITORY"] = [f"{host}/{keys[key][0]}"]
        if short:
            match = re.fullmatch(_CPM_SHORT, short[0]) if len(short[0]) < _LENGTH else None
            if match is None:
                self.dynamic.add(short[0])
                return
            kind, path, number, tag = match.groups()
            version = version or number or tag or ""
            if path.startswith("//"):
                keys["GIT_REPOSITORY" if path.endswith(".git") else "URL"] = [f"{kind}:{path}"]
            else:
                keys["GIT_REPOSITORY"] = [f"{_FORGES.get(kind or 'gh', 'https://github.com')}/{path}"]
        places = [keys[key][0] for key in _PLACES if keys.get(key)]
        names = keys.get("NAME") or [re.sub(r"(?:\.git|/)+$", "", place).rpartition("/")[2] for place in places]
        if names:
            self._download(Word(names[0], words[0].line), keys, version=version)

    def _file(self, word: Word) -> None:
        """A file from the network; its name without a version, which is part of the address."""
        name = re.sub(r"[-_]?v?\$?\{?\d+(?:\.\w+)*", "", word.value.partition("?")[0].rpartition("/")[2]).lower()
        if "://" not in word.value or not name:
            self.dynamic.add(f"file(DOWNLOAD {word.value})")
        elif not word.value.startswith("file:"):
            self.declared.append(Dependency(name, "", "url", self._scope(name, "build"), word.line, origin(word.value)))

    def _conan(self, words: Sequence[Word]) -> None:
        scope: Scope | None = None
        for word in words:
            if re.fullmatch(_KEY, word.value):
                scope = _CONAN.get(word.value)
            elif scope:
                found = reference(word.value, scope, word.line)
                self.declared += [found] if found else []


def _is_path(place: str) -> bool:
    if place.startswith(("file:", ".", "/", "${CMAKE_", "${PROJECT_", "$ENV{")):
        return True
    return "://" not in place and "$" not in place and not re.match(r"[\w.-]+@", place)


def _keys(words: Iterable[Word], known: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Keyword → its values; a keyword is in capitals."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for word in words:
        if word.value in known or re.fullmatch(_KEY, word.value):
            current = found.setdefault(word.value, [])
        elif word.value:
            current.append(word.value)
    return found
