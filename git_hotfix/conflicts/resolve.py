"""Conflicts that need no human: somebody solved the same one before, or the policy says what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from git_hotfix.conflicts import keep_target, resolutions
from git_hotfix.conflicts.resolutions import Resolution
from git_hotfix.git import blobs, diff, history, search, trees
from git_hotfix.git.merge import MergeResult
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git
from git_hotfix.git.trees import File
from git_hotfix.model.conflict_text import (
    Piece,
    context_of,
    difference,
    identity,
    lines_of,
    lines_of_theirs,
    normalize,
    outside_hunks,
    parse,
)
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.names import Oid
from git_hotfix.model.plan import Conflict
from git_hotfix.model.policy import Backport, Files

_SAME_FILE = 0.5  # of the lines outside the conflict; git calls a file renamed from there on (diff -M)
_AT_ONCE = 200  # merges whose files are in memory together


@frozen
class ResolutionRules:
    """What may settle a conflict: the policy's files, and unless `remembered` is False the resolutions on disk.

    `base` and `source` are the ends of the fix, `tips` commits in which a resolution of the user's may be found again.
    With `shown` the report is told what became of every hunk. `vendored` are the paths (patterns) of others' code.
    """

    repository: Repository
    policy: Backport
    base: Oid
    source: Oid
    tips: tuple[Oid, ...] = ()
    remembered: bool = True
    shown: bool = False
    vendored: tuple[str, ...] = Files().vendored

    def without_memory(self) -> ResolutionRules:
        """What the policy alone may settle."""
        return replace(self, remembered=False)


@frozen
class SettledFile:
    """One file in conflict, settled: by what, as what, and what it was between its markers."""

    by: Literal["rerere", "keep-target", "union"]
    file: File
    pieces: tuple[Piece, ...]


@frozen
class Answers:
    """What is known of the files in conflict of one merge: those that are settled, and for each that is in conflict
    between lines a digest of these lines, by path."""

    settled: Mapping[str, SettledFile]
    texts: Mapping[str, str]


@frozen
class ConflictedFile:
    """One file in conflict between lines: its place among the merges, and its text between the markers."""

    number: int
    path: str
    mode: str
    pieces: tuple[Piece, ...]


def settle(
    git: Git, pairs: Sequence[tuple[Oid, Oid]], merged: Sequence[MergeResult], rules: ResolutionRules
) -> list[MergeResult]:
    """`merged`, the results of merging `pairs`, with all that can be settled settled.

    A result whose conflicts are all settled has their answers in its tree and is clean; of any other only what is left
    stays in conflict in the report, and its tree is a draft as before. One that is in conflict by more than lines
    (a deletion, a rename, a binary) stays as it is.
    """
    results = list(merged)
    whole = []
    found = answer_conflicts(git, pairs, merged, rules)
    before = _base_lines(git, found, rules.base)
    for number, answers in enumerate(found):
        result = merged[number]
        if not result.textual:
            continue
        told = tuple(_describe_conflict(conflict, answers, rules, before) for conflict in result.conflicts)
        results[number] = replace(result, conflicts=told)
        if not answers.settled:
            continue
        if results[number].clean:
            files = {path: answer.file for path, answer in answers.settled.items()}
            whole.append((number, trees.Draft(result.tree, files)))
        else:
            results[number] = replace(result, conflicts=results[number].open)
    for (number, _), tree in zip(whole, trees.write(git, [draft for _, draft in whole]), strict=True):
        results[number] = replace(results[number], tree=tree)
    return results


def _base_lines(git: Git, answers: Sequence[Answers], base: Oid) -> dict[str, set[str]]:
    """The lines that the base of the fix has in the files whose lines are the target's, without the blanks around them:
    the other side of a conflict holds them, too, and they are none of the fix's."""
    paths = {path for each in answers for path, settled in each.settled.items() if settled.by == "keep-target"}
    names = sorted(path for path in paths if "\n" not in path)
    contents = blobs.read(git, [f"{base}:{path}" for path in names])
    return {path: set(lines_of(content or b"")) for path, content in zip(names, contents, strict=True)}


