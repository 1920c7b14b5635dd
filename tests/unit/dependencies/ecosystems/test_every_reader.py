"""What holds for all readers alike: which files are theirs, what they refuse, and that names are read back."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manifest_fixtures import TOP, cases, files_of, name_of, reader_for, result_of

from git_hotfix.dependencies.registry import (
    Manifest,
    Unreadable,
    all_readers,
    lock_reader_of,
    read,
    read_lock,
    reader_of,
)
from git_hotfix.symbols import tree

READERS = {reader.ecosystem: reader for reader in all_readers()}


def read_any(path: str, content: bytes) -> Manifest:
    """As a manifest or a lock file, by the table of all readers."""
    locks = lock_reader_of(path)
    if locks:
        return read_lock(locks, path, content)
    reader = reader_of(path)
    assert reader, path
    return read(reader, path, content)


MANIFESTS = {
    "carthage": "Cartfile Cartfile.private",
    "cocoapods": "Podfile ios/Podfile a/A.podspec A.podspec.json",
    "conda": "environment.yml ci/environment-3.10.yaml dev_environment.yml conda.yaml conda-env.yml recipe/meta.yaml"
    " recipe.yaml",
    "cpp": "CMakeLists.txt cmake/deps.cmake conanfile.py a/conanfile.txt vcpkg.json vcpkg-configuration.json"
    " x-config.cmake",
    "dart": "a/pubspec.yaml pubspec.yml pubspec_overrides.yaml",
    "docker": "Dockerfile a/Dockerfile.prod api.Dockerfile Containerfile dockerfile Dockerfile-alpine.template"
    " compose.yaml docker-compose.yml deploy/docker-compose.prod.yml app.compose.yml",
    "dotnet": "App.csproj src/Lib.fsproj Lib.vbproj Directory.Build.props Directory.Packages.props build/x.targets"
    " packages.config NuGet.Config nuget.config .config/dotnet-tools.json global.json paket.dependencies",
    "elixir": "apps/x/mix.exs",
    "github_actions": ".github/workflows/ci.yml .github/workflows/conda.yaml .github/workflows/docker-compose.yml"
    " action.yml .github/actions/setup/action.yaml",
    "go": "go.mod a/go.mod go.work",
    "helm": "Chart.yaml a/requirements.yaml",
    "javascript": "package.json web/package.json pnpm-workspace.yaml .npmrc .yarnrc.yml .yarnrc bunfig.toml",
    "jvm": "pom.xml a/pom.xml .mvn/extensions.xml build.gradle a/build.gradle.kts gradle/publish.gradle"
    " settings.gradle.kts gradle/libs.versions.toml build.sbt project/plugins.sbt project/Dependencies.scala"
    " a/project/Build.scala buildSrc/src/main/kotlin/Deps.kt build-logic/a/Deps.kt buildSrc/src/main/java/D.java"
    " build.mill",
    "nix": "flake.nix a/flake.nix",
    "php": "composer.json a/composer.json",
    "python": "requirements.txt requirements-dev.txt requirements.in test_requirements.txt a/requirements/prod.txt"
    " pyproject.toml x/setup.py setup.cfg Pipfile requirement.txt constraints.txt requirements/constraints.txt",
    "ruby": "Gemfile a/Gemfile gems.rb x.gemspec gemfiles/rails_7.gemfile Gemfile.common Gemfile.rails-7",
    "rust": "Cargo.toml crates/a/Cargo.toml .cargo/config.toml a/.cargo/config",
    "submodules": ".gitmodules",
    "swift": "Package.swift a/Package.swift Package@swift-5.swift",
    "terraform": "main.tf a/versions.tf.json terragrunt.hcl",
}
LOCKS = {
    "carthage": "Cartfile.resolved",
    "cocoapods": "Podfile.lock ios/Podfile.lock",
    "conda": "conda-lock.yml env.conda-lock.yaml",
    "cpp": "conan.lock",
    "dart": "pubspec.lock",
    "dotnet": "a/packages.lock.json paket.lock",
    "elixir": "mix.lock",
    "go": "go.sum go.work.sum vendor/modules.txt a/vendor/modules.txt",
    "helm": "charts/x/Chart.lock",
    "javascript": "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb",
    "jvm": "gradle.lockfile a/buildscript-gradle.lockfile settings-gradle.lockfile"
    " gradle/dependency-locks/compileClasspath.lockfile",
    "nix": "flake.lock a/flake.lock",
    "php": "composer.lock",
    "python": "Pipfile.lock poetry.lock uv.lock pdm.lock pylock.toml pylock.dev.toml",
    "ruby": "Gemfile.lock gems.locked gemfiles/rails_7.gemfile.lock Gemfile.jruby-3.1.lock.release",
    "rust": "Cargo.lock a/Cargo.lock",
    "swift": "Package.resolved",
    "terraform": ".terraform.lock.hcl",
}
NOBODYS = (
    "App.cs App.sln Cargo.toml.orig Dockerfile.dockerignore Dockerfile.md Gemfile.erb Gemfile.sh My.Cargo.toml"
    " MyGemfile MyPodfile Sources/x.swift a/my-pom.xml a/web.xml actions.yml cargo/config.toml chart.yaml .dockerignore"
    " conda-forge.yml .github/dependabot.yml .github/workflows/README.md config.exs config.h.cmake decompose.yml"
    " default.nix dockerfile_parser.py environment.ts environments.yml gradle.properties mkdocs.yml modules.txt"
    " my_setup.py notrequirements.txt paket.references requirements.lock requirements.md robots.txt"
    " src/Main.kt src/project/x/Main.scala values.yaml vendor/.gitmodules web.config workflows/ci.yml x-composer.json"
    " x-config.in.cmake x.go.mod x.lockfile x.yaml xvendor/modules.txt"
)


@pytest.mark.parametrize("ecosystem", sorted(READERS))
def test_which_files_an_ecosystem_reads(ecosystem: str) -> None:
    """Its own and nobody else's, and every row of its table has a file among them."""
    reader = READERS[ecosystem]
    manifests, locks = MANIFESTS[ecosystem].split(), LOCKS.get(ecosystem, "").split()
    for path in manifests:
        assert [each.ecosystem for each in READERS.values() if each.is_manifest(path)] == [ecosystem], path
        assert (reader_of(path), lock_reader_of(path)) == (reader, None), path
    for path in locks:
        assert [each.ecosystem for each in READERS.values() if each.is_lock(path)] == [ecosystem], path
        assert (reader_of(path), lock_reader_of(path)) == (None, reader), path
    assert [row for row in reader.manifests if not any(row.match(path) for path in manifests)] == []
    assert [row for row in reader.locks if not any(row.match(path) for path in locks)] == []


