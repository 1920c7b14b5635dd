"""Which hunks keep the target's lines: a version, an entry of a changelog, and nothing that could be code."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.conflicts.keep_target import settle_file, way
from git_hotfix.dependencies.carriers.table import CARRIERS
from git_hotfix.model.conflict_text import Hunk, Piece, hunks, identity, normalize, parse, with_answers
from git_hotfix.model.policy import Backport

DEFAULT = Backport()
OURS, THEIRS = "a" * 40, "b" * 40


def pieces(text: str, ours: str, theirs: str) -> tuple[Piece, ...]:
    """`text` with a hunk where it has an @."""
    before, _, after = text.partition("@")
    return (before.encode(), Hunk(ours.encode(), theirs.encode()), after.encode())


def answer(path: str, text: str, ours: str, theirs: str, policy: Backport = DEFAULT) -> str | None:
    found = settle_file(path, pieces(text, ours, theirs), policy, ours=b"\n", theirs=b"\n")
    return found[1].decode() if found else None


PYPROJECT = '[project]\nname = "app"\n@dependencies = ["a==1"]\n'
POETRY = '[tool.poetry]\nname = "app"\n@\n[tool.poetry.dependencies]\npython = "^3.10"\n'
PACKAGE = '{\n  "name": "app",\n@  "dependencies": {"a": "1"}\n}\n'
CHILD = (
    "<project>\n  <parent>\n    <groupId>org.a</groupId>\n    <artifactId>app</artifactId>\n@  </parent>\n"
    "  <artifactId>core</artifactId>\n</project>\n"
)
STAMP = "<project>\n  <properties>\n@    <java.version>17</java.version>\n  </properties>\n</project>\n"
REVISION = STAMP.replace("<project>", "<project>\n  <version>${revision}</version>")
CSPROJ = (
    "<Project>\n  <PropertyGroup>\n@  </PropertyGroup>\n"
    '  <ItemGroup>\n    <PackageReference Include="A" Version="1.0" />\n  </ItemGroup>\n</Project>\n'
)
ITEM = (
    '<Project>\n  <ItemGroup>\n    <PackageReference Include="A">\n@    </PackageReference>\n'
    "  </ItemGroup>\n</Project>\n"
)
ASSEMBLY = "using System.Reflection;\n@[assembly: ComVisible(false)]\n"
GRADLE = "plugins { id 'java' }\n@dependencies { implementation 'a:b:1.0' }\n"
KOTLIN = 'plugins { kotlin("jvm") version "1.9" }\n@dependencies { implementation("a:b:$appVersion") }\n'
CMAKE = "cmake_minimum_required(VERSION 3.20)\n@find_package(Boost 1.70)\n"
OPENMW = "project(OpenMW)\n@set(BOOST_VERSION 1.70)\n"
MODULE = '"""App."""\n\nimport os\n\n@\ndef run():\n    pass\n'
PLIST = (
    "<plist><dict>\n<key>CFBundleShortVersionString</key>\n@<key>LSMinimumSystemVersion</key><string>12</string>\n"
    "</dict></plist>\n"
)
LOCK = (
    '{\n  "name": "app",\n  "version": "1.5.0",\n  "packages": {\n    "": {\n@      "license": "MIT"\n    }\n  }\n}\n'
)
POM = "<project>\n  <artifactId>app</artifactId>\n@  <name>App</name>\n</project>\n"
PBXPROJ = (
    "// !$*UTF8*$!\n{ objects = { A1 /* Release */ = { isa = XCBuildConfiguration; buildSettings = {\n@"
    '    PRODUCT_NAME = "$(TARGET_NAME)";\n}; name = Release; }; }; }\n'
)
GEMSPEC = (
    'require_relative "lib/app/version"\n\nGem::Specification.new do |spec|\n  spec.name = "app"\n@'
    '  spec.files = `git ls-files -z`.split("\\x0").reject { |f| f.match(%r{^test/\'}) }\nend\n'
)
MIX = "defmodule App.MixProject do\n  def project do\n    [\n      app: :app,\n@      deps: deps()\n    ]\n  end\nend\n"
MIX_NAMED = (
    "defmodule App.MixProject do\n  use Mix.Project\n@\n  def project do\n    [app: :app, version: @version]\n"
    "  end\nend\n"
)
MIX_DEPENDENCY = (
    "defmodule App.MixProject do\n  def project do\n    [\n      app: :app,\n      docs: [\n@      ]\n    ]\n"
    "  end\nend\n"
)
POM_PARENT = "<project>\n  <parent>\n@  </parent>\n  <version>1</version>\n</project>\n"
POM_DEPENDENCY = "<project>\n  <dependencies><dependency>\n@  </dependency></dependencies>\n</project>\n"


@pytest.mark.parametrize(
    ("path", "text", "ours", "theirs"),
    [
        ("VERSION", "@", "1.5.0\n", "1.4.3\n"),
        ("lib/VERSION.txt", "@", "1.5.0-SNAPSHOT\n", "v1.4.3\n"),
        ("src/app/_version.py", "x = 1\n@y = 2\n", '__version__ = "1.5.0.dev0"\n', '__version__ = "1.4.3"\n'),
        ("lib/app/version.rb", "module App\n@end\n", "  VERSION = '1.5.0'\n", "  VERSION = '1.4.3'\n"),
        ("version.go", "package v\n@", 'const Version = "1.5.0"\n', 'const Version = "1.4.3"\n'),
        ("CHANGELOG.md", "# Changes\n@## 1.4.2\n", "## 1.5.0\n\n- new\n", "## 1.4.3\n\n- fixed\n"),
        ("pyproject.toml", PYPROJECT, 'version = "1.5.0"\n', 'version = "1.4.3"  # hotfix\n'),
        ("pyproject.toml", POETRY, 'version = "1.5.0"\n', 'version = "1.4.3"\n'),
        ("a/package.json", PACKAGE, '  "version": "1.5.0",\n', '  "version": "1.4.3",\n'),
        ("package-lock.json", LOCK, '      "version": "1.5.0",\n', '      "version": "1.4.3",\n'),
        ("pom.xml", POM, "  <version>1.5-SNAPSHOT</version>\n", "  <version>1.4.3</version>\n"),
        ("Cargo.toml", '[package]\nname = "a"\n@[dependencies]\nb = "1"\n', 'version = "2"\n', 'version = "1.4.3"\n'),
        ("setup.cfg", "[metadata]\nname = a\n@[options]\n", "version = 1.5\n", "version = 1.4.3\n"),
        ("chart/Chart.yaml", "name: a\n@description: b\n", "version: 1.5.0\n", "version: 1.4.3\n"),
        ("pubspec.yaml", "name: a\n@dependencies:\n  b: 1\n", "version: 1.5.0+4\n", "version: 1.4.3+2\n"),
        ("gradle.properties", "group=a\n@", "version=1.5\n", "version=1.4.3\n"),
        ("gradle.properties", "group=a\n@", "VERSION_NAME=1.5\nVERSION_CODE=15\n", "VERSION_NAME=1\nVERSION_CODE=9\n"),
        ("core/pom.xml", CHILD, "    <version>1.5-SNAPSHOT</version>\n", "    <version>1.4.3</version>\n"),
        (
            "pom.xml",
            STAMP,
            *(f"    <project.build.outputTimestamp>{day}</project.build.outputTimestamp>\n" for day in "12"),
        ),
        ("pom.xml", REVISION, "    <revision>1.5</revision>\n", "    <revision>1.4.3</revision>\n"),
        ("src/App.csproj", CSPROJ, "    <Version>1.5.0</Version>\n", "    <Version>1.4.3</Version>\n"),
        ("Directory.Build.props", CSPROJ, *(f"    <VersionPrefix>{v}</VersionPrefix>\n" for v in ("1.5", "1.4.3"))),
        (
            "A.nuspec",
            "<package><metadata>\n@</metadata></package>\n",
            "<version>2</version>\n",
            "<version>1</version>\n",
        ),
        (
            "Properties/AssemblyInfo.cs",
            ASSEMBLY,
            *(
                f'[assembly: AssemblyVersion("{v}")]\n[assembly: AssemblyFileVersion("{v}")]\n'
                for v in ("1.5.*", "1.4.3.0")
            ),
        ),
        (
            "SolutionInfo.cs",
            ASSEMBLY,
            *(f'[assembly: AssemblyInformationalVersion("{v}")]\n' for v in ("1.5-a", "1.4")),
        ),
        (
            "My Project/AssemblyInfo.vb",
            "Imports System.Reflection\n@' the end\n",
            *(
                f'<Assembly: AssemblyVersion("{v}")>\n<assembly: AssemblyFileVersionAttribute("{v}")>\n'
                for v in ("1.5.*", "1.4.3.0")
            ),
        ),
        (
            "AssemblyInfo.fs",
            "namespace System\n@do ()\n",
            *(
                f'[<assembly: AssemblyVersion("{v}"); assembly: AssemblyFileVersion("{v}")>]\n'.replace(";", ">]\n[<")
                + f'let [<Literal>] AssemblyVersion = "{v}"\n'
                for v in ("1.5.0", "1.4.3")
            ),
        ),
        (
            "App.xcodeproj/project.pbxproj",
            PBXPROJ,
            *(f"CURRENT_PROJECT_VERSION = {b};\nMARKETING_VERSION = {v};\n" for b, v in ((15, "1.5"), (14, "1.4.3"))),
        ),
        ("app.gemspec", GEMSPEC, '  spec.version = "1.5.0"\n', "  spec.version = '1.4.3' # hotfix\n"),
        ("mix.exs", MIX, '      version: "1.5.0",\n', '      version: "1.4.3", # hotfix\n'),
        ("apps/a/mix.exs", MIX_NAMED, '  @version "1.5.0-dev"\n', '  @version "1.4.3"\n'),
        ("build.gradle", GRADLE, "version = '1.5-SNAPSHOT'\n", "version = '1.4.3'\n"),
        ("build.gradle", GRADLE, "allprojects {\n  version '1.5'\n}\n", "allprojects {\n  version '1.4.3'\n}\n"),
        (
            "app/build.gradle",
            GRADLE,
            *(
                f'android {{ defaultConfig {{\n  versionCode {c}\n  versionName "{v}"\n}} }}\n'
                for c, v in ((15, "1.5"), (14, "1.4.3"))
            ),
        ),
        ("build.gradle", GRADLE, "def v = '1.5'\nversion = v\n", "def v = '1.4.3'\nversion = v\n"),
        ("build.gradle.kts", KOTLIN, 'version = "1.5"\n', 'version = "1.4.3"\n'),
        ("CMakeLists.txt", CMAKE, *(f"project(app VERSION {v} LANGUAGES CXX)\n" for v in ("1.5.0", "1.4.3"))),
        (
            "CMakeLists.txt",
            OPENMW,
            "set(OPENMW_VERSION_MINOR 50)\nset(OPENMW_VERSION_RELEASE 0)\n",
            "set(OPENMW_VERSION_MINOR 49)\nset(OPENMW_VERSION_RELEASE 1)\n",
        ),
        ("lerna.json", PACKAGE, '  "version": "1.5.0",\n', '  "version": "1.4.3",\n'),
        (".release-please-manifest.json", "@", '{".": "1.5.0", "lib": "2.0"}\n', '{".": "1.4.3", "lib": "2.0"}\n'),
        (".bumpversion.cfg", "[bumpversion]\n@commit = True\n", "current_version = 1.5\n", "current_version = 1.4.3\n"),
        (".bumpversion.toml", "[tool.bumpversion]\n@", 'current_version = "1.5"\n', 'current_version = "1.4.3"\n'),
        ("Chart.yaml", "name: a\n@", "version: 2.0\nappVersion: '1.5'\n", "version: 1.9\nappVersion: '1.4.3'\n"),
        ("src/application.properties", "a.url=x\n@", "info.app.version=1.5\n", "info.app.version=1.4.3\n"),
        ("application.yml", "app:\n@  name: x\n", "  version: 1.5\n", "  version: 1.4.3\n"),
        ("app/__init__.py", MODULE, '__version__ = "1.5"\n', '__version__ = "1.4.3"  # hotfix\n'),
        ("app/__init__.py", MODULE, 'VERSION = (1, 5, 0, "alpha", 0)\n', 'VERSION = (1, 4, 3, "final", 0)\n'),
        ("setup.py", "from setuptools import setup\nsetup(\n@)\n", "  version='1.5',\n", "  version='1.4.3',\n"),
        ("docs/conf.py", "@html_theme = 'a'\n", 'release = "1.5"\n', 'release = "1.4.3"\n'),
        ("ios/Info.plist", PLIST, "<string>1.5</string>\n", "<string>1.4.3</string>\n"),
        ("include/version.h", "#pragma once\n@", "#define APP_VERSION_MINOR 5\n", "#define APP_VERSION_MINOR 4\n"),
        ("version.sbt", "@", 'ThisBuild / version := "1.5-SNAPSHOT"\n', 'ThisBuild / version := "1.4.3"\n'),
        ("version.js", "@", "exports.version = '1.5';\n", "exports.version = '1.4.3';\n"),
        ("version.properties", "@", "app.version=1.5\nVERSION_CODE=15\n", "app.version=1.4.3\nVERSION_CODE=14\n"),
        ("version.py", "@", "major = 1\nversion_info = 5\n", "major = 1\nversion_info = 4\n"),
        (
            "AssemblyInfo.cs",
            "class A {\n@}\n",
            'const string AppVersion = "1.5";\n',
            'const string AppVersion = "1.4";\n',
        ),
        ("docs/ReleaseNotes.md", "# Notes\n@", "## 1.5\n", "## 1.4.3\n- fixed\n"),
        ("Changes.rst", "Changes\n@", "1.5\n", "1.4.3\n"),
        # lines that both sides have may stand between two versions
        (
            "pom.xml",
            "<project>\n@</project>\n",
            *(
                f"<version>{v}</version>\n<name>a</name>\n<scm>\n<tag>{t}</tag>\n</scm>\n"
                for v, t in (("2-SNAPSHOT", "HEAD"), ("1", "v1"))
            ),
        ),
    ],
)
def test_the_targets_lines_stay(path: str, text: str, ours: str, theirs: str) -> None:
    assert answer(path, text, ours, theirs) == text.replace("@", ours, 1)
    if "\n" in text:  # with the line ends of Windows too
        crlf = [each.replace("\n", "\r\n") for each in (text, ours, theirs)]
        assert answer(path, *crlf) == crlf[0].replace("@", crlf[1], 1)


@pytest.mark.parametrize(
    ("path", "text", "ours", "theirs"),
    [
        ("app.py", "@", "1\n", "2\n"),
        ("src/history.ts", "@", "let a\n", "let b\n"),
        ("news/changes.go", "@", "a\n", "b\n"),
        ("_version.py", "@", '__version__ = "1.5"\n', '__version__ = "1.4.3"\nimport os\n'),
        ("version.py", "@", "def version(): return 1\n", "def version(): return 2\n"),
        ("bin/version", "@", "echo a\n", "rm -rf b\n"),
        ("pyproject.toml", PYPROJECT, 'version = "1.5"\n', 'version = "1.4.3"\nrequires-python = ">=3"\n'),
        ("pyproject.toml", "[project]\ndependencies = [\n@]\n", '  "a==1",\n', '  "a==2",\n'),
        ("pyproject.toml", "[tool.other]\n@", 'version = "1"\n', 'version = "2"\n'),
        ("pyproject.toml", '[project]\nd = """\n@"""\n', 'version = "1"\n', 'version = "2"\n'),
        ("package.json", '{\n  "a": {\n@  }\n}\n', '  "version": "1"\n', '  "version": "2"\n'),
        ("package.json", PACKAGE, "", '  "version": "1.4.3",\n'),
        ("package.json", PACKAGE.replace("}\n}", "}"), '  "version": "1",\n', '  "version": "2",\n'),
        ("package-lock.json", LOCK.replace('"":', '"node_modules/a":'), '"version": "1",\n', '"version": "2",\n'),
        ("pom.xml", POM_PARENT, "    <version>1</version>\n", "    <version>2</version>\n"),
        ("pom.xml", POM_DEPENDENCY, "    <version>1</version>\n", "    <version>2</version>\n"),
        ("pom.xml", "<!DOCTYPE a []><project>\n@</project>", "<version>1</version>\n", "<version>2</version>\n"),
        ("Cargo.toml", "[dependencies.b]\n@", 'version = "1"\n', 'version = "2"\n'),
        ("setup.cfg", "[bumpversion]\n@", "version = 1\n", "version = 2\n"),
        ("Chart.yaml", "dependencies:\n- name: a\n@", "  version: 1\n", "  version: 2\n"),
        ("setup.cfg", "[metadata]\n@" + "[x]\n" * 100_000, "version = 1\n", "version = 2\n"),
        # a parent of somebody else's: empty relativePath, another group, a project with a version of its own
        ("pom.xml", CHILD.replace("@", "    <relativePath/>\n@"), "<version>1</version>\n", "<version>2</version>\n"),
        (
            "pom.xml",
            CHILD.replace("</parent>", "</parent><groupId>b</groupId>"),
            "<version>1</version>\n",
            "<version>2</version>\n",
        ),
        ("pom.xml", STAMP, "    <b.version>1</b.version>\n", "    <b.version>2</b.version>\n"),
        (
            "pom.xml",
            "<project>\n@</project>\n",
            "<version>2</version>\n<name>a</name>\n",
            "<version>1</version>\n<name>b</name>\n",
        ),
        ("App.csproj", ITEM, "      <Version>1.0</Version>\n", "      <Version>2.0</Version>\n"),
        ("App.csproj", CSPROJ, "    <AVersion>1.0</AVersion>\n", "    <AVersion>2.0</AVersion>\n"),
        (
            "App.csproj",
            "<Project><ItemGroup>\n@</ItemGroup></Project>\n",
            '<PackageReference Include="B" Version="1" />\n',
            '<PackageReference Include="B" Version="2" />\n',
        ),
        ("AssemblyInfo.cs", ASSEMBLY, '[assembly: Guid("1")]\n', '[assembly: Guid("2")]\n'),
        ("AssemblyInfo.cs", "/*\n@*/\n", '[assembly: AssemblyVersion("1")]\n', '[assembly: AssemblyVersion("2")]\n'),
        (
            "AssemblyInfo.cs",
            ASSEMBLY,
            '[assembly: AssemblyVersion("1")]\n',
            '[assembly: AssemblyVersion("2")] class A {}\n',
        ),
        ("AssemblyInfo.vb", "@", '\' <Assembly: AssemblyVersion("1")>\n', '\' <Assembly: AssemblyVersion("2")>\n'),
        ("AssemblyInfo.vb", "@", '<Assembly: Guid("1")>\n', '<Assembly: Guid("2")>\n'),
        (
            "AssemblyInfo.fs",
            "(*\n@*)\n",
            '[<assembly: AssemblyVersion("1")>]\n',
            '[<assembly: AssemblyVersion("2")>]\n',
        ),
        ("AssemblyInfo.fs", "@", 'let ProtocolVersion = "1"\n', 'let ProtocolVersion = "2"\n'),
        ("a/project.pbxproj", PBXPROJ, "SWIFT_VERSION = 5.0;\n", "SWIFT_VERSION = 5.9;\n"),
        ("a/project.pbxproj", "/*\n@*/\n", "MARKETING_VERSION = 1;\n", "MARKETING_VERSION = 2;\n"),
        ("app.gemspec", GEMSPEC, '  spec.required_ruby_version = "3.0"\n', '  spec.required_ruby_version = "3.1"\n'),
        ("app.gemspec", GEMSPEC, '  spec.add_dependency "a", "1"\n', '  spec.add_dependency "a", "2"\n'),
        ("app.gemspec", GEMSPEC, '  other.version = "1"\n', '  other.version = "2"\n'),
        (
            "mix.exs",
            MIX.replace('version: "0"', 'app: "0"'),
            '      elixir: "~> 1.15",\n',
            '      elixir: "~> 1.16",\n',
        ),
        ("mix.exs", MIX_DEPENDENCY, '        version: "1",\n', '        version: "2",\n'),
        ("mix.exs", MIX_NAMED, '  @elixir "1.15"\n', '  @elixir "1.16"\n'),
        ("build.gradle", "plugins {\n@}\n", "  id 'a' version '1.0'\n", "  id 'a' version '2.0'\n"),
        ("build.gradle", "node {\n@}\n", "  version = '14'\n", "  version = '16'\n"),
        ("build.gradle", "dependencies {\n@}\n", "  implementation 'a:b:1'\n", "  implementation 'a:b:2'\n"),
        ("build.gradle", "ext {\n@}\nversion = '1'\n", "  guava = '1'\n", "  guava = '2'\n"),
        ("build.gradle", "/*\n@*/\n", "version = '1'\n", "version = '2'\n"),
        ("build.gradle", "@", "version = '1'\n", "version = '2'; evil()\n"),
        ("CMakeLists.txt", "project(a)\n@", "find_package(B 1.0)\n", "find_package(B 2.0)\n"),
        ("CMakeLists.txt", OPENMW, "set(BOOST_VERSION 1)\n", "set(BOOST_VERSION 2)\n"),
        ("CMakeLists.txt", CMAKE, "project(a VERSION 1 LANGUAGES C)\n", "project(a VERSION 2 LANGUAGES CXX)\n"),
        ("CMakeLists.txt", "#[[\n@]]\n", "project(a VERSION 1)\n", "project(a VERSION 2)\n"),
        ("lerna.json", '{"command": {\n@}}\n', '  "version": "1"\n', '  "version": "2"\n'),
        ("package.json", "@", '{"version": "1", "a": "1"}\n', '{"version": "2", "a": "2"}\n'),
        ("application.properties", "@", "spring.kafka.version=1\n", "spring.kafka.version=2\n"),
        ("application.yml", "kafka:\n@", "  version: 1\n", "  version: 2\n"),
        (".bumpversion.cfg", "[bumpversion:file:a]\n@", "current_version = 1\n", "current_version = 2\n"),
        ("app/__init__.py", MODULE, 'REQUIRED = "1"\n', 'REQUIRED = "2"\n'),
        ("app/__init__.py", MODULE, '__version__ = "1"\n', '__version__ = "2"; import sys\n'),
        ("app/__init__.py", "def f():\n@", '    __version__ = "1"\n', '    __version__ = "2"\n'),
        ("app/__init__.py", '"""\n@"""\n', '__version__ = "1"\n', '__version__ = "2"\n'),
        ("app/__init__.py", MODULE, "import a\n", "import b\n"),
        ("setup.py", "setup(\n  install_requires=[\n@])\n", "  'a==1',\n", "  'a==2',\n"),
        ("Info.plist", PLIST.replace("CFBundleShort", "LS"), "<string>1</string>\n", "<string>2</string>\n"),
        ("Chart.yaml", "name: a\n@", "version: 1\nappVersion: 1\n", "appVersion: 1\nversion: 2\n"),
        ("Changes.java", "@", "a\n", "b\n"),
        # versions of something else, and settings that stand in a version file
        ("version.py", "@", 'MIN_CLIENT_VERSION = "0.8"\n', 'MIN_CLIENT_VERSION = "0.9.5"\n'),
        ("version.py", "@", '__version__ = "2.0"\nbuild_timeout = 20\n', '__version__ = "1.0.1"\nbuild_timeout = 60\n'),
        ("version.py", "OLD = [\n@]\n", '    "1.0",\n', '    "1.1",\n'),
        ("version.py", "new(\n@)\n", "    version=1,\n", "    version=2,\n"),
        ("VERSION", "@", "release_threads = 4\n", "release_threads = 8\n"),
        ("version.properties", "@", "kotlin.version=1\n", "kotlin.version=2\n"),
        ("version.h", "@", "#define PROTOCOL_VERSION 1\n", "#define PROTOCOL_VERSION 2\n"),
        (
            "AssemblyInfo.cs",
            "class A {\n@}\n",
            'const string ProtocolVersion = "1.0";\n',
            'const string ProtocolVersion = "2.0";\n',
        ),
        ("app/__init__.py", MODULE, "VERSION = 3\n", "VERSION = 4\n"),
        ("app/__init__.py", MODULE, 'VERSION = "3"\n', 'VERSION = "4"\n'),
        ("gradle.properties", "@", "plugin_version=1.0\n", "plugin_version=2.0\n"),
        ("gradle.properties", "@", "com.android.build.version=1.0\n", "com.android.build.version=2.0\n"),
        (
            "CMakeLists.txt",
            "project(app VERSION 1)\n@project(ssl VERSION ${SSL_VERSION})\n",
            "set(SSL_VERSION 3)\n",
            "set(SSL_VERSION 4)\n",
        ),
        ("vendor/x/package.json", PACKAGE, '  "version": "1.5.0",\n', '  "version": "1.4.3",\n'),
        ("third_party/x/VERSION", "@", "1.5.0\n", "1.4.3\n"),
    ],
)
def test_nothing_else_does(path: str, text: str, ours: str, theirs: str) -> None:
    assert answer(path, text, ours, theirs) is None


def test_what_carries_a_version_is_what_the_default_names() -> None:
    """Each row of the table is reached without a setting, and each default that is not a changelog says which lines."""
    named = {name.lower() for name in DEFAULT.keep_target}
    rows = {name for carrier in CARRIERS for name in carrier.names}
    assert rows <= named
    logs = ("change", "history", "news", "release")
    assert [name for name in named - rows if not name.startswith(logs) and "version" not in name] == []


def test_both_stay_where_the_policy_says_union() -> None:
    policy = Backport(union=("CHANGELOG.md", "package.json", "VERSION"))
    assert answer("CHANGELOG.md", "# Changes\n@- old\n", "- new\n", "- fixed\n", policy) == (
        "# Changes\n- new\n- fixed\n- old\n"
    )
    # never for a version or a manifest, whose two lines are not a file
    assert answer("VERSION", "@", "1.5.0\n", "1.4.3\n", policy) == "1.5.0\n"
    assert answer("package.json", PACKAGE, '  "version": "2",\n', '  "version": "1",\n', policy) == (
        PACKAGE.replace("@", '  "version": "2",\n')
    )


def test_what_a_team_names_and_what_it_leaves_out() -> None:
    team = Backport(keep_target=("generated/*.txt",))
    assert answer("generated/a.txt", "@", "a\n", "b\n", team) == "a\n"
    assert [way(path, team) for path in ("VERSION", "CHANGELOG.md", "package.json")] == [None, None, None]


def test_what_the_policy_calls_vendored_carries_another_version() -> None:
    for path, text in (("ours/x/package.json", PACKAGE), ("ours/VERSION", "@")):
        sides = ('  "version": "2",\n', '  "version": "1",\n') if text != "@" else ("2.0\n", "1.0\n")
        ours, theirs = (side.encode() for side in sides)
        parts = pieces(text, *sides)
        assert settle_file(path, parts, DEFAULT, ours=ours, theirs=theirs) is not None
        assert settle_file(path, parts, DEFAULT, ours=ours, theirs=theirs, vendored=("ours/",)) is None


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "d\r", "=", "e e"]), max_size=6)


@settings(max_examples=150, deadline=None)
@given(base=LINES, ours=LINES, theirs=LINES, ends=st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_the_same_as_git_merge_file(
    tmp_path_factory: pytest.TempPathFactory, base: list[str], ours: list[str], theirs: list[str],
    ends: tuple[bool, bool, bool],
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("merge")
    texts = [
        "\n".join(lines) + ("\n" if end and lines else "")
        for lines, end in zip((base, ours, theirs), ends, strict=True)
    ]
    for name, text in zip(("base", "ours", "theirs"), texts, strict=True):
        (folder / name).write_bytes(text.encode())
    marked = merge_file(folder, "-L", OURS, "-L", "base", "-L", THEIRS)
    parsed = parse(marked, OURS, THEIRS)
    if parsed is None:
        assert b"<<<<<<<" not in marked
        return
    kept = {"ours": texts[1].encode(), "theirs": texts[2].encode()}
    assert settle_file("NEWS", parsed, DEFAULT, **kept) == ("keep-target", merge_file(folder, "--ours"))
    assert settle_file("NEWS", parsed, Backport(union=("NEWS",)), **kept) == ("union", merge_file(folder, "--union"))


def merge_file(folder: Path, *options: str) -> bytes:
    command = ["git", "merge-file", "-p", *options, "ours", "base", "theirs"]
    return subprocess.run(command, cwd=folder, capture_output=True).stdout


def test_what_cannot_be_told_from_its_markers() -> None:
    head, tail = f"<<<<<<< {OURS}\n", f">>>>>>> {THEIRS}\n"
    for text in (
        "no conflict\n", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n", f"{head}a\n=======\n=======\nb\n{tail}",
        f"{head}a\n", f"{head}a\n{tail}", f"{head}<<<<<<< HEAD\n=======\n{tail}", f"{head}a\n=======\n{head}{tail}", "",
    ):  # fmt: skip
        assert parse(text.encode(), OURS, THEIRS) is None


def test_a_conflict_has_the_name_that_rerere_gives_it(tmp_path: Path) -> None:
    """Two hunks, the sides in either order, windows' line ends: the folder in rr-cache and its preimage are ours."""

    def git(*words: str, check: bool = True) -> bytes:
        return subprocess.run(["git", *words], cwd=tmp_path, capture_output=True, check=check).stdout

    git("init", "-q")
    git("config", "rerere.enabled", "true")
    middle = "".join(f"{number}\n" for number in range(9))
    for branch, one, two in (("base", "x", "y"), ("ours", "b", "c\r"), ("theirs", "a", "d\r")):
        git("switch", "-q", "-c", branch, *(["base"] if branch != "base" else []))
        (tmp_path / "file").write_bytes(f"{one}\n{middle}{two}\n".encode())
        git("add", "file")
        git("commit", "-q", "-m", branch)
    git("switch", "-q", "ours")
    git("merge", "-q", "theirs", check=False)
    [folder] = (tmp_path / ".git" / "rr-cache").iterdir()
    marked = (tmp_path / "file").read_bytes()
    parsed = parse(marked, "HEAD", "theirs")
    assert parsed is not None
    assert len(hunks(parsed)) == 2
    assert (identity(parsed, "sha1"), normalize(parsed)) == (folder.name, (folder / "preimage").read_bytes())
    assert with_answers(parsed, lambda hunk: hunk.ours) == f"b\n{middle}c\r\n".encode()
