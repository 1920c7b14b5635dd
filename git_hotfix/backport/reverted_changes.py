"""Whether a change that came to a branch stands there still, or was taken out again: asked of the content.

The files of the change tell it nearly always. Where all of them have moved on, a line that the change removed and that
the branch has not shows that it was not undone; what is left is reverted in memory, and a revert that changes nothing
finds the change gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from git_hotfix.backport import undone_lines
from git_hotfix.backport.history_claims import Subject
from git_hotfix.context import Context
from git_hotfix.errors import Failure
from git_hotfix.git import blobs, diff, history, merge, search
from git_hotfix.model.names import Oid

_AT_ONCE = 200  # blobs that are in memory together

Answer = Literal["there", "moved", "part", "taken", "void"]
"""The files are as they were when the change came; they have moved on, and it is not undone; a part of it is; all of it
is; the commit does not make the change."""
Sides = Mapping[str, tuple[Oid, Oid]]
"""Path → the blobs before and after, where they differ."""


class Question(NamedTuple):  # a key of dictionaries, a thousand times
    """Whether `tip` still has the change `start` → `end` that came to it with `since`."""

    tip: Oid
    start: Oid
    end: Oid
    since: Oid


def answer_questions(
    context: Context, subject: Subject, asked: Sequence[Question], known: Mapping[Oid, Oid], *, probe: bool = True
) -> dict[Question, Answer]:
    """The answer to each question, by the files of the fix (all, where there are too many); `known` are trees of
    commits. Without `probe` nothing is reverted in memory, and what the files do not tell is "moved"."""
    if not asked:
        return {}
    seen = _differences(context, asked, subject.paths, known)
    found: dict[Question, Answer] = dict.fromkeys(asked, "there")
    unclear, void = [], []
    for question, (own, moved) in seen.items():
        mine = own.keys() & moved.keys()
        if not own and question.start != question.end:  # else the logbook says that the branch had the change as it was
            void.append(question)
        elif len(mine) == len(own) and all(moved[path][1] == own[path][0] for path in mine) and own:
            found[question] = "taken"
        elif mine:
            found[question] = "moved"
            # Of a file that is as it was when the change came, a revert would change something.
            unclear += [question] if len(mine) == len(own) else []
    elsewhere = _changes_elsewhere(context, subject, void)
    found |= {question: "void" for question in void if question not in elsewhere}
    if probe:
        doubtful = _without_lacking(context, unclear, seen) + void
        found |= dict.fromkeys(_find_undone(context, doubtful), "taken")
        found |= _answer_by_lines(
            context, subject, [question for question, answer in found.items() if answer == "moved"], seen
        )
    return found


def _differences(
    context: Context, asked: Sequence[Question], paths: Sequence[str], known: Mapping[Oid, Oid]
) -> dict[Question, tuple[Sides, Sides]]:
    """What the change of each question changes, and what has changed since it came. A question about a commit that is
    not here has no answer."""
    outside = {oid for question in asked for oid in question if oid not in known}
    trees = {**known, **history.trees(context.git, sorted(outside))} if outside else known
    pairs = {
        question: ((trees[question.start], trees[question.end]), (trees[question.since], trees[question.tip]))
        for question in asked
        if all(oid in trees for oid in question)
    }
    apart = [pair for pair in {pair: None for both in pairs.values() for pair in both} if pair[0] != pair[1]]
    try:
        sides: dict[tuple[Oid, Oid], Sides] = dict(zip(apart, diff.sides_at(context.git, apart, paths), strict=True))
    except Failure:  # a tree that is not here: merging that target tells
        return {}
    return {question: (sides.get(own, {}), sides.get(since, {})) for question, (own, since) in pairs.items()}


def _without_lacking(
    context: Context, unclear: Sequence[Question], seen: Mapping[Question, tuple[Sides, Sides]]
) -> list[Question]:
    """Those of `unclear` whose branch has every line that the change removed, and not every one that it brought anew:
    from any other a revert would bring a line back, or take lines away."""
    found = []
    for start in range(0, len(unclear), _AT_ONCE):
        part = unclear[start : start + _AT_ONCE]
        places = [
            (question, path, seen[question][0][path], seen[question][1][path][1])
            for question in part
            for path in seen[question][0]
        ]
        ids = list(dict.fromkeys(oid for _, _, (before, after), now in places for oid in (before, after, now)))
        lines = {
            oid: frozenset(content.split(b"\n")) if content is not None else frozenset()
            for oid, content in zip(ids, blobs.read(context.git, ids), strict=True)
        }
        lacking = {
            question
            for question, _, (before, after), now in places
            if set(now) != {"0"}
            and (
                not (lines[before] - lines[after]) <= lines[now]
                or (
                    search.significant_lines(lines[after] - lines[before])
                    and lines[after] - lines[before] <= lines[now]
                )
            )
        }
        found += [question for question in part if question not in lacking]
    return found


def _answer_by_lines(
    context: Context, subject: Subject, asked: Sequence[Question], seen: Mapping[Question, tuple[Sides, Sides]]
) -> dict[Question, Answer]:
    """Those of `asked` that are undone by their lines, in all of the files or in a part: the probe stops where other
    lines beside them changed, and tells nothing of a part."""
    found: dict[Question, Answer] = {}
    if not asked:
        return found
    ended, changed = fixed_lines(context, subject)
    for start in range(0, len(asked), _AT_ONCE):
        part = asked[start : start + _AT_ONCE]
        places = [
            (question, seen[question][0][path], seen[question][1][path])
            for question in part
            for path in seen[question][0].keys() & seen[question][1].keys()
        ]
        ids = list(dict.fromkeys(oid for _, own, moved in places for oid in (*own, *moved)))
        texts = {oid: text or b"" for oid, text in zip(ids, blobs.read(context.git, ids), strict=True)}
        extents: dict[Question, list[undone_lines.Extent]] = {question: [] for question in part}
        for question, (before, after), (since, now) in places:
            if now == before or set(now) == {"0"}:
                extents[question].append("all" if now == before else "")
                continue
            undone = undone_lines.undone_extent(
                texts[before], texts[after], texts[now], since=texts[since], ended=ended, among=changed
            )
            extents[question].append(undone)
        for question, mine in extents.items():
            if mine and len(mine) == len(seen[question][0]) and set(mine) == {"all"}:
                found[question] = "taken"
            elif any(mine):
                found[question] = "part"
    return found


def fixed_lines(context: Context, subject: Subject) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """The lines of the fix's files as it leaves them, and those that it removes or adds; without blanks at the end."""
    base, tip = subject.trees
    [files] = diff.sides_at(context.git, [(base, tip)], subject.paths) if base != tip else [{}]
    texts = blobs.read_and_keep(context.git, [oid for sides in files.values() for oid in sides])
    sides = [frozenset(line.rstrip() for line in (text or b"").splitlines()) for text in texts]
    ended, changed = frozenset[bytes]().union(*sides[1::2]), frozenset[bytes]()
    return ended, changed.union(*(before ^ after for before, after in zip(sides[::2], sides[1::2], strict=True)))


