"""Dockerfiles: base images, images that files are copied from, and what RUN installs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_hotfix.dependencies.ecosystems.docker.image import VARIABLE, parse
from git_hotfix.dependencies.ecosystems.docker.installs import COUNT, find_installs
from git_hotfix.dependencies.ecosystems.docker.shell import Variables
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, decode, manifest_of
from git_hotfix.dependencies.syntax.lines import with_line_feeds
from git_hotfix.model.frozen import replace

_INSTRUCTIONS = frozenset(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME"
    " WORKDIR".split()
)
_DIRECTIVE = r"#[ \t]*(syntax|escape|check)[ \t]*=[ \t]*(\S+)"
_HEREDOC = r"(?<!\S)\d*<<(-?)([\"']?)([A-Za-z_]\w*)\2(?![\w<])"
_ENTRY = r"""([A-Za-z_][\w.-]*)=((?:"[^"\\]*(?:\\.[^"\\]*)*"|'[^']*'|\\.|[^\s"'\\])*)"""
_COMPUTED = "${computed}"
Instruction = tuple[str, str, int]  # keyword, the rest with its ends of lines, 1-based line
STAGES = 500  # of one file; the longest public ones have 40


class _Stage:
    """One stage of a build: what it stands on, what it takes from other stages, and what it brings in."""

    def __init__(self, variables: Variables, parent: int | None) -> None:
        self.variables = variables
        self.parent = parent
        self.lenders: set[int] = set()
        self.declared: list[Dependency] = []


def read_dockerfile(content: bytes, *, scope: Scope = "runtime", template: bool = False) -> Manifest:
    """Read a Dockerfile; `scope` is that of a stage that is built for its own sake, which is every stage that no other
    one copies from or mounts: a stage that only lends files is "build". In a `template`, what stands in double braces
    is a variable without a value."""
    text = with_line_feeds(decode(content), "feed")
    if "\0" in text:
        raise Unreadable("it holds a NUL byte")
    build = _Build(_plain(text) if template else text)
    declared = [
        replace(one, scope=scope if number in build.targets() else "build") if one.scope == "runtime" else one
        for number, stage in enumerate(build.stages)
        for one in stage.declared
    ]
    return manifest_of([*build.declared, *declared], dynamic=build.dynamic, indexes=build.indexes)


def _plain(text: str) -> str:
    """A template's text: what is computed becomes a variable, and a line that is all template becomes empty."""
    for begin, end in (("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>")):
        first, *parts = text.split(begin)
        cut = (part.partition(end) for part in parts)
        text = first + "".join(_COMPUTED + "\n" * inner.count("\n") + rest for inner, _, rest in cut)
    alone = {_COMPUTED, f"{_COMPUTED} \\", f"{_COMPUTED}\\"}
    return "\n".join(
        "" if line.strip().replace(_COMPUTED * 2, _COMPUTED) in alone else line for line in text.split("\n")
    )


