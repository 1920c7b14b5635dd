"""conda: environment.yml, the recipes meta.yaml and recipe.yaml, and conda-lock.yml.

What stands in a `pip:` list belongs to Python. A conda name counts as known for Python too, by `Manifest.known`:
conda's numpy is PyPI's, and a hotfix that moves it to requirements.txt brings no new name. The other way round it is
new: many packages of PyPI have a namesake on a channel that is something else (`redis` is a server there).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Manifest, ReachedFile, Reader, Scope

_ENVIRONMENT = r"(?:.*[-_.])?environment(?:[-_.].*)?\.ya?ml|conda(?:[-_](?:env|requirements|dev).*)?\.ya?ml"
_RECIPES = frozenset({"meta.yaml", "meta.yml", "recipe.yaml"})


def _is_environment(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    # A workflow of GitHub Actions may be called conda.yml.
    return ".github" not in folder.split("/") and re.fullmatch(_ENVIRONMENT, name) is not None


def read(path: str, content: bytes) -> Manifest:
    """Read one manifest; conda compares names in lower case."""
    if path.rpartition("/")[2] in _RECIPES:
        from git_hotfix.dependencies.ecosystems.conda.recipe import read_recipe

        return read_recipe(content)
    from git_hotfix.dependencies.ecosystems.conda.environment import read_environment
    from git_hotfix.dependencies.ecosystems.python import inclusion_test
    from git_hotfix.dependencies.ecosystems.python.requirement import is_development

    scope: Scope = "development" if is_development(path.rpartition(".")[0]) else "runtime"
    return read_environment(content, scope=scope, includes=inclusion_test(path))


def read_lock(path: str, content: bytes) -> Manifest:
    """Read one lock file."""
    from git_hotfix.dependencies.ecosystems.conda.environment import read_conda_lock

    return read_conda_lock(content)


def reaches(path: str, content: bytes) -> Iterable[ReachedFile]:
    """The requirements files that the `pip:` list of an environment names."""
    from git_hotfix.dependencies import build_includes

    return () if path.rpartition("/")[2] in _RECIPES else build_includes.conda_includes(path, content)


READER = Reader(
    "conda",
    manifests=(
        globs("meta.yaml", "meta.yml", "recipe.yaml"),
        globs("*.yml", "*.yaml", test=_is_environment),
    ),
    read=read,
    locks=(
        globs("conda-lock.yml", "*-conda-lock.yml", "*_conda-lock.yml", "*.conda-lock.yml"),
        globs("conda-lock.yaml", "*-conda-lock.yaml", "*_conda-lock.yaml", "*.conda-lock.yaml"),
    ),
    read_lock=read_lock,
    others=frozenset({"python"}),
    reaches=reaches,
)
