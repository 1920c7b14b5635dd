"""Requirements files, as pip reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from git_hotfix.manifests.formats.address import origin
from git_hotfix.manifests.python_files.requirement import COUNT, parse
from git_hotfix.manifests.registry import Declared, Manifest, Scope, Unreadable, decode, manifest_of

# The registry that pip takes by itself; the older name redirects to it, and early Pipfiles name its top.
_OWN_INDEX = ("https://pypi.org/simple", "https://pypi.python.org/simple", "https://pypi.org")
_COMMENT = re.compile(r"(^|\s)#.*$")
_OPTION = re.compile(r"\s--?[A-Za-z].*$")
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s+|=|(?=\S))(.+)")
_INCLUDE = re.compile(r"(?:-r|--requirement)(?:\s+|=|(?=\S))(.+)")
_INDEX = re.compile(r"(?:^|\s)(?:-i|-f|--index-url|--pypi-url|--extra-index-url|--find-links)(?:\s+|=|(?<=-[if]))(\S+)")


def index_of(url: str) -> str:
    """The index as it stands in `indexes`; "" for the one that installers take by themselves."""
    bare = origin(url.strip("\"' "))
    return "" if bare in _OWN_INDEX else bare


def read_file(content: bytes, *, scope: Scope, includes: Callable[[str], bool]) -> Manifest:
    """Read a requirements file. `includes` says of a `-r` path whether it is read as a file of its own; any other
    include is only known by running pip, and stands in `dynamic`."""
    text = decode(content)
    if "\0" in text:
        raise Unreadable("it holds a NUL byte")
    declared: list[Declared] = []
    dynamic: set[str] = set()
    indexes: dict[str, int] = {}
    for number, line in _logical_lines(text):
        include = _INCLUDE.fullmatch(line)
        if include:
            if not includes(include.group(1).strip("\"' ")):
                dynamic.add(f"-r {include.group(1)}")
            continue
        editable = _EDITABLE.fullmatch(line)
        if line.startswith("-") and not editable:
            for index in filter(None, map(index_of, _INDEX.findall(line))):
                indexes.setdefault(index, number)
            continue
        wanted = _OPTION.sub("", editable.group(1).strip("\"' ") if editable else line)
        try:
            found = parse(wanted, scope=scope, line=number)
        except Unreadable as error:
            raise Unreadable(f"line {number}: {error.reason}") from error
        declared += [found] if found else []
        if len(declared) > COUNT:
            raise Unreadable(f"it lists more than {COUNT} requirements")
    return manifest_of(declared, dynamic=dynamic, indexes=indexes)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines as pip joins them: a backslash continues a line, but never one that is all comment. A line ends wherever
    `str.splitlines` ends one (pip's req_file.py), at a form feed too."""
    parts: list[str] = []
    first = 0
    for number, line in enumerate(text.splitlines(), start=1):
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
