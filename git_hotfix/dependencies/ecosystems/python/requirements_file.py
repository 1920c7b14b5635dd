"""Requirements files, as pip reads them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from functools import lru_cache
from optparse import OptionParser
from typing import NamedTuple, NoReturn

from git_hotfix.dependencies.ecosystems.python.requirement import COUNT, parse
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, decode, manifest_of
from git_hotfix.dependencies.syntax.address import origin
from git_hotfix.dependencies.syntax.lines import with_line_feeds

# The registry that pip takes by itself; the older name redirects to it, and early Pipfiles name its top.
_OWN_INDEX = ("https://pypi.org/simple", "https://pypi.python.org/simple", "https://pypi.org")
_WITH_VALUE = (
    "no-binary only-binary trusted-host use-feature global-option install-option hash config-settings config-setting"
    " allow-external allow-unverified".split()
)
_WITHOUT_VALUE = (
    "no-index prefer-binary require-hashes pre process-dependency-links always-unzip use-wheel no-use-wheel"
    " allow-all-external".split()
)
_CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_COMMENT = re.compile(r"(^|\s)#.*$")
_OPTION = re.compile(r"\s--?[A-Za-z].*$")
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s+|=|(?=\S))(.+)")
_INCLUDE = re.compile(r"(-r|--requirement|-c|--constraint)(?:\s*=\s*|\s+|(?<=^-[rc])(?=\S))(.+)")
_INDEX = re.compile(r"(?:^|\s)(?:-i|-f|--index-url|--pypi-url|--extra-index-url|--find-links)(?:\s+|=|(?<=-[if]))(\S+)")


def index_of(url: str) -> str:
    """The index as it stands in `indexes`; "" for the one that installers take by themselves."""
    bare = origin(url.strip("\"' "))
    return "" if bare in _OWN_INDEX else bare


def read_file(content: bytes, *, scope: Scope, includes: Callable[[str], bool]) -> Manifest:
    """Read a requirements file. `includes` says of a `-r` or `-c` path whether that file is read as well; any other is
    only known by running pip, and stands in `dynamic`."""
    declared: list[Dependency] = []
    dynamic: set[str] = set()
    indexes: dict[str, int] = {}
    for number, line in _logical_lines(_text(content)):
        wanted, options = _parts(line)
        if options:
            for index in filter(None, map(index_of, options.indexes)):
                indexes.setdefault(index, number)
            dynamic |= {f"{option} {file}" for option, file in options.files if not includes(file)}
        for text in wanted:
            try:
                found = parse(text, scope=scope, line=number)
            except Unreadable as error:
                raise Unreadable(f"line {number}: {error.reason}") from error
            declared += [found] if found else []
        if len(declared) > COUNT:
            raise Unreadable(f"it lists more than {COUNT} requirements")
    return manifest_of(declared, dynamic=dynamic, indexes=indexes)


def read_constraints(content: bytes, *, includes: Callable[[str], bool]) -> Manifest:
    """Read a file of constraints: a version is a pin, which brings nothing, and what stands at a URL is taken from
    there wherever it is asked for."""
    found = read_file(content, scope="runtime", includes=includes)
    every = (*found.names.values(), *found.local.values())
    return manifest_of(
        (),
        dynamic=found.dynamic,
        indexes=found.indexes,
        pins=(each for each in every if each.source == "registry"),
        replaced=(each for each in every if each.source != "registry"),
    )


def included_files(content: bytes) -> list[tuple[str, bool]]:
    """The files that a requirements file includes; True for one of constraints."""
    found: list[tuple[str, bool]] = []
    for _, line in _logical_lines(_text(content)):
        _, options = _parts(line)
        found += [(file, option == "-c") for option, file in options.files] if options else []
    return found


class _Options(NamedTuple):
    """What the options of one line name: indexes, and files of requirements (`-r`) and constraints (`-c`)."""

    indexes: list[str]
    files: list[tuple[str, str]]


def _parts(line: str) -> tuple[list[str], _Options | None]:
    """The requirements of a line, and its options where it has no requirement: pip ignores them beside one."""
    tokens = line.split(" ")
    at = next((place for place, token in enumerate(tokens) if token.startswith("-")), len(tokens))
    if at:
        return [_OPTION.sub("", line)], None
    try:
        given, _ = _parser().parse_args(shlex.split(line))
    except ValueError:  # pip would refuse it, another tool may know the option
        editable = _EDITABLE.fullmatch(line)
        if editable:
            return [_OPTION.sub("", editable.group(1).strip("\"' "))], None
        include = _INCLUDE.fullmatch(line)
        files = [(include.group(1)[:2].replace("--", "-"), include.group(2).strip("\"' "))] if include else []
        return [], _Options(_INDEX.findall(line), files)
    if given.editables:
        return [_OPTION.sub("", given.editables[0])], None
    # Of several only the first is read, and constraints only without requirements (pip's req_file.py).
    files = [("-r", file) for file in given.requirements[:1]] or [("-c", file) for file in given.constraints[:1]]
    return [], _Options(given.indexes, files)


class _Refusal(OptionParser):
    """A parser that raises ValueError where it would end the process."""

    def error(self, msg: str) -> NoReturn:
        raise ValueError(msg)


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[tuple[str, ...], str], ...]:
    words = "-e --editable>editables -r --requirement>requirements -c --constraint>constraints"
    words += "".join(f" {each}>indexes" for each in ("-i --index-url --pypi-url --extra-index-url", "-f --find-links"))
    words += "".join(f" --{each}>rest" for each in _WITH_VALUE)
    found: list[tuple[tuple[str, ...], str]] = []
    options: tuple[str, ...] = ()
    for word in words.split():
        option, _, name = word.partition(">")
        options = (*options, option)
        if name:
            found.append((options, name))
            options = ()
    return tuple(found)


def _parser() -> OptionParser:
    """A parser of the options that a line may have (pip's SUPPORTED_OPTIONS and SUPPORTED_OPTIONS_REQ)."""
    parser = _Refusal(add_help_option=False)
    for options, name in _names():
        parser.add_option(*options, dest=name, action="append", default=[])
    for option in _WITHOUT_VALUE:
        parser.add_option(f"--{option}", action="store_true")
    return parser


def _text(content: bytes) -> str:
    """`content` as pip decodes it: by a byte order mark, or as one of the first two lines says (`# coding: utf-7`).

    Raises `Unreadable` or ValueError for what that is not.
    """
    for line in content.split(b"\n")[:2]:
        said = _CODING.search(line) if line.startswith(b"#") else None
        if said and not content.startswith(_MARKS):
            try:
                text = content.decode(said.group(1).decode("ascii"))
            except LookupError as error:
                raise Unreadable("its first lines name no encoding of text") from error
            break
    else:
        text = decode(content)
    if "\0" in text:
        raise Unreadable("it holds a NUL byte")
    return text


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines as pip joins them: a backslash continues a line, but never one that is all comment. A line ends wherever
    `str.splitlines` ends one (pip's req_file.py), at a form feed too."""
    parts: list[str] = []
    first = 0
    for number, line in enumerate(with_line_feeds(text, "python").split("\n"), start=1):
        if not parts:
            if not line:
                continue
            first = number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            parts.append(line[:-1])
            continue
        # A comment inside a continued line ends it, as pip has it.
        joined = "".join([*parts, (" " + line) if line.lstrip().startswith("#") else line])
        parts = []
        stripped = _COMMENT.sub("", joined).strip()
        if stripped:
            yield first, stripped
    stripped = _COMMENT.sub("", "".join(parts)).strip()
    if stripped:
        yield first, stripped
