"""undeclared-import: Python modules that production would not have."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from gate_facts import between, waived

from git_hotfix.dependencies.ecosystems.python.import_names import provides
from git_hotfix.gates import judge
from git_hotfix.gates.undeclared_import import GATE, Options

MANIFEST = b'[project]\nname = "shop"\ndependencies = ["requests", "PyYAML", "google-cloud-storage"]\n' + (
    b'[dependency-groups]\ndev = ["pytest"]\n'
)
COMPUTED = b"from setuptools import setup\nsetup(install_requires=read())\n"
BASE: Mapping[str, bytes | None] = {
    "pyproject.toml": MANIFEST,
    "src/shop/app.py": b"import os\nimport numpy\n",
    "src/shop/util.py": b"",
    "tools/deploy.py": b"",
}


def found(code: str, base: Mapping[str, bytes | None] = BASE, **tip: bytes) -> list[tuple[str, str, int | None]]:
    files = {**base, "src/shop/app.py": b"import os\nimport numpy\n" + code.encode(), **tip}
    return [(each.level, each.message, each.line) for each in GATE.check(between(base, files), Options()).findings]


@pytest.mark.parametrize(
    "code",
    [
        "import json, asyncio\n", "from __future__ import annotations\n", "import requests.adapters\n", "import yaml\n",
        "from google.cloud import storage\n", "import shop.util\n", "import util\n", "import deploy\n",
        "from . import helper\n", "from .. import x\n", "import numpy.linalg\n", "def f():\n    import requests\n",
    ],
)  # fmt: skip
def test_what_is_there(code: str) -> None:
    assert found(code) == []


def test_what_nothing_declares() -> None:
    assert found("import pandas\n") == [("fail", "imports pandas, which no manifest declares", 3)]
    assert found("def f():\n    from pandas.core import x\n    import pandas\n") == [
        ("fail", "imports pandas, which no manifest declares", 4)
    ]


@pytest.mark.parametrize(
    ("code", "doubt"),
    [
        ("try:\n    import pandas\nexcept ImportError:\n    pandas = None\n", "the code can go on without it"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas\n", "the code can go on without it"),
    ],
)
def test_what_the_code_can_do_without(code: str, doubt: str) -> None:
    [(level, message, _)] = found(code)
    assert (level, message) == ("warn", f"imports pandas, which no manifest declares ({doubt})")


def test_one_that_nothing_guards_counts() -> None:
    [(level, _, line)] = found("try:\n    import pandas\nexcept ImportError:\n    pass\nimport pandas\n")
    assert (level, line) == ("fail", 7)


def test_declared_for_development_only() -> None:
    [(level, message, _)] = found("import pytest\n")
    assert (level, message) == (
        "warn",
        "imports pytest, which no manifest declares (pytest is declared for development only)",
    )


def test_a_manifest_of_the_fix_declares_it_too() -> None:
    assert (
        found("import pandas\n", **{"pyproject.toml": MANIFEST.replace(b'"requests"', b'"requests", "pandas"')}) == []
    )


@pytest.mark.parametrize(
    ("manifest", "doubt"),
    [
        ({}, "there is no Python manifest here"),
        ({"setup.py": COMPUTED}, "what is required is computed when it runs"),
        ({"pyproject.toml": b"[project\n"}, "1 manifest could not be read"),
    ],
)  # fmt: skip
def test_what_nobody_can_know_is_warned_of(manifest: dict[str, bytes | None], doubt: str) -> None:
    [(level, message, _)] = found("import pandas\n", {"src/shop/app.py": b"import os\nimport numpy\n", **manifest})
    assert (level, message) == ("warn", f"imports pandas, which no manifest declares ({doubt})")


def test_only_new_imports_of_production_are_looked_at() -> None:
    files = {**BASE, "tests/test_app.py": b"import pandas\n", "src/shop/app.py": b"import numpy\nimport os\n"}
    judgement = GATE.check(between(BASE, files), Options())
    assert (judgement.measured, judgement.limit, judgement.findings) == ("0 undeclared", "0 undeclared", ())


def test_a_file_that_this_python_cannot_parse_is_said() -> None:
    judgement = GATE.check(between(BASE, {**BASE, "src/shop/app.py": b"import (\n"}), Options())
    assert (judgement.level, [each.path for each in judgement.unread]) == ("unknown", ["src/shop/app.py"])
    old = {**BASE, "src/shop/app.py": b"print 1\n"}
    judgement = GATE.check(between(old, {**old, "src/shop/app.py": b"print 2\n"}), Options())
    assert (judgement.level, [each.level for each in judgement.findings]) == ("pass", ["note"])


def test_waived_and_known() -> None:
    facts = between(BASE, {**BASE, "src/shop/app.py": b"import pandas\n"})
    assert judge(facts, only=["undeclared-import"]).gates[0].status == "fail"
    assert judge(waived(facts, "undeclared-import"), only=["undeclared-import"]).gates[0].status == "waived"
    assert GATE.check(facts, Options(known=("pandas",))).findings == ()


@pytest.mark.parametrize(
    ("package", "module", "expected"),
    [
        ("pyyaml", "yaml", True), ("pillow", "PIL", True), ("python-dateutil", "dateutil.parser", True),
        ("pyjwt", "jwt", True), ("google-cloud-storage", "google.cloud.storage", True),
        ("azure-storage-blob", "azure", True),
        ("django-environ", "environ", True), ("djangorestframework", "rest_framework", True), ("attrs", "attr", True),
        ("typing-extensions", "typing_extensions", True), ("requests", "request", False), ("pandas", "numpy", False),
    ],
)  # fmt: skip
def test_names_of_packages_and_modules(package: str, module: str, expected: bool) -> None:
    assert provides(package, module) is expected
