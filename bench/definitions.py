"""Measure how far the definitions that `git_hotfix.symbols` finds agree with Universal Ctags on real code.

    python bench/definitions.py REPOSITORY… [--language ID] [--show 5]
    python bench/definitions.py --tree FILE     # what its grammar calls the nodes of a file

A repository is a directory or a git directory (its HEAD is read). Per language: how many files, and in how many of them
both find the same set of (kind, name without what it stands in, line) of types and functions. Files above 1 MB, those
that are not text, and those that do not parse are left out, the last by their number. Ctags is taken as it is
installed, with its default kinds, of which these count:

            types                                             functions
python      class                                             function, member
javascript  class                                             function, generator, method, getter, setter
typescript  class, interface, enum                            function, generator, method
java        class, interface, enum, annotation                method
kotlin      class, interface, object                          method
go          struct, interface, type                           func
csharp      class, interface, enum, struct                    method
c, c++      class, struct, union, enum, and a typedef of an   function
            unnamed one of these
ruby        class, module                                     method, singletonMethod
php         class, interface, trait                           function
rust        struct, enum, interface                           function, method
shell                                                         function

What ctags names by itself (`__anon…`, `<lambda>`, `Companion`) has no name on its line and does not count. Ctags 5.9 is
older than much of today's syntax (records, `string?`, raw strings, annotated types) and loses its way in it. For what
we read without a grammar (C, C++, shell, Python) every difference is shown to a third, the grammar of the language,
where that is installed (bench/referee.py): the column "with referee" counts the files in which it sides with us in
every difference, "ctags wrong" the names, and "we miss" and "we add" what is then left. Ctags knows neither Scala nor
Swift.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import referee

from git_hotfix.symbols import tree
from git_hotfix.symbols.languages import language_of
from git_hotfix.symbols.model import Definition, FileSymbols
from git_hotfix.symbols.read import symbols_of

CTAGS = "ctags"
SIZE = 1_000_000  # bytes
Mark = tuple[str, str, int]

_TYPE, _FUNCTION = "type", "function"
KINDS: dict[str, dict[str, str]] = {
    "Python": {"class": _TYPE, "function": _FUNCTION, "member": _FUNCTION},
    "JavaScript": {"class": _TYPE} | dict.fromkeys(["function", "generator", "method", "getter", "setter"], _FUNCTION),
    "TypeScript": dict.fromkeys(["class", "interface", "enum"], _TYPE)
    | dict.fromkeys(["function", "generator", "method"], _FUNCTION),
    "Java": dict.fromkeys(["class", "interface", "enum", "annotation"], _TYPE) | {"method": _FUNCTION},
    "Kotlin": dict.fromkeys(["class", "interface", "object"], _TYPE) | {"method": _FUNCTION},
    "Go": dict.fromkeys(["struct", "interface", "type"], _TYPE) | {"func": _FUNCTION},
    "C#": dict.fromkeys(["class", "interface", "enum", "struct"], _TYPE) | {"method": _FUNCTION},
    "C": dict.fromkeys(["struct", "union", "enum"], _TYPE) | {"function": _FUNCTION},
    "C++": dict.fromkeys(["class", "struct", "union", "enum"], _TYPE) | {"function": _FUNCTION},
    "Ruby": {"class": _TYPE, "module": _TYPE, "method": _FUNCTION, "singletonMethod": _FUNCTION},
    "PHP": dict.fromkeys(["class", "interface", "trait"], _TYPE) | {"function": _FUNCTION},
    "Rust": dict.fromkeys(["struct", "enum", "interface"], _TYPE) | {"function": _FUNCTION, "method": _FUNCTION},
    "Sh": {"function": _FUNCTION},
}


BEYOND_CTAGS = ("scala", "swift")
SUFFIXES = {"python": ".py", "ruby": ".rb", "shell": ".sh", "php": ".php", "kotlin": ".kt", "javascript": ".js"}


@dataclass
class Tally:
    """What was seen of one language."""

    files: int = 0
    agree: int = 0
    settled: int = 0  # files that differ from ctags only where the referee is of our opinion
    wrong: int = 0  # marks in which ctags is wrong, by the referee
    notes: Counter[str] = field(default_factory=Counter)
    missed: int = 0  # marks that only ctags has
    added: int = 0  # marks that only we have
    marks: int = 0
    shown: list[str] = field(default_factory=list)


def main() -> int:
    """Print the table; exit 2 without ctags."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repositories", nargs="*", type=Path, metavar="REPOSITORY")
    parser.add_argument("--language", help="only this one")
    parser.add_argument("--show", type=int, default=0, help="print so many files a language that differ")
    parser.add_argument("--tree", type=Path, metavar="FILE", help="print the nodes of this file, and nothing else")
    options = parser.parse_args()
    if options.tree:
        return show_tree(options.tree)
    if shutil.which(CTAGS) is None:
        print("Universal Ctags is not installed: nothing to compare with", file=sys.stderr)
        return 2
    tallies: dict[str, Tally] = defaultdict(Tally)
    for repository in options.repositories:
        with tempfile.TemporaryDirectory(prefix="bench-definitions-") as name:
            compare(repository, Path(name), tallies, only=options.language)
    show(tallies, most=options.show)
    return 0


