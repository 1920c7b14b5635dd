"""Python manifests: every form, whole results."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.manifests.python import READER
from git_hotfix.manifests.python_files.requirement import is_development, parse
from git_hotfix.manifests.registry import Declared, Manifest, Unreadable, read


def manifest(path: str, content: str | bytes) -> Manifest:
    return read(READER, path, content if isinstance(content, bytes) else content.encode())


def shown(path: str, content: str | bytes) -> list[tuple[str, str, str, int]]:
    """name, version, scope, line: sorted."""
    return sorted((d.name, d.version, d.scope, d.line) for d in manifest(path, content).names.values())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("requirements.txt", True), ("requirements-dev.txt", True), ("requirements.in", True),
        ("test_requirements.txt", True), ("a/requirements/prod.txt", True), ("pyproject.toml", True),
        ("x/setup.py", True), ("setup.cfg", True), ("Pipfile", True), ("requirement.txt", True),
        ("constraints.txt", False), ("requirements/constraints.txt", False), ("robots.txt", False),
        ("Pipfile.lock", False), ("my_setup.py", False), ("requirements.md", False), ("notrequirements.txt", False),
    ],
)  # fmt: skip
def test_which_files_are_read(path: str, expected: bool) -> None:
    assert READER.reads(path) is expected


REQUIREMENTS = """\
# base
Flask==1.0 \\
    --hash=sha256:abc \\
    --hash=sha256:def
-r requirements/base.txt
-c constraints.txt
--index-url https://x.org/simple
-e .
-e git+https://x.org/o/my_lib.git@v1#egg=My.Lib
git+https://x.org/o/other-repo.git@v1.2
https://x.org/p/foo_bar-1.0-py3-none-any.whl
https://github.com/o/django-x/archive/main.zip
pytz==2004d
./local
wheels/local-1.0.whl
requests[socks]>=2; python_version<"3"  # why
named @ https://x.org/y.zip
local @ file:///x
"""


def test_requirements() -> None:
    url = "url"
    assert manifest("requirements.txt", REQUIREMENTS) == Manifest(
        names={
            "flask": Declared("flask", "==1.0", line=2),
            "my-lib": Declared("my-lib", "git+https://x.org/o/my_lib.git@v1#egg=My.Lib", url, line=9),
            "other-repo": Declared("other-repo", "git+https://x.org/o/other-repo.git@v1.2", url, line=10),
            "foo-bar": Declared("foo-bar", "https://x.org/p/foo_bar-1.0-py3-none-any.whl", url, line=11),
            "django-x": Declared("django-x", "https://github.com/o/django-x/archive/main.zip", url, line=12),
            "pytz": Declared("pytz", "==2004d", line=13),
            "requests": Declared("requests", ">=2", line=16),
            "named": Declared("named", "https://x.org/y.zip", url, line=17),
        }
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_requirements_in_any_encoding_that_pip_takes(encoding: str, ending: str) -> None:
    content = ending.join(["# é", "a==1", "b", ""]).encode(encoding)
    assert shown("requirements.txt", content) == [("a", "==1", "runtime", 2), ("b", "", "runtime", 3)]


def test_files_that_are_not_read_by_themselves_are_dynamic() -> None:
    assert manifest("requirements.txt", "-r more.lst\n-r requirements-x.txt\n--requirement=../up.txt") == Manifest(
        dynamic=frozenset({"-r more.lst", "-r ../up.txt"})
    )
    setuptools = "[tool.setuptools.dynamic]\ndependencies = {file = ['requirements.txt', 'deps.lst']}\n"
    assert manifest("pyproject.toml", setuptools) == Manifest(dynamic=frozenset({"file = deps.lst"}))
    config = "[options]\ninstall_requires = file: requirements.txt, deps.lst\n"
    assert manifest("setup.cfg", config) == Manifest(dynamic=frozenset({"file: deps.lst"}))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("requirements-dev", True), ("requirements/test", True), ("docs/requirements", True), ("tests", True),
        ("lint", True), ("requirements", False), ("requirements/prod", False), ("s3", False), ("device", False),
        ("contest", False),
    ],
)  # fmt: skip
def test_what_is_for_development(name: str, expected: bool) -> None:
    assert is_development(name) is expected


PYPROJECT = """\
[build-system]
requires = ["hatchling"]
[project]
name = "My_App"
keywords = ["requests"]
dependencies = [
  "requests>=2",
  "libx",
]
[project.optional-dependencies]
test = ["pytest"]
s3 = ["boto3"]
[dependency-groups]
dev = ["ruff", {include-group = "types"}]
types = ["mypy"]
prod = ["gunicorn"]
[tool.uv.sources]
libx = {workspace = true}
[tool.uv]
dev-dependencies = ["uvx"]
constraint-dependencies = ["pinned<2"]
[tool.poetry.dependencies]
python = "^3"
Django = {version = "^4", extras = ["a"]}
beside = {path = "../x"}
fork = {git = "https://x.org/y"}
several = [{version = "1"}, {version = "2"}]
[tool.poetry.dev-dependencies]
old = "*"
[tool.poetry.group.dev.dependencies]
black = "*"
[tool.pdm.dev-dependencies]
a = ["-e file:///${PROJECT_ROOT}/x", "pdmx"]
[tool.hatch.envs.default]
dependencies = ["hx", "self @ {root:uri}"]
[tool.flit.metadata]
module = "fl"
requires = ["flx"]
requires-extra = {doc = ["sphinx"]}
"""


def test_pyproject() -> None:
    found = manifest("pyproject.toml", PYPROJECT)
    assert (found.own, found.dynamic) == (frozenset({"my-app", "fl"}), frozenset())
    assert shown("pyproject.toml", PYPROJECT) == [
        ("black", "", "development", 31),
        ("boto3", "", "optional", 12),
        ("django", "^4", "runtime", 24),
        ("flx", "", "runtime", 38),
        ("fork", "https://x.org/y", "runtime", 26),
        ("gunicorn", "", "runtime", 16),
        ("hatchling", "", "build", 2),
        ("hx", "", "development", 35),
        ("mypy", "", "development", 15),
        ("old", "", "development", 29),
        ("pdmx", "", "development", 33),
        ("pytest", "", "development", 11),
        ("requests", ">=2", "runtime", 7),
        ("ruff", "", "development", 14),
        ("several", "1", "runtime", 27),
        ("sphinx", "", "development", 39),
        ("uvx", "", "development", 20),
    ]


def test_the_scope_nearest_to_production_counts() -> None:
    text = "[project]\ndependencies = ['a']\n[dependency-groups]\ndev = ['a', 'b']\n"
    assert shown("pyproject.toml", text) == [("a", "", "runtime", 2), ("b", "", "development", 4)]


SETUP_CFG = """\
[metadata]
name = foo_pkg
[options]
install_requires =
    requests>=2
    # a comment
    six; python_version<"3"
