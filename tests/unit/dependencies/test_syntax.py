"""JSON and YAML as readers get them: whole values, lines, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.registry import Unreadable
from git_hotfix.dependencies.syntax import json_file, yaml_file

JSON = """\
{"a": {
  "b": [1, {"c\\n": 2},
    [3, {"z": 1}], "x"]
}, "d":
["y"], "a{": 3, "empty": {}}
"""


def test_json_and_the_lines_of_its_keys() -> None:
    text, document = json_file.load(b"\xef\xbb\xbf" + JSON.replace("\n", "\r\n").encode())
    assert document == {"a": {"b": [1, {"c\n": 2}, [3, {"z": 1}], "x"]}, "d": ["y"], "a{": 3, "empty": {}}
    assert json_file.lines(text) == {
        ("a",): 1, ("a", "b"): 2, ("a", "b", "1"): 2, ("a", "b", "2"): 3, ("a", "b", "3"): 3,
        ("d",): 4, ("d", "0"): 5, ("a{",): 5, ("empty",): 5,
    }  # fmt: skip
    assert json_file.lines(text, depth=1) == {("a",): 1, ("d",): 4, ("a{",): 5, ("empty",): 5}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[]", "it is not JSON object"),
        (b"null", "it is not JSON object"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b'{"a": -Infinity}', "-Infinity is not JSON"),
        (b'{"a":' * 101 + b"1" + b"}" * 101, "it is nested too deeply"),
        (b'{"a": ' + b"1" * 1_001 + b"}", "it has a number of more than 1000 digits"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_json_that_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        json_file.load(content)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"a": 1,}', b'{"a": 1} {}', b'{"a": 1} // why', b'{"a": "\x00"}', b"{'a': 1}"]
)
def test_json_that_does_not_parse(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"line 1|delimiter|Extra|Expecting"):
        json_file.load(content)


@pytest.mark.parametrize(
    ("content", "key", "lost", "read"),
    [
        (b'{"a": {}, "a": {"b": 1}}', "a", "{}", {"a": {"b": 1}}),
        (b'{"a": {"b": [1], "c": 2, "b": 3}}', "b", "[1]", {"a": {"b": 3, "c": 2}}),
    ],
)
def test_of_a_key_that_stands_twice_the_last_one_counts(content: bytes, key: str, lost: str, read: Any) -> None:
    """As it does for npm, composer and .NET; vcpkg refuses it, and Terraform takes both."""
    assert json_file.load(content)[1] == read
    assert json_file.find_duplicates(content) == [(key, lost)]
    with pytest.raises(Unreadable) as caught:
        json_file.load(content, unique=True)
    assert caught.value.reason == f"the key {key} stands twice in one object"


def test_a_key_that_stands_twice_in_yaml() -> None:
    content = b"a: {b: 1}\nc: 2\na: 3\n"
    assert yaml_file.load(content, last=True) == {"a": "3", "c": "2"}
    assert yaml_file.find_duplicates(content) == [("a", "{'b': '1'}")]
    assert yaml_file.find_duplicates(b"a: 1\n") == []


def test_a_key_that_stands_twice_is_harmless_with_one_value_or_scalars() -> None:
    assert json_file.find_duplicates(b'{"a": "1", "b": 0, "a": "2", "c": {}, "c": {}}') == []
    assert json_file.load(b'{"a": "1", "b": 0, "a": "2"}')[1] == {"a": "2", "b": 0}
    assert json_file.load(b'{"a": {"b": 1}, "a": {"b": 1}}')[1] == {"a": {"b": 1}}


YAML = """\
# how it is written stays
name: app
version: 1.10
none: ~
empty:
quoted: "~"
on: yes
list:
  - a
  - b: 0x1f
base: &base {x: 1, y: 2}
more:
  <<: *base
  y: 3
several: {<<: [{p: 1}, {p: 2, q: 2}]}
again: *base
tagged: !!str 2001-01-01
? long
: block
text: |
  # no comment
  k: v
