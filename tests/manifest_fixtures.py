"""Manifests of the real shape, and beside them what is read from each.

`tests/fixtures/dependencies/<ecosystem>/<case>/` holds files as a repository has them, `.fixture` after the real name,
so that no tool takes one for its own. `expected.json` has what is read from each, and under `why` a rule or a source
that the files do not tell. Where a case has several files of one name, a variant stands after an at sign:
`pom.xml@no-name.fixture` is read as `pom.xml`.

A new case is a folder with files in it (`.fixture` is added where it is missing), and then

    python tests/manifest_fixtures.py [folder …]

which writes what is read now into `expected.json` and prints what that changes. Look at it, and commit it.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import sys
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from git_hotfix.dependencies import registry
from git_hotfix.dependencies.oddities import find_oddities
from git_hotfix.dependencies.registry import (
    Dependency,
    Manifest,
    Reader,
    Unreadable,
    all_readers,
    find_reached,
    read,
    read_lock,
)

PRODUCT = Path(registry.__file__).parents[1]
TOP = Path(__file__).parent / "fixtures" / "dependencies"
SUFFIX = ".fixture"
VARIANT = re.compile("@[a-z0-9-]+$")  # Package@swift-5.9.swift is a name
EXPECTED = "expected.json"
WHY = "why"
NOTHING = "nothing is declared"
BY_LIBRARY = "in the words of a library"
WIDTH = 120  # columns of what is written; a value that fits into one line stands in one


class Fixture(NamedTuple):
    """One file of a case: `key` names it in `expected.json`, `path` is what its reader is told."""

    key: str
    path: str
    file: Path


def cases() -> list[Path]:
    """The folders of all cases, with `expected.json` or still without."""
    return sorted(case for case in TOP.glob("*/*") if case.is_dir())


def name_of(case: Path) -> str:
    """`<ecosystem>/<case>`."""
    return case.relative_to(TOP).as_posix()


def reader_for(case: Path) -> Reader:
    """The reader of the case's ecosystem."""
    ecosystem = case.relative_to(TOP).parts[0]
    return next(reader for reader in all_readers() if reader.ecosystem == ecosystem)


def files_of(case: Path) -> list[Fixture]:
    """The files of a case."""
    found = []
    for file in sorted(case.rglob(f"*{SUFFIX}")):
        key = file.relative_to(case).as_posix().removesuffix(SUFFIX)
        found.append(Fixture(key, VARIANT.sub("", key), file))
    return found


def result_of(reader: Reader, path: str, content: bytes) -> Any:
    """All that is read from one file, as JSON has it; what is as it mostly is (no version, the ecosystem's registry,
    needed at runtime) is left out."""
    try:
        result = _manifest((read_lock if reader.is_lock(path) else read)(reader, path, content))
    except Unreadable as error:
        result = _refusal(error)
    odd = [_row(odd._asdict(), {"line": 0, "hidden": ""}) for odd in find_oddities(reader, content)]
    reached = [
        _row(each._asdict(), {"development": False, "pattern": False, "optional": False})
        for each in sorted(find_reached(reader, path, content))
    ]
    found = {**result, "odd": odd, "reaches": reached}
    return {key: value for key, value in found.items() if value} or NOTHING


def _refusal(error: Unreadable) -> dict[str, str]:
    """Our own words as they are. A library's change with its releases, and so does the kind of its errors."""
    hint = {"hint": error.hint} if error.hint else {}
    cause = error.__cause__
    if cause is None or isinstance(cause, Unreadable):
        return {"refused": error.reason, **hint}
    raised = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(cause.__traceback__)][-1]
    ours = Path(raised).is_relative_to(PRODUCT) and not isinstance(cause, SyntaxError)
    theirs = (" ".join(str(words).split())[:20] for words in (cause, getattr(cause, "problem", "")))
    copied = any(words and words in error.reason for words in theirs)
    return {"refused": BY_LIBRARY if copied and not ours else error.reason, **hint}


def _manifest(manifest: Manifest) -> dict[str, Any]:
    return {
        "names": _declared(manifest.names),
        "own": sorted(manifest.own),
        "dynamic": sorted(manifest.dynamic),
        "local": _declared(manifest.local),
        "indexes": dict(sorted(manifest.indexes.items())),
        "replaced": _declared(manifest.replaced),
        "known": sorted(map(list, manifest.known)),
        "pins": _declared(manifest.pins),
    }


