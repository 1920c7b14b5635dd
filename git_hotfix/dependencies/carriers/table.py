"""Which files carry the project's own version: one row a format, names of files bound to the reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

from git_hotfix.dependencies.carriers import builds, code, documents, xml_projects
from git_hotfix.dependencies.carriers.own_versions import Read
from git_hotfix.model.frozen import frozen

_TOML = r"""\s*[\w.-]+\s*=\s*(["'])(?P<value>[^"'\\]*)\1\s*(?:#.*)?"""
_JSON = r"""\s*"[^"\\]+"\s*:\s*"(?P<value>[^"\\]*)"\s*,?\s*"""
_YAML = r"""\s*[\w.-]+:\s*(["']?)(?P<value>[^"'\s#]+)\1\s*(?:#.*)?"""
_WORDS = r"\s*[\w.-]+\s*[=:]\s*(?P<value>\S+)\s*"
_XML = r"\s*<([\w.-]+)>(?P<value>[^<>]*)</\1>\s*"
_PYTHON = r"""\s*\w+\s*(?::\s*\w+\s*)?=\s*(?P<value>(["'])[^"'\\]*\2|\([\w.+ ,"'-]*\))\s*(?:#.*)?"""


@frozen
class Carrier:
    """Files of one format: their names as patterns without case, how a line looks that holds nothing but a version
    (its `value` is the version; "" where only the version tells two such lines apart), and the reader of the file."""

    names: tuple[str, ...]
    line: str
    read: Read


def _row(names: str, line: str, read: Read) -> Carrier:
    return Carrier(tuple(names.lower().split()), line, read)


_PACKAGE = documents.json(("version",))
_LOCK = documents.json(("version",), ("packages", "", "version"))
_MODULE = ("__version__", "VERSION", "__version_info__", "version_info", "version_tuple", "__version_tuple__")

CARRIERS: tuple[Carrier, ...] = (
    _row("pyproject.toml", _TOML, documents.toml(
        ("project", "version"), ("tool", "poetry", "version"), ("tool", "bumpversion", "current_version"),
        ("tool", "commitizen", "version"))),
    _row(".bumpversion.toml .cz.toml", _TOML, documents.toml(
        ("tool", "bumpversion", "current_version"), ("tool", "commitizen", "version"))),
    _row("Cargo.toml", _TOML, documents.toml(("package", "version"), ("workspace", "package", "version"))),
    _row("package.json composer.json lerna.json bower.json jsr.json", _JSON, _PACKAGE),
    _row("package-lock.json npm-shrinkwrap.json", _JSON, _LOCK),
    _row(".release-please-manifest.json", _JSON, documents.json(("*",))),
    _row("Chart.yaml", _YAML, documents.yaml(("version",), ("appVersion",))),
    _row("pubspec.yaml", _YAML, documents.yaml(("version",))),
    _row("application.yml application.yaml", _YAML, documents.yaml(
        ("app", "version"), ("application", "version"), ("project", "version"), ("build", "version"),
        ("info", "version"), ("info", "app", "version"), ("info", "application", "version"),
        ("info", "project", "version"), ("info", "build", "version"), ("spring", "application", "version"))),
    _row("setup.cfg", _WORDS, documents.ini(("metadata", "version"), ("bumpversion", "current_version"))),
    _row(".bumpversion.cfg", _WORDS, documents.ini(("bumpversion", "current_version"))),
    _row("gradle.properties application.properties sonar-project.properties", _WORDS, documents.properties),
    _row("Info.plist", r"\s*<(string)>(?P<value>[^<>]*)</\1>\s*", documents.plist),
    _row("pom.xml", _XML, xml_projects.pom),
    _row("*.csproj *.fsproj *.vbproj Directory.Build.props Version.props Versions.props", _XML, xml_projects.msbuild),
    _row("*.nuspec", _XML, xml_projects.nuspec),
    _row("*AssemblyInfo.cs SolutionInfo.cs", "", code.assembly("cs")),
    _row("*AssemblyInfo.vb SolutionInfo.vb", "", code.assembly("vb")),
    _row("*AssemblyInfo.fs SolutionInfo.fs", "", code.assembly("fs")),
    _row("project.pbxproj", "", code.xcode),
    _row("*.gemspec", r"""\s*\w+\.version\s*=\s*(?P<value>(["'])[^"'\\]*\2)\s*(?:#.*)?""", code.gemspec),
    _row("mix.exs", r"""\s*(?:@\w+\s+|version:\s*)(?P<value>"[^"\\#]*")\s*,?\s*(?:\#.*)?""", code.mix),
    _row("__init__.py __about__.py", _PYTHON, code.python(*_MODULE)),
    _row("conf.py docs_conf.py", _PYTHON, code.python("version", "release")),
    _row("setup.py", r"""\s*version\s*=\s*(["'])(?P<value>[^"'\\]*)\1\s*,?\s*(?:#.*)?""",
         code.python(*_MODULE, "version", call="setup")),
    _row("CMakeLists.txt", "", builds.cmake),
    _row("build.gradle", "", builds.gradle("groovy")),
    _row("build.gradle.kts", "", builds.gradle("kotlin")),
)  # fmt: skip


@lru_cache(maxsize=1)
def _by_name() -> tuple[Mapping[str, Carrier], tuple[tuple[str, Carrier], ...]]:
    pairs = [(name, carrier) for carrier in CARRIERS for name in carrier.names]
    return {name: each for name, each in pairs if "*" not in name}, tuple(each for each in pairs if "*" in each[0])


def carrier_of(path: str) -> Carrier | None:
    """The row of the file at `path`, or None for a file that no row names."""
    name = path.rpartition("/")[2].lower()
    plain, globs = _by_name()
    return plain.get(name) or next((each for glob, each in globs if fnmatchcase(name, glob)), None)


def version_in(carrier: Carrier, first: str, second: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Where two lines that differ hold their versions, as (start, end) in each; None where they differ in more.

    Both hold nothing but a version, or they are alike but for one word of a version.
    """
    if carrier.line:
        matches = re.fullmatch(carrier.line, first), re.fullmatch(carrier.line, second)
        if matches[0] and matches[1]:
            return matches[0].span("value"), matches[1].span("value")
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    while start and re.fullmatch(_LETTER, first[start - 1]):
        start -= 1
    behind = 0
    while behind < min(len(first), len(second)) - start and first[-1 - behind] == second[-1 - behind]:
        behind += 1
    while behind and re.fullmatch(_LETTER, first[len(first) - behind]):
        behind -= 1
    spans = (start, len(first) - behind), (start, len(second) - behind)
    words = [line[begin:end] for line, (begin, end) in zip((first, second), spans, strict=True)]
    return spans if all(re.fullmatch(rf"{_LETTER}*\d{_LETTER}*", word) for word in words) else None


_LETTER = r"[\w.+*~-]"
