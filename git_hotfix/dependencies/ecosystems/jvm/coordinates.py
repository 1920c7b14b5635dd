"""Names of artifacts as Maven's repositories have them, `group:artifact`, whatever the build tool that writes them."""

from __future__ import annotations

import re

from git_hotfix.dependencies.syntax.address import origin, place

# Every build tool here takes packages from Maven Central by itself; Gradle its plugins from a portal of its own.
_CENTRAL = ("repo.maven.apache.org/maven2", "repo1.maven.org/maven2", "plugins.gradle.org/m2")
# Scala writes its own version behind an artifact's name, and its build tools do so by themselves (`%%`).
_SCALA = r"_(?:2\.\d{1,2}(?:\.\d{1,2})?|3|\$\{?[\w.-]*[sS]cala[\w.-]*\}?)$"
_PART = r"[\w.${}-]+"
_COORDINATES = rf"({_PART}):({_PART})(?::([^:@]*))?(?::([^:@]*))?(?:@\w+)?"
_LENGTH = 300  # characters; no repository has a name that is longer


def name_of(group: str, artifact: str) -> str:
    """The one spelling of an artifact's name; that of a Gradle plugin is its id, which its artifact repeats."""
    if artifact == f"{group}.gradle.plugin":
        return group
    return f"{group}:{re.sub(_SCALA, '', artifact) if len(artifact) <= _LENGTH else artifact}"


def parse(text: str, *, strict: bool = False) -> tuple[str, str] | None:
    """Name and version of `group:artifact[:version[:classifier]][@type]`; None for any other text. `strict` asks for a
    version that looks like one, because the text may be something else."""
    if text.count(":") not in (1, 2, 3) or len(text) > _LENGTH:
        return None
    match = re.fullmatch(_COORDINATES, text)
    if match is None or not re.match(r"[A-Za-z$]", text):
        return None
    group, artifact, version = match.group(1), match.group(2), match.group(3) or ""
    if strict and not re.search(r"^v?\d|^[$\[(]|^\+$|^latest\.|\d\.\d", version):
        return None
    return name_of(group, artifact), version


def is_central(url: str) -> bool:
    """True for the repositories that need no declaration."""
    return place(url) in _CENTRAL


def index(url: str) -> str | None:
    """A repository's address as manifests are compared; None for those that need no declaration."""
    return None if is_central(url) else origin(url)
