"""Python: pyproject.toml, requirements files, setup.cfg, setup.py, Pipfile, hatch.toml, uv.toml, and the lock files of
poetry, uv, PDM, pipenv and PEP 751. (A script that lists its own requirements, PEP 723, is source and not read here.)
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from git_hotfix.manifests.registry import Manifest, Reader

_FILES = frozenset({"pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "hatch.toml", "uv.toml"})
_LOCKS = frozenset({"poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"})
# requirements.txt, requirements-dev.in, test_requirements.txt; not constraints.txt, which pins what others bring.
_REQUIREMENTS = r"(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in)"
_FOLDERS = frozenset({"requirements", "requires", "reqs"})


def reads(path: str) -> bool:
    """True for the manifests of Python projects."""
    folder, _, name = path.rpartition("/")
    return name in _FILES or (name.lower().endswith((".txt", ".in")) and _is_requirements(folder, name.lower()))


def _is_requirements(folder: str, name: str) -> bool:
    if "constraint" in name:
        return False
    return re.fullmatch(_REQUIREMENTS, name) is not None or not _FOLDERS.isdisjoint(folder.lower().split("/"))


def included(path: str) -> Callable[[str], bool]:
    """Whether a file that the manifest at `path` takes requirements from is read as a manifest of its own."""
    folder = path.rpartition("/")[0]

    def includes(file: str) -> bool:
        # Left as it is when it leaves the repository: `../x.txt` at the top is not a file of it.
        target = posixpath.normpath(posixpath.join(folder, file))
        return not target.startswith("..") and "://" not in file and reads(target)

    return includes


def read(path: str, content: bytes) -> Manifest:
    """Read one Python manifest; names are normalised as PEP 503 has it."""
    # Only a hotfix that touches a manifest pays for the parsers.
    from git_hotfix.manifests.python_files import pyproject, setuptools_files
    from git_hotfix.manifests.python_files.requirement import is_development
    from git_hotfix.manifests.python_files.requirements_file import read_file

    name = path.rpartition("/")[2]
    includes = included(path)
    if name == "pyproject.toml":
        return pyproject.read_pyproject(content, includes=includes)
    if name in ("hatch.toml", "uv.toml"):
        return pyproject.read_tool(name, content)
    if name == "Pipfile":
        return pyproject.read_pipfile(content)
    if name == "setup.cfg":
        return setuptools_files.read_setup_cfg(content, includes=includes)
    if name == "setup.py":
        return setuptools_files.read_setup_py(content)
    development = is_development(path.rpartition(".")[0])
    return read_file(content, scope="development" if development else "runtime", includes=includes)


def locks(path: str) -> bool:
    """True for the lock files of Python projects; PEP 751 allows pylock.<name>.toml beside pylock.toml."""
    name = path.rpartition("/")[2]
    return name in _LOCKS or (name.startswith("pylock.") and name.endswith(".toml") and name.count(".") == 2)


def read_lock(path: str, content: bytes) -> Manifest:
    """Read one lock file; names are normalised as PEP 503 has it."""
    from git_hotfix.manifests.python_files.lock_files import read_pipfile_lock, read_toml_lock

    return read_pipfile_lock(content) if path.endswith("Pipfile.lock") else read_toml_lock(content)


READER = Reader("python", reads, read, locks, read_lock)
