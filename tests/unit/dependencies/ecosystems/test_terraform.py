"""Terraform: configurations in both forms, and the lock file of providers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.terraform import READER
from git_hotfix.dependencies.ecosystems.terraform.address import module, provider
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read, read_lock, reader_of
from git_hotfix.dependencies.syntax import hcl
from git_hotfix.dependencies.syntax.hcl import Block, Value

MAIN = """\
# providers
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/AWS"
      version = "~> 5.0"
    }
    datadog = { source = "registry.terraform.io/DataDog/datadog" }
    ours    = { source = "x.org/o/ours", version = "1", configuration_aliases = [ours.a] }
    random  = "~> 3"
    terraform = { source = "terraform.io/builtin/terraform" }
  }
  backend "s3" {}
}
provider "aws" { region = "eu-${var.region}" }
provider "google" {
  version = "~> 4"
}
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.1.0"
  tags    = { for key, value in var.tags : key => "${value}-{" if value != "" }
  text    = <<-EOT
    module "no" { source = "never/a/module" }
  EOT
}
module "near" {
  source = "./modules/near"
}
module "any" { source = "git::https://x.org/${var.name}.git" }
"""


def test_configuration() -> None:
    assert reader_of("infra/main.tf") is READER
    assert read(READER, "infra/main.tf", MAIN.encode()) == Manifest(
        names={
            "hashicorp/aws": Declared("hashicorp/aws", "~> 5.0", line=5),
            "datadog/datadog": Declared("datadog/datadog", line=9),
            "x.org/o/ours": Declared("x.org/o/ours", "1", line=10, origin="x.org"),
            "hashicorp/random": Declared("hashicorp/random", "~> 3", line=11),
            "google": Declared("google", "~> 4", line=17),
            "terraform-aws-modules/vpc/aws": Declared("terraform-aws-modules/vpc/aws", "5.1.0", line=21),
        },
        own=frozenset({"aws", "datadog", "ours", "random", "terraform"}),
        dynamic=frozenset({"module any: git::https://x.org/${var.name}.git"}),
        local={"./modules/near": Declared("./modules/near", "", "path", line=29, origin="./modules/near")},
        known=frozenset({("terraform", "hashicorp/google")}),
    )


JSON = """\
{
 "terraform": [{"required_providers": {
   "aws": {"source": "hashicorp/aws", "version": "~> 5"},
   "random": "~> 3"}}],
 "provider": {"google": [{"region": "a"}, {"alias": "b"}]},
 "module": {
  "vpc": {"source": "o/vpc/aws", "version": "1"},
  "any": [{"source": "${var.x}"}]
 }
}
"""


def test_configuration_in_json() -> None:
    assert READER.is_manifest("main.tf.json")
    assert read(READER, "main.tf.json", JSON.encode()) == Manifest(
        names={
            "hashicorp/aws": Declared("hashicorp/aws", "~> 5", line=3),
            "hashicorp/random": Declared("hashicorp/random", "~> 3", line=4),
            "google": Declared("google", line=5),
            "o/vpc/aws": Declared("o/vpc/aws", "1", line=7),
        },
        own=frozenset({"aws", "random"}),
        dynamic=frozenset({"module any: ${var.x}"}),
        known=frozenset({("terraform", "hashicorp/google")}),
    )


def test_terragrunt() -> None:
    text = 'terraform {\n  source = "tfr://x.org/o/vpc/aws?version=1.2"\n}\ninputs = { a = "b" }\n'
    assert read(READER, "live/terragrunt.hcl", text.encode()) == Manifest(
        names={"x.org/o/vpc/aws": Declared("x.org/o/vpc/aws", "1.2", line=2, origin="x.org")}
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("o/vpc/AWS", Declared("o/vpc/aws", "9")),
        ("app.terraform.io/o/vpc/aws//sub", Declared("app.terraform.io/o/vpc/aws", "9", origin="app.terraform.io")),
        ("./x", Declared("./x", "", "path", origin="./x")),
        ("modules/x", Declared("modules/x", "", "path", origin="modules/x")),
        ("github.com/o/r//sub?ref=v1", Declared("github.com/o/r", "v1", "git", origin="https://github.com/o/r")),
        ("git@github.com:o/r.git?ref=v1", Declared("github.com/o/r", "v1", "git", origin="git@github.com:o/r")),
        (
            "git::https://me:secret@x.org/o/r.git//sub?depth=1&ref=v1",
            Declared("x.org/o/r", "v1", "git", origin="https://x.org/o/r"),
        ),
        ("git::ssh://git@x.org/o/r", Declared("x.org/o/r", "", "git", origin="ssh://x.org/o/r")),
        ("https://x.org/m.zip", Declared("x.org/m.zip", "", "url", origin="https://x.org/m.zip")),
        (
            "s3::https://s3.amazonaws.com/b/m.zip",
            Declared("s3.amazonaws.com/b/m.zip", "", "url", origin="https://s3.amazonaws.com/b/m.zip"),
        ),
    ],
)
def test_where_a_module_comes_from(source: str, expected: Declared) -> None:
    assert module(source, "9", 0) == expected


def test_addresses_of_providers() -> None:
    assert provider("aws", "", 0) == Declared("hashicorp/aws")
    assert provider("registry.opentofu.org/O/x", "1", 3) == Declared("o/x", "1", line=3)
    assert provider("a/b/c/d", "", 0) is provider("", "", 0) is None


LOCK = """\
# This file is maintained automatically by "terraform init".
provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.1.0"
  constraints = "~> 5.0"
  hashes = [
    "h1:abc=",
  ]
}

