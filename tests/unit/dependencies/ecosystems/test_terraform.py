"""Terraform: addresses of modules and providers, the forms of its language, and what odd text costs."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.ecosystems.terraform import READER
from git_hotfix.dependencies.ecosystems.terraform.address import module, provider
from git_hotfix.dependencies.registry import Dependency, Unreadable, read
from git_hotfix.dependencies.syntax import hcl
from git_hotfix.dependencies.syntax.hcl import Block, Value


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("o/vpc/AWS", Dependency("o/vpc/aws", "9")),
        ("app.terraform.io/o/vpc/aws//sub", Dependency("app.terraform.io/o/vpc/aws", "9", origin="app.terraform.io")),
        ("./x", Dependency("./x", "", "path", origin="./x")),
        ("modules/x", Dependency("modules/x", "", "path", origin="modules/x")),
        ("github.com/o/r//sub?ref=v1", Dependency("github.com/o/r", "v1", "git", origin="https://github.com/o/r")),
        ("git@github.com:o/r.git?ref=v1", Dependency("github.com/o/r", "v1", "git", origin="git@github.com:o/r")),
        (
            "git::https://me:secret@x.org/o/r.git//sub?depth=1&ref=v1",
            Dependency("x.org/o/r", "v1", "git", origin="https://x.org/o/r"),
        ),
        ("git::ssh://git@x.org/o/r", Dependency("x.org/o/r", "", "git", origin="ssh://x.org/o/r")),
        ("https://x.org/m.zip", Dependency("x.org/m.zip", "", "url", origin="https://x.org/m.zip")),
        (
            "s3::https://s3.amazonaws.com/b/m.zip",
            Dependency("s3.amazonaws.com/b/m.zip", "", "url", origin="https://s3.amazonaws.com/b/m.zip"),
        ),
    ],
)
def test_where_a_module_comes_from(source: str, expected: Dependency) -> None:
    assert module(source, "9", 0) == expected


def test_addresses_of_providers() -> None:
    assert provider("aws", "", 0) == Dependency("hashicorp/aws")
    assert provider("registry.opentofu.org/O/x", "1", 3) == Dependency("o/x", "1", line=3)
    assert provider("a/b/c/d", "", 0) is provider("", "", 0) is None


def test_hcl() -> None:
    text = (
        'a = "x\\"\\n" // c\nb "l" m { /* } */ c = [1, {d = 2}]\n e { f = "${g("}")}" } }\nt = {\n x = "y", "z" : 1 }\n'
    )
    inner = Block("e", (), 3, {"f": Value('${g("}")}', 3, dynamic=True)}, ())
    assert hcl.load(text.encode()) == Block(
        "",
        (),
        1,
        {
            "a": Value('x"\n', 1),
            "t": Value(None, 4, {"x": Value("y", 5), "z": Value(None, 5, dynamic=True)}),
        },
        (Block("b", ("l", "m"), 2, {"c": Value(None, 2, dynamic=True)}, (inner,)),),
    )


@pytest.mark.slow
def test_odd_text_costs_linear_time() -> None:
    for piece in (
        '"',
        "${",
        '"${',
        "<<A\n",
        "/*",
        "{",
        "[",
        "a = {\n",
        'a = "',
        "a\n",
        "a b ",
        "\\",
        "#",
        "(",
        "a={b=",
        "x {\n",
    ):
        try:
            read(READER, "a.tf", ("a = [\n" + piece * 8_000).encode())
            read(READER, "a.tf", (piece * 8_000).encode())
        except Unreadable as error:
            assert error.reason
