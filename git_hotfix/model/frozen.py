"""The values that pass between rooms, at a third of what `dataclass(frozen=True)` costs a process at its start.

`field`, `fields` and `replace` stand for those of the standard library, as which the type checker takes them: importing
`dataclasses` brings the compiler's tools along (`inspect`, `ast`, `dis`, `tokenize`), which is 8 ms, and a hook starts
on every push. Whoever asks the standard library about one of our classes is answered all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import MISSING, Field, field, fields, is_dataclass, replace

    from typing_extensions import dataclass_transform
else:
    MISSING = object()

    class Field:
        """One field of a class: its name, the value that it has by itself, and what was said of it."""

        def __init__(self, **said: Any) -> None:
            self.name, self.said = "", said
            self.default = said.get("default", MISSING)
            self.default_factory = said.get("default_factory", MISSING)
            self.compare, self.repr = said.get("compare", True), said.get("repr", True)
            self.metadata = said.get("metadata", {})

    def field(**said: Any) -> Field:
        """What is said of a field: `default`, `default_factory`, `compare`, `repr` and `metadata`."""
        return Field(**said)

    def fields(made: Any) -> tuple[Field, ...]:
        """The fields of a class, or of a value, in order."""
        return tuple(made.__frozen_fields__)

    def is_dataclass(made: Any) -> bool:
        """True for a class that is `frozen`, and for a value of one."""
        return hasattr(made, "__frozen_fields__")

    def replace(value: Any, /, **changes: Any) -> Any:
        """A value of the same class with other values in some fields."""
        return value.__class__(**{each.name: getattr(value, each.name) for each in fields(value)} | changes)

    def dataclass_transform(**_: object) -> Any:
        """Nothing, where nobody checks types: typing has it from Python 3.11 on."""
        return lambda function: function


__all__ = ["MISSING", "Field", "field", "fields", "frozen", "is_dataclass", "replace"]

T = TypeVar("T")

_FEW = 8  # values of a class that are made before its initialiser is compiled


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(made: type[T]) -> type[T]:
    """A dataclass that is compared, hashed and printed by its fields, and held frozen by the type checker.

    `dataclass(frozen=True)` compiles six methods a class, which is 0.35 ms, and there are 120 classes. Here one is
    compiled and the others are shared, and that one waits until many values of the class are made: most commands make
    one or two of half of the classes.
    """
    assert "__init__" not in made.__dict__
    found: Any = made
    found.__eq__, found.__hash__, found.__repr__ = _equal, _hash, _show
    room = _FEW

    def first(self: Any, *values: Any, **named: Any) -> None:
        nonlocal room
        room -= 1
        if room < 0 or not _fill(self, values, named):
            found.__init__ = _initialiser(found)
            found.__init__(self, *values, **named)

    found.__init__ = first
    found.__frozen_fields__ = _Late(_fields_of, found, "__frozen_fields__")
    found._compared = _Late(_compared_fields, found, "_compared")
    found.__dataclass_fields__ = _Late(_dataclass_fields, found, "__dataclass_fields__")
    return made


class _Late:
    """Stands for what belongs to a class, until somebody asks for it."""

    def __init__(self, find: Any, made: Any, name: str) -> None:
        self._find, self._made, self._name = find, made, name

    def __get__(self, instance: object, owner: type) -> Any:
        found = self._find(self._made)
        setattr(self._made, self._name, found)
        return found


def _fields_of(made: Any) -> tuple[Any, ...]:
    """The fields of a class behind those of the classes that it is made of."""
    found = {each.name: each for base in reversed(made.__mro__[1:]) if is_dataclass(base) for each in fields(base)}
    for name in made.__annotations__:
        said = made.__dict__.get(name, MISSING)
        assert said.__class__.__module__ != "dataclasses", f"{made.__qualname__}.{name}: take `field` from model.frozen"
        found[name] = said if isinstance(said, Field) else Field(**({} if said is MISSING else {"default": said}))
        found[name].name = name
    return tuple(found.values())


def _compared_fields(made: Any) -> tuple[str, ...]:
    """The names of the fields that tell two values apart."""
    return tuple(each.name for each in fields(made) if each.compare)


def _dataclass_fields(made: Any) -> Any:
    """The fields as the standard library wants to find them."""
    import dataclasses

    known: Any = fields(made)
    rows = [(each.name, Any, dataclasses.field(**each.said)) for each in known]
    return vars(dataclasses.make_dataclass(made.__name__, rows))["__dataclass_fields__"]


def _fill(self: Any, values: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Set the fields of a new value as the compiled initialiser would; False where that has to refuse."""
    known = fields(self)
    names = [each.name for each in known]
    given = dict(zip(names, values, strict=False))
    if len(values) > len(names) or not given.keys().isdisjoint(named):
        return False
    given |= named
    for each in known:
        if each.name not in given:
            if each.default is not MISSING:
                given[each.name] = each.default
            elif each.default_factory is not MISSING:
                given[each.name] = each.default_factory()
            else:
                return False
    if len(given) > len(names):
        return False
    self.__dict__.update(given)
    return True


def _initialiser(made: Any) -> Any:
    """`__init__` of a class, compiled: it takes a tenth of the time of `_fill`."""
    names: dict[str, Any] = {"MISSING": MISSING}
    parameters, lines = [], []
    for each in fields(made):
        name = value = each.name
        if each.default is not MISSING:
            names[f"default_{name}"] = each.default
            name += f"=default_{name}"
        elif each.default_factory is not MISSING:
            names[f"make_{name}"] = each.default_factory
            value = f"make_{name}() if {name} is MISSING else {name}"
            name += "=MISSING"
        parameters.append(name)
        lines.append(f"\n self.{each.name} = {value}")
    exec(f"def __init__({', '.join(['self', *parameters])}):{''.join(lines) or ' pass'}", names)
    names["__init__"].__qualname__ = f"{made.__qualname__}.__init__"
    return names["__init__"]


def _equal(self: Any, other: Any) -> bool:
    if other.__class__ is not self.__class__:
        return False
    return all(getattr(self, name) == getattr(other, name) for name in self._compared)


def _hash(self: Any) -> int:
    return hash(tuple([getattr(self, name) for name in self._compared]))


def _show(self: Any) -> str:
    inner = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({inner})"
