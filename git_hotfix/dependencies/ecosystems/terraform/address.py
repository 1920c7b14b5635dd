"""Where Terraform takes a provider or a module from."""

from __future__ import annotations

import re

from git_hotfix.dependencies.registry import Dependency
from git_hotfix.dependencies.syntax.address import origin, place

# Terraform's own registry, and OpenTofu's, which serves the same names.
_OWN = frozenset({"registry.terraform.io", "registry.opentofu.org"})
_HOST = r"(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d+)?"
_PART = r"[a-z0-9][a-z0-9_-]*"
_FORGES = ("github.com/", "gitlab.com/", "bitbucket.org/")


def provider(text: str, version: str, line: int) -> Dependency | None:
    """`[host/]namespace/type`, or a type alone, which is HashiCorp's; None for what is not an address."""
    match = re.fullmatch(rf"(?:(?:({_HOST})/)?({_PART})/)?({_PART})", text.lower())
    if match is None:
        return None
    host, namespace, kind = match.groups()
    host = "" if host is None or host in _OWN else host
    name = f"{namespace or 'hashicorp'}/{kind}"
    return Dependency(f"{host}/{name}" if host else name, version, "registry", "runtime", line, host)


def module(text: str, version: str, line: int) -> Dependency:
    """A module's source: a path, an address of a registry, a repository with `?ref=`, or a URL."""
    bare, _, query = text.partition("?")
    # `//` begins a directory within what is fetched, but for that of a protocol.
    bare = re.split(r"(?<!:)//", bare, maxsplit=1)[0]
    options = dict(part.partition("=")[::2] for part in query.split("&"))
    if text.startswith(("./", "../", "/", ".\\", "..\\")) or text in (".", ".."):
        return Dependency(text, "", "path", "runtime", line, text)
    getter, forced, url = bare.partition("::")
    url = url if forced else bare
    if url.startswith("tfr://"):  # Terragrunt's form of a registry's address
        url, version = url.removeprefix("tfr://").strip("/"), options.get("version", version)
    match = re.fullmatch(rf"(?:({_HOST})/)?({_PART}/{_PART}/{_PART})", url.lower()) if not forced else None
    if match and not url.lower().startswith(_FORGES):
        host = "" if match.group(1) is None or match.group(1) in _OWN else match.group(1)
        name = f"{host}/{match.group(2)}" if host else match.group(2)
        return Dependency(name, version, "registry", "runtime", line, host)
    if (forced and getter == "git") or url.startswith(("git@", "ssh://", "git://", *_FORGES)) or url.endswith(".git"):
        url = f"https://{url}" if url.startswith(_FORGES) else url
        return Dependency(place(url), options.get("ref", ""), "git", "runtime", line, origin(url))
    if "://" in url or forced:
        return Dependency(place(url), "", "url", "runtime", line, origin(url))
    return Dependency(text, "", "path", "runtime", line, text)  # as Terraform before 0.12 wrote a path
