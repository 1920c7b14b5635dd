"""The values between rooms: compared, hashed and printed as a frozen dataclass would be."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

import pytest

from git_hotfix.model.frozen import frozen


@frozen
class Ours:
    name: str
    sizes: tuple[int, ...] = ()
    seen: int = field(default=0, compare=False)
    secret: str = field(default="", repr=False)


@frozen
class Other:
    name: str


@dataclass(frozen=True)
class Theirs:
    name: str
    sizes: tuple[int, ...] = ()
    seen: int = field(default=0, compare=False)
    secret: str = field(default="", repr=False)


VALUES = [("a",), ("b",), ("a", (1,)), ("a", (1,), 5), ("a", (1,), 6, "x")]


@pytest.mark.parametrize("one", VALUES)
@pytest.mark.parametrize("other", VALUES)
def test_equality_and_hash_are_those_of_a_dataclass(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    same = Theirs(*one) == Theirs(*other)  # type: ignore[arg-type]
    assert (Ours(*one) == Ours(*other)) is same  # type: ignore[arg-type]
    assert (hash(Ours(*one)) == hash(Ours(*other))) is same  # type: ignore[arg-type]


@pytest.mark.parametrize("one", VALUES)
def test_it_prints_as_a_dataclass_does(one: tuple[str, ...]) -> None:
    assert repr(Ours(*one)) == repr(Theirs(*one)).replace("Theirs", "Ours")  # type: ignore[arg-type]


def test_it_is_a_dataclass_and_equals_only_its_own_kind() -> None:
    assert Ours("a") != Other("a") and Ours("a") != "a"
    assert replace(Ours("a"), sizes=(1,)) == Ours("a", (1,))
    assert [each.name for each in fields(Ours)] == ["name", "sizes", "seen", "secret"]
    with pytest.raises(TypeError):
        Ours()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unhashable"):
        hash(Ours("a", []))  # type: ignore[arg-type]
