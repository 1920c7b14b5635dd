"""One conda requirement, a "match spec": `numpy`, `numpy >=1.2`, `conda-forge::numpy=1.2=py_0`."""

from __future__ import annotations

import re

from git_hotfix.dependencies.registry import Dependency, Scope, Unreadable
from git_hotfix.dependencies.syntax.address import origin

_SPEC = r"(?:((?:[a-z]+://)?[^\s:\[]+)::)?([A-Za-z0-9_][\w.-]*)\s*(?:\[([^\]]*)\])?\s*([^\[\s].*?)?(?:\[([^\]]*)\])?"
_FILE = r"(?:.*/)?(.+)-[^-/]+-[^-/]+\.(?:conda|tar\.bz2)"  # name-version-build, as channels keep it
LENGTH = 2_000  # characters


def channel(name: str) -> str:
    """A channel as it stands in `indexes`, without the token that private ones have in their path; "" for the one that
    conda takes by itself."""
    bare = re.sub(r"/t/[^/]+", "/t/…", origin(name))
    return "" if bare in ("defaults", "nodefaults", "local") else bare


def parse(text: str, *, scope: Scope = "runtime", line: int = 0) -> Dependency:
    """One requirement. Names are compared in lower case. Raises `Unreadable` for what is none."""
    text = text.strip()
    if len(text) > LENGTH:
        raise Unreadable(f"a requirement is longer than {LENGTH} characters")
    if "://" in text and "::" not in text:
        file = re.fullmatch(_FILE, text.partition("#")[0])
        if file is None:
            raise Unreadable(f"{text[:80]!r} names no package")
        return Dependency(file.group(1).lower(), "", "url", scope, line, channel(text))
    match = re.fullmatch(_SPEC, text, re.DOTALL)
    if match is None:
        raise Unreadable(f"{text[:80]!r} is not a requirement")
    place, name, inner, version, more = match.groups()
    keyed = re.search(r"version\s*=\s*['\"]?([^'\",\]]+(?:,[^'\"=\]]+)*)", inner or more or "")
    return Dependency(
        name.lower(),
        (version or (keyed.group(1) if keyed else "")).strip(),
        "registry",
        scope,
        line,
        channel((place or "").partition("/")[0]) if "://" not in (place or "") else channel(place),
    )
