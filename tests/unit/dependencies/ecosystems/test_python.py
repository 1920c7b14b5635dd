"""Python manifests: every form, whole results."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.python import READER
from git_hotfix.dependencies.ecosystems.python.requirement import is_development, parse
from git_hotfix.dependencies.ecosystems.python.requirements_file import included_files
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read


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
        ("constraints.txt", True), ("requirements/constraints.txt", True), ("robots.txt", False),
        ("Pipfile.lock", False), ("my_setup.py", False), ("requirements.md", False), ("notrequirements.txt", False),
    ],
)  # fmt: skip
def test_which_files_are_read(path: str, expected: bool) -> None:
    assert READER.is_manifest(path) is expected


REQUIREMENTS = """\
# base
Flask==1.0 \\
    --hash=sha256:abc \\
    --hash=sha256:def
-r requirements/base.txt
-c constraints.txt
--index-url https://pypi.org/simple --extra-index-url https://me:secret@x.org/simple/
-i "${INDEX}"
-fhttps://x.org/links.html
--find-links=./wheels
-e .
-e git+https://x.org/o/my_lib.git@v1#egg=My.Lib
git+https://me@x.org/o/other-repo.git@feature/x
git+git@x.org:o/third.git@v3
hg+https://x.org/h@tip#egg=hh
https://x.org/p/foo_bar-1.0-py3-none-any.whl
https://github.com/o/django-x/archive/main.zip
pytz==2004d
./local[x]
wheels/other_local-1.0.whl
requests[socks]>=2; python_version<"3"  # why
named @ https://x.org/y.zip#sha256=1
commit @ git+ssh://git@x.org/o/c@0123abc
third-local @ file:///x
"""


def test_requirements() -> None:
    assert manifest("requirements.txt", REQUIREMENTS) == Manifest(
        names={
            "flask": Declared("flask", "==1.0", line=2),
            "my-lib": Declared("my-lib", "v1", "git", line=12, origin="https://x.org/o/my_lib"),
            "other-repo": Declared("other-repo", "feature/x", "git", line=13, origin="https://x.org/o/other-repo"),
            "third": Declared("third", "v3", "git", line=14, origin="git@x.org:o/third"),
            "hh": Declared("hh", "tip", "url", line=15, origin="hg+https://x.org/h"),
            "foo-bar": Declared("foo-bar", "", "url", line=16, origin="https://x.org/p/foo_bar-1.0-py3-none-any.whl"),
            "django-x": Declared(
                "django-x", "", "url", line=17, origin="https://github.com/o/django-x/archive/main.zip"
            ),
            "pytz": Declared("pytz", "==2004d", line=18),
            "requests": Declared("requests", ">=2", line=21),
            "named": Declared("named", "", "url", line=22, origin="https://x.org/y.zip"),
            "commit": Declared("commit", "0123abc", "git", line=23, origin="ssh://x.org/o/c"),
        },
        local={
            "local": Declared("local", "", "path", line=19, origin="./local"),
            "other-local": Declared("other-local", "", "path", line=20, origin="wheels/other_local-1.0.whl"),
            "third-local": Declared("third-local", "", "path", line=24, origin="file:///x"),
        },
        indexes={"https://x.org/simple": 7, "${INDEX}": 8, "https://x.org/links.html": 9, "./wheels": 10},
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_requirements_in_any_encoding_that_pip_takes(encoding: str, ending: str) -> None:
    content = ending.join(["# é", "a==1", "b", ""]).encode(encoding)
    assert shown("requirements.txt", content) == [("a", "==1", "runtime", 2), ("b", "", "runtime", 3)]


@pytest.mark.parametrize("end", ["\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\r", "\r\n"])
def test_a_requirement_ends_where_pip_ends_a_line(end: str) -> None:
    """pip's req_file.py splits by `str.splitlines`: what follows is a requirement, not a part of the comment."""
    found = read(READER, "requirements.txt", f"requests==2.31.0 # see the ticket{end}evil==1\n".encode())
    assert {name: each.line for name, each in found.names.items()} == {"requests": 1, "evil": 2}


def test_files_that_nothing_can_follow_are_dynamic() -> None:
    text = "-r more.lst\n--requirement=../up.txt\n-c https://x.org/c.txt\n-r ${HOME}/x.txt\n-r /etc/x"
    assert manifest("requirements.txt", text) == Manifest(
        dynamic=frozenset({"-r ../up.txt", "-c https://x.org/c.txt", "-r ${HOME}/x.txt", "-r /etc/x"})
    )
    setuptools = "[tool.setuptools.dynamic]\ndependencies = {file = ['requirements.txt', '../deps.lst']}\n"
    assert manifest("pyproject.toml", setuptools) == Manifest(dynamic=frozenset({"file = ../deps.lst"}))
    config = "[options]\ninstall_requires = file: requirements.txt, ../deps.lst\n"
    assert manifest("setup.cfg", config) == Manifest(dynamic=frozenset({"file: ../deps.lst"}))


