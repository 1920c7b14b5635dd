"""Conda: one requirement, and what templates cost."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.ecosystems.conda import READER
from git_hotfix.dependencies.ecosystems.conda.match import parse
from git_hotfix.dependencies.registry import Dependency, Unreadable, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NumPy", Dependency("numpy")),
        ("numpy=1.2", Dependency("numpy", "=1.2")),
        ("numpy >=1.2,<2", Dependency("numpy", ">=1.2,<2")),
        ("numpy 1.2.* py_0", Dependency("numpy", "1.2.* py_0")),
        ("conda-forge::ruamel.yaml==1", Dependency("ruamel.yaml", "==1", origin="conda-forge")),
        ("conda-forge/linux-64::a", Dependency("a", origin="conda-forge")),
        ("https://x.org/t/secret/ours::a", Dependency("a", origin="https://x.org/t/…/ours")),
        ("a[version='>=1,<2', build=py_0]", Dependency("a", ">=1,<2")),
        ("_libgcc_mutex", Dependency("_libgcc_mutex")),
        (
            "https://x.org/t/secret/linux-64/My-Lib-1.0-py_0.conda#abc",
            Dependency("my-lib", "", "url", origin="https://x.org/t/…/linux-64/My-Lib-1.0-py_0.conda"),
        ),
    ],
)
def test_one_requirement(text: str, expected: Dependency) -> None:
    assert parse(text) == expected


@pytest.mark.slow
def test_templates_cost_linear_time() -> None:
    for text in ("{%" * 100_000, "{{" * 100_000, "{{ {" * 50_000, "\n" * 200_000, "a:  # [" * 30_000, " " * 300_000):
        try:
            read(READER, "meta.yaml", text.encode())
        except Unreadable as error:
            assert error.reason
