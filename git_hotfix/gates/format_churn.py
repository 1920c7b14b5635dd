"""format-churn: a hotfix does not reformat what it touches, because the fix cannot be seen in it."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence

from git_hotfix.gates.registry import Gate
from git_hotfix.model.change import Hunk
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.lines import readable
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted

_QUOTES = str.maketrans("'`", '""')
_IMPORT = (
    r"\s*(?:import\b|use\s|using\s|from\b.*\bimport\b|#\s*include\b|require(?:_relative|_once)?\b"
    r"|(?:const|let|var)\b.*\brequire\()"
)
_WIDTH = 500  # characters of a line in which an import is looked for


@frozen
class Options:
    """`[gates.format-churn]`. A hotfix breaks the rule that reaches both; of small genuine fixes 0.2 % do."""

    lines: int = field(
        default=20,
        metadata={"doc": "production lines of which only the formatting changed", "source": "0.2 % false alarms"},
    )
    percent: int = field(
        default=30,
        metadata={"doc": "their share of the hotfix's changed production lines, in percent", "max": 100,
                  "source": "0.2 % false alarms"},
    )  # fmt: skip


def check(facts: Facts, options: Options) -> Judgement:
    """Count the changed lines that differ only in whitespace, quotes, trailing commas, line breaks or import order.

    The share is one of all production lines that the hotfix changes, as it was measured: a formatter's run over one
    file beside a large fix is less of a veil than one that is most of the hotfix.
    """
    production = facts.production
    files, unread = readable([file for file in production if file.status in ("M", "R")], facts.content)
    weighed = [(count_churn(hunks), file.path) for file, hunks in files]
    churn = sum(lines for lines, _ in weighed)
    total = sum(file.lines for file in production)
    measured = f"{churn} of {counted(total, 'line')}"
    limit = f"{counted(options.lines, 'line')} and {options.percent} %"
    if churn < max(options.lines, 1) or churn * 100 < options.percent * total:
        return Judgement(measured, limit, unread=unread)
    hint = (
        "move the formatting to its own branch (is a formatter running on save?), or record why: "
        "git hotfix waive format-churn --reason …"
    )
    first = Finding(f"{churn} of {total} changed lines differ only in formatting", hint=hint)
    heavy = sorted((each for each in weighed if each[0]), key=lambda each: -each[0])
    rest = (Finding(counted(lines, "line"), path=path, level="note") for lines, path in heavy)
    return Judgement(measured, limit, (first, *rest), unread)


def count_churn(hunks: Iterable[Hunk]) -> int:
    """The lines of one file's hunks, added and removed, of which only the form changed.

    A line that is only indented further is none: the fix put a block around it. It counts where a whole file was
    indented by another measure, or with tabs for spaces. Nor is one that was aligned with a longer name beside it.
    """
    count = 0
    shifts: list[tuple[str, str]] = []
    removed: list[str] = []
    added: list[str] = []
    for hunk in hunks:
        old, new, moved = _pair_lines([text for _, text in hunk.removed], [text for _, text in hunk.added], _body)
        shifts += [(_indent(before), _indent(after)) for before, after in moved]
        if _without_form("".join(old)) == _without_form("".join(new)):
            count += len(old) + len(new)
            continue
        old, new, aligned = _pair_lines(old, new, _words)
        count += 2 * sum(before.strip() == after.strip() for before, after in aligned)  # blanks at the end
        removed += old
        added += new
    return count + _count_alike(removed, added) + _count_indented_anew(shifts)


def _body(line: str) -> str:
    return line.lstrip(" \t") if line.strip() else ""


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _words(line: str) -> str:
    return " ".join(line.split())


def _pair_lines(
    old: Sequence[str], new: Sequence[str], key: Callable[[str], str]
) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """Both sides of a hunk without the lines that have the same key, and those in pairs. An empty key is none."""
    waiting: dict[str, deque[int]] = {}
    for place, line in enumerate(old):
        waiting.setdefault(key(line), deque()).append(place)
    waiting.pop("", None)
    rest: list[str] = []
    pairs: dict[int, str] = {}
    for line in new:
        places = waiting.get(key(line))
        if places:
            pairs[places.popleft()] = line
        else:
            rest.append(line)
    left = [line for place, line in enumerate(old) if place not in pairs]
    return left, rest, [(old[place], line) for place, line in pairs.items()]


def _count_alike(removed: Sequence[str], added: Sequence[str]) -> int:
    """The lines of hunks with other changes in them that have their like on the other side, anywhere in the file."""
    same = Counter(removed) & Counter(added)  # moved, which is no matter of form, unless it is an import
    old, new = (
        Counter(key for line in side if (key := _key(line)) and (key.startswith("import ") or not same[line]))
        for side in (removed, added)
    )
    return 2 * sum((old & new).values())


def _key(line: str) -> str:
    """What two lines that differ only in their form have in common; of an import its names in any order. Empty for a
    line without a word: a bracket is like any other."""
    if re.match(_IMPORT, line[:_WIDTH]):
        return "import " + " ".join(sorted(re.findall(r"\w+", line)))
    return _indent(line) + _without_form(line) if re.search(r"\w", line) else ""


def _without_form(text: str) -> str:
    """`text` without whitespace, with one kind of quotes and without trailing commas."""
    dense = "".join(text.split()).translate(_QUOTES)
    return re.sub(r",(?=[)\]}>])", "", dense).rstrip(",")


def _count_indented_anew(shifts: Sequence[tuple[str, str]]) -> int:
    """The lines, on both sides, of a file that was indented by another measure or with another character; `shifts` are
    the indentations of all lines that differ in nothing else."""
    shifts = [(before, after) for before, after in shifts if before != after]
    other = sum(("\t" in before) != ("\t" in after) for before, after in shifts if before and after)
    measures: dict[float, list[int]] = {}
    for before, after in shifts:
        if before and after and ("\t" in before) == ("\t" in after):
            measures.setdefault(len(after) / len(before), []).append(len(before))
    # A block that was put around lines moves all by one step; another measure moves each by its depth.
    depths = max(measures.values(), key=len, default=[])
    anew = len(depths) if len(set(depths)) > 1 and len(depths) * 10 >= len(shifts) * 9 else 0
    return 2 * (other + anew)


GATE = Gate("format-churn", "no reformatting", check, Options, order=43)
