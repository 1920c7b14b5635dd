"""Which hunks keep the target's lines: a version, an entry of a changelog, and nothing that could be code."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.model.conflict_text import Hunk, Piece, chosen, hunks, identity, normalized, parse
from git_hotfix.model.policy import Backport
from git_hotfix.planning.keep_target import settled, way

DEFAULT = Backport()
OURS, THEIRS = "a" * 40, "b" * 40


def pieces(text: str, ours: str, theirs: str) -> tuple[Piece, ...]:
    """`text` with a hunk where it has an @."""
    before, _, after = text.partition("@")
    return (before.encode(), Hunk(ours.encode(), theirs.encode()), after.encode())


def answer(path: str, text: str, ours: str, theirs: str, policy: Backport = DEFAULT) -> str | None:
    found = settled(path, pieces(text, ours, theirs), policy, ours=b"\n", theirs=b"\n")
    return found[1].decode() if found else None


PYPROJECT = '[project]\nname = "app"\n@dependencies = ["a==1"]\n'
POETRY = '[tool.poetry]\nname = "app"\n@\n[tool.poetry.dependencies]\npython = "^3.10"\n'
PACKAGE = '{\n  "name": "app",\n@  "dependencies": {"a": "1"}\n}\n'
LOCK = (
    '{\n  "name": "app",\n  "version": "1.5.0",\n  "packages": {\n    "": {\n@      "license": "MIT"\n    }\n  }\n}\n'
)
POM = "<project>\n  <artifactId>app</artifactId>\n@  <name>App</name>\n</project>\n"
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
    ],
)
def test_the_targets_lines_stay(path: str, text: str, ours: str, theirs: str) -> None:
    assert answer(path, text, ours, theirs) == text.replace("@", ours)
    if "\n" in text:  # with the line ends of Windows too
        crlf = [each.replace("\n", "\r\n") for each in (text, ours, theirs)]
        assert answer(path, *crlf) == crlf[0].replace("@", crlf[1])


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
        ("pom.xml", "<!DOCTYPE a><project>\n@</project>", "<version>1</version>\n", "<version>2</version>\n"),
        ("Cargo.toml", "[dependencies.b]\n@", 'version = "1"\n', 'version = "2"\n'),
        ("setup.cfg", "[bumpversion]\n@", "version = 1\n", "version = 2\n"),
        ("Chart.yaml", "dependencies:\n- name: a\n@", "  version: 1\n", "  version: 2\n"),
        ("setup.cfg", "[metadata]\n@" + "[x]\n" * 100_000, "version = 1\n", "version = 2\n"),
    ],
)
def test_nothing_else_does(path: str, text: str, ours: str, theirs: str) -> None:
    assert answer(path, text, ours, theirs) is None


def test_both_stay_where_the_policy_says_union() -> None:
    policy = Backport(union=("CHANGELOG.md", "package.json", "VERSION"))
    assert answer("CHANGELOG.md", "# Changes\n@- old\n", "- new\n", "- fixed\n", policy) == (
        "# Changes\n- new\n- fixed\n- old\n"
    )
    # never for a version or a manifest, whose two lines are no file
    assert answer("VERSION", "@", "1.5.0\n", "1.4.3\n", policy) == "1.5.0\n"
    assert answer("package.json", PACKAGE, '  "version": "2",\n', '  "version": "1",\n', policy) == (
        PACKAGE.replace("@", '  "version": "2",\n')
    )


def test_what_a_team_names_and_what_it_leaves_out() -> None:
    team = Backport(keep_target=("generated/*.txt",))
    assert answer("generated/a.txt", "@", "a\n", "b\n", team) == "a\n"
    assert [way(path, team) for path in ("VERSION", "CHANGELOG.md", "package.json")] == [None, None, None]


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
    assert settled("NEWS", parsed, DEFAULT, **kept) == ("keep-target", merge_file(folder, "--ours"))
    assert settled("NEWS", parsed, Backport(union=("NEWS",)), **kept) == ("union", merge_file(folder, "--union"))


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
    assert (identity(parsed, "sha1"), normalized(parsed)) == (folder.name, (folder / "preimage").read_bytes())
    assert chosen(parsed, lambda hunk: hunk.ours) == f"b\n{middle}c\r\n".encode()