def _declared(declared: Mapping[str, Dependency]) -> dict[str, Any]:
    """By key, in the order of the file; the name stands there where it is not the key's end."""
    usual = {"version": "", "source": "registry", "scope": "runtime", "line": 0, "origin": "", "ecosystem": ""}
    rows = {}
    for key, each in sorted(declared.items(), key=lambda item: (item[1].line, item[0])):
        name = key.removeprefix(f"{each.ecosystem}:") if each.ecosystem else key
        rows[key] = _row({field: getattr(each, field) for field in ("name", *usual)}, {"name": name, **usual})
    return rows


def _row(values: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in usual or value != usual[name]}


def results_of(case: Path) -> dict[str, Any]:
    """What is read from every file of a case."""
    reader = reader_for(case)
    return {each.key: result_of(reader, each.path, each.file.read_bytes()) for each in files_of(case)}


def expected_of(case: Path) -> dict[str, Any]:
    """What a case says is read."""
    expected: dict[str, Any] = json.loads((case / EXPECTED).read_text(encoding="ascii"))
    expected.pop(WHY, None)
    return expected


def text_of(case: Path, results: Mapping[str, Any]) -> str:
    """`expected.json` with these results, and with the reason that it gives now."""
    expected = case / EXPECTED
    before = json.loads(expected.read_text(encoding="ascii")) if expected.exists() else {}
    return render({WHY: before[WHY], **results} if WHY in before else results) + "\n"


def render(value: Any, indent: int = 0, before: int = WIDTH) -> str:
    """JSON in which whatever fits into one line stands in one; `before`: the columns that stand before `value`."""
    line = json.dumps(value)
    if not value or not isinstance(value, (dict, list)) or before + len(line) < WIDTH:
        return line
    deeper = indent + 2
    pairs: Iterable[str]
    if isinstance(value, dict):
        keys = {key: f"{json.dumps(key)}: " for key in value}
        pairs = (keys[key] + render(each, deeper, deeper + len(keys[key])) for key, each in value.items())
    else:
        pairs = (render(each, deeper, deeper) for each in value)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    space = "\n" + " " * deeper
    return opening + space + f",{space}".join(pairs) + "\n" + " " * indent + closing


def add_suffixes(case: Path) -> None:
    """Give the files of a new case the suffix of fixtures, where the folder is one of a case."""
    for file in sorted(case.rglob("*")) if TOP in case.parents else ():
        if file.is_file() and not file.name.endswith((SUFFIX, EXPECTED)):
            file.rename(file.with_name(file.name + SUFFIX))


def write(case: Path) -> list[str]:
    """Write what is read into `expected.json`; returns what that changes, as lines of a diff."""
    expected = case / EXPECTED
    before = expected.read_text(encoding="ascii") if expected.exists() else ""
    after = text_of(case, results_of(case))
    if before != after:
        expected.write_text(after, encoding="ascii", newline="\n")
    name = f"{name_of(case)}/{EXPECTED}"
    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, lineterm=""))


def fault_of(case: Path) -> str:
    """Why nothing can be written for a folder; "" where it can."""
    if not case.is_dir() or case.parent.parent != TOP:
        return f"{case} is no folder of a case: {TOP}/<ecosystem>/<case>"
    ecosystems = [reader.ecosystem for reader in all_readers()]
    if case.parent.name not in ecosystems:
        return f"{case.parent.name} is no ecosystem: {', '.join(ecosystems)}"
    reader = reader_for(case)
    strays = [
        each.path for each in files_of(case) if not reader.is_manifest(each.path) and not reader.is_lock(each.path)
    ]
    return f"{reader.ecosystem} reads no file that is called {strays[0]}" if strays else ""


def main(arguments: list[str]) -> int:
    """Write the cases that are named, or all of them. Exit code 1 where one of them cannot or may not be written."""
    if os.environ.get("CI"):
        print("Nothing was written: what a test expects is written by a person who looks at it.", file=sys.stderr)
        return 1
    parser = argparse.ArgumentParser(description="Write what the readers read from the fixtures into expected.json.")
    parser.add_argument("cases", nargs="*", type=Path, help="folders with fixtures; without one, every case there is")
    chosen = [each.resolve() for each in parser.parse_args(arguments).cases] or cases()
    for case in chosen:
        add_suffixes(case)
    faults = [fault for fault in map(fault_of, chosen) if fault]
    if faults:
        print("Nothing was written:", *faults, sep="\n", file=sys.stderr)
        return 1
    for case in chosen:
        for line in write(case):
            print(line)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
