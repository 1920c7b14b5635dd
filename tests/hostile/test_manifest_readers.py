"""Every manifest reader on what nobody should write: it gives a manifest or says why not, and soon.

A new reader adds a line to SAMPLES and one to ROUND_TRIPS; without them `test_every_reader_has_its_samples` fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.registry import Manifest, Reader, Unreadable, all_readers, read, read_lock

# Ecosystem → path → a small valid manifest or lock file of each format that the reader takes.
SAMPLES: dict[str, dict[str, str]] = {
    "carthage": {"Cartfile": 'github "o/x" ~> 1.0\n', "Cartfile.resolved": 'github "o/x" "1.0"\n'},
    "cocoapods": {
        "Podfile": "target 'App' do\n  pod 'A', '~> 1', :git => 'https://x.org/a.git'\nend\n",
        "A.podspec": "Pod::Spec.new do |s|\n  s.name = 'A'\n  s.dependency 'B', '~> 1'\nend\n",
        "A.podspec.json": '{"name": "A", "dependencies": {"B": ["~> 1"]}, "subspecs": [{"name": "C"}]}\n',
        "Podfile.lock": "PODS:\n  - A (1.0):\n    - B\n  - B (2.0)\nEXTERNAL SOURCES:\n  A:\n    :path: ../a\n",
    },
    "conda": {
        "environment.yml": "channels: [x]\ndependencies:\n  - a=1\n  - pip:\n      - b\n      - c @ https://x.org/c\n",
        "meta.yaml": "{% set n = 'a' %}\npackage:\n  name: {{ n }}\nrequirements:\n  host:  # [win]\n    - b >=1\n",
        "recipe.yaml": "requirements:\n  run:\n    - a >=1\n    - if: win\n      then: b\n",
        "conda-lock.yml": "package:\n- name: a\n  version: '1'\n  manager: pip\n  url: https://x.org/a.whl\n",
    },
    "cpp": {
        "CMakeLists.txt": "find_package(A 1.0 REQUIRED)\nFetchContent_Declare(b URL https://x.org/b.zip) # c\n",
        "conanfile.txt": "[requires]\na/1.0@o/stable\n[tool_requires]\nb/[>=1 <2]\n",
        "conanfile.py": "class A(B):\n    requires = 'a/1.0'\n    def r(self):\n        self.requires(x())\n",
        "vcpkg.json": '{"dependencies": ["a", {"name": "b", "host": true}], "builtin-baseline": "c"}\n',
        "vcpkg-configuration.json": '{"registries": [{"kind": "git", "repository": "https://x.org/r"}]}\n',
        "conan.lock": '{"version": "0.5", "requires": ["a/1.0#b%1.0"]}\n',
    },
    "dart": {
        "pubspec.yaml": "name: a\ndependencies:\n  b: ^1.0.0\n  c: {git: https://x.org/c}\ndev_dependencies:\n  d:\n",
        "pubspec.lock": "packages:\n  b:\n    description: {url: https://pub.dev}\n    source: hosted\n",
    },
    "docker": {
        "Dockerfile": "ARG A=1\nFROM b:${A} AS c\nRUN apt-get install d \\\n  e && pip install f\nCOPY --from=c g h\n",
        "Dockerfile.j2": "FROM {{ a }}\nRUN <<X\nnpm i -g b\nX\n",
        "compose.yml": "services:\n  a: {image: 'b:1'}\n  c: {build: ., image: d}\n",
    },
    "dotnet": {
        "a.csproj": '<Project><ItemGroup><PackageReference Include="B" Version="1.0" /></ItemGroup></Project>\n',
        "Directory.Packages.props": '<Project><ItemGroup><PackageVersion Include="B" /></ItemGroup></Project>\n',
        "packages.config": '<packages><package id="B" version="1.0" /></packages>\n',
        "nuget.config": '<configuration><packageSources><add value="https://x.org"/></packageSources></configuration>\n',
        "dotnet-tools.json": '{"tools": {"b": {"version": "1"}}}\n',
        "global.json": '{"msbuild-sdks": {"B": "1"}}\n',
        "paket.dependencies": "source https://x.org\nnuget B ~> 1.0\ngithub o/r:main f.fs\n",
        "packages.lock.json": '{"version": 1, "dependencies": {"net8.0": {"B": {"resolved": "1.0"}}}}\n',
        "paket.lock": "NUGET\n  remote: https://x.org\n    B (1.0)\n      C (>= 1)\n",
    },
    "elixir": {
        "mix.exs": 'def project do\n  [app: :a, deps: deps()]\nend\ndefp deps, do: [{:b, "~> 1.0", only: :test}]\n',
        "mix.lock": '%{\n  "b": {:hex, :b, "1.0.0", "h", [:mix], [], "hexpm", "h"},\n}\n',
    },
    "github_actions": {
        ".github/workflows/a.yml": "jobs:\n  a:\n    container: b:1\n    steps:\n      - uses: o/c@v1\n",
        "action.yml": "runs:\n  using: composite\n  steps: [{uses: o/c/d@v1}]\n",
    },
    "go": {
        "go.mod": "module x.org/a\n\nrequire (\n\tx.org/b v1.0.0 // indirect\n)\nreplace x.org/b => ./b\n",
        "go.work": "go 1.24\nuse (\n\t./a\n)\n",
        "go.sum": "x.org/b v1.0.0 h1:abc=\nx.org/b v1.0.0/go.mod h1:abc=\n",
        "vendor/modules.txt": "# x.org/b v1.0.0\n## explicit; go 1.24\nx.org/b/pkg\n",
    },
    "helm": {
        "Chart.yaml": "name: a\ndependencies:\n- {name: b, version: 1.x, repository: 'https://x.org'}\n",
        "requirements.yaml": "dependencies:\n- name: b\n  repository: '@x'\n",
        "Chart.lock": "dependencies:\n- name: b\n  version: 1.0.0\n  repository: https://x.org\n",
    },
    "javascript": {
        "package.json": '{"name": "a", "dependencies": {"b": "^1", "c": "npm:d@2"}, "overrides": {"e": "o/r"}}\n',
        "pnpm-workspace.yaml": "catalog:\n  a: ^1\noverrides:\n  b>c: npm:d@1\n",
        ".npmrc": "@o:registry=https://x.org/\n",
        ".yarnrc.yml": "npmScopes:\n  o: {npmRegistryServer: https://x.org}\n",
        "bunfig.toml": '[install]\nregistry = "https://x.org"\n',
        "package-lock.json": '{"packages": {"": {"name": "a"}, "node_modules/b": {"version": "1", "resolved": "x"}}}\n',
        "npm-shrinkwrap.json": '{"dependencies": {"b": {"version": "1", "dependencies": {"c": {"version": "2"}}}}}\n',
        "yarn.lock": '# yarn lockfile v1\n\na@^1, a@^2:\n  version "1"\n  resolved "https://x.org/a/-/a-1.tgz#b"\n',
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n\npackages:\n\n  a@1:\n    resolution: {integrity: b}\n",
        "bun.lock": '{"workspaces": {}, "packages": {"a": ["a@1", "", {}, "b"],},}\n',
    },
    "jvm": {
        "pom.xml": "<project><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId>"
        "<version>1</version></dependency></dependencies></project>\n",
        ".mvn/extensions.xml": "<extensions><extension><groupId>g</groupId><artifactId>a</artifactId>"
        "</extension></extensions>\n",
        "build.gradle": 'dependencies {\n  implementation "g:a:1.0"\n}\n',
        "build.gradle.kts": 'plugins { id("x") version "1" }\ndependencies {\n  api("g:a:${v["a"]}") { b("c") }\n}\n',
        "libs.versions.toml": '[libraries]\na = {module = "g:a", version.ref = "v"}\n',
        "buildSrc/A.java": 'class A { String a = "g:a:1.0"; }\n',
        "build.sbt": 'val a = Seq("g" %% "a" % "1.0" % Test, compilerPlugin("g" % "b" % v))\n',
        "gradle.lockfile": "g:a:1.0=compileClasspath\nempty=\n",
    },
    "nix": {
        "flake.nix": '{\n  inputs = { a.url = "github:o/a"; };\n  outputs = { self, b }: let x = "${b}"; in { };\n}\n',
        "flake.lock": '{"nodes": {"a": {"locked": {"type": "github", "owner": "o", "repo": "a", "rev": "b"}}}}\n',
    },
    "php": {
        "composer.json": '{"name": "o/a", "require": {"o/b": "^1"}, "repositories": [{"type": "vcs", "url": "x"}]}\n',
        "composer.lock": '{"packages": [{"name": "o/b", "version": "1", "source": {"url": "https://x.org/b"}}]}\n',
    },
    "python": {
        "pyproject.toml": '[project]\nname = "a"\ndependencies = ["b>=1", "c @ https://x.org/c.zip"]\n',
        "requirements.txt": "b==1\n-e git+https://x.org/c.git#egg=c\n",
        "setup.cfg": "[options]\ninstall_requires =\n  b\n",
        "setup.py": 'from setuptools import setup\nsetup(name="a", install_requires=["b"])\n',
        "Pipfile": '[packages]\nb = "*"\nc = {git = "https://x.org/c", ref = "d"}\n',
        "hatch.toml": '[envs.a]\ndependencies = ["b"]\n',
        "uv.toml": '[[index]]\nurl = "https://x.org"\n',
        "poetry.lock": '[[package]]\nname = "b"\nversion = "1"\n[package.source]\ntype = "git"\nurl = "https://x.org"\n',
        "uv.lock": '[[package]]\nname = "b"\nversion = "1"\nsource = { registry = "https://x.org" }\n',
        "pdm.lock": '[metadata]\nlock_version = "4"\n[[package]]\nname = "b"\nversion = "1"\ngroups = ["default"]\n',
        "pylock.toml": '[[packages]]\nname = "b"\nvcs = { type = "git", url = "https://x.org", commit-id = "c" }\n',
        "Pipfile.lock": '{"_meta": {"sources": []}, "default": {"b": {"version": "==1"}}}\n',
    },
    "ruby": {
        "Gemfile": 'source "https://rubygems.org"\ngroup :test do\n  gem "a", "~> 1", require: false\nend\n',
        "a.gemspec": 'Gem::Specification.new do |s|\n  s.name = "a"\n  s.add_dependency "b", ">= 1"\nend\n',
        "Gemfile.lock": "GEM\n  remote: https://rubygems.org/\n  specs:\n    a (1.0)\n      b (>= 1)\n    b (1.0)\n",
    },
    "rust": {
        "Cargo.toml": '[package]\nname = "a"\n[dependencies]\nb = "1"\nc = { git = "https://x.org/c" }\n',
        ".cargo/config.toml": '[registries.own]\nindex = "https://x.org/index"\n',
        "Cargo.lock": '[[package]]\nname = "b"\nversion = "1"\nsource = "registry+https://x.org/index"\n',
    },
    "submodules": {".gitmodules": '[submodule "a"]\n\tpath = a\n\turl = "git@x.org:o/a.git" # b\n'},
    "swift": {
        "Package.swift": 'let a = Package(name: "a", dependencies: [.package(url: "https://x.org/b", from: "1")])\n',
        "Package.resolved": '{"pins": [{"identity": "b", "location": "https://x.org/b", "state": {"version": "1"}}]}\n',
    },
    "terraform": {
        "a.tf": 'terraform {\n  required_providers {\n    a = { source = "o/a" }\n  }\n}\nmodule "b" { source = "c" }',
        "a.tf.json": '{"module": {"b": {"source": "o/b/c", "version": "1"}}}\n',
        "terragrunt.hcl": 'terraform {\n  source = "git::https://x.org/a.git//b?ref=v1"\n}\n',
        ".terraform.lock.hcl": 'provider "registry.terraform.io/o/a" {\n  version = "1"\n}\n',
    },
}  # fmt: skip

# Ecosystem → path, what a name looks like, and a manifest that declares the given names.
Write = Callable[[list[str]], str]
ROUND_TRIPS: dict[str, tuple[str, str, Write]] = {
    "carthage": ("Cartfile", r"[a-z]{1,6}/[a-z][a-z0-9.-]{0,6}[a-z]",
                 lambda names: "".join(f'github "{n}"\n' for n in names)),
    "cocoapods": ("Podfile", r"[A-Z][A-Za-z0-9+-]{0,8}", lambda names: "".join(f"pod '{n}', '~> 1'\n" for n in names)),
    "conda": ("environment.yml", r"[a-z][a-z0-9._-]{0,8}",
              lambda names: "dependencies:\n" + "".join(f"  - '{n}>=1'\n" for n in names)),
    "cpp": ("CMakeLists.txt", r"(?!threads$|openmp$)[a-z][a-z0-9_+-]{0,8}",
            lambda names: "".join(f"find_package({n} REQUIRED)\n" for n in names)),
    "dart": ("pubspec.yaml", r"(?!(null|true|yes|no|on|off)$)[a-z][a-z0-9_]{0,8}",
             lambda names: "dependencies:\n" + "".join(f"  {n}: ^1.0.0\n" for n in names)),
    "docker": ("Dockerfile", r"(?!scratch$)[a-z][a-z0-9]{0,8}",
               lambda names: "".join(f"FROM {n}:1\n" for n in names)),
    "dotnet": ("a.csproj", r"[a-z][a-z0-9]{0,5}(\.[a-z0-9]{1,4})?",
               lambda names: "<Project><ItemGroup>"
               + "".join(f'<PackageReference Include="{n}" Version="1.0" />' for n in names)
               + "</ItemGroup></Project>"),
    "elixir": ("mix.exs", r"[a-z][a-z0-9_]{0,8}",
               lambda names: "defp deps, do: [" + ", ".join(f'{{:{n}, "~> 1"}}' for n in names) + "]\n"),
    "github_actions": ("action.yml", r"[a-z][a-z0-9-]{0,5}/[a-z][a-z0-9._-]{0,6}",
                       lambda names: json.dumps({"runs": {"steps": [{"uses": f"{n}@v1"} for n in names]}})),
    "go": ("go.mod", r"[a-z]{1,5}\.org/[A-Za-z][A-Za-z0-9._-]{0,8}(/v[2-9])?",
           lambda names: "require (\n" + "".join(f"\t{n} v1.0.0\n" for n in names) + ")\n"),
    "helm": ("Chart.yaml", r"[a-z][a-z0-9-]{0,8}",
             lambda names: "dependencies:\n" + "".join(f"- {{name: '{n}', repository: '@x'}}\n" for n in names)),
    "javascript": ("package.json", r"(@[a-z]{1,4}/)?[a-zA-Z][a-z0-9._-]{0,8}",
                   lambda names: json.dumps({"dependencies": dict.fromkeys(names, "^1")})),
    "jvm": ("build.gradle", r"[a-z]{1,5}(\.[a-z]{1,5})?:[a-z][a-z0-9-]{0,8}",
            lambda names: "dependencies {\n" + "".join(f"  implementation '{n}:1.0'\n" for n in names) + "}\n"),
    "nix": ("flake.nix", r"(?!(inherit|self)$)[a-z][a-z0-9_-]{0,8}",
            lambda names: "{ inputs = {" + "".join(f' {n}.url = "github:o/{n}";' for n in names) + " }; }\n"),
    "php": ("composer.json", r"[a-z][a-z0-9]{0,5}/[a-z][a-z0-9_.-]{0,6}[a-z]",
            lambda names: json.dumps({"require": {"php": "^8", **dict.fromkeys(names, "^1")}})),
    "python": ("requirements.txt", r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?",
               lambda names: "".join(f"{n}>=1\n" for n in names)),
    "ruby": ("Gemfile", r"[A-Za-z][A-Za-z0-9_.-]{0,8}", lambda names: "".join(f'gem "{n}", "~> 1"\n' for n in names)),
    "rust": ("Cargo.toml", r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?",
             lambda names: "[dependencies]\n" + "".join(f'{n} = "1"\n' for n in names)),
    "submodules": (".gitmodules", r"[a-z]{1,4}\.org/[a-z][a-z0-9-]{0,8}",
                   lambda names: "".join(f'[submodule "{n}"]\n\turl = https://{n}.git\n' for n in names)),
    "swift": ("Package.swift", r"[a-z][a-z0-9_.-]{0,6}[a-z]",
              lambda names: "".join(f'.package(url: "https://x.org/{n}", from: "1.0.0")\n' for n in names)),
    "terraform": ("a.tf", r"[a-z][a-z0-9-]{0,6}/[a-z][a-z0-9_-]{0,6}/aws",
                  lambda names: "".join(f'module "a" {{\n  source = "{n}"\n}}\n' for n in names)),
}  # fmt: skip

READERS = {reader.ecosystem: reader for reader in all_readers()}
FILES = [
    pytest.param(READERS[ecosystem], path, text, id=f"{ecosystem}-{path}")
    for ecosystem, samples in SAMPLES.items()
    for path, text in samples.items()
    if ecosystem in READERS and (READERS[ecosystem].is_manifest(path) or READERS[ecosystem].is_lock(path))
]


def judge(reader: Reader, path: str, content: bytes) -> Manifest | str:
    """The manifest, or in words why there is none; fails on any other end."""
    try:
        found = (read if reader.is_manifest(path) else read_lock)(reader, path, content)
    except Unreadable as error:
        assert error.reason.strip()
        assert error.reason.isprintable(), error.reason
        return error.reason
    for table in (found.names, found.local, found.replaced, found.pins):
        for key, each in table.items():
            assert key == (f"{each.ecosystem}:{each.name}" if each.ecosystem else each.name) != ""
            assert 0 <= each.line <= content.count(b"\n") + content.count(b"\r") + 1
    return found


def test_every_reader_has_its_samples() -> None:
    for ecosystem, reader in READERS.items():
        paths = SAMPLES.get(ecosystem, {})
        assert any(reader.is_manifest(path) for path in paths), f"SAMPLES has no manifest for {ecosystem}"
        assert ecosystem in ROUND_TRIPS, f"ROUND_TRIPS has nothing for {ecosystem}"
        assert all(reader.is_manifest(path) or reader.is_lock(path) for path in paths), (
            f"{ecosystem} reads none of its samples"
        )
        if reader.read_lock:
            assert any(reader.is_lock(path) for path in paths), f"SAMPLES has no lock file for {ecosystem}"


@pytest.mark.parametrize(("reader", "path", "text"), FILES)
def test_a_sample_is_read_alike_with_any_line_end_and_mark(reader: Reader, path: str, text: str) -> None:
    found = judge(reader, path, text.encode())
    assert isinstance(found, Manifest)
    assert found != Manifest()
    assert judge(reader, path, b"\xef\xbb\xbf" + text.encode()) == found
    assert judge(reader, path, text.replace("\n", "\r\n").encode()) == found


@pytest.mark.parametrize(("reader", "path", "text"), FILES)
@pytest.mark.parametrize(
    "garbage",
    [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"\x1f\x8b\x08\x00\x00\x00\x00\x00", b"\x00" * 10, b"PK\x03\x04\x14\x00"],
    ids=["png", "gzip", "nul", "zip"],
)
def test_what_is_no_text_never_passes(reader: Reader, path: str, text: str, garbage: bytes) -> None:
    assert isinstance(judge(reader, path, garbage), str)


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda sample: b"",
    "blank": lambda sample: b" \n" * 1_000,
    "nul within": lambda sample: sample[:10] + b"\x00" + sample[10:],
    "no utf-8": lambda sample: sample[:10] + b"\xff\xfe\x80" + sample[10:],
    "no utf-8 at the end": lambda sample: sample + b"\xc3",
    "utf-16": lambda sample: sample.decode().encode("utf-16"),
    "cut off": lambda sample: sample[: len(sample) // 2],
    "twice": lambda sample: sample * 2,
    "line of 10 MB": lambda sample: b"a" * 10_000_000,
    "sample and a line of 1 MB": lambda sample: sample + b"a" * 1_000_000,
    "1 MB of spaces": lambda sample: sample + b" " * 1_000_000,
    "1 MB of line ends": lambda sample: sample + b"\n" * 1_000_000,
    "laughs": lambda sample: b"a: &a [x,x,x,x]\n" + b"".join(b"b%d: &a [*a,*a,*a,*a]\n" % i for i in range(40)),
    "entities": lambda sample: b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
}  # fmt: skip
DEEP = ("(", "[", "{", '{"a":', "[[", "<a>", "- ", "? ", "do ", '"#{', '"\\(', "a.", "/*", "if ", "${", "%(")


@pytest.mark.parametrize(("reader", "path", "text"), FILES)
@pytest.mark.slow
def test_the_hostile_corpus_is_read_or_refused(reader: Reader, path: str, text: str) -> None:
    for make in HOSTILE.values():
        judge(reader, path, make(text.encode()))
    for word in DEEP:
        judge(reader, path, word.encode() * 10_000)
        judge(reader, path, text.encode() + word.encode() * 2_000)


PIECES = [
    "null", "1", "1e999", "[1]", "{}", '{"a": 1}', '""', '"', "'", "#", "\\", "\x00", "\n", "\r", "é", "\ud800", "{{",
    "}}", "#{x}", "*a", "&a ", "!!x ", "<<: ", "<![CDATA[", "&x;", "=>", "do", "end", "(", ")", "\t", "  ", "true",
]  # fmt: skip
WORD = r'"[^"\n]*"|\w+|\s+|[^\w\s]'


@st.composite
def mutated(draw: st.DrawFn, text: str) -> bytes:
    """A sample of which some words were lost, doubled, moved, or became something else."""
    words = re.findall(WORD, text)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(words) - 1))
        words[at] = draw(st.sampled_from([*PIECES, words[at] * 2, "", words[draw(st.integers(0, len(words) - 1))]]))
    return "".join(words).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(("reader", "path", "text"), FILES)
def test_arbitrary_bytes_are_a_manifest_or_unreadable(reader: Reader, path: str, text: str) -> None:
    @settings(max_examples=30, deadline=None)
    @given(
        st.binary(max_size=60) | st.text(max_size=60).map(lambda word: word.encode()) | mutated(text) | mutated(text)
    )
    @example(text.encode())
    def holds(content: bytes) -> None:
        judge(reader, path, content)

    holds()


@pytest.mark.parametrize("ecosystem", sorted(ROUND_TRIPS.keys() & READERS.keys()))
def test_generated_manifests_give_exactly_their_names(ecosystem: str) -> None:
    path, pattern, write = ROUND_TRIPS[ecosystem]

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.from_regex(pattern, fullmatch=True), unique_by=str.lower, max_size=8))
    def holds(names: list[str]) -> None:
        found = judge(READERS[ecosystem], path, write(names).encode())
        assert isinstance(found, Manifest), found
        assert set(found.names) == set(names)
        assert not found.dynamic

    holds()
