"""What is found by its file being in a folder: gates, readers, formats."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def module_names(folders: Iterable[str], *, packages: bool) -> list[str]:
    """The modules (and the `packages`) in the folders of a package (its `__path__`), by name. `pkgutil` answers the
    same, and imports `inspect` for it, which is 7 ms at each start."""
    files = [file for folder in folders for file in Path(folder).iterdir()]
    found = {file.stem for file in files if file.suffix == ".py" or (packages and (file / "__init__.py").exists())}
    return sorted(found - {"__init__"})