@pytest.mark.parametrize(
    ("line", "files"),
    [
        ("-r a.lst", [("a.lst", False)]),
        ("-ra.lst", [("a.lst", False)]),
        ("-r=a.lst", [("=a.lst", False)]),  # optparse has no sign in a short option
        ("--requirement=a.lst", [("a.lst", False)]),
        ("--requirem a.lst", [("a.lst", False)]),  # cut short, where no other begins so
        ("--constr 'a b.txt'", [("a b.txt", True)]),
        ('-"r" a.lst', [("a.lst", False)]),  # shlex takes quotes away
        ("-r\ta.lst", [("a.lst", False)]),
        ("-r \\\n  a.lst", [("a.lst", False)]),
        ("--pre --no-index -ca.txt", [("a.txt", True)]),
        ("-c a.txt -r b.lst -r c.lst", [("b.lst", False)]),  # the first, and requirements before constraints
        ("a==1 -r b.lst", []),  # pip ignores options beside a requirement
        ("-e . -r b.lst", []),
        ("# -r a.lst", []),
        ("-r a.lst # b", [("a.lst", False)]),
        ("--unknown -r a.lst", []),  # pip refuses the line
    ],
)
def test_includes_are_read_as_pip_reads_options(line: str, files: list[tuple[str, bool]]) -> None:
    """pip's req_file.py: `break_args_options`, then shlex, then optparse."""
    assert included_files(line.encode()) == files


def test_requirements_are_decoded_as_their_first_lines_say() -> None:
    """pip's utils/encoding.py: `# coding: …` in one of the first two lines, as PEP 263 has it."""
    hidden = b"# -*- coding: utf-7 -*-\nrequests # see +AAo-evil\n"
    assert [each[0] for each in shown("requirements.txt", hidden)] == ["evil", "requests"]
    assert [each[0] for each in shown("requirements.txt", b"\n\n" + hidden)] == ["requests"]
    assert [each[0] for each in shown("requirements.txt", b"# coding=latin-1\na # \xe9\n")] == ["a"]
    for name in (b"rot13", b"no-such"):
        with pytest.raises(Unreadable, match="no encoding of text"):
            read(READER, "requirements.txt", b"# coding: " + name + b"\na\n")