def compare(repository: Path, folder: Path, tallies: dict[str, Tally], *, only: str | None) -> None:
    """FileFind the symbols of every file of one repository with both, and add to the tallies."""
    ours: dict[str, tuple[str, FileSymbols, bytes]] = {}
    for number, (path, content) in enumerate(sources(repository)):
        symbols = symbols_of(path, content)
        if symbols is None or (only and symbols.language != only):
            continue
        if symbols.unread or symbols.note or symbols.broken:
            tallies[symbols.language].notes[symbols.unread or symbols.note or "does not parse"] += 1
            continue
        # A folder of its own: ctags tells languages by the name, and knows fewer endings.
        suffix = SUFFIXES.get(symbols.language)
        copy = folder / str(number) / (f"{number}{suffix}" if suffix else Path(path).name)
        copy.parent.mkdir()
        copy.write_bytes(content)
        ours[str(copy)] = (f"{repository.parent.name}:{path}", symbols, content)
    tags = ctags(folder, [file for file, (_, symbols, _) in ours.items() if symbols.language not in BEYOND_CTAGS])
    for file, (path, symbols, content) in ours.items():
        if symbols.language not in BEYOND_CTAGS:
            judge(path, symbols, tags.get(file, []), content, tallies[symbols.language])


def sources(repository: Path) -> Iterator[tuple[str, bytes]]:
    """Every text file of HEAD up to 1 MB: path, content."""
    listed = git(repository, "ls-tree", "-r", "-z", "-l", "HEAD")
    entries = []
    for line in listed.split(b"\0"):
        head, _, path = line.partition(b"\t")
        mode, _, oid, size = (*head.split(), b"", b"", b"", b"")[:4]
        if mode in (b"100644", b"100755") and size.isdigit() and int(size) <= SIZE:
            entries.append((path.decode("utf-8", "surrogateescape"), oid))
    answer = git(repository, "cat-file", "--batch", stdin=b"".join(oid + b"\n" for _, oid in entries))
    position = 0
    for path, _ in entries:
        end = answer.index(b"\n", position)
        words = answer[position:end].split()
        if words[-1] == b"missing":
            position = end + 1
            continue
        content = answer[end + 1 : end + 1 + int(words[2])]
        position = end + 2 + int(words[2])
        if b"\0" not in content:
            yield path, content


