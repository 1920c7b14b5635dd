"""Python: pyproject.toml, requirements files, setup.cfg, setup.py and Pipfile."""

from __future__ import annotations

import posixpath
import re

from git_hotfix.manifests.registry import Manifest, Reader

_FILES = frozenset({"pyproject.toml", "setup.cfg", "setup.py", "Pipfile"})
# requirements.txt, requirements-dev.in, test_requirements.txt; not constraints.txt, which pins what others bring.
_REQUIREMENTS = re.compile(r"(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in)", re.IGNORECASE)
_FOLDERS = frozenset({"requirements", "requires", "reqs"})


def reads(path: str) -> bool:
    """True for the manifests of Python projects."""
    folder, _, name = path.rpartition("/")
    return name in _FILES or _is_requirements(folder, name)


def _is_requirements(folder: str, name: str) -> bool:
    if "constraint" in name.lower():
        return False
    if _REQUIREMENTS.fullmatch(name):
        return True
    return name.lower().endswith((".txt", ".in")) and not _FOLDERS.isdisjoint(folder.lower().split("/"))


def read(path: str, content: bytes) -> Manifest:
    """Read one Python manifest; names are normalised as PEP 503 has it."""
    # Only a hotfix that touches a manifest pays for the parsers.
    from git_hotfix.manifests.python_files.pyproject import read_pipfile, read_pyproject
    from git_hotfix.manifests.python_files.requirement import is_development, read_file
    from git_hotfix.manifests.python_files.setuptools_files import read_setup_cfg, read_setup_py

    folder, _, name = path.rpartition("/")

    def includes(file: str) -> bool:
        # Left as it is when it leaves the repository: `../x.txt` at the top is no file of it.
        target = posixpath.normpath(posixpath.join(folder, file))
        return not target.startswith("..") and "://" not in file and reads(target)

    if name == "pyproject.toml":
        return read_pyproject(content, includes=includes)
    if name == "Pipfile":
        return read_pipfile(content)
    if name == "setup.cfg":
        return read_setup_cfg(content, includes=includes)
    if name == "setup.py":
        return read_setup_py(content)
    development = is_development(path.rpartition(".")[0])
    return read_file(content, scope="development" if development else "runtime", includes=includes)


READER = Reader("python", reads, read)