@pytest.mark.parametrize("path", NOBODYS.split())
def test_which_files_nobody_reads(path: str) -> None:
    assert (reader_of(path), lock_reader_of(path)) == (None, None)


# A value of a manifest, and values of other kinds that may stand there instead.
VALUE = re.compile(rb"""\"[^"\n]*"|'[^'\n]*'|\b\w+\b|\[[^][]*]|\{[^{}]*}|\([^()]*\)|<[^<>]*>""")
OTHERS = [b'""', b'"a"', b"1", b"-1", b"true", b"null", b"[]", b"[1]", b"{}", b'{"a": 1}', b'["a"]', b"a", b"", b"()",
          b"[[1]]", b'[{"a": [1]}]', b'{"a": {"b": {}}}']  # fmt: skip
WORD = re.compile(rb"[\w$./:@-]+|\s+|[^\w\s]")


class Seed(NamedTuple):
    """A fixture of a reader, and what it is made of."""

    path: str
    content: bytes
    words: tuple[bytes, ...]


def _seeds(ecosystem: str) -> list[Seed]:
    files = [each for case in cases() if reader_for(case).ecosystem == ecosystem for each in files_of(case)]
    contents = [(each.path, each.file.read_bytes()) for each in files]
    small = [(path, content) for path, content in contents if 0 < len(content) < 4_000]
    return [Seed(path, content, tuple(dict.fromkeys(WORD.findall(content)))) for path, content in small]


@st.composite
def _near(draw: st.DrawFn, seeds: list[Seed]) -> tuple[str, bytes]:
    """A path of a reader, and what looks like a file of that name: its words in any order, one of its values replaced
    by one of another kind, the same cut short, or any bytes at all."""
    path, content, words = draw(st.sampled_from(seeds))
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return path, draw(st.binary(max_size=200))
    if kind <= 3:
        return path, b"".join(draw(st.lists(st.sampled_from(words), max_size=40)))
    places = list(VALUE.finditer(content))
    if places and kind <= 8:
        place = draw(st.sampled_from(places))
        return path, content[: place.start()] + draw(st.sampled_from(OTHERS)) + content[place.end() :]
    return path, content[: draw(st.integers(0, len(content)))]


