"""git's own submodules, as the .gitmodules at the top declares them: other repositories, known by where they are.

One is named after host and path, so that another protocol for the same place is not a new name. A URL that begins with
`./` or `../` is relative to the superproject's own remote, and still another repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Dependency, Manifest, Reader, Unreadable, decode, manifest_of

_HEADER = r"\[([A-Za-z0-9.-]+)(?:[ \t]+\"((?:[^\"\\\n]|\\.)*)\")?\]"
_KEY = r"([A-Za-z][A-Za-z0-9-]*)[ \t]*(=|$)[ \t]*"
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", '"': '"', "\\": "\\"}
Setting = tuple[str, str, str, int]  # subsection, key in lower case, value, 1-based line


def read(path: str, content: bytes) -> Manifest:
    """Read a .gitmodules; the version is the branch that it follows, if it names one."""
    from git_hotfix.dependencies.syntax.address import origin, place

    urls: dict[str, tuple[str, int]] = {}
    branches: dict[str, str] = {}
    for name, key, value, line in _settings(decode(content)):
        if key == "url":
            urls[name] = value, line
        elif key == "branch":
            branches[name] = value
    declared = []
    for name, (url, line) in urls.items():
        if url.startswith(("/", "file:")):
            declared.append(Dependency(name, "", "path", "runtime", line, url))
        else:
            declared.append(Dependency(place(url), branches.get(name, ""), "git", "runtime", line, origin(url)))
    return manifest_of(declared)


def _settings(text: str) -> Iterator[Setting]:
    """What the sections called submodule set. Raises `Unreadable` for what git would not read."""
    section = name = ""
    lines = iter(enumerate(text.split("\n"), start=1))
    for number, line in lines:
        rest = line.lstrip()
        while rest.startswith("["):
            header = re.match(_HEADER, rest)
            if header is None:
                raise Unreadable(f"line {number}: {rest[:40]!r} begins no section")
            section, subsection = header.group(1).lower(), header.group(2)
            name = re.sub(r"\\(.)", r"\1", subsection or "")
            if subsection is None and "." in section:  # the old form, in lower case
                section, _, name = section.partition(".")
            rest = rest[header.end() :].lstrip()
        if not rest or rest[0] in "#;":
            continue
        key = re.match(_KEY, rest)
        if key is None or not section:
            raise Unreadable(f"line {number}: {rest[:40]!r} is not a setting")
        value, start = rest[key.end() :], number
        text = _value(value, lines, start) if key.group(2) == "=" else ""
        if section == "submodule":
            yield name, key.group(1).lower(), text, start


def _value(text: str, lines: Iterator[tuple[int, str]], line: int) -> str:
    """A value without its quotes, comments and escapes; a backslash at the end continues it on the next line."""
    parts: list[str] = []
    quoted = False
    kept = 0  # what must not be stripped, because quotes or more text follow it
    while True:
        for match in re.finditer(r'"|\\(.?)|[#;]|[^"\\#;]+', text):
            sign = match.group()
            if sign == '"':
                quoted = not quoted
                kept = len(parts)
            elif sign == "\\":
                break
            elif sign[0] == "\\":
                if match.group(1) not in _ESCAPES:
                    raise Unreadable(f"line {line}: {sign!r} is not an escape")
                parts.append(_ESCAPES[match.group(1)])
                kept = len(parts)
            elif sign in "#;" and not quoted:
                return _strip_end(parts, kept)
            else:
                parts.append(sign)
                kept = len(parts) if quoted else kept
        else:
            break
        following = next(lines, None)
        if following is None:
            break
        text = following[1]
    if quoted:
        raise Unreadable(f"line {line}: a quote has no end")
    return _strip_end(parts, kept)


def _strip_end(parts: list[str], kept: int) -> str:
    return "".join(parts[:kept]) + "".join(parts[kept:]).rstrip()


READER = Reader(
    "submodules",
    manifests=(globs("/.gitmodules"),),
    read=read,
)
