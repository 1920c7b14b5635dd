"""Addresses that manifests take packages from, in the one spelling by which two manifests can be compared."""

from __future__ import annotations

import re

_USER = r"(?<=://)[^/\s?#]*@"
_SECRET = r"(?i)([?&][\w.-]*(?:token|key|sig|secret|pass|auth|credential)[\w.-]*=)[^&]*"
_SCP = r"(?:[\w.+-]+@)?([\w.-]+):(?!//)(?!\d+/)(.+)"  # git@host:path, as ssh has it


def origin(url: str) -> str:
    """`url` without `git+`, user and password, the values of query keys that sound secret, a fragment, and what is only
    spelling: a final `.git` and `/`."""
    bare = url.strip().removeprefix("git+").partition("#")[0]
    bare = re.sub(_SECRET, r"\1…", re.sub(_USER, "", bare))
    return bare.rstrip("/").removesuffix(".git")


def place(url: str) -> str:
    """Host and path of a repository, whatever the protocol: `github.com/o/r`, the name of what has no other."""
    bare = origin(url)
    scheme, separator, rest = bare.partition("://")
    if not separator:
        match = re.fullmatch(_SCP, bare, re.DOTALL)
        if match is None:
            return bare
        return f"{match.group(1).lower()}/{match.group(2).lstrip('/')}"
    # ssh://git@host:owner/repository is not a URL, and package managers take it.
    host, slash, path = re.sub(r"^([\w.-]+):(?!\d+(?:/|$))", r"\1/", rest).partition("/")
    return f"{host.lower()}{slash}{path}" if host else f"{scheme}://{rest}"