def _changes_elsewhere(context: Context, subject: Subject, asked: Sequence[Question]) -> set[Question]:
    """Those of `asked`, which change none of the fix's files by name, whose change is the fix's all the same: the
    branch has none of these files; or it changes a file that is called like one that is missing there, or lines that
    the fix changes."""
    paths = subject.paths
    if not asked or not paths:
        return set()
    trees = history.trees(context.git, sorted({oid for question in asked for oid in (question.start, question.end)}))
    full = [
        question for question in asked if trees.get(question.start) != trees.get(question.end) and question.end in trees
    ]
    places = [(question, path) for question in full for path in paths if "\n" not in path]
    ids = blobs.ids(context.git, [f"{question.end}:{path}" for question, path in places])
    missing: dict[Question, set[str]] = {question: set() for question in full}
    for (question, path), blob in zip(places, ids, strict=True):
        if not blob:
            missing[question].add(path)
    found = {question for question in full if len(missing[question]) == len(paths)}
    rest = [question for question in full if question not in found and question.start in trees]
    changed = diff.sides(
        context.git, [subject.trees, *((trees[question.start], trees[question.end]) for question in rest)]
    )
    lines: frozenset[bytes] | None = None
    for question, files in zip(rest, changed[1:], strict=True):
        names = {PurePosixPath(path).name for path in missing[question]}
        if any(PurePosixPath(path).name in names for path in files):
            found.add(question)
            continue
        lines = (
            _lone_lines(context, {path: changed[0][path] for path in changed[0].keys() & set(paths)})
            if lines is None
            else lines
        )
        endings = {PurePosixPath(path).suffix for path in paths}
        likely = {path: blobs for path, blobs in files.items() if PurePosixPath(path).suffix in endings}
        if lines & _lone_lines(context, likely):
            found.add(question)
    return found


def _lone_lines(context: Context, files: Sides) -> frozenset[bytes]:
    """The lines that files have on one of their two sides only; those without a letter or a digit say nothing."""
    contents = iter(blobs.read(context.git, [oid for pair in files.values() for oid in pair]))
    sides = [search.significant_lines((content or b"").split(b"\n")) for content in contents]
    return frozenset[bytes]().union(*(before ^ after for before, after in zip(sides[::2], sides[1::2], strict=True)))


def _find_undone(context: Context, asked: Sequence[Question]) -> list[Question]:
    """The questions whose change is undone. What was undone as soon as it came was decided by whoever merged it, and
    a commit that changes nothing has nothing to undo."""
    out = reverts_nothing(context, [(question.tip, (question.start, question.end)) for question in asked])
    gone = [question for question, done in zip(asked, out, strict=True) if done]
    before = reverts_nothing(context, [(question.since, (question.start, question.end)) for question in gone])
    return [question for question, done in zip(gone, before, strict=True) if not done]


def reverts_nothing(context: Context, asked: Sequence[tuple[Oid, tuple[Oid, Oid]]]) -> list[bool]:
    """For each (commit, (start, end)): whether reverting the change start → end on that commit changes nothing."""
    if not asked:
        return []
    # Both sides stand on the end of the change, so that the merge takes back what it did (a revert in git 2.39).
    ends = [pair for at, (start, end) in asked for pair in ((at, end), (start, end))]
    sides = merge.sides_of_picks(context.git, ends)
    results = merge.merge_all(context.git, list(zip(sides[::2], sides[1::2], strict=True)))
    trees = history.trees(context.git, [at for at, _ in asked])
    return [result.clean and result.tree == trees.get(at) for result, (at, _) in zip(results, asked, strict=True)]