@pytest.mark.parametrize("ecosystem", sorted(READERS))
@pytest.mark.parametrize("examples", [60, pytest.param(2_000, marks=pytest.mark.slow)])
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(ecosystem: str, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, database=None)
    @given(_near(_seeds(ecosystem)))
    def holds(drawn: tuple[str, bytes]) -> None:
        path, content = drawn
        try:
            found = read_any(path, content)
        except Unreadable as error:
            assert error.reason
            assert error.reason.isprintable()
        else:
            for key, each in found.names.items():
                assert each.name.strip()
                assert key == (f"{each.ecosystem}:{each.name}" if each.ecosystem else each.name)
            last = content.count(b"\n") + content.count(b"\r") + 1
            assert b"coding" in content or all(each.line <= last for each in found.names.values())

    holds()


class Form(NamedTuple):
    """How a file names its dependencies: what stands before the first, each (NAME, or GROUP and ARTIFACT where a colon
    parts them; NUMBER counts), after the last and between two; how names are spelled; as what they and their version
    are read. Each stands in the line in which its name stands last."""

    path: str
    version: str
    before: str
    each: str
    after: str = ""
    between: str = ""
    spelled: str = "[a-z][a-z0-9]{0,8}(?:-[a-z][a-z0-9]{0,4})?"
    known: str = "NAME"


