"""Python: pyproject.toml, requirements files, setup.cfg, setup.py, Pipfile, hatch.toml, uv.toml, and the lock files of
poetry, uv, PDM, pipenv and PEP 751. (A script that lists its own requirements, PEP 723, is source and not read here.)
"""

from __future__ import annotations

import re
from collections.abc import Callable

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Manifest, ReachedFile, Reader, decode, may_say, path_inside, sibling

_FILES = frozenset({"pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "hatch.toml", "uv.toml"})
_READ = re.compile(r"""['"]([\w./-]*(?:require|depend|deps|reqs)[\w./-]*\.\w+)['"]""")
_REACHED = "requirements.reached.txt"  # as which a file of any name is read that production's requirements include
# requirements.txt, requirements-dev.in, test_requirements.txt; and constraints.txt, which pins what others bring.
_REQUIREMENTS = r"(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in)"
_FOLDERS = frozenset({"requirements", "requires", "reqs"})


def _is_requirements(path: str) -> bool:
    folder, _, name = path.lower().rpartition("/")
    known = "constraint" in name or re.fullmatch(_REQUIREMENTS, name)
    return bool(known) or not _FOLDERS.isdisjoint(folder.split("/"))


def inclusion_test(path: str) -> Callable[[str], bool]:
    """Whether a file that the manifest at `path` takes requirements from is read, as a manifest of its own or because
    `reaches` names it: every file of the repository is."""
    return lambda file: bool(path_inside(path, file))


def reaches(path: str, content: bytes) -> list[ReachedFile]:
    """The files that a manifest takes requirements or constraints from."""
    name = path.rpartition("/")[2]
    if name not in _FILES:
        from git_hotfix.dependencies.ecosystems.python.requirements_file import included_files

        named = included_files(content)
        development = _is_development(path)
    elif name == "pyproject.toml" and may_say(content, b"file"):
        from git_hotfix.dependencies.ecosystems.python.pyproject import files_of

        named, development = [(file, False) for file in files_of(content)], False
    elif name == "setup.cfg" and b"file" in content:
        from git_hotfix.dependencies.ecosystems.python.setuptools_files import files_of as files_of_cfg

        named, development = [(file, False) for file in files_of_cfg(content)], False
    elif name == "setup.py":
        # `install_requires=open("deps.lst")…`: a text that is called after what it holds.
        named = [(file, False) for file in _READ.findall(decode(content))]
        return [each._replace(optional=True) for each in _all_reached(path, named, development=False)]
    else:
        return []
    return _all_reached(path, named, development=development)


def _all_reached(path: str, named: list[tuple[str, bool]], *, development: bool) -> list[ReachedFile]:
    """The files that the manifest at `path` names; True for one of constraints."""
    places = [(path_inside(path, file), constraints) for file, constraints in named]
    names = {True: "constraints.txt", False: _REACHED}
    return [
        ReachedFile(place, sibling(place, names[constraints]), development) for place, constraints in places if place
    ]


def _is_development(path: str) -> bool:
    from git_hotfix.dependencies.ecosystems.python.requirement import is_development

    return path.rpartition("/")[2] != _REACHED and is_development(path.rpartition(".")[0])


def read(path: str, content: bytes) -> Manifest:
    """Read one Python manifest; names are normalised as PEP 503 has it."""
    # Only a hotfix that touches a manifest pays for the parsers.
    from git_hotfix.dependencies.ecosystems.python import pyproject, setuptools_files
    from git_hotfix.dependencies.ecosystems.python.requirements_file import read_constraints, read_file

    name = path.rpartition("/")[2]
    includes = inclusion_test(path)
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
    if "constraint" in name.lower():
        return read_constraints(content, includes=includes)
    return read_file(content, scope="development" if _is_development(path) else "runtime", includes=includes)


def read_lock(path: str, content: bytes) -> Manifest:
    """Read one lock file; names are normalised as PEP 503 has it."""
    from git_hotfix.dependencies.ecosystems.python.lock_files import read_pipfile_lock, read_toml_lock

    return read_pipfile_lock(content) if path.endswith("Pipfile.lock") else read_toml_lock(content)


READER = Reader(
    "python",
    manifests=(
        globs("pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "hatch.toml", "uv.toml"),
        globs("*.txt", "*.in", any_case=True, test=_is_requirements),
    ),
    read=read,
    locks=(
        globs("poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"),
        globs("pylock.*.toml", test=lambda path: path.rpartition("/")[2].count(".") == 2),
    ),
    read_lock=read_lock,
    reaches=reaches,
)
