"""One Python requirement: PEP 508, and what pip takes besides."""

from __future__ import annotations

import re

from git_hotfix.dependencies.registry import Dependency, Scope, Source, Unreadable
from git_hotfix.dependencies.syntax.address import origin

LENGTH = 20_000  # characters; a line that is longer is not a requirement, and parsers are slow on it
PARENTHESES = 200  # of one requirement; what packaging makes of deeper ones changed between its versions
COUNT = 20_000  # requirements a file; parsing that many takes a second
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
# Old spellings that packaging refuses and installers took for years: `pytz==2004d`, `foo (>1)`.
_LOOSE = re.compile(rf"({_NAME})\s*(?:\[[^\]]*\])?\s*(@|\(|[<>=!~]=?|;|$)(.*)", re.DOTALL)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|git\+[^@\s/]+@")
_EGG = re.compile(rf"[#&]egg=({_NAME})")
_LOCAL = ("file:", ".", "/", "\\", "~", "{root", "{home", "${PROJECT_ROOT}", "$PWD")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_ARCHIVE = (".whl", ".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz")
_STEM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.]|-(?!v?\d))*")  # of `foo_bar-1.0-py3-none-any.whl`
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


def parse(text: str, *, scope: Scope = "runtime", line: int = 0) -> Dependency | None:
    """One requirement; its source is "path" for what stands in a directory or a file, and None says that such a path
    tells no name (`-e .`). Raises `Unreadable` for what is not a requirement."""
    from packaging.requirements import InvalidRequirement, Requirement

    text = text.strip()
    if len(text) > LENGTH:
        raise Unreadable(f"a requirement is longer than {LENGTH} characters")
    if text.count("(") > PARENTHESES:
        raise Unreadable("it is nested too deeply")
    if not text:
        return None
    if is_local(text):
        name = _name_of_path(text)
        return requirement_at(name, text, scope=scope, line=line) if name else None
    if _URL.match(text):
        return requirement_at(_name_in_url(text), re.split(r"\s", text, maxsplit=1)[0], scope=scope, line=line)
    try:
        found = Requirement(text)
        name, version, url = found.name, str(found.specifier), found.url or ""
    except InvalidRequirement:
        loose = _LOOSE.match(text)
        if loose is None:
            raise Unreadable(f"{text[:80]!r} is not a requirement") from None
        name, version = loose.group(1), (loose.group(2) + loose.group(3)).strip()
        url = loose.group(3).strip() if loose.group(2) == "@" else ""
    if url:
        return requirement_at(name, url, scope=scope, line=line)
    return Dependency(normalise(name), version, "registry", scope, line)


def requirement_at(name: str, url: str, *, scope: Scope, revision: str = "", line: int = 0) -> Dependency:
    """A package that is taken from `url`: `git+https://…@v1`, `https://…/x.whl`, `file:…` or a path. Its version is the
    revision, of which `revision` says what the URL does not."""
    if is_local(url):
        return Dependency(normalise(name), "", "path", scope, line, re.sub(r"\[[^\]]*\]$", "", url))
    source: Source = "git" if url.startswith(("git+", "git://")) else "url"
    place, found = _at_revision(url)
    return Dependency(normalise(name), revision or found, source, scope, line, origin(place))


def _at_revision(url: str) -> tuple[str, str]:
    """URL and revision of a repository: it follows the last @ of the path, as pip has it; one before is a user's."""
    if not re.match(r"[a-z]+\+|git://", url):
        return url, ""
    url = url.partition("#")[0]
    start = url.find("/", url.find("://") + 3) if "://" in url else url.find(":")
    at = url.rfind("@")
    return (url[:at], url[at + 1 :]) if at > start >= 0 else (url, "")


def is_local(text: str) -> bool:
    """True for a path or a file: URL."""
    if text.startswith(_LOCAL) or _DRIVE.match(text):
        return True
    bare = "://" not in text and "@" not in text
    return bare and (text.endswith(_ARCHIVE) or re.match(r"[\w.-]+[/\\]", text) is not None)


def _name_of_path(path: str) -> str:
    """The last part of a path, which is a guess; "" when it is not a name (`.`, `..`, `{root:uri}`)."""
    egg = _EGG.search(path)
    if egg:
        return egg.group(1)
    last = re.sub(r"\[[^\]]*\]$", "", re.split(r"[#?;\s]", path, maxsplit=1)[0]).rstrip("/\\")
    found = _STEM.match(re.split(r"[/\\]", last)[-1])
    return _without_ending(found.group()) if found else ""


def _name_in_url(url: str) -> str:
    """`#egg=name`, else the last part of the path: a repository or an archive is named after its package."""
    egg = _EGG.search(url)
    if egg:
        return egg.group(1)
    place = _at_revision(re.split(r"\s", url, maxsplit=1)[0])[0]
    path = re.split(r"[#?;]", place.rpartition("://")[2], maxsplit=1)[0].strip("/")
    # A forge's archive is named after a branch: …/owner/repository/archive/main.zip.
    last = re.split(r"[/:]", re.split(r"/(?:archive|tarball|zipball)/", path, maxsplit=1)[0])[-1]
    found = _STEM.match(last) if re.search(r"[/:]", path) else None
    if found is None:
        raise Unreadable(f"{url[:80]!r} names no package")
    return _without_ending(found.group())


def _without_ending(name: str) -> str:
    return re.sub(r"\.(?:git|whl|zip|tgz|tar(?:\.\w+)?)$", "", name)