"""


def test_yaml_keeps_what_is_written() -> None:
    assert yaml_file.load(YAML.encode()) == {
        "name": "app", "version": "1.10", "none": None, "empty": None, "quoted": "~", "on": "yes",
        "list": ["a", {"b": "0x1f"}], "base": {"x": "1", "y": "2"}, "more": {"x": "1", "y": "3"},
        "several": {"p": "1", "q": "2"}, "again": {"x": "1", "y": "2"}, "tagged": "2001-01-01", "long": "block",
        "text": "# no comment\nk: v\n",
    }  # fmt: skip


def test_every_yaml_scalar_knows_its_line() -> None:
    document = yaml_file.load(YAML.encode())
    assert {key: yaml_file.line_of(key) for key in document if key in ("name", "list", "text")} == {
        "name": 2, "list": 8, "text": 20,
    }  # fmt: skip
    assert [yaml_file.line_of(value) for value in (document["list"][0], next(iter(document["list"][1])), None, [])] == [
        9, 10, 0, 0,
    ]  # fmt: skip


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_yaml_with_a_byte_order_mark_and_crlf(mark: bytes) -> None:
    assert yaml_file.load(mark + b"a: 1\r\nb:\r\n  c: 2\r\n") == {"a": "1", "b": {"c": "2"}}
    assert yaml_file.load("a: é\n".encode("utf-16")) == {"a": "é"}


def test_yaml_streams() -> None:
    assert yaml_file.load_all(b"") == []
    assert yaml_file.load_all(b"a: 1\n---\n- b\n---\n") == [{"a": "1"}, ["b"], None]


LAUGHS = b"a: &a [" + b",".join([b"x"] * 10) + b"]\n"
LAUGHS += b"".join(b"%c: &%c [%s]\n" % (98 + i, 98 + i, b",".join([b"*%c" % (97 + i)] * 10)) for i in range(9))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it has 0 YAML documents instead of one"),
        (b"a: 1\n---\nb: 1\n", "it has 2 YAML documents instead of one"),
        (b"- a\n", "it is not YAML mapping"),
        (b"a: 1\nb: 2\n'a': 3\n", "the key a stands twice in one mapping (line 3)"),
        (b"? [a]\n: 1\n", "a key is not a scalar (line 1)"),
        (b"b: &b [c]\n*b : 1\n", "a key is not a scalar"),
        (b"a: !!python/object:os.system x\n", "it has a tag of its own (line 1)"),
        (b"a: !Ref x\n", "it has a tag of its own (line 1)"),
        (b"a: !!binary YQ==\n", "it has a tag of its own (line 1)"),
        (b"a: *b\n", "an alias stands for nothing (line 1)"),
        (b"a: &a [*a]\n", "an alias stands for nothing (line 1)"),
        (b"a: &a {<<: *a}\n", "an alias stands for nothing (line 1)"),
        (b"a: {<<: 1}\n", "what << merges is not a mapping"),
        (LAUGHS, "its aliases stand for too much"),
        (b"a: &a 1\nb: [" + b"*a," * 1_001 + b"]\n", "its aliases stand for too much"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b"- " * 100_000, "it is nested too deeply"),
        pytest.param(b"a: [" + b"x," * 500_000 + b"]", "it has more than 500000 values", marks=pytest.mark.slow),
        (b"x" * 5_000_001, "it is larger than 5.0 MB"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_yaml_that_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        yaml_file.load(content)
    assert caught.value.reason == reason


@pytest.mark.parametrize("content", [b"a: [\n", b"a: \x00\n", b"a: \xff\n", b"a: b: c\n", b"{a", b"a: @b\n"])
def test_what_is_no_yaml(content: bytes) -> None:
    with pytest.raises(Unreadable):
        yaml_file.load(content)


VALUES = st.recursive(
    st.none() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4))
def test_what_is_json_is_read_alike_as_json_and_as_yaml(document: dict[str, Any]) -> None:
    content = json.dumps(document).encode().replace(b"\\ud", b"\\ue")  # YAML takes no surrogates
    document = json.loads(content)
    assert json_file.load(content)[1] == document
    if "<<" not in content.decode():  # which merges
        assert yaml_file.load(content) == document


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=80) | st.text(alphabet="a:-?&*!<{}[]'\"|>%#, \n\t", max_size=40).map(str.encode))
def test_arbitrary_bytes_are_yaml_or_unreadable(content: bytes) -> None:
    try:
        documents = yaml_file.load_all(content)
    except Unreadable as error:
        assert error.reason
    else:
        assert isinstance(documents, list)
