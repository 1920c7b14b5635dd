"""conda: environments, recipes and lock files, whole results."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.conda import READER
from git_hotfix.dependencies.ecosystems.conda.match import parse
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read, read_lock, reader_of


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("environment.yml", True), ("ci/environment-3.10.yaml", True), ("dev_environment.yml", True),
        ("conda.yaml", True), ("conda-env.yml", True), ("recipe/meta.yaml", True), ("recipe.yaml", True),
        ("conda-forge.yml", False), (".github/workflows/conda.yml", False), ("environments.yml", False),
        ("environment.ts", False), ("mkdocs.yml", False),
    ],
)  # fmt: skip
def test_which_files_are_read(path: str, expected: bool) -> None:
    assert READER.is_manifest(path) is expected
    assert (reader_of(path) is READER) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NumPy", Declared("numpy")),
        ("numpy=1.2", Declared("numpy", "=1.2")),
        ("numpy >=1.2,<2", Declared("numpy", ">=1.2,<2")),
        ("numpy 1.2.* py_0", Declared("numpy", "1.2.* py_0")),
        ("conda-forge::ruamel.yaml==1", Declared("ruamel.yaml", "==1", origin="conda-forge")),
        ("conda-forge/linux-64::a", Declared("a", origin="conda-forge")),
        ("https://x.org/t/secret/ours::a", Declared("a", origin="https://x.org/t/…/ours")),
        ("a[version='>=1,<2', build=py_0]", Declared("a", ">=1,<2")),
        ("_libgcc_mutex", Declared("_libgcc_mutex")),
        (
            "https://x.org/t/secret/linux-64/My-Lib-1.0-py_0.conda#abc",
            Declared("my-lib", "", "url", origin="https://x.org/t/…/linux-64/My-Lib-1.0-py_0.conda"),
        ),
    ],
)
def test_one_requirement(text: str, expected: Declared) -> None:
    assert parse(text) == expected


ENVIRONMENT = """\
name: app
channels:
  - defaults
  - conda-forge
  - https://conda.anaconda.org/t/secret/ours/
dependencies:
  - python=3.11
  - numpy>=1.2
  - ruamel.yaml
  - pip
  - pip:
      - Requests==2
      - -r requirements.txt
      - -r ../more.lst
      - git+https://x.org/o/fork@v1
      - --extra-index-url https://x.org/simple
      - -e ./near
"""


def test_environment() -> None:
    assert read(READER, "environment.yml", ENVIRONMENT.encode()) == Manifest(
        names={
            "python": Declared("python", "=3.11", line=7),
            "numpy": Declared("numpy", ">=1.2", line=8),
            "ruamel.yaml": Declared("ruamel.yaml", line=9),
            "pip": Declared("pip", line=10),
            "python:requests": Declared("requests", "==2", line=12, ecosystem="python"),
            "python:fork": Declared("fork", "v1", "git", line=15, origin="https://x.org/o/fork", ecosystem="python"),
        },
        dynamic=frozenset({"-r ../more.lst"}),
        local={"python:near": Declared("near", "", "path", line=17, origin="./near", ecosystem="python")},
        indexes={"conda-forge": 4, "https://conda.anaconda.org/t/…/ours": 5, "https://x.org/simple": 16},
        known=frozenset({("python", name) for name in ("python", "numpy", "ruamel-yaml", "pip")}),
    )


def test_what_an_environment_is_for() -> None:
    assert read(READER, "docs/environment.yml", b"dependencies: [a]").names["a"].scope == "development"
    assert read(READER, "environment-dev.yml", b"dependencies: [a]").names["a"].scope == "development"
    assert read(READER, "environment.yml", b"# nothing\n") == Manifest()


META = """\
{% set name = "My_App" %}
{% set version = "1.0" %}
{% set data = load_setup_py_data(
    permit_undefined_jinja=True) %}
package:
  name: {{ name|lower }}
  version: {{ version }}
build:
  script: make  # [win]
  script: make all  # [not win]
requirements:
  build:
    - {{ compiler('c') }}
    - {{ posix }}zip
  host:  # [linux]
    - hosted
  host:  # [osx]
    - other >={{ version }}
  run:
    - python >={{ python_min }}
    - {{ pin_compatible('numpy') }}
    - {{ pin_subpackage('my_app-core', exact=True) }}
  run_constrained:
    - beside <2
test:
  requires:
    - pytest
outputs:
  - name: {{ name|lower }}-core
    requirements:
      - listed
    test:
      requires: [mock]
"""


def test_recipe_with_templates() -> None:
    found = read(READER, "recipe/meta.yaml", META.encode())
    assert found == Manifest(
        names={
            "c-compiler": Declared("c-compiler", scope="build", line=13),
            "hosted": Declared("hosted", scope="build", line=16),
            "other": Declared("other", ">=1.0", scope="build", line=18),
            "python": Declared("python", ">={{ python_min }}", line=20),
            "numpy": Declared("numpy", line=21),
            "pytest": Declared("pytest", scope="development", line=27),
            "listed": Declared("listed", line=31),
            "mock": Declared("mock", scope="development", line=33),
        },
        own=frozenset({"my_app", "my_app-core"}),
        dynamic=frozenset({"{{ posix }}zip"}),
        pins={"beside": Declared("beside", "<2", line=24)},
        known=found.known,
    )
    names = "c-compiler hosted other python numpy pytest listed mock beside".split()
    assert found.known == {("python", name) for name in names}


RECIPE = """\
context:
  name: app