def git(repository: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    command = ["git", "-c", "safe.directory=*", "-C", str(repository), *arguments]
    return subprocess.run(command, input=stdin, check=True, capture_output=True).stdout


def ctags(folder: Path, files: Iterable[str]) -> dict[str, list[dict[str, object]]]:
    """The tags of each file, as ctags prints them."""
    command = [CTAGS, "--options=NONE", "--output-format=json", "--fields=+nKlteE", "--extras=-q", "-L", "-", "-f", "-"]
    done = subprocess.run(command, input="\n".join(files).encode(), check=True, capture_output=True, cwd=folder)
    tags: dict[str, list[dict[str, object]]] = defaultdict(list)
    for line in done.stdout.decode("utf-8", "replace").split("\n")[:-1]:
        tag = json.loads(line)
        if tag["_type"] == "tag":
            tags[tag["path"]].append(tag)
    return tags


def theirs(tags: Iterable[dict[str, object]], lines: list[str]) -> set[Mark]:
    """What ctags found of types and functions, but for names that it made up: those do not stand on their line."""
    marks: set[Mark] = set()
    for tag in tags:
        language, kind, name = str(tag.get("language")), str(tag["kind"]), str(tag["name"])
        ours = KINDS.get(language, {}).get(kind)
        # `typedef struct {…} Name`: the type is known by that name only.
        if kind == "typedef" and language in ("C", "C++") and "__anon" in str(tag.get("typeref", "")):
            ours = _TYPE
        line = int(str(tag["line"]))
        if ours and line <= len(lines) and name.strip("`").removesuffix("=").rpartition(" ")[2] in lines[line - 1]:
            marks.add((ours, plain(name), line))
    return marks


def plain(name: str) -> str:
    """A name without quotes, an operator's without blanks."""
    return "".join(name.split()) if name.startswith("operator") else name.strip("`")


def judge(path: str, symbols: FileSymbols, tags: list[dict[str, object]], content: bytes, tally: Tally) -> None:
    """Compare one file; where both differ, ask the referee who is right."""
    text = content.decode("utf-8", "replace")
    right = theirs(tags, text.split("\n"))
    left = {_mark(each, right) for each in symbols.definitions}
    tally.files += 1
    tally.marks += len(left | right)
    if left == right:
        tally.agree += 1
        return
    if referee.knows(symbols.language):
        third = {
            (kind, plain(name).rpartition(".")[2], line)
            for kind, name, line in referee.marks(symbols.language, content)
        }
        # Whose mark the third does not see, or who lacks what it sees, is wrong.
        ours = {
            each for each in left ^ right if ((each[0], each[1].rpartition(".")[2], each[2]) in third) is (each in left)
        }
        tally.settled += left ^ right == ours
        tally.wrong += len(ours)
        left, right = left - ours, right - ours
    if left == right:
        return
    tally.missed += len(right - left)
    tally.added += len(left - right)
    lines = text.split("\n")
    only = [f"  - {mark}" for mark in sorted(right - left, key=str)[:4]]
    more = [f"  + {mark}" for mark in sorted(left - right, key=str)[:4]]
    for mark in sorted(left ^ right, key=str)[:2]:
        more.append(f"      {mark[2]}: {lines[mark[2] - 1].strip()[:110] if mark[2] <= len(lines) else ''}")
    tally.shown.append("\n".join([path, *only, *more]))


def _mark(definition: Definition, right: set[Mark]) -> Mark:
    """A definition as a mark; a name may hold dots, so the one that ctags has on the line tells how it is cut."""
    own = ".".join(map(plain, definition.name.split(".")))
    for kind, name, line in right:
        if (kind, line) == (definition.kind, definition.line) and f".{own}".endswith(f".{name}"):
            return kind, name, line
    return definition.kind, own.rpartition(".")[2], definition.line


def show(tallies: dict[str, Tally], *, most: int) -> None:
    """The table, then the files that differ."""
    print("language      files  agree %  with referee %   marks  ctags wrong  we miss  we add  by note")
    for language, tally in sorted(tallies.items()):
        share, settled = (100 * each / max(1, tally.files) for each in (tally.agree, tally.agree + tally.settled))
        by = "" if referee.knows(language) else " (none)"
        print(
            f"{language:12}{tally.files:7}{share:9.1f}{settled:16.1f}{tally.marks:8}{tally.wrong:13}"
            f"{tally.missed:9}{tally.added:8}{sum(tally.notes.values()):9}{by}"
        )
    for language, tally in sorted(tallies.items()):
        for note, count in tally.notes.items():
            print(f"{language}: not compared, {count} files: {note}")
        for text in tally.shown[:most]:
            print(f"{language}: {text}")


def show_tree(file: Path) -> int:
    """Print the tree of a file by the grammar of its ending; exit 2 where none reads it."""
    language = language_of(file.name)
    if language is None or not language.package:
        print(f"no grammar reads {file}", file=sys.stderr)
        return 2
    root = tree._parser(language.package, language.grammar).parse(file.read_bytes()).root_node
    pending = [(root, "", 0)]
    while pending:
        node, field, depth = pending.pop()
        text = repr(node.text.decode("utf-8", "replace")[:60]) if not node.child_count else ""
        print(f"{'  ' * depth}{field}{node.type} {text}".rstrip())
        children = [(node.field_name_for_child(index), each) for index, each in enumerate(node.children)]
        pending += [
            (each, f"{name}: " if name else "", depth + 1) for name, each in reversed(children) if each.is_named
        ]
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
