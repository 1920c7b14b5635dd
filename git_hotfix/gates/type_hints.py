"""type-hints: a hotfix takes no hint away, and leaves none out where the file has them (playbook, 4.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from git_hotfix.gates.registry import Gate
from git_hotfix.model.change import FileChange
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.sides import Sides, sides
from git_hotfix.model.verdict import Finding, Judgement, Level
from git_hotfix.model.words import counted

if TYPE_CHECKING:
    from git_hotfix.symbols.python.hints import Signature

_HINT = "write the hints, or record why not: git hotfix waive type-hints --reason …"


@frozen
class Options:
    """`[gates.type-hints]`. Asked for everywhere they fail 14 to 100 % of genuine fixes; in files that are 80 %
    annotated, 0 to 5 %."""

    mode: Literal["ratchet", "new", "strict"] = field(
        default="ratchet",
        metadata={
            "doc": "who needs hints: ratchet, a changed function of an annotated file (a new one elsewhere is warned "
            "of); new, every new function; strict, every changed one",
            "source": "strict hints fail 14 to 100 % of fixes",
        },
    )
    percent: int = field(
        default=80,
        metadata={"doc": "functions of a file that have all hints, from where on it is an annotated file", "max": 100,
                  "source": "80 % annotated: 0 to 5 % of fixes fail"},
    )  # fmt: skip


def check(facts: Facts, options: Options) -> Judgement:
    """Compare the functions of each changed Python file with the base's, and ask the changed ones for their hints."""
    files = [file for file in facts.production if _is_python(file)]
    read, unread = sides(files, facts.content)
    findings: list[Finding] = []
    notes: list[Finding] = []
    for file_sides in read:
        found = _judge_file(file_sides, options)
        if isinstance(found, Finding):
            notes.append(found)
        else:
            findings += found
    unread = (*unread, *(each for each in notes if each.level == "fail"))
    said = (*findings, *(each for each in notes if each.level == "note"))
    return Judgement(f"{len(findings)} missing", "0 missing", said, unread)


def _is_python(file: FileChange) -> bool:
    return file.status != "D" and file.path.endswith((".py", ".pyi"))


def _judge_file(file_sides: Sides, options: Options) -> list[Finding] | Finding:
    """What the functions lack, or why nobody knows."""
    from git_hotfix.symbols.python.hints import share, signatures
    from git_hotfix.symbols.python.tree import tree_of, unparsed

    after = tree_of(file_sides.after)
    if after is None:
        return unparsed(file_sides, "its hints were not looked at")
    # A base that cannot be parsed does not stop the fix that mends it: nothing of it is known then.
    tree = tree_of(file_sides.before)
    before = signatures(tree) if tree else ()
    annotated = share(before) * 100 >= options.percent
    return list(
        _findings(file_sides.file.path, _pair_signatures(before, signatures(after)), options, annotated=annotated)
    )


def _pair_signatures(
    before: Sequence[Signature], after: Sequence[Signature]
) -> list[tuple[Signature | None, Signature]]:
    """Each function of the tip with the base's of that name; of several (overloads, setters) in their order."""
    waiting: dict[str, list[Signature]] = {}
    for each in before:
        waiting.setdefault(each.name, []).append(each)
    return [(waiting[each.name].pop(0) if waiting.get(each.name) else None, each) for each in after]


def _findings(
    path: str, pairs: Sequence[tuple[Signature | None, Signature]], options: Options, *, annotated: bool
) -> Iterator[Finding]:
    for old, new in pairs:
        dropped = old.hinted & new.bare if old else frozenset()
        if dropped:
            yield Finding(f"{new.name} lost its hint for {_list_some(dropped)}", path, new.line, _HINT)
            continue
        level = _severity(options, new=old is None, annotated=annotated) if new.bare else None
        if level and (old is None or old.differs(new)):
            yield Finding(f"{new.name} has no hint for {_list_some(new.bare)}", path, new.line, _HINT, level)


def _severity(options: Options, *, new: bool, annotated: bool) -> Level | None:
    """How grave it is that a changed function lacks hints; None where nobody asked for them."""
    if options.mode == "strict" or (options.mode == "new" and new):
        return "fail"
    if options.mode == "new":
        return None
    return "fail" if annotated else "warn" if new else None


def _list_some(names: frozenset[str]) -> str:
    shown = sorted(names)[:3]
    more = f" and {counted(len(names) - 3, 'other')}" if len(names) > 3 else ""
    return ", ".join(shown) + more


GATE = Gate("type-hints", "type hints are as before", check, Options, order=46)
