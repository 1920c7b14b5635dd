"""Dockerfiles and compose files: images, stages, and what commands install."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.docker import READER
from git_hotfix.dependencies.ecosystems.docker.image import parse
from git_hotfix.dependencies.ecosystems.docker.shell import Variables, commands
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read, reader_of


def manifest(text: str, path: str = "Dockerfile") -> Manifest:
    return read(READER, path, text.encode())


def words(script: str) -> list[list[str]]:
    return [[text for text, _ in command] for command in commands(script, Variables())]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Dockerfile", True), ("a/Dockerfile.prod", True), ("api.Dockerfile", True), ("Containerfile", True),
        ("dockerfile", True), ("Dockerfile-alpine.template", True), ("compose.yaml", True),
        ("docker-compose.yml", True), ("deploy/docker-compose.prod.yml", True), ("app.compose.yml", True),
        ("Dockerfile.dockerignore", False), ("Dockerfile.md", False), ("dockerfile_parser.py", False),
        ("composer.json", False), ("decompose.yml", False), (".dockerignore", False),
    ],
)  # fmt: skip
def test_which_files_are_read(path: str, expected: bool) -> None:
    assert READER.is_manifest(path) is expected
    assert (reader_of(path) is READER) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python", Declared("python")),
        ("python:3.12-slim", Declared("python", "3.12-slim")),
        ("docker.io/library/python:3", Declared("python", "3")),
        ("index.docker.io/o/app", Declared("o/app")),
        ("o/app@sha256:abc", Declared("o/app", "sha256:abc")),
        ("o/app:1@sha256:abc", Declared("o/app", "1@sha256:abc")),
        ("GHCR.io/o/app:1", Declared("ghcr.io/o/app", "1", origin="ghcr.io")),
        ("localhost/app", Declared("localhost/app", origin="localhost")),
        ("reg:5000/app:1", Declared("reg:5000/app", "1", origin="reg:5000")),
        ("python:${V}", Declared("python", "${V}")),
        ("docker://alpine:3", Declared("alpine", "3")),
        ("${BASE}", None), ("Python", None), ("", None), ("a//b", None), ("a" * 2_000, None),
    ],
)  # fmt: skip
def test_one_image(text: str, expected: Declared | None) -> None:
    assert parse(text) == expected


DOCKERFILE = """\
# syntax=docker/dockerfile:1
ARG PYTHON=3.12
ARG BASE
FROM --platform=$BUILDPLATFORM golang:1.22 AS build
COPY . .
FROM python:${PYTHON}-slim AS base
FROM base AS test
FROM base
COPY --from=build /a /a
COPY --from=0 /b /b
COPY --from=ghcr.io/o/tool:1 /c /c
RUN --mount=type=bind,from=busybox:1.36,target=/x true
FROM scratch AS files
FROM ${BASE}
"""


def test_stages() -> None:
    assert manifest(DOCKERFILE) == Manifest(
        names={
            "docker/dockerfile": Declared("docker/dockerfile", "1", scope="build", line=1),
            "golang": Declared("golang", "1.22", scope="build", line=4),
            "python": Declared("python", "3.12-slim", line=6),
            "ghcr.io/o/tool": Declared("ghcr.io/o/tool", "1", line=11, origin="ghcr.io"),
            "busybox": Declared("busybox", "1.36", line=12),
        },
        dynamic=frozenset({"FROM ${BASE}"}),
    )


INSTALLS = """\
FROM debian:12 AS build
RUN pip install built
FROM debian:12
COPY --from=build /a /a
ARG CURL=8.0
ARG UNSET
ENV PACKAGES="less vim" \\
    TOOL=1.2
