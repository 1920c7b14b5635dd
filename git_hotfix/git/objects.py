"""What objects are and hold, answered by one git for as long as it is asked.

A process costs 3 ms, and a verdict on a one-line fix asked nine of them such questions. For many objects at once a
process of its own is faster (`blobs.py`): git buffers its answers there, and nobody waits for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from git_hotfix.git.run import Conversation, Git, decode, encode
from git_hotfix.model.names import Oid

FEW = 200
"""Objects that are asked for here."""

_KINDS = frozenset({"commit", "tag", "tree", "blob"})
_ROOM = 4_096  # bytes of questions that wait: every system's pipe takes them while git waits for us to read


class GitEnded(Exception):
    """git ended in the middle of an answer: ask another one, which says why."""


class ObjectInfo(NamedTuple):
    """An object: its id, its kind ("commit", "tag", "tree" or "blob") and its size in bytes."""

    oid: Oid
    kind: str
    size: int


class Objects:
    """The objects that `git` sees, those that are written meanwhile too. git begins with the first question."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._conversation: Conversation | None = None

    def describe(self, names: Sequence[str]) -> list[ObjectInfo | None]:
        """What `names` (ids, or what git can resolve, without a line break) name; None for what is not here. Raises
        `GitEnded`."""
        return [described for described, _ in self._answers("info", names)]

    def contents(self, names: Sequence[str]) -> list[bytes | None]:
        """What the objects hold; None for what is not here. Raises `GitEnded`."""
        return [content for _, content in self._answers("contents", names)]

    def close(self) -> None:
        """Let git end; a later question begins another one."""
        conversation, self._conversation = self._conversation, None
        if conversation is not None:
            conversation.end()

    def _answers(self, question: str, names: Sequence[str]) -> Iterator[tuple[ObjectInfo | None, bytes | None]]:
        for lines in _in_turns([encode(f"{question} {name}\n") for name in names]):
            try:
                yield from self._ask(lines, with_content=question == "contents")
            except BaseException:  # what is left of the answers would be taken for those of the next question
                self.close()
                raise

    def _ask(self, lines: list[bytes], *, with_content: bool) -> Iterator[tuple[ObjectInfo | None, bytes | None]]:
        if self._conversation is None:
            self._conversation = self._git.converse("cat-file", "--batch-command")
        answers = self._conversation.answers
        try:
            self._conversation.ask(b"".join(lines))
        except OSError as error:
            raise GitEnded from error
        for _ in lines:
            line = answers.readline()
            if not line.endswith(b"\n"):
                raise GitEnded
            found = parse_description(decode(line[:-1]))
            content = b"\n"
            if found and with_content:
                content = answers.read(found.size + 1)
                if len(content) <= found.size:
                    raise GitEnded
            yield found, content[:-1] if found else None


def parse_description(line: str) -> ObjectInfo | None:
    """What a line of `cat-file` says: `<oid> <kind> <size>`, or `<name> missing`."""
    oid, _, rest = line.partition(" ")
    kind, _, size = rest.partition(" ")
    return ObjectInfo(Oid(oid), kind, int(size)) if kind in _KINDS and size.isdigit() else None


def _in_turns(lines: Sequence[bytes]) -> Iterator[list[bytes]]:
    """`lines` in order, a few at a time."""
    turn: list[bytes] = []
    room = _ROOM
    for line in lines:
        if turn and len(line) > room:
            yield turn
            turn, room = [], _ROOM
        turn.append(line)
        room -= len(line)
    if turn:
        yield turn
