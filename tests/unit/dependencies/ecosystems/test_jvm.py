"""Maven: what properties of properties cost."""

from __future__ import annotations

from git_hotfix.dependencies.ecosystems.jvm import READER
from git_hotfix.dependencies.registry import Manifest, read


def manifest(path: str, content: str) -> Manifest:
    return read(READER, path, content.encode())


def test_properties_of_properties_do_not_grow() -> None:
    rows = "".join(f"<p{number}>${{p{number + 1}}}${{p{number + 1}}}</p{number}>" for number in range(30))
    dependency = "<dependency><groupId>g</groupId><artifactId>a</artifactId><version>${p0}</version></dependency>"
    content = f"<project><properties>{rows}</properties><dependencies>{dependency}</dependencies></project>"
    assert len(manifest("pom.xml", content).names["g:a"].version) < 1_000