SCOPED = r"(?:@[a-z]+/)?[a-z][a-z0-9._-]{0,10}"
PEP_508 = r"(?!python$)[a-z](?:[a-z0-9]|-(?=[a-z])){0,10}[a-z]"
COLONS = r"[a-z]{1,8}(?:\.[a-z]{1,8})?:[a-z][a-z0-9-]{0,10}"
SLASHED = "[a-z][a-z0-9-]{0,6}/[a-z][a-z0-9_]{0,6}"
NUGET = r"[A-Za-z][A-Za-z0-9.-]{0,12}[A-Za-z0-9]"
CONAN = "x[A-Za-z][A-Za-z0-9_+-]{1,10}"
CONDA = r"[a-z_][a-z0-9._-]{0,10}"
FORMS = [
    Form("Cartfile", "== 1.0", "", 'github "NAME" == 1.0\n', spelled=SLASHED),
    Form("Cartfile.resolved", "1.0", "", 'github "NAME" "1.0"\n', spelled=SLASHED),
    Form("Podfile", "~> 1", "target 'App' do\n", "  pod 'NAME', '~> 1'\n", "end\n"),
    Form("environment.yml", ">=1", "dependencies:\n", "- 'NAME >=1'\n", spelled=CONDA),
    Form("meta.yaml", ">=1", "requirements:\n  run:\n", "    - 'NAME >=1'\n", spelled=CONDA),
    Form("recipe.yaml", ">=1", "requirements:\n  run:\n", "    - 'NAME >=1'\n", spelled=CONDA),
    Form("CMakeLists.txt", "1.0", "\n", "find_package(NAME 1.0 REQUIRED)\n", spelled=CONAN),
    Form("conanfile.txt", "1.0", "[requires]\n", "NAME/1.0\n", spelled=CONAN),
    Form("conanfile.py", "1.0", "class A: requires = [\n", "'NAME/1.0',\n", "]", spelled=CONAN),
    Form("pubspec.yaml", "^1.0.0", "name: own\ndependencies:\n", "  NAME: ^1.0.0\n", spelled="x[a-z0-9_]{0,8}"),
    Form("Dockerfile", "1", "", "FROM NAME:1\n"),
    Form("Dockerfile", "", "RUN apt-get install -y", " \\\n  NAME", known="apt:NAME"),
    Form("Dockerfile", "", "RUN pip install", " \\\n  NAME", spelled=PEP_508),
    Form("Dockerfile", "", "RUN npm i -g", " \\\n  NAME"),
    Form("a.csproj", "1", "<Project><ItemGroup>\n", '<PackageReference Include="NAME" Version="1"/>\n',
         "</ItemGroup></Project>", spelled=NUGET),
    Form("packages.config", "1", "<packages>\n", '<package id="NAME" version="1"/>\n', "</packages>", spelled=NUGET),
    Form("paket.dependencies", "1", "source https://api.nuget.org/v3/index.json\n", "nuget NAME 1\n", spelled=NUGET),
    Form("mix.exs", "~> 1.0", "defmodule A do\n  def project, do: [deps: deps()]\n  defp deps do\n    [\n",
         '      {:NAME, "~> 1.0"}', "\n    ]\n  end\nend\n", ",\n", "x[a-z0-9_]{0,8}"),
    Form(".github/workflows/ci.yml", "v1", "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n",
         "    - uses: NAME@v1\n", spelled=SLASHED),
    Form("go.mod", "v1.0.0", "module x.org/own\nrequire (\n", "\tx.org/NAME v1.0.0\n", ")\n", known="x.org/NAME"),
    Form("go.sum", "v1.0.0", "", "x.org/NAME v1.0.0 h1:abc=\n", known="x.org/NAME"),
    Form("Chart.yaml", "1", "name: own\ndependencies:\n", "- {name: 'NAME', version: '1', repository: 'https://x.org'}\n"),
    Form("package.json", "^1", '{"dependencies": {\n', '"NAME": "^1"', "}}", ",\n", SCOPED),
    Form("package.json", "^1", '{"dependencies": {', '"NAME": "^1"', "}}", ", ", SCOPED),
    Form("package-lock.json", "1.0.0", '{"packages": {\n', '"node_modules/NAME": {"version": "1.0.0"}', "}}", ",\n",
         SCOPED),
    Form("yarn.lock", "1.0.0", "# yarn lockfile v1\n", '\n"NAME@^1":\n  version "1.0.0"\n', spelled=SCOPED),
    Form("pnpm-lock.yaml", "1.0.0", "lockfileVersion: '9.0'\n\npackages:\n",
         "\n  'NAME@1.0.0':\n    resolution: {integrity: a}\n", spelled=SCOPED),
    Form("bun.lock", "1.0.0", '{"packages": {\n', '"NAME": ["NAME@1.0.0", "", {}, ""]', "}}", ",\n", SCOPED),
    Form("build.gradle", "1", "dependencies {\n", "  implementation 'GROUP:ARTIFACT:1'\n", "}\n", spelled=COLONS),
    Form("build.gradle.kts", "1", "dependencies {\n", '  api(group = "GROUP", name = "ARTIFACT", version = "1")\n',
         "}\n", spelled=COLONS),
    Form("build.sbt", "1", "libraryDependencies ++= Seq(\n", '  "GROUP" %% "ARTIFACT" % "1",\n', ")\n", spelled=COLONS),
    Form("pom.xml", "1", "<project><dependencies>\n", "<dependency><groupId>GROUP</groupId>"
         "<artifactId>ARTIFACT</artifactId><version>1</version></dependency>\n", "</dependencies></project>\n",
         spelled=COLONS),
    Form("libs.versions.toml", "1", "[libraries]\n", '"GROUP-ARTIFACT" = "GROUP:ARTIFACT:1"\n', spelled=COLONS),
    Form("gradle.lockfile", "1", "", "GROUP:ARTIFACT:1=compileClasspath\n", spelled=COLONS),
    Form("flake.nix", "", "{ inputs = {\n", '  NAME.url = "github:o/NAME";\n', "}; outputs = { ... }: { }; }",
         spelled="(?!inherit$|self$)[a-z][a-z0-9_-]{0,10}"),
    Form("composer.json", "^1.0", '{"require": {\n', '"NAME": "^1.0"', "}}", ",\n", SLASHED),
    Form("composer.lock", "1.0", '{"packages": [\n', '{"name": "NAME", "version": "1.0"}', "]}", ",\n", SLASHED),
    Form("requirements.txt", "==1.0", "", "NAME==1.0\n", spelled=PEP_508),
    Form("pyproject.toml", "<3,>=2", "[project]\ndependencies = [\n", '"NAME>=2,<3",\n', "]\n", spelled=PEP_508),
    Form("setup.cfg", "~=1.4", "[options]\ninstall_requires =\n", "  NAME~=1.4\n", spelled=PEP_508),
    Form("setup.py", "", "setup(install_requires=[\n", '"NAME",\n', "])", spelled=PEP_508),
    Form("Pipfile", ">=2,<3", "[packages]\n", 'NAME = ">=2,<3"\n', spelled=PEP_508),
    Form("poetry.lock", "1.0", "", '[[package]]\nname = "NAME"\nversion = "1.0"\n', spelled=PEP_508),
    Form("Gemfile", "~> 1", "source 'https://rubygems.org'\n", "gem 'NAME', '~> 1'\n"),
    Form("Cargo.toml", "1", "[dependencies]\n", 'NAME = "1"\n', spelled="[a-z][a-z0-9]{0,8}(?:-[a-z]{1,4})?"),
    Form("Cargo.lock", "1.0.0", "", '[[package]]\nname = "NAME"\nversion = "1.0.0"\n'
         'source = "registry+https://github.com/rust-lang/crates.io-index"\n', spelled="[a-z][a-z0-9]{0,8}"),
    Form(".gitmodules", "", "", '[submodule "NAME"]\n\turl = https://x.org/NAME\n', known="x.org/NAME"),
    Form("Package.swift", "1.0.0", "let package = Package(\n  name: \"Own\",\n  dependencies: [\n",
         '    .package(url: "https://x.org/o/NAME", from: "1.0.0"),\n', "  ]\n)\n"),
    Form("a.tf", "1", "terraform {\n  required_providers {\n",
         '    pNUMBER = { source = "NAME", version = "1" }\n', "  }\n}\n", spelled=SLASHED),
    Form("a.tf", "1", "", 'module "mNUMBER" {\n  source = "NAME/aws"\n  version = "1"\n}\n', spelled=SLASHED,
         known="NAME/aws"),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.path} {form.each.split()[0][:12]}")
