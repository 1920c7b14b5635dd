"""What the gates of dependencies share: both sides of each changed manifest, read once, and what the base knows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from gate_facts import Trees, between, change

from git_hotfix.dependencies import changes as reading
from git_hotfix.dependencies import compare
from git_hotfix.gates import judge
from git_hotfix.model.change import ChangeSet
from git_hotfix.model.names import Oid
from git_hotfix.model.policy import Files

GATES = ("new-dependency", "dependency-source", "dependency-change", "lockfile")
FILES = Files()
Tree = dict[str, bytes | None]


@dataclass
class Counting(Trees):
    """Trees that remember which blobs each call asked for, and whether the whole base was."""

    asked: list[tuple[Oid, ...]] = field(default_factory=list)
    listed: int = 0

    def blobs(self, oids: Iterable[Oid]) -> Mapping[Oid, bytes | None]:
        wanted = tuple(dict.fromkeys(oids))
        self.asked.append(wanted)
        return super().blobs(wanted)

    def base_files(self) -> Mapping[str, Oid]:
        self.listed += 1
        return super().base_files()


def test_four_gates_fetch_once_and_parse_once() -> None:
    base: Tree = {"pyproject.toml": b"[project]\nname = 'once'\n", "poetry.lock": b"", "src/app.py": b"1"}
    tip: Tree = {
        "pyproject.toml": b"[project]\nname = 'once'\nversion = '2'\n",
        "poetry.lock": b"# once\n",
        "src/app.py": b"2",
    }
    given = between(base, tip)
    content = Counting(base, tip)
    reading._parse.cache_clear()
    judge(replace(given, content=content), only=GATES)
    assert reading._parse.cache_info().misses == 4
    asked = {frozenset(oids) for oids in content.asked}
    every = frozenset({"base:pyproject.toml", "tip:pyproject.toml", "base:poetry.lock", "tip:poetry.lock"})
    # What was read once is remembered.
    assert set(content.asked[0]) == every
    assert all(each <= every for each in asked)
    assert content.listed == 0


def test_pairs() -> None:
    base: Tree = {"requirements.txt": b"a", "old/package.json": b"{}", "gone/Cargo.toml": b"", "bad/package.json": b"{"}
    tip: Tree = {"requirements.txt": b"b", "new/package.json": b"{", "bad/package.json": b"{}", "yarn.lock": b""}
    changes = ChangeSet(
        (
            change("requirements.txt"),
            change("new/package.json", "R", old="old/package.json"),
            change("gone/Cargo.toml", "D"),
            change("bad/package.json"),
            change("yarn.lock", "A"),
            change("src/app.py"),
        )
    )
    pairs = reading.changed_manifests(changes, Trees(base, tip), FILES)
    assert [(pair.path, pair.reader.ecosystem, list(pair.before.names), list(pair.after.names)) for pair in pairs] == [
        ("requirements.txt", "python", ["a"], ["b"]),
        ("new/package.json", "javascript", [], []),
        ("gone/Cargo.toml", "rust", [], []),
        ("bad/package.json", "javascript", [], []),
    ]
    assert [(bool(pair.lost), pair.unread and pair.unread.path) for pair in pairs] == [
        (False, None), (False, "new/package.json"), (False, None), (True, None),
    ]  # fmt: skip
    assert [pair.path for pair in reading.changed_locks(changes, Trees(base, tip), FILES)] == ["yarn.lock"]


def test_a_manifest_that_becomes_one_of_another_ecosystem_is_two() -> None:
    base: Tree = {"requirements.txt": b"a"}
    tip: Tree = {"package.json": b'{"dependencies": {"b": "1"}}'}
    changes = ChangeSet((change("package.json", "R", old="requirements.txt"),))
    pairs = reading.changed_manifests(changes, Trees(base, tip), FILES)
    assert [(pair.reader.ecosystem, list(pair.before.names), list(pair.after.names)) for pair in pairs] == [
        ("python", ["a"], []),
        ("javascript", [], ["b"]),
    ]


def test_what_the_base_knows_comes_from_the_readers_that_can_know_it() -> None:
    tree: Tree = {
        "requirements.txt": b"a",
        "deep/down/requirements.txt": b"b",
        "environment.yml": b"dependencies:\n - numpy=1\n - pip:\n   - c\n",
        "package.json": b'{"dependencies": {"d": "1"}}',
        "tests/requirements.txt": b"e",
        "web/requirements.txt": b"{{ x }}",
    }
    base = compare.read_base(Trees(tree), FILES, {"python"})
    assert list(base.sides) == ["environment.yml", "requirements.txt", "deep/down/requirements.txt"]
    assert list(base.lost) == ["web/requirements.txt"]
    known = compare.merge_sides((), base)
    assert {name for ecosystem, name in known.names.keys() | known.besides if ecosystem == "python"} == {
        "a", "b", "c", "numpy",
    }  # fmt: skip
    assert compare.find_paths(Trees(tree), FILES, {"javascript"}) == ("package.json",)


def test_shown() -> None:
    assert compare.shorten_text("^1.2") == "^1.2"
    assert (
        compare.shorten_text("https://me:hunter2@example.org/a.git?token=hunter2")
        == "https://example.org/a.git?token=…"
    )
    assert compare.shorten_text("x" * 80) == "x" * 80
    assert compare.shorten_text("x" * 81) == "x" * 79 + "…"


def test_paths_that_are_no_text_and_hostile_contents_are_read_or_said() -> None:
    path = os.fsdecode(b"caf\xe9/package.json")
    tip: Tree = {path: b"[" * 100_000, " lead/requirements.txt": b"a" * 6_000_000, 'q"\n/Cargo.toml': b"\xff\xfe\x00"}
    changes = ChangeSet(tuple(change(each, "A") for each in tip))
    pairs = reading.changed_manifests(changes, Trees({}, tip), FILES)
    assert [pair.unread.message if pair.unread else "" for pair in pairs] == [
        "cannot be read: it is nested too deeply",
        "cannot be read: it is larger than 5 MB",
        pairs[2].unread.message if pairs[2].unread else "",
    ]
    assert all(pair.unread for pair in pairs)