def _describe_conflict(
    conflict: Conflict, answers: Answers, rules: ResolutionRules, before: Mapping[str, set[str]]
) -> Conflict:
    answer = answers.settled.get(conflict.path)
    if answer is None:
        return replace(conflict, text=answers.texts.get(conflict.path, ""))
    shown = difference(answer.pieces, answer.file.content) if rules.shown else ""
    theirs = lines_of_theirs(answer.pieces) if answer.by == "keep-target" else ()
    left = tuple(line for line in theirs if line not in before.get(conflict.path, ()))
    return replace(conflict, resolved_by=answer.by, shown=shown, left_out=left)


def resolved_by(conflicts: Sequence[Conflict]) -> Literal["merge", "rerere", "keep-target"]:
    """What made a delivery whose conflicts are all settled: a human's word from before counts more than the policy's,
    and that more than a plain merge."""
    ways = {conflict.resolved_by for conflict in conflicts}
    return "rerere" if "rerere" in ways else "keep-target" if ways else "merge"


def answer_conflicts(
    git: Git, pairs: Sequence[tuple[Oid, Oid]], merged: Sequence[MergeResult], rules: ResolutionRules
) -> list[Answers]:
    """For every merge of `pairs`, the files in conflict that need no human, by path. What was solved before comes
    before what the policy says."""
    found: list[dict[str, SettledFile]] = [{} for _ in merged]
    texts: list[dict[str, str]] = [{} for _ in merged]
    unsettled = [number for number, result in enumerate(merged) if result.open]
    memory = _ResolutionCache(git, rules)
    for start in range(0, len(unsettled), _AT_ONCE):
        numbers = unsettled[start : start + _AT_ONCE]
        files = [*files_in_conflict(git, pairs, merged, numbers)]
        for file, content in zip(files, memory.answers(files), strict=True):
            texts[file.number][file.path] = identity(file.pieces, "sha256")  # what a resolution is found by
            if content is not None:
                found[file.number][file.path] = SettledFile("rerere", File(file.mode, content), file.pieces)
        rest = [file for file in files if file.path not in found[file.number]]
        for file, kept in zip(rest, _settle_by_policy(git, merged, rest, rules), strict=True):
            if kept is not None:
                found[file.number][file.path] = SettledFile(kept[0], File(file.mode, kept[1]), file.pieces)
    return [Answers(settled, text) for settled, text in zip(found, texts, strict=True)]


def files_in_conflict(
    git: Git, pairs: Sequence[tuple[Oid, Oid]], merged: Sequence[MergeResult], numbers: Sequence[int]
) -> Iterator[ConflictedFile]:
    """The files in conflict between lines of those merges of `pairs` that `numbers` name."""
    tips = history.trees(git, [pairs[number][0] for number in numbers])
    # A file with markers in it differs from what the target has, so this names the blobs of all of them.
    changed = diff.new_versions(git, [(tips[pairs[number][0]], merged[number].tree) for number in numbers])
    places = [
        (number, conflict.path, *files[conflict.path])
        for number, files in zip(numbers, changed, strict=True)
        for conflict in merged[number].open
        if conflict.path in files and merged[number].is_textual(conflict.path)
    ]
    contents = blobs.read(git, [oid for _, _, _, oid in places])
    for (number, path, mode, _), content in zip(places, contents, strict=True):
        pieces = parse(content or b"", *pairs[number])
        if content and pieces and b"\0" not in content:
            yield ConflictedFile(number, path, mode, pieces)