def test_names_are_read_back_with_their_versions_and_lines(form: Form) -> None:
    @settings(max_examples=10, deadline=None, database=None)
    @given(st.lists(st.from_regex(form.spelled, fullmatch=True), unique_by=str.lower, min_size=1, max_size=8))
    def holds(names: list[str]) -> None:
        text, expected = form.before, []
        for place, name in enumerate(names):
            text += form.between if place else ""
            line = (text + form.each[: max(form.each.rfind("NAME"), form.each.rfind("GROUP"))]).count("\n") + 1
            group, _, artifact = name.partition(":")
            words = {"NUMBER": str(place), "NAME": name, "GROUP": group, "ARTIFACT": artifact}
            text += re.sub("|".join(words), lambda word, words=words: words[word[0]], form.each)
            expected.append((form.known.replace("NAME", name).lower(), form.version, line))
        found_names = read_any(form.path, (text + form.after).encode()).names.values()
        assert [(each.name.lower(), each.version, each.line) for each in found_names] == expected

    holds()


MANY_ITEMS = b'<PackageReference Include="' + b";".join([b"a"] * 100) + b'"/>'
TOO_MUCH = [
    ("environment.yml", b"dependencies: ['" + b"a" * 9_000 + b"']", "a requirement is longer than 2000 characters"),
    ("conanfile.py", b"a = 1" + b" " * 500_000, "it is larger than 500 kB"),
    ("Dockerfile", b"FROM a\nENV a=xx\n" + b"ENV a=$a$a\n" * 400 + b"RUN apt-get install $a\n", ""),
    ("Dockerfile", b"FROM a\nRUN a=xx;" + b"a=$a$a;" * 400 + b"apt-get install $a\n", ""),
    ("Dockerfile", b"FROM a\nENV a=" + b"x" * 9_000 + b"\nRUN echo " + b"$a " * 10_000, ""),
    ("Dockerfile", b"FROM a\nRUN " + b"".join(b"a%d=1;" % number for number in range(600_000)), ""),
    ("Dockerfile", b"FROM a\nRUN apt-get install " + b"a " * 30_000, ""),
    ("Dockerfile", b"FROM a\n" + b"RUN apt-get install a\n" * 30_000, ""),
    ("a.csproj", b"<Project>" + MANY_ITEMS * 201 + b"</Project>", "it has more than 20,000 items"),
    ("paket.lock", b"\n" * 100_001, "it has more than 100,000 lines"),
    ("package.json", b"[" * 100_000, "it is nested too deeply"),
    ("package.json", b'{"a":' * 100_000, "it is nested too deeply"),
    ("package.json", b"9" * 10_000, "it has a number of more than 1000 digits"),
    ("package.json", b'"' + b'\\"' * 100_000, None),
    ("package.json", b" " * 6_000_000, "it is larger than 5 MB"),
    ("flake.lock", b'{"a":' * 1_000, None),
    ("gradle.lockfile", b"g:a:1=b\n" * 50_001, "it locks more than 50,000 artifacts"),
    ("build.gradle", b"a" * 300_001, "it is longer than 300,000 characters"),
    ("build.gradle.kts", b"a" * 300_001, "it is longer than 300,000 characters"),
    ("build.sbt", b"a" * 300_001, "it is longer than 300,000 characters"),
    ("buildSrc/A.java", b"a" * 300_001, "it is longer than 300,000 characters"),
    ("pyproject.toml", b"a=" + b"[" * 9_000, "it is nested too deeply"),
    ("requirements.txt", b"a" * 30_000, "line 1: a requirement is longer than 20000 characters"),
    ("requirements.txt", b"a\n" * 30_000, "it lists more than 20000 requirements"),
    ("requirements.txt", b"a;" + b"(" * 9_000, "line 1: it is nested too deeply"),
    ("setup.cfg", b"[options]\n" + b"a\n" * 200_000, "'a' in [options] has no value"),
    ("setup.cfg", b"x" * 600_000, "it is larger than 500 kB"),
    ("setup.py", b"-" * 100_000 + b"1", "it is nested too deeply"),
    ("Pipfile", b"x" * 6_000_000, "it is larger than 5 MB"),
    ("Gemfile", b"#" * 300_001, "it is longer than 300,000 characters"),
    ("a.tf", b"a = " + b"[" * 201, "it is too tangled"),
    ("uv.lock", b"#" * 21_000_000, "it is larger than 20 MB"),
]


