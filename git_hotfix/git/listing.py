"""All references as one text: `<oid> SP <name>` a line, and `<oid> SP <name>^{}` for what an annotated tag names.

80,000 references are 7 MB. Cut into areas and compared as text they cost some milliseconds, and a tenth of a second as
80,000 objects; a dictionary is made of an area only when somebody wants one. git has what tags name in its packed
references (and a server sends it along), so that no object is read for it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from git_hotfix.errors import UNCHANGED, Failure
from git_hotfix.git.run import Git, GitResult, decode
from git_hotfix.model.names import HEADS, LOG, TAGS, Oid, RefName

_PEELED = "^{}"


def list_here(git: Git) -> str:
    """The references of this repository."""
    answer = git.run("show-ref", "--dereference", check=False)
    # It leaves out what is broken, and says so; 1 is its answer where there is no reference at all.
    if answer.code in (0, 1) and not answer.err:
        return decode(answer.out)
    text = decode(git.run("for-each-ref", "--format=%(objectname) %(refname)").out)
    return peel_lines(git, text)


def peel_lines(git: Git, text: str) -> str:
    """The lines of references of which nobody said what their tags name, with that."""
    lines = _lines(text)
    feed = "".join(f"{line.partition(' ')[0]}^{{}}\n" for line in lines).encode()
    named = git.run("cat-file", "--batch-check=%(objectname)", "--buffer", stdin=feed).lines
    found = []
    for line, oid in zip(lines, named, strict=True):
        found.append(line)
        held, _, name = line.removesuffix("\n").partition(" ")
        if " " not in oid and oid != held:
            found.append(f"{oid} {name}{_PEELED}\n")
    return "".join(found)


def list_there(git: Git, remote: str, *, within: float | None = None) -> str:
    """The remote's references now, without fetching anything; `within` that many seconds, and then nobody is asked for
    a password. Raises `Failure` (exit 3) where it does not answer."""
    if within is None:
        return sort_lines(_lines_of_answer(git.run(*_ls_remote_words(remote), check=False), remote))
    answer = git.run_within(within, *_ls_remote_words(remote))
    return sort_lines(_lines_of_answer(answer or GitResult(1, b"", f"nothing within {within:.0f} s"), remote))


def list_both(git: Git, remote: str) -> tuple[str, str]:
    """What `list_here` and `list_there` answer, asked at the same time; the remote's references in the order in which
    it sent them."""
    asked = git.begin(*_ls_remote_words(remote))
    known = list_here(git)
    return known, _lines_of_answer(asked.answer(check=False), remote)


def symbolic_refs(git: Git, remote: str, names: Collection[str]) -> dict[RefName, RefName]:
    """Those of the remote's references `names` that only name another one of it, with that one. A server that speaks an
    old protocol says so of HEAD alone; where it does not answer, nothing is known."""
    answer = git.run("ls-remote", "--quiet", "--symref", "--end-of-options", remote, *names, check=False)
    rows = (line.removeprefix("ref: ").partition("\t") for line in answer.lines if line.startswith("ref: "))
    return {RefName(name): RefName(other) for other, _, name in rows if name in names}


def _ls_remote_words(remote: str) -> tuple[str, ...]:
    return "ls-remote", "--quiet", "--end-of-options", remote


def _lines_of_answer(answer: GitResult, remote: str) -> str:
    if answer.code != 0:
        raise Failure(f"{remote} does not answer: {answer.last_words}", unchanged=UNCHANGED)
    return decode(answer.out).replace("\t", " ")


def sort_lines(text: str) -> str:
    """The lines of a server that does not sort, sorted: what is below one area has to stand together."""
    if all((lines := lines_below(text, area)).count(f" {area}") == lines.count("\n") for area in (HEADS, TAGS, LOG)):
        return text
    return "".join(sorted(_lines(text), key=lambda line: line.partition(" ")[2]))


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.split("\n") if line]


def lines_below(text: str, area: str) -> str:
    """The lines of the references below `area`."""
    mark = f" {area}"
    first = text.find(mark)
    if first < 0:
        return ""
    return text[text.rfind("\n", 0, first) + 1 : text.find("\n", text.rfind(mark)) + 1]


def ids_below(lines: str, area: str) -> dict[Any, Oid]:
    """Name below `area` → id."""
    return split_tags(lines, area)[0]


def split_tags(lines: str, area: str) -> tuple[dict[Any, Oid], dict[Any, Oid]]:
    """Name below `area` → id, and name → what it names in the end, which of an annotated tag is another id."""
    # No name holds a space or a line feed; other white space that Python knows it may hold.
    mark = f" {area}"
    pieces = lines.replace(f"{_PEELED}\n", mark).replace("\n", mark).split(mark)
    names, oids = pieces[1::2], cast("list[Oid]", pieces[::2])[: len(pieces) // 2]
    # What a tag names follows it: read forwards, the last id of a name stays, and read backwards the first one.
    named = dict(zip(names, oids, strict=True))
    if _PEELED not in lines:
        return named, named
    first = dict(zip(names[::-1], oids[::-1], strict=True))
    return {name: first[name] for name in named}, named


def lines_outside(lines: str, area: str) -> str:
    """The lines of all references but those below `area`."""
    hole = lines_below(lines, area)
    start = lines.find(hole[: hole.find("\n") + 1])
    return lines[:start] + lines[start + len(hole) :] if hole else lines


def move_lines(lines: str, area: str, to: str) -> str:
    """The same lines as if they stood below `to`."""
    return lines.replace(f" {area}", f" {to}")
