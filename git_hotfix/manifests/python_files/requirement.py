"""Python requirements: one of them (PEP 508, and what pip takes besides), and the files that list them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from git_hotfix.manifests.registry import Declared, Manifest, Scope, Source, Unreadable, decode, strongest

LENGTH = 20_000  # characters; a line that is longer is no requirement, and parsers are slow on it
COUNT = 20_000  # requirements a file; parsing that many takes a second
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
# Old spellings that packaging refuses and installers took for years: `pytz==2004d`, `foo (>1)`.
_LOOSE = re.compile(rf"({_NAME})\s*(?:\[[^\]]*\])?\s*(@|\(|[<>=!~]=?|;|$)(.*)", re.DOTALL)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|git\+[^@\s/]+@")
_EGG = re.compile(rf"[#&]egg=({_NAME})")
_LOCAL = ("file:", ".", "/", "\\", "~", "{root", "{home", "${PROJECT_ROOT}", "$PWD")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_ARCHIVE = (".whl", ".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz")
_COMMENT = re.compile(r"(^|\s)#.*$")
_OPTION = re.compile(r"\s--?[A-Za-z].*$")
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s+|=|(?=\S))(.+)")
_INCLUDE = re.compile(r"(?:-r|--requirement)(?:\s+|=|(?=\S))(.+)")
_DEVELOPMENT = re.compile(
    r"(?:^|[-_./ ])(?:dev|devel|develop|development|tests?|testing|docs?|documentation|lint(?:ing|ers?)?"
    r"|typing|typecheck|mypy|ci|bench(?:mark)?s?|style|qa|quality|coverage|examples?|pre-commit|local)(?:$|[-_./ ])",
    re.IGNORECASE,
)


def normalise(name: str) -> str:
    """The one spelling of a Python package name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).strip("-").lower()


def is_development(name: str) -> bool:
    """True when an extra, a group or a file of this name holds what production runs without."""
    return bool(_DEVELOPMENT.search(name))


def parse(text: str, *, scope: Scope = "runtime", line: int = 0) -> Declared | None:
    """One requirement; None for a local path, which is no dependency. Raises `Unreadable` for what is neither."""
    from packaging.requirements import InvalidRequirement, Requirement

    text = text.strip()
    if len(text) > LENGTH:
        raise Unreadable(f"a requirement is longer than {LENGTH} characters")
    if not text or is_local(text):
        return None
    if _URL.match(text):
        return Declared(normalise(_name_in_url(text)), text, "url", scope, line)
    try:
        found = Requirement(text)
        name, version, url = found.name, str(found.specifier), found.url or ""
    except InvalidRequirement:
        loose = _LOOSE.match(text)
        if loose is None:
            raise Unreadable(f"{text[:80]!r} is no requirement") from None
        name, version = loose.group(1), (loose.group(2) + loose.group(3)).strip()
        url = loose.group(3).strip() if loose.group(2) == "@" else ""
    if url and is_local(url):
        return None
    source: Source = "url" if url else "registry"
    return Declared(normalise(name), url or version, source, scope, line)


def is_local(text: str) -> bool:
    """True for a path or a file: URL."""
    if text.startswith(_LOCAL) or _DRIVE.match(text):
        return True
    bare = "://" not in text and "@" not in text
    return bare and (text.endswith(_ARCHIVE) or re.match(r"[\w.-]+[/\\]", text) is not None)


def _name_in_url(url: str) -> str:
    """`#egg=name`, else the last part of the path: a repository or an archive is named after its package."""
    egg = _EGG.search(url)
    if egg:
        return egg.group(1)
    path = re.split(r"[#?;\s]", url.rpartition("://")[2], maxsplit=1)[0].strip("/")
    # A forge's archive is named after a branch: …/owner/repository/archive/main.zip.
    last = re.split(r"/(?:archive|tarball|zipball)/", path, maxsplit=1)[0].rsplit("/", 1)[-1].split("@", 1)[0]
    found = re.match(r"[A-Za-z0-9](?:[A-Za-z0-9_.]|-(?!v?\d))*", last) if "/" in path else None
    if found is None:
        raise Unreadable(f"{url[:80]!r} names no package")
    return re.sub(r"\.(?:git|whl|zip|tgz|tar(?:\.\w+)?)$", "", found.group())


def read_file(content: bytes, *, scope: Scope, includes: Callable[[str], bool]) -> Manifest:
    """Read a requirements file. `includes` says of a `-r` path whether it is read as a file of its own; any other
    include is only known by running pip, and stands in `dynamic`."""
    text = decode(content)
    if "\0" in text:
        raise Unreadable("it holds a NUL byte")
    declared: list[Declared] = []
    dynamic: set[str] = set()
    for number, line in _logical_lines(text):
        include = _INCLUDE.fullmatch(line)
        if include:
            if not includes(include.group(1).strip("\"' ")):
                dynamic.add(f"-r {include.group(1)}")
            continue
        editable = _EDITABLE.fullmatch(line)
        if line.startswith("-") and not editable:
            continue
        wanted = _OPTION.sub("", editable.group(1).strip("\"' ") if editable else line)
        try:
            found = parse(wanted, scope=scope, line=number)
        except Unreadable as error:
            raise Unreadable(f"line {number}: {error.reason}") from error
        declared += [found] if found else []
        if len(declared) > COUNT:
            raise Unreadable(f"it lists more than {COUNT} requirements")
    return Manifest(names=strongest(declared), dynamic=frozenset(dynamic))


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines as pip joins them: a backslash continues a line, but never one that is all comment."""
    parts: list[str] = []
    first = 0
    for number, line in enumerate(text.replace("\r", "\n").split("\n"), start=1):
        first = first if parts else number
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