ENV OLD old style
RUN apt-get update && apt-get install -y --no-install-recommends -o Dpkg::Use-Pty=0 \\
      # the reason
      curl=${CURL} \\
      g++ libc6:amd64 gone- \\

      ./near.deb \\
    && rm -rf /var/lib/apt/lists/*
RUN set -eux; deps='jq'; deps+=" git"; sudo apt install $deps $PACKAGES > /dev/null 2>&1
RUN apt-get install -y linux-headers-$(uname -r) nginx=$UNSET
RUN apk add --no-cache --virtual .build -X https://x.org/alpine gcc~12 bash=5 !conflict
RUN yum install -y which java-17-openjdk-devel httpd-2.4.6 https://x.org/tool-1.0.rpm
RUN pip3 install --no-cache-dir -r requirements.txt 'Flask[async]==3' "git+https://x.org/o/lib@v1" . \\
  ./wheels/near.whl && python3 -m pip install -U --extra-index-url https://me:secret@x.org/simple uvicorn
RUN uv pip install --system ruff; uv tool install black; pipx install poetry
RUN npm install -g --registry=https://x.org/npm typescript@5 @o/cli o/fork#v1 && yarn global add serve && npm ci
RUN gem install bundler:2.5 rake -v 13 ; cargo install --git https://x.org/o/tool --tag v1 ; cargo install just@1.2
RUN go install x.org/o/cmd@v1 && composer global require o/lib:^1 && conda install -c conda-forge numpy=1.2
RUN ["apt-get", "install", "-y", "exec-form"]
RUN bash -c "apt-get install -y nested" && if true; then apt-get install conditional; fi
RUN for p in one two; do apt-get install "$p"; done
RUN <<EOF
# apt-get install commented
apt-get install -y \\
  heredoc
pip install 'late'
EOF
ONBUILD RUN apt-get install onbuild
RUN echo apt-get install echoed
CMD apt-get install never
"""


def test_what_commands_install() -> None:
    found = manifest(INSTALLS)
    shown = {
        key: (d.version, d.source, d.scope, d.line, d.origin)
        for key, d in [*found.names.items(), *((f"near {key}", d) for key, d in found.local.items())]
    }
    registry, run = "registry", "runtime"
    assert shown == {
        "python:built": ("", registry, "build", 2, ""),
        "debian": ("12", registry, run, 3, ""),
        "apt:curl": ("8.0", registry, run, 12, ""),
        "apt:g++": ("", registry, run, 13, ""),
        "apt:libc6": ("", registry, run, 13, ""),
        "near apt:near.deb": ("", "path", run, 15, "./near.deb"),
        "apt:jq": ("", registry, run, 17, ""),
        "apt:git": ("", registry, run, 17, ""),
        "apt:less": ("", registry, run, 17, ""),
        "apt:vim": ("", registry, run, 17, ""),
        "apt:nginx": ("$UNSET", registry, run, 18, ""),
        "apk:gcc": ("~12", registry, run, 19, ""),
        "apk:bash": ("5", registry, run, 19, ""),
        "rpm:which": ("", registry, run, 20, ""),
        "rpm:java-17-openjdk-devel": ("", registry, run, 20, ""),
        "rpm:httpd": ("2.4.6", registry, run, 20, ""),
        "rpm:tool": ("", "url", run, 20, "https://x.org/tool-1.0.rpm"),
        "python:flask": ("==3", registry, run, 21, ""),
        "python:lib": ("v1", "git", run, 21, "https://x.org/o/lib"),
        "near python:near": ("", "path", run, 22, "./wheels/near.whl"),
        "python:uvicorn": ("", registry, run, 22, ""),
        "python:ruff": ("", registry, run, 23, ""),
        "python:black": ("", registry, run, 23, ""),
        "python:poetry": ("", registry, run, 23, ""),
        "javascript:typescript": ("5", registry, run, 24, ""),
        "javascript:@o/cli": ("", registry, run, 24, ""),
        "javascript:fork": ("v1", "git", run, 24, "https://github.com/o/fork"),
        "javascript:serve": ("", registry, run, 24, ""),
        "ruby:bundler": ("2.5", registry, run, 25, ""),
        "ruby:rake": ("13", registry, run, 25, ""),
        "rust:tool": ("v1", "git", run, 25, "https://x.org/o/tool"),
        "rust:just": ("1.2", registry, run, 25, ""),
        "go:x.org/o/cmd": ("v1", registry, run, 26, ""),
        "php:o/lib": ("^1", registry, run, 26, ""),
        "conda:numpy": ("=1.2", registry, run, 26, ""),
        "apt:exec-form": ("", registry, run, 27, ""),
        "apt:nested": ("", registry, run, 28, ""),
        "apt:conditional": ("", registry, run, 28, ""),
        "apt:one": ("", registry, run, 29, ""),
        "apt:two": ("", registry, run, 29, ""),
        "apt:heredoc": ("", registry, run, 33, ""),
        "python:late": ("", registry, run, 34, ""),
        "apt:onbuild": ("", registry, run, 36, ""),
    }
    assert found.dynamic == {"apt-get install -y linux-headers-$(uname -r) nginx=$UNSET"}
    assert found.indexes == {
        "https://x.org/alpine": 19, "https://x.org/simple": 22, "https://x.org/npm": 24, "conda-forge": 26,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "dynamic"),
    [
        ("FROM a\nRUN pip install $NAMES\n", "pip install $NAMES"),
        ("FROM a\nRUN apt-get install -y `cat list`\n", "apt-get install -y `cat list`"),
        ("FROM a\nRUN x=$(cat list) && apt-get install $x\n", "apt-get install $(cat list)"),
        ("FROM a\nCOPY --from=${TOOLS} a b\n", "from=${TOOLS}"),
        ("FROM a\nRUN npm i -g ${A:+b}\n", "npm i -g ${A:+b}"),
    ],
)
def test_what_only_running_tells_is_dynamic(text: str, dynamic: str) -> None:
    assert manifest(text) == Manifest(names={"a": Declared("a", line=1)}, dynamic=frozenset({dynamic}))


def test_a_file_is_for_what_its_name_says() -> None:
    assert manifest("FROM a", "Dockerfile.test").names["a"].scope == "development"
    assert manifest("FROM a", "docker/dev/Dockerfile").names["a"].scope == "development"
    assert manifest("services: {x: {image: a}}", "docker-compose.override.yml").names["a"].scope == "development"


def test_windows_escape_and_part_of_a_file() -> None:
    assert manifest("# escape=`\nFROM a\nRUN pip install `\n  b\n").names.keys() == {"a", "python:b"}
    assert manifest("RUN apt-get install a\n").names.keys() == {"apt:a"}


TEMPLATE = """\
{{ if is_alpine then (
-}}
FROM alpine:{{ .version }}
{{ ) else ( -}}
FROM {{ .base }}
RUN apt-get install -y a \\
{{ if x -}}
  b
{% endif %}
"""


def test_template() -> None:
    assert manifest(TEMPLATE, "Dockerfile.template") == Manifest(
        names={
            "alpine": Declared("alpine", "${computed}", line=3),
            "apt:a": Declared("apt:a", line=6),
            "apt:b": Declared("apt:b", line=8),
        },
        dynamic=frozenset({"FROM ${computed}"}),
    )


COMPOSE = """\
x-common: &common
  image: redis:7
services:
  cache:
    <<: *common
  web:
    image: ghcr.io/o/web:1
    build: .
  worker:
    image: ghcr.io/o/web:1
  db:
    image: "postgres:${PG:-16}"
  any:
    image: ${IMAGE}
  remote:
    build: {context: "https://github.com/o/r.git#v1:dir"}
  inline:
    build:
      additional_contexts: ["base=docker-image://debian:12", other=../x]
      dockerfile_inline: |
        FROM alpine:3
        RUN apk add curl
  reset: !reset null
"""


def test_compose() -> None:
    assert manifest(COMPOSE, "compose.yaml") == Manifest(
        names={
            "redis": Declared("redis", "7", line=2),
            "postgres": Declared("postgres", "16", line=12),
            "github.com/o/r": Declared("github.com/o/r", "v1", "git", line=16, origin="https://github.com/o/r"),
            "debian": Declared("debian", "12", line=19),
            "alpine": Declared("alpine", "3", line=21),
            "apk:curl": Declared("apk:curl", line=22),
        },
        own=frozenset({"ghcr.io/o/web"}),
        dynamic=frozenset({"image: ${IMAGE}"}),
    )


def test_compose_of_the_first_version_and_of_none() -> None:
    assert manifest("web:\n  image: a:1\n", "docker-compose.yml") == Manifest(names={"a": Declared("a", "1", line=2)})
    assert manifest("# later\n", "compose.yml") == Manifest()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("Dockerfile", b"\0"), ("Dockerfile", b"HELLO world"), ("Dockerfile", b"FROM"), ("Dockerfile", b"FROM a b"),
        ("Dockerfile", b"FROM A"), ("Dockerfile", b"FROM a\nCOPY --from=B/c d e"), ("Dockerfile", b"FROM a\n<<<<<<< x"),
        ("Dockerfile", b"FROM a\nRUN <<EOF\ntrue\n"), ("Dockerfile", b"FROM a\n" * 501), ("Dockerfile", b"{{ x }}"),
        ("compose.yml", b"- a"), ("compose.yml", b"a: ["), ("compose.yml", b"services: {a: {image: B}}"),
        ("compose.yml", b"a: 1\n---\nb: 2\n"), ("compose.yml", b"a: !!python/name:x 1"),
    ],
)  # fmt: skip
def test_unreadable(path: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(READER, path, content)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a b;c|d&&e||f&g", [["a", "b"], ["c"], ["d"], ["e"], ["f"], ["g"]]),
        ("X=1 sudo -E env Y=2 a $X", [["a", "1"]]),
        ("a 'b c' \"d e\" f\\ g", [["a", "b c", "d e", "f g"]]),
        ('a "$(b "c d" | e)" f', [["a", '$(b "c d" | e)', "f"]]),
        ("a >b 2>&1 <c d", [["a", "d"]]),
        ("a # b c\nd", [["a", "d"]]),
        ("a#b", [["a#b"]]),
        ("(a; { b; })", [["a"], ["b"]]),
        ("sh -c 'a; sh -c \"b\"'", [["a"], ["b"]]),
        ("x='a b'; c $x ${y:-d} ${z}", [["c", "a", "b", "d", "${z}"]]),
        ("echo don't", [["echo", "don't"]]),
        ('echo "never ends', [["echo", '"never', "ends"]]),
    ],
)
def test_words_of_commands(script: str, expected: list[list[str]]) -> None:
    assert words(script) == expected


def test_variables_have_the_scope_that_docker_gives_them() -> None:
    stage = "FROM x:$A AS y\nARG A\nENV C=3\nRUN pip install a==$A b==$B c==$C\n"
    found = manifest(f"ARG A=1\nARG B=2\n{stage}FROM y\nRUN pip install d==$C $B\n")
    assert {key: declared.version for key, declared in found.names.items()} == {
        "x": "1", "python:a": "==1", "python:b": "==$B", "python:c": "==3", "python:d": "==3",
    }  # fmt: skip
    assert found.dynamic == {"pip install d==3 $B"}


@pytest.mark.parametrize(
    "text",
    [
        "ENV a=xx\n" + "ENV a=$a$a\n" * 400 + "RUN apt-get install $a\n",
        "RUN a=xx;" + "a=$a$a;" * 400 + "apt-get install $a\n",
        "ENV a=" + "x" * 9_000 + "\nRUN echo " + "$a " * 10_000,
        "RUN " + "".join(f"a{number}=1;" for number in range(600_000)),
        "RUN apt-get install " + "a " * 30_000,
        "RUN apt-get install a\n" * 30_000,
    ],
    ids=["env", "shell", "often", "many", "packages", "commands"],
)
def test_what_is_too_much_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        manifest("FROM a\n" + text)


@pytest.mark.slow
def test_odd_text_costs_linear_time() -> None:
    pieces = ('"', "'", '"$(', "$(", "`", "\\", "${", "a=", " ", "<<", "&", "a;", "#", "((", '"a\\"', "a= ",
              "sudo ", "$a ", "for a in b; ", "sh -c a;", "--a ", "<<a ")  # fmt: skip
    for piece in pieces:
        for lead in ("FROM a\nRUN ", "FROM a\nRUN apt-get install ", "FROM a\nENV x="):
            try:
                manifest(lead + piece * 6_000)
            except Unreadable as error:
                assert error.reason


WORDS = st.sampled_from(
    "FROM |RUN |COPY --from=|ARG |ENV |ONBUILD |a|b:1| AS |\n|\\\n|pip install |apt-get install |$|{|}|(|)|<<EOF|\"|'|"
    "`|=|services:\n|  x: {image: |#|&&|;|--mount=from=|[|]|,".split("|")
)


@settings(max_examples=150, deadline=None)
@given(
    path=st.sampled_from(["Dockerfile", "compose.yml", "Dockerfile.j2"]),
    content=st.binary(max_size=100) | st.lists(WORDS, max_size=40).map(lambda parts: "".join(parts).encode()),
)
def test_arbitrary_bytes_are_read_or_unreadable(path: str, content: bytes) -> None:
    try:
        found = read(READER, path, content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(declared.name for declared in found.names.values())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.from_regex(r"[a-z][a-z0-9]{1,8}(-[a-z][a-z0-9]{0,4})?", fullmatch=True), unique=True, max_size=8))
def test_generated_manifests_give_exactly_their_names(names: list[str]) -> None:
    images = "".join(f"FROM {name}:1\n" for name in names)
    assert manifest(images).names == {name: Declared(name, "1", line=n) for n, name in enumerate(names, start=1)}
    for command, ecosystem in (("apt-get install -y", "apt"), ("pip install", "python"), ("npm i -g", "javascript")):
        found = manifest("RUN " + " \\\n  ".join([command, *names]) + "\n")
        assert list(found.names) == [f"{ecosystem}:{name}" for name in names]
        assert [declared.line for declared in found.names.values()] == list(range(2, len(names) + 2))
