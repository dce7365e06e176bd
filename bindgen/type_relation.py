"""Whether the values of one type are values of another, the two possibly of different programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, FrozenSet, List

import program as linked
import syntax
from context import written
from program import Program


@dataclass(frozen=True)
class Typed:
    """A type and the program in which its names mean something."""

    program: Program
    type: syntax.Type

    def of(self, type: syntax.Type) -> Typed:
        return Typed(self.program, type)

    @property
    def innermost(self) -> syntax.Type:
        return self.program.innermost(self.type)

    @property
    def takes_null(self) -> bool:
        return self.program.includes_nullable(self.type)

    @property
    def without_null(self) -> Typed:
        return self.of(self.innermost)

    def alternatives(self) -> List[Typed]:
        """The types that the type is a union of, none of them nullable; one, if it is no union."""
        inner = self.innermost
        members = self.program.flattened_members(inner) if isinstance(inner, syntax.UnionType) else (inner,)
        return [self.of(member) for member in members]


def within(narrow: Typed, wide: Typed) -> bool:
    """Whether every value of the one is one of the other."""
    alternatives = wide.alternatives()
    if any(_named(alternative.type, "any") for alternative in alternatives):
        return True
    if narrow.takes_null and not wide.takes_null:
        return False
    return all(any(_alternative_within(n, w) for w in alternatives) for n in narrow.alternatives())


def same(one: Typed, other: Typed) -> bool:
    """Whether both have the same values."""
    return within(one, other) and within(other, one)


def _alternative_within(narrow: Typed, wide: Typed) -> bool:
    one, other = narrow.type, wide.type
    if _named(other, "object"):
        return not (isinstance(one, syntax.SimpleType) and one.name in _NOT_OBJECTS) and not _is_enum(narrow)
    if isinstance(one, syntax.SimpleType) and isinstance(other, syntax.SimpleType):
        is_shared = bool(one.attribute("AllowShared")) and not other.attribute("AllowShared")
        return not is_shared and (one.name == other.name or other.name in _WIDER.get(one.name, frozenset()))
    if isinstance(one, syntax.GenericType) and isinstance(other, syntax.GenericType):
        is_same_kind = one.name == other.name or {one.name, other.name} <= _SEQUENCES
        return is_same_kind and within(narrow.of(one.element), wide.of(other.element))
    if isinstance(one, syntax.RecordType) and isinstance(other, syntax.RecordType):
        keys = within(narrow.of(one.key), wide.of(other.key))
        return keys and within(narrow.of(one.value), wide.of(other.value))
    if isinstance(one, syntax.IdentifierType):
        return _definition_within(narrow, wide)
    return False


def _definition_within(narrow: Typed, wide: Typed) -> bool:
    definition, other = narrow.program.denotes(narrow.type), wide.program.denotes(wide.type)
    if isinstance(definition, syntax.Enum):
        if isinstance(wide.type, syntax.SimpleType):
            return wide.type.name in syntax.STRING_TYPES
        if not isinstance(other, syntax.Enum):
            return False
        return definition.name == other.name or _values(definition) <= _values(other)
    if definition is None or other is None:
        return _name(narrow.type) == _name(wide.type) != ""
    if isinstance(definition, linked.Interface):
        return other.name in {definition.name, *(ancestor.name for ancestor in definition.ancestors())}
    return definition.name == other.name or _alike(definition, other)


def _alike(one: linked.Named, other: linked.Named) -> bool:
    """Whether two definitions of which scripts see no name say the same."""
    if isinstance(one, linked.Dictionary) and isinstance(other, linked.Dictionary):
        return _members(one) == _members(other)
    if isinstance(one, syntax.CallbackFunction) and isinstance(other, syntax.CallbackFunction):
        return _signature(one) == _signature(other)
    return False


def _members(dictionary: linked.Dictionary) -> FrozenSet[str]:
    return frozenset(" ".join(m.span.text.split()) for level in dictionary.levels() for m in level.members)


def _signature(callback: syntax.CallbackFunction) -> List[str]:
    return [written(callback.type), *(written(argument.type) for argument in callback.arguments)]


def _values(enum: syntax.Enum) -> FrozenSet[str]:
    return frozenset(value.name for value in enum.values)


def _is_enum(typed: Typed) -> bool:
    return isinstance(typed.program.denotes(typed.type), syntax.Enum)


def _named(type: syntax.Type, name: str) -> bool:
    return isinstance(type, syntax.SimpleType) and type.name == name


def _name(type: syntax.Type) -> str:
    return type.name if isinstance(type, (syntax.SimpleType, syntax.IdentifierType)) else ""


_NOT_OBJECTS = syntax.PRIMITIVE_TYPES | syntax.STRING_TYPES | {"any", "symbol", "undefined"}
_SEQUENCES = frozenset(("sequence", "FrozenArray"))

# The width of each integer type, negative if it is signed.
_BITS = {
    "byte": -8,
    "octet": 8,
    "short": -16,
    "unsigned short": 16,
    "long": -32,
    "unsigned long": 32,
    "long long": -64,
    "unsigned long long": 64,
}


def _wider_integers(bits: int) -> FrozenSet[str]:
    wider = {name for name, other in _BITS.items() if abs(other) > abs(bits) and (other < 0 or bits > 0)}
    doubles = {"double", "unrestricted double"}
    floats = {"float", "unrestricted float"} if abs(bits) <= 16 else set()
    return frozenset(wider | doubles | floats)


# The other types that have every value of a type.
_WIDER: Dict[str, FrozenSet[str]] = {
    **{name: _wider_integers(bits) for name, bits in _BITS.items()},
    "float": frozenset(("double", "unrestricted float", "unrestricted double")),
    "double": frozenset(("unrestricted double",)),
    "unrestricted float": frozenset(("unrestricted double",)),
    "ByteString": frozenset(("USVString", "DOMString")),
    "USVString": frozenset(("DOMString",)),
}
