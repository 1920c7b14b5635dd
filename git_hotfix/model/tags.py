"""Tags that are known by name, and read when somebody asks what they say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Protocol, overload

from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import IssueId, Oid, TagName


class Reader(Protocol):
    """Reads the objects that tags stand at, many in a few processes."""

    def read(self, ids: Mapping[TagName, Oid]) -> Mapping[TagName, Tag]:
        """The tags of `ids`, but for those that name no commit."""

    def find_finish_tags(self, ids: Mapping[TagName, Oid]) -> Callable[[], Mapping[TagName, Tag]]:
        """Begins to look for those of `ids`, all of them annotated, that have finish trailers; what is returned waits
        for the answer."""


class _Nothing:
    def read(self, ids: Mapping[TagName, Oid]) -> Mapping[TagName, Tag]:
        return {}

    def find_finish_tags(self, ids: Mapping[TagName, Oid]) -> Callable[[], Mapping[TagName, Tag]]:
        return dict


class Tags:
    """The tags of one side, as one look saw them.

    `ids` says what each stands at and `commits` what it names in the end; dates and trailers are read when they are
    asked for, which tells the same later, because objects never change. Of 30,000 tags a command needs a handful. A tag
    of a blob or a tree is nobody's release: its name is taken (`in`, iteration), and it has no value.
    """

    def __init__(
        self,
        ids: Mapping[TagName, Oid] | None = None,
        commits: Mapping[TagName, Oid] | None = None,
        reader: Reader | None = None,
    ) -> None:
        self.ids = ids or {}
        self.commits = commits or {}
        self._reader = reader or _Nothing()
        self._read: dict[TagName, Tag] = {}
        self._looked_for: Callable[[], Mapping[TagName, Tag]] | None = None
        self._finished: Mapping[TagName, Tag] | None = None
        self._chosen: dict[object, list[TagName]] = {}

    def __getitem__(self, name: TagName) -> Tag:
        return self.some([name])[name]

    def get(self, name: TagName) -> Tag | None:
        """The tag of this name, or None."""
        return self.some([name]).get(name)

    def __contains__(self, name: object) -> bool:
        return name in self.ids

    def __iter__(self) -> Iterator[TagName]:
        return iter(self.commits)

    def __len__(self) -> int:
        return len(self.ids)

    def some(self, names: Collection[TagName]) -> dict[TagName, Tag]:
        """The tags of these names, in a few processes however many they are."""
        missing = {name: self.ids[name] for name in names if name not in self._read and name in self.ids}
        if missing:
            self._read.update(self._reader.read(missing))
        return {name: self._read[name] for name in names if name in self._read}

    def all(self) -> list[Tag]:
        """Every tag that names a commit."""
        return list(self.some(self.commits).values())

    def choose_once(self, key: object, choose: Callable[[], list[TagName]]) -> list[TagName]:
        """The names that `choose` picks, which one look asks for several times; `key` tells one choice from another."""
        if key not in self._chosen:
            self._chosen[key] = choose()
        return self._chosen[key]

    def look_for_finish_tags(self) -> None:
        """Begin to read what `finish_tags` is going to be asked for."""
        if self._looked_for is None:
            annotated = {name: oid for name, oid in self.ids.items() if self.commits[name] != oid}
            self._looked_for = self._reader.find_finish_tags(annotated)

    def finish_tags(self, issue: IssueId) -> list[Tag]:
        """The tags that `finish` made for `issue`, newest first; plain tags are not looked at."""
        return [tag for tag in self.all_finish_tags() if tag.trailer("Hotfix-Issue") == issue]

    def all_finish_tags(self) -> list[Tag]:
        """The tags that say that `finish` made them, newest first."""
        if self._finished is None:
            self.look_for_finish_tags()
            assert self._looked_for
            self._finished = self._looked_for()
        return sorted(self._finished.values(), key=lambda tag: tag.date, reverse=True)


class NewestFirst(Sequence[Tag]):
    """Production tags, of which the newest is known and the others are looked for when somebody asks."""

    def __init__(self, newest: Tag, every: Callable[[], Sequence[Tag]]) -> None:
        self._newest = newest
        self._every = every
        self._known: Sequence[Tag] | None = None

    def _all(self) -> Sequence[Tag]:
        if self._known is None:
            self._known = self._every()
        return self._known

    @overload
    def __getitem__(self, place: int) -> Tag: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Tag]: ...
    def __getitem__(self, place: int | slice) -> Tag | Sequence[Tag]:
        return self._newest if place == 0 else self._all()[place]

    def __len__(self) -> int:
        return len(self._all())

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Tag]:
        yield self._newest
        yield from self._all()[1:]
