"""Docker: base images and what is installed in Dockerfiles, and the images of compose files.

A package that RUN installs belongs to the ecosystem of its manager, those of a distribution to Docker's own, as
`apt:curl`, `apk:curl` and `rpm:curl`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Manifest, ReachedFile, Reader, Scope, may_say

_DOCKERFILE = r"(?:dockerfile|containerfile)(?:[-._].*)?|.*[-._](?:dockerfile|containerfile)"
_COMPOSE = r"(?:.*[-_.])?(?:docker-)?compose(?:[-_.].*)?\.ya?ml"
_TEMPLATES = (
    ".j2",
    ".jinja",
    ".jinja2",
    ".tmpl",
    ".tpl",
    ".template",
    ".erb",
    ".in",
    ".mustache",
    ".gotmpl",
    ".eex",
    ".tt",
)
# Beside a Dockerfile, and none.
_OTHER = tuple(
    f"*.{ending}"
    for ending in "dockerignore md txt rst html py js ts go rs json yml yaml sh toml patch diff svg png vim".split()
)
OTHERS = ("conda", "go", "javascript", "php", "python", "ruby", "rust")


def _is_dockerfile(path: str) -> bool:
    return re.fullmatch(_DOCKERFILE, path.rpartition("/")[2].lower()) is not None


def _is_compose(path: str) -> bool:
    folder, _, name = path.lower().rpartition("/")
    # A workflow of GitHub Actions may be called docker-compose.yml.
    return ".github" not in folder.split("/") and re.fullmatch(_COMPOSE, name) is not None


def read(path: str, content: bytes) -> Manifest:
    """Read one Dockerfile or compose file. What is called after tests or development is for these."""
    from git_hotfix.dependencies.ecosystems.docker import compose, dockerfile
    from git_hotfix.dependencies.ecosystems.python.requirement import is_development

    name = path.rpartition("/")[2].lower()
    scope: Scope = "development" if is_development(path.lower().replace("override", "dev")) else "runtime"
    if name.endswith((".yml", ".yaml")):
        return compose.read_compose(content, scope=scope)
    return dockerfile.read_dockerfile(content, scope=scope, template=name.endswith(_TEMPLATES))


def reaches(path: str, content: bytes) -> Iterable[ReachedFile]:
    """The requirements files that an image installs."""
    from git_hotfix.dependencies import build_includes

    return build_includes.command_includes(path, content) if may_say(content, b"pip") else ()


READER = Reader(
    "docker",
    manifests=(
        globs("*dockerfile*", "*containerfile*", but=_OTHER, any_case=True, test=_is_dockerfile),
        globs("*compose*.yml", "*compose*.yaml", any_case=True, test=_is_compose),
    ),
    read=read,
    others=frozenset(OTHERS),
    reaches=reaches,
)
