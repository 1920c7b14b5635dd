"""What the server said when it refused a push, in its own lines, and what answers it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from git_hotfix.model.names import RefName, short
from git_hotfix.model.plan import Outcome
from git_hotfix.model.words import counted
from git_hotfix.report.layout import cut
from git_hotfix.report.streams import Streams, safe_line

_LINES = 20  # of one refusal; a hook may print whatever it likes
_LINE = 500  # columns of one of them
_NAMED = 3  # references that are named where the same was said of more
_GROUPS = 12  # refusals in different words; JSON has all of them


def show(streams: Streams, outcome: Outcome) -> None:
    """The server's lines, said once for all references that it said the same of; then what answers them."""
    said = [*outcome.said, *(each for delivery in outcome.deliveries for each in delivery.said)]
    said += [each for tag in outcome.floating for each in tag.said]
    groups: dict[tuple[str, ...], list[RefName]] = {}
    for ref, found in _by_ref(said).items():
        groups.setdefault(tuple(found), []).append(ref)
    for lines, refs in list(groups.items())[:_GROUPS]:
        streams.out(f"the server said of {_names(refs)}:")
        for line in lines[:_LINES]:
            # No line begins with a word of the server: a runner of GitHub obeys one that begins with `::`.
            streams.out(f"  remote: {cut(safe_line(line), _LINE)}")
        if len(lines) > _LINES:
            streams.out(f"  … {counted(len(lines) - _LINES, 'more line')}")
    if len(groups) > _GROUPS:
        streams.out(f"… and {counted(len(groups) - _GROUPS, 'more refusal')} in other words: --format json has them")
    for line in outcome.advice:
        streams.out(f"  → {line}")


def _by_ref(said: Iterable[tuple[RefName, str]]) -> dict[RefName, list[str]]:
    found: dict[RefName, list[str]] = {}
    for ref, line in said:
        found.setdefault(ref, []).append(line)
    return found


def _names(refs: Sequence[RefName]) -> str:
    names = [short(ref) for ref in refs]
    if len(names) <= _NAMED:
        return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
