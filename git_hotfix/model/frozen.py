"""The values that pass between rooms, at a third of what `dataclass(frozen=True)` costs a process at its start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields
from inspect import get_annotations
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:  # typing has it from Python 3.11 on; only a type checker asks for it

    def dataclass_transform(**_: object) -> Callable[[Any], Any]:
        """Nothing, where nobody checks types."""
        return lambda function: function


T = TypeVar("T")


_FEW = 8  # values of a class that are made before its initialiser is compiled


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(made: type[T]) -> type[T]:
    """A dataclass that is compared, hashed and printed by its fields, and held frozen by the type checker.

    `dataclass(frozen=True)` compiles six methods a class, which is 0.35 ms; there are 120 classes, and a hook starts on
    every push. Here one is compiled and the others are shared, and that one waits until somebody asks for the fields of
    the class (`fields`, `replace`, `==`) or makes many values of it: most commands make one or two of half of the
    classes.
    """
    assert "__init__" not in made.__dict__
    found: Any = made
    found.__eq__, found.__hash__, found.__repr__ = _equal, _hash, _show
    room = _FEW

    def first(self: Any, *values: Any, **named: Any) -> None:
        nonlocal room
        room -= 1
        if room < 0 or not _fill(self, found, values, named):
            _complete(found)
            found.__init__(self, *values, **named)

    found.__init__ = first
    found.__dataclass_fields__, found._compared = _Late(found, "__dataclass_fields__"), _Late(found, "_compared")
    return made


class _Late:
    """Stands for what `dataclass` would make of a class, until somebody asks for it."""

    def __init__(self, made: Any, name: str) -> None:
        self._made, self._name = made, name

    def __get__(self, instance: object, owner: type) -> Any:
        _complete(self._made)
        return self._made.__dict__[self._name]


def _complete(made: Any) -> None:
    if isinstance(made.__dict__["__dataclass_fields__"], _Late):
        del made.__init__, made.__dataclass_fields__
        dataclass(eq=False, repr=False)(made)
        made._compared = tuple(each.name for each in fields(made) if each.compare)


def _fill(self: Any, made: Any, values: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Set the fields of a new value as the compiled initialiser would; False where that has to do it, or to refuse."""
    names = [*get_annotations(made)]
    given = dict(zip(names, values, strict=False))
    if len(made.__mro__) > 2 or len(values) > len(names) or not given.keys().isdisjoint(named):
        return False
    given |= named
    for name in names:
        if name not in given:
            default = made.__dict__.get(name, MISSING)
            if isinstance(default, Field):
                default = default.default if default.default_factory is MISSING else default.default_factory()
            if default is MISSING:
                return False
            given[name] = default
    if len(given) > len(names):
        return False
    self.__dict__.update(given)
    return True


def _equal(self: Any, other: Any) -> bool:
    if other.__class__ is not self.__class__:
        return False
    return all(getattr(self, name) == getattr(other, name) for name in self._compared)


def _hash(self: Any) -> int:
    return hash(tuple([getattr(self, name) for name in self._compared]))


def _show(self: Any) -> str:
    inner = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({inner})"