def _settle_by_policy(
    git: Git, merged: Sequence[MergeResult], files: Sequence[ConflictedFile], rules: ResolutionRules
) -> list[tuple[keep_target.Way, bytes] | None]:
    """What the policy makes of each file."""
    asked = [number for number, file in enumerate(files) if keep_target.way(file.path, rules.policy)]
    sides = [
        {stage.number: stage.oid for stage in merged[files[number].number].stages if stage.path == files[number].path}
        for number in asked
    ]
    contents = iter(blobs.read(git, [side[number] for side in sides for number in (2, 3)]))
    found: list[tuple[keep_target.Way, bytes] | None] = [None] * len(files)
    for number in asked:
        ours, theirs = next(contents), next(contents)
        if ours is not None and theirs is not None:
            file = files[number]
            found[number] = keep_target.settle_file(
                file.path, file.pieces, rules.policy, ours=ours, theirs=theirs, vendored=rules.vendored
            )
    return found


class _ResolutionCache:
    """The resolutions on disk, each looked for once, and whether one was made for the path in question."""

    def __init__(self, git: Git, rules: ResolutionRules) -> None:
        self.git, self.rules = git, rules
        self.known: dict[str, list[Resolution]] = {}
        self.fix: dict[str, bytes] | None = None
        self.proofs: dict[tuple[bytes, str], str] = {}

    def answers(self, files: Sequence[ConflictedFile]) -> list[bytes | None]:
        """What was made of the same conflict before, for every file: its path and both sides of all its hunks are the
        same, byte for byte."""
        if not self.rules.remembered:
            return [None] * len(files)
        texts: dict[tuple[str, bytes], list[Resolution]] = {}
        keys = []
        for file in files:
            key = (file.path, normalize(file.pieces))
            keys.append(key)
            if key not in texts:
                texts[key] = self._find_fitting(file)
        done = resolutions.replay(self.git, [(text, fitting) for (_, text), fitting in texts.items()])
        made = dict(zip(texts, done, strict=True))
        return [made[key] for key in keys]

    def _find_fitting(self, file: ConflictedFile) -> list[Resolution]:
        name = identity(file.pieces, self.rules.repository.object_format)
        if name not in self.known:
            self.known[name] = resolutions.find(self.rules.repository, name)
        mine = [each for each in self.known[name] if each.path == file.path]
        users = [each for each in self.known[name] if each.path is None]
        return [*mine, *(each for each in users if self._is_of(each, file))]

    def _is_of(self, resolution: Resolution, file: ConflictedFile) -> bool:
        """True when a resolution of the user's was made for this very path, which rerere did not write down.

        It was when a known commit has its result there. Else the text around the conflict tells: it has to be this
        file's, and no other file's that the fix touches.
        """
        around = context_of(resolution.before)
        key = (resolution.after, file.path)
        if key not in self.proofs:
            others = [text for path, text in self._fixed_files().items() if path != file.path]
            alone = all(search.likeness(around, text) < _SAME_FILE for text in others)
            self.proofs[key] = "found" if self._stands_at(*key) else "alone" if alone else "doubtful"
        proof = self.proofs[key]
        return proof == "found" or (
            proof == "alone" and search.likeness(around, outside_hunks(file.pieces)) >= _SAME_FILE
        )

    def _stands_at(self, content: bytes, path: str) -> bool:
        if "\n" in path or not self.rules.tips:
            return False  # a name that cannot be asked for in one line
        oid = self.git.text("hash-object", "--stdin", "--no-filters", stdin=content)
        return oid in blobs.ids(self.git, [f"{tip}:{path}" for tip in self.rules.tips])

    def _fixed_files(self) -> dict[str, bytes]:
        """The files that the fix changes, as it leaves them."""
        if self.fix is None:
            found = history.trees(self.git, [self.rules.base, self.rules.source])
            [changed] = diff.new_versions(self.git, [(found[self.rules.base], found[self.rules.source])])
            files = {path: oid for path, (mode, oid) in changed.items() if mode.startswith("100")}
            contents = blobs.read(self.git, list(files.values()))
            self.fix = {path: content or b"" for path, content in zip(files, contents, strict=True)}
        return self.fix