@pytest.mark.parametrize(("path", "content", "reason"), TOO_MUCH, ids=lambda value: repr(value)[:32])
def test_what_is_too_much_is_refused(path: str, content: bytes, reason: str | None) -> None:
    """`reason` is None where it is in the words of a library."""
    with pytest.raises(Unreadable) as caught:
        read_any(path, content)
    assert caught.value.reason == (reason or caught.value.reason)


GRAMMARS = [
    *[(path, b"a 'b'\n", "ruby") for path in ("Gemfile", "a.gemspec", "Podfile", "a.podspec")],
    ("mix.exs", b"[]\n", "elixir"),
    ("mix.lock", b"%{}\n", "elixir"),
    ("Package.swift", b"let a = 1\n", "swift"),
    ("a.tf", b"a = 1\n", "hcl"),
    (".terraform.lock.hcl", b"\n", "hcl"),
]


@pytest.mark.parametrize(("path", "content", "language"), GRAMMARS, ids=lambda value: str(value)[:20])
def test_a_manifest_whose_grammar_is_missing_is_refused_with_what_to_do(
    path: str, content: bytes, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_any(path, content).names == {}
    monkeypatch.setitem(sys.modules, f"tree_sitter_{language}", None)
    tree._parser.cache_clear()
    with pytest.raises(Unreadable) as caught:
        read_any(path, content)
    assert (caught.value.reason, caught.value.hint) == (
        f"not available: tree-sitter-{language} is missing or of another version",
        "install git-hotfix again, with what it depends on",
    )
    tree._parser.cache_clear()


@pytest.mark.parametrize("case", cases(), ids=name_of)
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(case: Path) -> None:
    reader = reader_for(case)
    for each in files_of(case):
        content = each.file.read_bytes()
        if b"\r" in content or content.startswith((b"\xff", b"\xfe", b"\xef\xbb\xbf")):
            continue
        result = result_of(reader, each.path, content)
        ended = content.replace(b"\n", b"\r\n")
        assert result_of(reader, each.path, ended) == result, each.key
        if "names" in result and b"coding" not in content:  # which a mark overrides
            assert result_of(reader, each.path, b"\xef\xbb\xbf" + ended) == result, each.key


@pytest.mark.parametrize("name", ["dotnet/project", "dotnet/nuget-config", "helm/chart", "dart/pubspec", "jvm/pom"])
def test_utf_16_is_read_where_the_tool_reads_it(name: str) -> None:
    """.NET and Maven by XML's rules, Helm and Dart by YAML's."""
    [each] = files_of(TOP / name)
    text = each.file.read_text(encoding="utf-8")
    reader = reader_for(TOP / name)
    expected = result_of(reader, each.path, text.encode())
    assert result_of(reader, each.path, text.encode("utf-16")) == expected
    assert result_of(reader, each.path, text.replace("\n", "\r\n").encode("utf-16")) == expected


def test_every_ecosystem_has_a_form() -> None:
    readers = {reader_of(form.path) or lock_reader_of(form.path) for form in FORMS}
    assert {reader.ecosystem for reader in readers if reader} == set(READERS)
