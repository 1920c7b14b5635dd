"""The values that pass between rooms, at a third of what `dataclass(frozen=True)` costs a process at its start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:  # typing has it from Python 3.11 on; only a type checker asks for it

    def dataclass_transform(**_: object) -> Callable[[Any], Any]:
        """Nothing, where nobody checks types."""
        return lambda function: function


T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(made: type[T]) -> type[T]:
    """A dataclass that is compared, hashed and printed by its fields, and held frozen by the type checker.

    `dataclass(frozen=True)` compiles six methods a class, which is 0.35 ms; there are 120 classes, and a hook starts on
    every push. Here one is compiled, the others are shared, and even that waits for the first value of the class or the
    first question for its fields: a command makes values of half of the classes that it imports.
    """
    assert "__init__" not in made.__dict__
    found: Any = made
    found.__eq__, found.__hash__, found.__repr__ = _equal, _hash, _shown

    def first(self: Any, *values: Any, **named: Any) -> None:
        _complete(found)
        found.__init__(self, *values, **named)

    found.__init__, found.__dataclass_fields__ = first, _Fields(found)
    return made


class _Fields:
    """Stands for the fields of a class until somebody asks for them: `fields`, `replace` or a class made of it."""

    def __init__(self, made: Any) -> None:
        self._made = made

    def __get__(self, instance: object, owner: type) -> Any:
        _complete(self._made)
        return self._made.__dataclass_fields__


def _complete(made: Any) -> None:
    """Let `dataclass` make of a class what stands for it until now."""
    if isinstance(made.__dict__["__dataclass_fields__"], _Fields):
        del made.__init__, made.__dataclass_fields__
        dataclass(eq=False, repr=False)(made)
        made._compared = tuple(each.name for each in fields(made) if each.compare)


def _equal(self: Any, other: Any) -> bool:
    if other.__class__ is not self.__class__:
        return False
    return all(getattr(self, name) == getattr(other, name) for name in self._compared)


def _hash(self: Any) -> int:
    return hash(tuple([getattr(self, name) for name in self._compared]))


def _shown(self: Any) -> str:
    inner = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({inner})"