def test_constraints_bring_nothing_and_move_what_stands_at_a_url() -> None:
    text = "a==1\nb @ https://x.org/b.zip\n-i https://x.org/simple\n"
    assert manifest("constraints.txt", text) == Manifest(
        pins={"a": Declared("a", "==1", line=1)},
        replaced={"b": Declared("b", "", "url", line=2, origin="https://x.org/b.zip")},
        indexes={"https://x.org/simple": 3},
    )


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
  "direct @ git+https://x.org/d@v2",
]
[project.optional-dependencies]
test = ["pytest"]
s3 = ["boto3"]
[dependency-groups]
dev = ["ruff", {include-group = "types"}]
types = ["mypy"]
prod = ["gunicorn", {include-group = "Data_Base"}]
data-base = ["psycopg"]
[tool.flit.metadata]
module = "fl"
requires = ["flx"]
requires-extra = {doc = ["sphinx"]}
"""


def test_pyproject() -> None:
    assert manifest("pyproject.toml", PYPROJECT) == Manifest(
        names={
            "hatchling": Declared("hatchling", scope="build", line=2),
            "requests": Declared("requests", ">=2", line=7),
            "direct": Declared("direct", "v2", "git", line=8, origin="https://x.org/d"),
            "pytest": Declared("pytest", scope="development", line=11),
            "boto3": Declared("boto3", scope="optional", line=12),
            "ruff": Declared("ruff", scope="development", line=14),
            "mypy": Declared("mypy", scope="development", line=15),
            "gunicorn": Declared("gunicorn", line=16),
            "psycopg": Declared("psycopg", line=17),
            "flx": Declared("flx", line=20),
            "sphinx": Declared("sphinx", scope="development", line=21),
        },
        own=frozenset({"my-app", "fl"}),
    )


POETRY = """\
[tool.poetry]
name = "app"
[[tool.poetry.source]]
name = "private"
url = "https://me:secret@x.org/simple/"
[[tool.poetry.source]]
name = "PyPI"
[tool.poetry.dependencies]
python = "^3"
Django = {version = "^4", extras = ["a"], source = "PyPI"}
ours = {version = "1", source = "private"}
beside = {path = "../x"}
fork = {git = "https://x.org/y.git", branch = "main"}
several = [{version = "1", python = "<3"}, {url = "https://x.org/s.whl", python = ">=3"}]
wheel = {file = "wheels/w.whl"}
[tool.poetry.dev-dependencies]
old = "*"
[tool.poetry.group.dev.dependencies]
black = "*"
[tool.poetry.requires-plugins]
plugin = ">=1"
[tool.poetry.dependencies.alone]
version = "2"
[tool.poetry.dependencies."with.dot"]
version = "3"
"""


def test_poetry() -> None:
    assert manifest("pyproject.toml", POETRY) == Manifest(
        names={
            "django": Declared("django", "^4", line=10),
            "ours": Declared("ours", "1", line=11, origin="private"),
            "fork": Declared("fork", "main", "git", line=13, origin="https://x.org/y"),
            "several": Declared("several", "", "url", line=14, origin="https://x.org/s.whl"),
            "old": Declared("old", scope="development", line=17),
            "black": Declared("black", scope="development", line=19),
            "plugin": Declared("plugin", ">=1", scope="build", line=21),
            "alone": Declared("alone", "2", line=22),
            "with-dot": Declared("with-dot", "3", line=24),
        },
        own=frozenset({"app"}),
        local={
            "beside": Declared("beside", "", "path", line=12, origin="../x"),
            "wheel": Declared("wheel", "", "path", line=15, origin="wheels/w.whl"),
        },
        indexes={"https://x.org/simple": 5},
    )


def test_poetry_beside_the_project_table_says_where_it_is_taken_from() -> None:
    text = (
        "[project]\ndependencies = ['a>=1', 'b', 'c']\n[tool.poetry.dependencies]\n"
        "a = {source = 'private'}\nb = {path = '../b'}\nc = {python = '>3'}\nd = '1'\n"
    )
    assert manifest("pyproject.toml", text) == Manifest(
        names={
            "a": Declared("a", ">=1", line=2, origin="private"),
            "c": Declared("c", line=2),
            "d": Declared("d", "1", line=7),
        },
        local={"b": Declared("b", "", "path", line=2, origin="../b")},
    )


UV = """\
[project]
dependencies = ["libx", "torch>=2", "tool", "both"]
[tool.uv]
dev-dependencies = ["uvx"]
constraint-dependencies = ["pinned<2"]
override-dependencies = ["moved @ https://x.org/m.whl"]
extra-index-url = ["https://pypi.org/simple", "https://x.org/a"]
find-links = ["./wheels"]
[[tool.uv.index]]
name = "pytorch"
url = "https://x.org/torch"
[tool.uv.sources]
libx = {workspace = true}
torch = [{index = "pytorch", marker = "sys_platform == 'linux'"}]
tool = {git = "https://x.org/t.git", tag = "v1"}
both = [{path = "../both", extra = "x"}, {index = "pytorch"}]
member = {workspace = true}
brought = {url = "https://x.org/b.zip"}
"""


def test_uv() -> None:
    expected = Manifest(
        names={
            "torch": Declared("torch", ">=2", line=2, origin="pytorch"),
            "tool": Declared("tool", "v1", "git", line=2, origin="https://x.org/t"),
            "both": Declared("both", line=2, origin="pytorch"),
            "uvx": Declared("uvx", scope="development", line=4),
        },
        local={
            "libx": Declared("libx", "", "path", line=2, origin="workspace"),
            "both": Declared("both", "", "path", line=2, origin="../both"),
            "member": Declared("member", "", "path", line=17, origin="workspace"),
        },
        indexes={"https://x.org/torch": 11, "https://x.org/a": 7, "./wheels": 8},
        replaced={
            "moved": Declared("moved", "", "url", line=6, origin="https://x.org/m.whl"),
            "brought": Declared("brought", "", "url", line=18, origin="https://x.org/b.zip"),
        },
        pins={"pinned": Declared("pinned", "<2", line=5)},
    )
    assert manifest("pyproject.toml", UV) == expected
    assert manifest("uv.toml", "[[index]]\nurl = 'https://x.org/i'\n") == Manifest(indexes={"https://x.org/i": 2})


PDM_AND_HATCH = """\
[tool.pdm.dev-dependencies]
a = ["-e file:///${PROJECT_ROOT}/x", "pdmx"]
[tool.pdm.resolution.overrides]
asgiref = "3.2.10"
urllib3 = "https://x.org/u.whl"
[[tool.pdm.source]]
url = "https://x.org/pdm"
[tool.hatch.envs.default]
dependencies = ["hx", "self @ {root:uri}"]
[tool.hatch.envs.default.overrides]
platform.windows.dependencies = ["winx", {value = "winy>1", if = ["a"]}]
matrix.v.extra-dependencies = ["mx"]
[tool.hatch.build.targets.wheel.hooks.mypyc]
dependencies = ["hatch-mypyc"]
[tool.hatch.metadata.hooks.requirements_txt]
files = ["requirements.txt", "deps.lst"]
"""


def test_pdm_and_hatch() -> None:
    assert manifest("pyproject.toml", PDM_AND_HATCH) == Manifest(
        names={
            "pdmx": Declared("pdmx", scope="development", line=2),
            "hx": Declared("hx", scope="development", line=9),
            "winx": Declared("winx", scope="development", line=11),
            "winy": Declared("winy", ">1", scope="development", line=11),
            "mx": Declared("mx", scope="development", line=12),
            "hatch-mypyc": Declared("hatch-mypyc", scope="build", line=14),
        },
        local={
            "x": Declared("x", "", "path", "development", 2, "file:///${PROJECT_ROOT}/x"),
            "self": Declared("self", "", "path", "development", 9, "{root:uri}"),
        },
        indexes={"https://x.org/pdm": 7},
        replaced={"urllib3": Declared("urllib3", "", "url", line=5, origin="https://x.org/u.whl")},
        pins={"asgiref": Declared("asgiref", "==3.2.10", line=4)},
    )
    assert manifest("hatch.toml", "[envs.x]\ndependencies = ['a']\n") == Manifest(
        names={"a": Declared("a", scope="development", line=2)}
    )


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


def test_setup_cfg_with_defaults() -> None:
    text = "[DEFAULT]\ninstall_requires = hidden\n[options]\nzip_safe = no\n"
    assert shown("setup.cfg", text) == [("hidden", "", "runtime", 2)]


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
url = "https://pypi.org/simple"
name = "pypi"
[[source]]
url = "https://$USER:$PASSWORD@x.org"
name = "ours"
[packages]
Requests = {version = "*", index = "pypi"}
mine = {version = "1", index = "ours"}
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
    assert manifest("Pipfile", PIPFILE) == Manifest(
        names={
            "requests": Declared("requests", line=8),
            "mine": Declared("mine", "1", line=9, origin="ours"),
            "fork": Declared("fork", "x", "git", line=11, origin="https://x.org/y"),
            "pytest": Declared("pytest", ">=7", scope="development", line=13),
            "sphinx": Declared("sphinx", scope="development", line=15),
        },
        local={"here": Declared("here", "", "path", line=10, origin=".")},
        indexes={"https://x.org": 5},
    )


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
        ("setup.cfg", b"[options]\na\n  b\n"), ("setup.cfg", b"[options]\n" + b"a\n" * 200_000),
        ("setup.cfg", b"["), ("setup.cfg", b"[options]\ninstall_requires = a b"), ("setup.cfg", b"x" * 600_000),
        ("setup.py", b"("), ("setup.py", b"\0"), ("setup.py", b"-" * 100_000 + b"1"), ("setup.py", b"print 'x'"),
        ("setup.py", b"setup(install_requires=['a b'])"), ("Pipfile", b"packages = 3"),
        ("Pipfile", b"[packages]\na = 3"),
        ("pyproject.toml", b"[tool.uv.sources]\na = 3"), ("pyproject.toml", b"[tool.uv]\noverride-dependencies = 3"),
        ("pyproject.toml", b"[tool.hatch.envs]\na = 3"), ("pyproject.toml", b"[tool.poetry]\nsource = {a = 1}"),
        ("pyproject.toml", b"[tool.uv.extra-build-dependencies]\na = 3"),
        ("pyproject.toml", b"tool.pdm.resolution.overrides.a = 3"),
        ("Pipfile", b"x" * 6_000_000),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:20]),
)  # fmt: skip
def test_unreadable(path: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        manifest(path, content)


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
    assert parse("C:\\wheels\\x.whl") == Declared("x", "", "path", origin="C:\\wheels\\x.whl")
    assert (parse("."), parse("..[x]"), parse("{root:uri}")) == (None, None, None)
    assert parse("a (>1)") == Declared("a", ">1")


def test_names_that_are_put_together_are_known_or_dynamic() -> None:
    found = manifest("setup.py", "setup(install_requires=['re' + 'dis>1', 'a==' + v] + ['b'])")
    assert (sorted(found.names), found.dynamic) == (["a", "b", "redis"], frozenset())
    found = manifest("setup.py", "from setuptools import setup\nsetup(install_requires=['re' + name()])")
    assert (found.names, found.dynamic) == ({}, frozenset({"'re' + name()"}))
