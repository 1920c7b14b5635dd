"""The values between rooms: compared, hashed and printed as a frozen dataclass would be."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import pytest

from git_hotfix.model.frozen import field, fields, frozen, replace


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
    seen: int = dataclasses.field(default=0, compare=False)
    secret: str = dataclasses.field(default="", repr=False)


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
        replace(Ours("a"), other=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Ours()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unhashable"):
        hash(Ours("a", []))  # type: ignore[arg-type]


@frozen
class Late:
    name: str
    sizes: list[int] = field(default_factory=list)
    seen: int = 3


def test_the_first_values_are_those_that_the_compiled_initialiser_makes() -> None:
    """Some are made before it is compiled, and more after; a call that is wrong is refused at any time."""
    wrong = [((), {}), (("a", [], 1, 2), {}), (("a",), {"name": "b"}), (("a",), {"other": 1}), ((), {"seen": 1})]
    made = []
    for number in range(20):
        made += [Late("a"), Late(name="a", seen=3), Late("a", [], 3), Late("a", seen=number)]
        if number % 7 == 3:
            for values, named in wrong:
                with pytest.raises(TypeError, match=r"__init__\(\)"):
                    Late(*values, **named)  # type: ignore[arg-type]
    assert [vars(each) for each in made[:4]] == [vars(each) for each in made[12:15]] + [vars(made[3])]
    assert made[0] == made[1] == made[2] == made[76] and made[3] != made[7]
    assert made[0].sizes is not made[1].sizes
    assert replace(made[0], seen=9) == Late("a", seen=9)


def test_what_is_asked_of_a_class_first_does_not_matter() -> None:
    @frozen
    class One:
        name: str = field(default="x", metadata={"doc": "said"})
        late: int = 1

    @frozen
    class Two:
        name: str = field(default="x")

    assert [(each.name, each.default, dict(each.metadata)) for each in fields(One)] == [
        ("name", "x", {"doc": "said"}),
        ("late", 1, {}),
    ]
    assert One() == One("x", 1)
    assert (Two() == Two("x"), Two().name, hash(Two()), Two("y") == Two()) == (True, "x", hash(Two("x")), False)


def test_the_standard_library_is_answered_too() -> None:
    assert dataclasses.replace(Ours("a"), sizes=(1,)) == Ours("a", (1,))
    assert dataclasses.asdict(Late("a", [1])) == {"name": "a", "sizes": [1], "seen": 3}
    assert [each.name for each in dataclasses.fields(Ours)] == [each.name for each in fields(Ours)]


def test_a_field_of_the_standard_library_is_refused() -> None:
    @frozen
    class Wrong:
        name: str = dataclasses.field(default="x")

    with pytest.raises(AssertionError, match="take `field` from"):
        Wrong()


def test_fields_of_a_class_stand_behind_those_that_it_inherits() -> None:
    @frozen
    class More(Other):
        size: int = 0

    assert [vars(More("a", number)) for number in range(10)] == [{"name": "a", "size": n} for n in range(10)]