package:
  name: ${{ name }}
requirements:
  build:
    - ${{ compiler('c') }}
    - if: win
      then: m2-sed
      else: [sed, grep]
  run:
    - numpy >=1
    - ${{ "jom" if win else "make" }}
tests:
  - python: {imports: [app]}
  - requirements:
      run: [pytest]
outputs:
  - package: {name: app-core}
    requirements:
      run: [inner]
"""


def test_recipe_without() -> None:
    found = read(READER, "recipe.yaml", RECIPE.encode())
    assert found == Manifest(
        names={
            "c-compiler": Declared("c-compiler", scope="build", line=7),
            "m2-sed": Declared("m2-sed", scope="build", line=9),
            "sed": Declared("sed", scope="build", line=10),
            "grep": Declared("grep", scope="build", line=10),
            "numpy": Declared("numpy", ">=1", line=12),
            "pytest": Declared("pytest", scope="development", line=17),
            "inner": Declared("inner", line=21),
        },
        own=frozenset({"app", "app-core"}),
        dynamic=frozenset({'${{ "jom" if win else "make" }}'}),
        known=frozenset({("python", name) for name in "c-compiler m2-sed sed grep numpy pytest inner".split()}),
    )


LOCK = """\
version: 1
package:
- name: NumPy
  version: 1.26.4
  manager: conda
  platform: linux-64
  url: https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py311_0.conda
  category: main
- name: pytest
  version: 8.0.0
  manager: conda
  category: dev
- name: Typing_Extensions
  version: 4.0.0
  manager: pip
- name: fork
  version: 0.0.0
  manager: pip
  url: git+https://x.org/o/fork@0123abc
"""


def test_lock() -> None:
    assert READER.is_lock("conda-lock.yml")
    assert read_lock(READER, "conda-lock.yml", LOCK.encode()) == Manifest(
        names={
            "numpy": Declared("numpy", "1.26.4", line=3),
            "pytest": Declared("pytest", "8.0.0", scope="development", line=9),
            "python:typing-extensions": Declared("typing-extensions", "4.0.0", line=13, ecosystem="python"),
            "python:fork": Declared("fork", "0123abc", "git", "runtime", 16, "https://x.org/o/fork", "python"),
        },
        known=frozenset({("python", "numpy"), ("python", "pytest")}),
    )


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("environment.yml", b"- a"), ("environment.yml", b"a: ["), ("environment.yml", b"dependencies: ['!a']"),
        ("environment.yml", b"dependencies: [[a]]"), ("environment.yml", b"dependencies: [{pip: [{a: b}]}]"),
        ("environment.yml", b"dependencies: [{pip: ['a b']}]"), ("environment.yml", b"channels: [{a: b}]"),
        ("environment.yml", b"dependencies: ['" + b"a" * 9_000 + b"']"), ("environment.yml", b"\xff"),
        ("environment.yml", b"dependencies: ['https://x.org/a.zip']"), ("environment.yml", b"a: !!python/object:x {}"),
        ("meta.yaml", b"- a"), ("meta.yaml", b"a: ["), ("meta.yaml", b"requirements: {run: ['!']}"),
        ("conda-lock.yml", b"package: {}"), ("conda-lock.yml", b"package: [{version: 1}]"), ("conda-lock.yml", b"a: 1"),
    ],
)  # fmt: skip
def test_unreadable(path: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        (read_lock if READER.is_lock(path) else read)(READER, path, content)


@pytest.mark.slow
def test_templates_cost_linear_time() -> None:
    for text in ("{%" * 100_000, "{{" * 100_000, "{{ {" * 50_000, "\n" * 200_000, "a:  # [" * 30_000, " " * 300_000):
        try:
            read(READER, "meta.yaml", text.encode())
        except Unreadable as error:
            assert error.reason


WORDS = st.sampled_from(
    "package:\n|requirements:\n|  run:\n|  - |name: |dependencies:\n|pip:\n|{{ |}}|{% set |%}|a|::|=|>=1|  # [win]\n|"
    "[|]|{|}|\n|  |channels:|- |outputs:\n|test|https://".split("|")
)


@settings(max_examples=200, deadline=None)
@given(
    path=st.sampled_from(["environment.yml", "meta.yaml", "recipe.yaml", "conda-lock.yml"]),
    content=st.binary(max_size=100) | st.lists(WORDS, max_size=30).map(lambda words: "".join(words).encode()),
)
def test_arbitrary_bytes_are_read_or_unreadable(path: str, content: bytes) -> None:
    try:
        found = (read_lock if READER.is_lock(path) else read)(READER, path, content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(declared.name for declared in found.names.values())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.from_regex(r"[a-z_][a-z0-9._-]{0,10}", fullmatch=True), unique=True, max_size=8))
def test_generated_manifests_give_exactly_their_names(names: list[str]) -> None:
    items = "".join(f"\n    - '{name} >=1'" for name in names)
    for path, text in (
        ("environment.yml", f"dependencies:{items}\n"),
        ("meta.yaml", f"requirements:\n  run:{items}\n"),
        ("recipe.yaml", f"requirements:\n  run:{items}\n"),
    ):
        found = read(READER, path, text.encode())
        assert {name: declared.version for name, declared in found.names.items()} == dict.fromkeys(names, ">=1"), path
        assert all(declared.line for declared in found.names.values())