setup_requires = pytest-runner; setuptools_scm
[options.extras_require]
test = pytest; mock
s3 =
  boto3
"""


def test_setup_cfg() -> None:
    assert manifest("setup.cfg", SETUP_CFG).own == frozenset({"foo-pkg"})
    assert shown("setup.cfg", SETUP_CFG) == [
        ("boto3", "", "optional", 12),
        ("mock", "", "development", 10),
        ("pytest", "", "development", 10),
        ("pytest-runner", "", "build", 8),
        ("requests", ">=2", "runtime", 5),
        ("setuptools-scm", "", "build", 8),
        ("six", "", "runtime", 7),
    ]


SETUP_PY = """\
from setuptools import setup
REQUIRED = ["a>=1", f"b=={V}", "c==%s" % V, "h=={}".format(V)]
REQUIRED += ["d"]
if windows:
    REQUIRED.append("e")
extras = {"test": ["pytest"], "s3": ["boto3"]}
extras["more"] = ["kk"]
options = dict(install_requires=REQUIRED + ["g"], tests_require=("nose",))
setup(name="self-pkg", extras_require=extras, setup_requires="wheel", **options)
"""


def test_setup_py() -> None:
    found = manifest("setup.py", SETUP_PY)
    assert (found.own, found.dynamic) == (frozenset({"self-pkg"}), frozenset())
    assert shown("setup.py", SETUP_PY) == [
        ("a", ">=1", "runtime", 2),
        ("b", "", "runtime", 2),
        ("boto3", "", "optional", 6),
        ("c", "", "runtime", 2),
        ("d", "", "runtime", 3),
        ("e", "", "runtime", 5),
        ("g", "", "runtime", 8),
        ("h", "", "runtime", 2),
        ("kk", "", "optional", 7),
        ("nose", "", "development", 8),
        ("pytest", "", "development", 6),
        ("wheel", "", "build", 9),
    ]


def test_setup_py_in_one_text() -> None:
    text = 'setup(**{"install_requires": """\n foo\n bar>1 ; python_version<"3"\n"""})\n'
    assert shown("setup.py", text) == [("bar", ">1", "runtime", 3), ("foo", "", "runtime", 2)]


@pytest.mark.parametrize(
    ("text", "dynamic"),
    [
        ("def setup_logging(): pass", frozenset()),
        ("setup(install_requires=f('a==1'))", frozenset({"f('a')"})),
        (
            "def f():\n    return open('r').read()\nsetup(install_requires=f())",
            frozenset({"def f():\n    return open('r').read()\nf()"}),
        ),
        ("import setuptools\nrun(setuptools)", frozenset({"import setuptools\nrun(setuptools)"})),
        (
            "r = []\nfor x in y:\n    r.append(x)\nsetup(install_requires=r)",
            frozenset({"[]\nfor x in y:\n    r.append(x)\nx"}),
        ),
    ],
)
def test_what_setup_py_computes_is_kept_as_text(text: str, dynamic: frozenset[str]) -> None:
    assert manifest("setup.py", text) == Manifest(dynamic=dynamic)


PIPFILE = """\
[[source]]
url = "https://x.org"
[packages]
Requests = "*"
here = {path = ".", editable = true}
fork = {git = "https://x.org/y", ref = "x"}
[dev-packages]
pytest = ">=7"
[docs]
sphinx = "*"
[requires]
python_version = "3"
"""


def test_pipfile() -> None:
    assert shown("Pipfile", PIPFILE) == [
        ("fork", "https://x.org/y", "runtime", 6),
        ("pytest", ">=7", "development", 8),
        ("requests", "", "runtime", 4),
        ("sphinx", "", "development", 10),
    ]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("pyproject.toml", b"["), ("pyproject.toml", b"\xff"), ("pyproject.toml", b"project = 3"),
        ("pyproject.toml", b"[project]\ndependencies = 'a'"), ("pyproject.toml", b"[project]\ndependencies = ['!']"),
        ("pyproject.toml", b"a." * 200 + b"a=1"), ("pyproject.toml", b"a=" + b"[" * 9000),
        ("pyproject.toml", b"[dependency-groups]\na = [{x = 1}]"),
        ("requirements.txt", b"a\0"), ("requirements.txt", b"a b"), ("requirements.txt", b"git+https://x"),
        ("requirements.txt", b"a" * 30_000), ("requirements.txt", b"a\n" * 30_000),
        ("requirements.txt", b"a;" + b"(" * 9000),
        ("setup.cfg", b"["), ("setup.cfg", b"[options]\ninstall_requires = a b"), ("setup.cfg", b"x" * 600_000),
        ("setup.py", b"("), ("setup.py", b"\0"), ("setup.py", b"-" * 100_000 + b"1"), ("setup.py", b"print 'x'"),
        ("setup.py", b"setup(install_requires=['a b'])"), ("Pipfile", b"packages = 3"),
        ("Pipfile", b"[packages]\na = 3"),
        ("Pipfile", b"x" * 6_000_000),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:20]),
)  # fmt: skip
def test_unreadable(path: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        manifest(path, content)


PATHS = ["pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "requirements.txt"]
WORDS = st.sampled_from(
    "[ ] { } = == \" ' , \n a 1 ; # -r -e @ :// git+ project dependencies setup( ) install_requires ** \\ \t ."
    " tool.poetry options packages x=[] +".split(" ")
)


@settings(max_examples=200, deadline=None)
@given(
    path=st.sampled_from(PATHS),
    content=st.binary(max_size=300) | st.lists(WORDS, max_size=30).map(lambda w: "".join(w).encode()),
)
def test_arbitrary_bytes_are_read_or_unreadable(path: str, content: bytes) -> None:
    try:
        found = manifest(path, content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(name == declared.name and name for name, declared in found.names.items())


NAMES = st.lists(
    st.from_regex(r"[a-z](?:[a-z0-9]|-(?=[a-z])){0,10}[a-z]", fullmatch=True).filter(lambda name: name != "python"),
    min_size=1, max_size=8, unique=True,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(names=NAMES, version=st.sampled_from(["", "==1.0", ">=2,<3", "~=1.4"]))
def test_generated_manifests_give_exactly_their_names(names: list[str], version: str) -> None:
    listed = [name + version for name in names]
    quoted = ", ".join(f'"{each}"' for each in listed)
    texts = {
        "requirements.txt": "\n".join(listed),
        "pyproject.toml": f"[project]\ndependencies = [{quoted}]\n",
        "setup.cfg": "[options]\ninstall_requires =\n" + "".join(f"  {each}\n" for each in listed),
        "setup.py": f"setup(install_requires=[{quoted}])",
        "Pipfile": "[packages]\n" + "".join(f'{name} = "{version or "*"}"\n' for name in names),
    }
    for path, text in texts.items():
        found = manifest(path, text)
        assert (set(found.names), found.dynamic) == (set(names), frozenset()), path
        assert all(declared.line for declared in found.names.values()), path


def test_one_requirement() -> None:
    assert parse(" Zope.Interface [x] >= 1 ") == Declared("zope-interface", ">=1")
    assert parse("C:\\wheels\\x.whl") is None
    assert parse("a (>1)") == Declared("a", ">1")