class _Build:
    """A Dockerfile, taken instruction by instruction."""

    def __init__(self, text: str) -> None:
        self.declared: list[Dependency] = []  # of no stage
        self.dynamic: set[str] = set()
        self.indexes: dict[str, int] = {}
        self.stages: list[_Stage] = []
        self._global = Variables()
        self._names: dict[str, int] = {}
        self._count = 0
        for keyword, rest, line in _instructions(text, self.declared):
            self._take_instruction(keyword, rest, line)

    def targets(self) -> set[int]:
        """The stages that are built for their own sake, and those that they stand on."""
        used = {other for stage in self.stages for other in stage.lenders}
        standing = {stage.parent for stage in self.stages}
        waiting = [number for number in range(len(self.stages)) if number not in used | standing]
        found: set[int] = set()
        while waiting:
            number = waiting.pop()
            parent = self.stages[number].parent
            found.add(number)
            waiting += [parent] if parent is not None and parent not in found else []
        return found

    def _take_instruction(self, keyword: str, rest: str, line: int) -> None:
        if keyword == "FROM":
            self._take_from(rest, line)
        elif keyword == "ARG" and not self.stages:
            self._take_variables(rest, self._global)
        elif keyword in ("ARG", "ENV"):
            self._take_variables(rest, self._stage().variables, declares=keyword == "ARG")
        elif keyword in ("COPY", "ADD"):
            for name in re.findall(r"(?<!\S)--from=(\S+)", rest):
                self._lender(name, line)
        elif keyword == "RUN":
            for options in re.findall(r"(?<!\S)--mount=(\S+)", rest):
                for name in re.findall(r"(?:^|,)from=([^,]+)", options):
                    self._lender(name, line)
            found = find_installs(_shell_script(rest), Variables(self._stage().variables), scope="runtime", line=line)
            self._stage().declared += found.declared
            self._count += len(found.declared)
            if self._count > COUNT:
                raise Unreadable(f"it installs more than {COUNT} packages")
            self.dynamic |= found.dynamic
            for index, where in found.indexes.items():
                self.indexes.setdefault(index, where)
        elif keyword == "ONBUILD":
            inner = re.match(r"\s*([A-Za-z]+)\s*", rest)
            if inner and inner.group(1).upper() in _INSTRUCTIONS - {"ONBUILD", "FROM"}:
                below = line + rest.count("\n", 0, inner.end())
                self._take_instruction(inner.group(1).upper(), rest[inner.end() :], below)

    def _stage(self) -> _Stage:
        """The stage that is being described; a part of a Dockerfile may begin without FROM."""
        if not self.stages:
            self.stages.append(_Stage(self._global.copy_values(), None))
        return self.stages[-1]

    def _take_from(self, rest: str, line: int) -> None:
        words = [word for word in rest.split() if not word.startswith("--")]
        if not words or len(words) not in (1, 3) or (len(words) == 3 and words[1].upper() != "AS"):
            raise Unreadable(f"line {line}: FROM names no image")
        if len(self.stages) >= STAGES:
            raise Unreadable(f"it has more than {STAGES} stages")
        text = self._global.expand(words[0])
        parent = self._names.get(text.lower())
        # A stage knows the variables of what it stands on, and none of those before the first FROM.
        variables = (
            self._global.copy_values(empty=True) if parent is None else self.stages[parent].variables.copy_values()
        )
        self.stages.append(_Stage(variables, parent))
        if len(words) == 3:
            self._names[words[2].lower()] = len(self.stages) - 1
        if parent is None and text.lower() != "scratch":
            self._image(text, f"FROM {words[0]}", line)

    def _lender(self, name: str, line: int) -> None:
        """A stage, by name or number, or an image that files are taken from."""
        stage = self._stage()
        text = self._global.expand(stage.variables.expand(name.strip("\"'")))
        number = int(text) if text.isdecimal() and len(text) < 4 else self._names.get(text.lower())
        if number is not None and number < len(self.stages):
            stage.lenders.add(number)
        elif text.lower() != "scratch":
            self._image(text, f"from={name}", line)

    def _image(self, text: str, source: str, line: int) -> None:
        one = parse(text, line=line)
        if one is not None:
            self._stage().declared.append(one)
        elif re.search(VARIABLE, text):
            self.dynamic.add(source)
        else:
            raise Unreadable(f"line {line}: {text[:80]!r} is not an image")

    def _take_variables(self, rest: str, variables: Variables, *, declares: bool = False) -> None:
        """Take `name=value …`, the old `ENV name value`, or names that an ARG of a stage takes over when it `declares`
        them."""
        entries = re.findall(_ENTRY, rest)
        for name, value in entries:
            bare = re.sub(r"\\(.)", r"\1", value[1:-1] if value[:1] in ("'", '"') else value)
            variables[name] = self._global.expand(variables.expand(bare))
        name, _, value = rest.strip().partition(" ")
        if not entries and not declares and value.strip():
            variables[name] = variables.expand(value.strip())
        for name in re.findall(r"(?<!\S)(\w+)(?!\S)", rest) if declares else ():
            outer = self._global.get(name)
            if outer is not None:
                variables[name] = outer


def _shell_script(rest: str) -> str:
    """What a RUN hands to the shell: without its options, and the words of the JSON form."""
    rest = re.sub(r"^(?:\s*--\w+(?:=\S+)?(?=\s))+", lambda match: "\n" * match.group().count("\n"), rest)
    if rest.lstrip().startswith("["):
        import json

        try:
            words = json.loads(rest)
        except (ValueError, RecursionError):
            return rest
        if isinstance(words, list) and all(isinstance(word, str) for word in words):
            return " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    return rest


def _instructions(text: str, declared: list[Dependency]) -> Iterator[Instruction]:
    """Every instruction with its continuation lines and here-documents. Raises `Unreadable` for a line that is none."""
    lines = text.split("\n")
    escape, number = "\\", 0
    while number < len(lines) and (match := re.fullmatch(_DIRECTIVE, lines[number].strip(), re.IGNORECASE)):
        number += 1
        if match.group(1).lower() == "escape":
            escape = match.group(2)
        elif match.group(1).lower() == "syntax" and (one := parse(match.group(2), scope="build", line=number)):
            declared.append(one)
    while number < len(lines):
        start = number
        line = lines[number].strip()
        number += 1
        if not line or line.startswith("#"):
            continue
        match = re.match(r"([A-Za-z]+)(?=\s|$)", line)
        if match is None or match.group(1).upper() not in _INSTRUCTIONS:
            raise Unreadable(f"line {start + 1}: {line[:40]!r} is not an instruction")
        parts = [line[match.end() :]]
        while parts[-1].endswith(escape) and number < len(lines):
            parts[-1] = parts[-1][:-1]
            following = lines[number].strip()
            number += 1
            # A comment, and an empty line, do not end what is continued.
            parts.append(following if following and not following.startswith("#") else escape)
        rest = "\n".join(part.removesuffix(escape) for part in parts)
        if match.group(1).upper() in ("RUN", "COPY", "ADD"):
            rest, number = _with_documents(rest, lines, number, escape)
        yield match.group(1).upper(), rest, start + 1


def _with_documents(rest: str, lines: list[str], number: int, escape: str) -> tuple[str, int]:
    """The instruction with its here-documents, whose lines are commands of their own, and the line after them."""
    for tabs, _, word in re.findall(_HEREDOC, rest)[:10]:
        body: list[str] = []
        while number < len(lines):
            line = lines[number]
            number += 1
            if (line.lstrip("\t") if tabs else line) == word:
                break
            comment = line.lstrip().startswith("#")
            body.append("" if comment else line[:-1] if line.endswith(escape) else f"{line};")
        else:
            raise Unreadable(f"the here-document {word} has no end")
        rest = "\n".join([re.sub(rf"<<-?[\"']?{word}[\"']?", ";", rest, count=1), *body, ""])
    return rest, number
