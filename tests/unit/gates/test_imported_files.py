"""Tests and documents that production code imports are production files; those that it does not import stay aside."""

from __future__ import annotations

import pytest
from gate_facts import Trees, change, facts

from git_hotfix.gates import judge
from git_hotfix.gates.imported_files import imported_files
from git_hotfix.model.hotfix import Facts


def between(path: str, importer: str, text: str) -> Facts:
    tip = {path: b"x = 1\n" * 400, importer: text.encode()}
    return facts(change(path, "A", added=400), change(importer, added=1), content=Trees({importer: b""}, tip))


@pytest.mark.parametrize(
    ("path", "importer", "text"),
    [
        ("shop/tests/pay.py", "shop/app.py", "from shop.tests.pay import x\n"),
        ("shop/tests/pay.py", "shop/app.py", "from .tests import pay\n"),
        ("shop/tests/__init__.py", "shop/app.py", "from . import tests\n"),
        ("shop/test_pay.py", "shop/app.py", "from shop import (\n    cart,\n    test_pay,\n)\n"),
        ("tests/pay.py", "shop/app.py", 'm = importlib.import_module("tests.pay")\n'),
        ("docs/pay.py", "shop/app.py", "if x:\n    import docs.pay\n"),
        ("src/pay.test.ts", "src/main.ts", "import {\n  a,\n  b,\n} from './pay.test'\n"),
        ("src/__tests__/index.js", "src/main.js", "const t = require('./__tests__')\n"),
        ("src/fixtures/pay.mjs", "src/main.mjs", "export * from './fixtures/pay.mjs'\n"),
        ("lib/a_spec.rb", "lib/main.rb", "require_relative 'a_spec'\n"),
        ("e2e/pay.go", "main.go", 'import (\n\t"fmt"\n)\nimport "shop.example/x/e2e"\n'),
        ("app/PayTest.php", "app/index.php", "<?php\nrequire_once __DIR__ . '/PayTest.php';\n"),
        ("test/pay.c", "src/main.c", '# include "../test/pay.c"\n'),
        ("test/pay.rs", "src/main.rs", '#[path = "../test/pay.rs"] mod t;\n'),
        ("tests/pay.sh", "run.sh", "  . tests/pay.sh\n"),
    ],
)
def test_what_production_imports_is_production(path: str, importer: str, text: str) -> None:
    found = between(path, importer, text)
    assert imported_files(found) == {path}
    assert "fail" in {gate.status for gate in judge(found, only=["max-lines"]).gates}


@pytest.mark.parametrize(
    ("path", "importer", "text"),
    [
        ("shop/tests/pay.py", "shop/app.py", "import pay\n"),
        ("shop/tests/pay.py", "shop/app.py", "tests = pay(1)\n"),
        ("osf_tests/metrics/reports.py", "osf/views.py", "from osf.metrics import reports\n"),
        ("tests/helpers.py", "tests_run.py", "from tests import helpers\n"),
        ("test/setup.ts", "jest.config.ts", "import setup from './test/setup'\n"),
        ("src/tests/mod.rs", "src/lib.rs", "#[cfg(test)]\nmod tests;\n"),
        ("pay/pay_test.go", "main.go", 'import "shop.example/pay"\n'),
        ("shop/pay_pb2.py", "shop/app.py", "from shop import pay_pb2\n"),
        ("vendor/pay/__init__.py", "app.py", "from vendor import pay\n"),
    ],
)
def test_what_production_does_not_import_stays_aside(path: str, importer: str, text: str) -> None:
    found = between(path, importer, text)
    assert imported_files(found) == frozenset()
    assert [gate.status for gate in judge(found, only=["max-lines"]).gates] == ["pass"]


@pytest.mark.parametrize(
    ("link", "target", "path", "expected"),
    [
        ("shop/app.py", "../docs/impl.txt", "docs/impl.txt", True),
        ("shop/core", "../tests", "tests/impl.py", True),
        ("shop/core", "../tests/", "tests/notes.txt", False),
        ("shop/app.py", "/etc/passwd", "docs/impl.txt", False),
        ("README.md", "docs/a.md", "docs/a.md", False),
        ("tests/data", "../docs/a.py", "docs/a.py", False),
    ],
)
def test_what_a_link_of_production_leads_to_is_production(link: str, target: str, path: str, expected: bool) -> None:
    content = Trees({}, {path: b"x = 1\n" * 400, link: target.encode()})
    found = facts(change(path, "A", added=400), change(link, "T", new_mode="120000", added=1), content=content)
    assert imported_files(found) == ({path} if expected else frozenset())


def test_a_file_that_goes_is_imported_by_nobody() -> None:
    content = Trees({"tests/a.py": b"x = 1\n", "b.py": b""}, {"b.py": b"import tests.a\n"})
    assert imported_files(facts(change("tests/a.py", "D"), change("b.py"), content=content)) == frozenset()