provider "x.org/o/ours" {
  version = "1.0.0"
}
"""


def test_lock() -> None:
    assert READER.is_lock("infra/.terraform.lock.hcl")
    assert read_lock(READER, "infra/.terraform.lock.hcl", LOCK.encode()) == Manifest(
        names={
            "hashicorp/aws": Declared("hashicorp/aws", "5.1.0", line=2),
            "x.org/o/ours": Declared("x.org/o/ours", "1.0.0", line=10, origin="x.org"),
        }
    )


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


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.tf", b"\0"), ("a.tf", b"a"), ("a.tf", b"a {"), ("a.tf", b"}"), ("a.tf", b'a = "x'), ("a.tf", b"a = (1"),
        ("a.tf", b"a = 1]"), ("a.tf", b"/* x"), ("a.tf", b"a = <<EOT\nx"), ("a.tf", b"a = 1\na = 2"),
        ("a.tf", b"a " + b"{b " * 200), ("a.tf", b"a = " + b"[" * 200), ("a.tf", b'a = "' + b'${"' * 200),
        ("a.tf", b"a = " + b"{b = " * 200), ("a.tf", b"<<<<<<< HEAD\n"), ("a.tf", b'a = "x\ny"'),
        ("a.tf", b'terraform {\n required_providers {\n a = { source = "a/b/c/d" }\n}\n}'),
        ("a.tf", b" " * 2_000_001), ("a.tf.json", b"{"), ("a.tf.json", b'{"module": 3}'),
        ("a.tf.json", b'{"module": {"a": 3}}'), (".terraform.lock.hcl", b"provider {}"),
        (".terraform.lock.hcl", b'provider "a/b/c/d" {}'),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:20]),
)  # fmt: skip
def test_unreadable(path: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        (read_lock if READER.is_lock(path) else read)(READER, path, content)


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


WORDS = st.sampled_from(
    'terraform |required_providers |provider |module |source |version |a|"|{|}|[|]|='
    '|\n|${|%{|<<A\n|A\n|,|:|"a/b"|#|/*|*/|for |'
    '"./x"|(|)|\\'.split("|")
)


@settings(max_examples=150, deadline=None)
@given(
    path=st.sampled_from(["a.tf", "a.tf.json", ".terraform.lock.hcl", "terragrunt.hcl"]),
    content=st.binary(max_size=80)
    | st.lists(WORDS, max_size=40).map(lambda words: "".join(words).encode())
    | st.dictionaries(
        st.sampled_from(["terraform", "module", "provider"]),
        st.recursive(
            st.none() | st.sampled_from(["a/b/c", "./x", "${x}", "", 1]),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(st.sampled_from(["required_providers", "source", "version", "a"]), inner, max_size=3)
            ),
            max_leaves=8,
        ),
    ).map(lambda document: json.dumps(document).encode()),
)
def test_arbitrary_bytes_and_shapes_are_read_or_unreadable(path: str, content: bytes) -> None:
    try:
        found = (read_lock if READER.is_lock(path) else read)(READER, path, content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(name and name == declared.name for name, declared in found.names.items())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,6}/[a-z][a-z0-9_]{0,6}", fullmatch=True), unique=True, max_size=8))
def test_generated_manifests_give_exactly_their_names(names: list[str]) -> None:
    entries = "".join(f'    p{n} = {{ source = "{name}", version = "1" }}\n' for n, name in enumerate(names))
    modules = "".join(f'module "m{n}" {{\n  source = "{name}/aws"\n}}\n' for n, name in enumerate(names))
    text = f"terraform {{\n  required_providers {{\n{entries}  }}\n}}\n{modules}"
    found = read(READER, "a.tf", text.encode())
    assert list(found.names) == [*names, *(f"{name}/aws" for name in names)]
    assert all(declared.line for declared in found.names.values())
