"""The standard's "distinguishable": whether a JavaScript value tells two types apart."""

from __future__ import annotations

from typing import Optional

import program as linked
import syntax
from program import Program
from syntax import Type

_INTERFACE = "interface-like"
_CALLBACK = "callback function"
_DICTIONARY = "dictionary-like"
_SEQUENCE = "sequence-like"
_ASYNC_SEQUENCE = "async sequence"

# The columns of the standard's table that `object` cannot be told from, itself among them.
_OBJECTS = frozenset(("object", _INTERFACE, _CALLBACK, _DICTIONARY, _SEQUENCE, _ASYNC_SEQUENCE))
# Pairs of different categories that cannot be told apart, beyond those with `object`.
_CONFUSED = frozenset(
    (frozenset(("undefined", _DICTIONARY)), frozenset((_SEQUENCE, _ASYNC_SEQUENCE)))
)  # fmt: skip


def distinguishable(program: Program, one: Type, other: Type) -> bool:
    """The algorithm of the standard; step numbers are its own."""
    one, other = program.resolve(one), program.resolve(other)
    if _null_is_ambiguous(program, one, other) or _null_is_ambiguous(program, other, one):  # step 1
        return False
    # Steps 2 and 3 go down to the members of unions; step 4 compares what has no members.
    pairs = ((a, b) for a in program.leaves(one) for b in program.leaves(other))
    return all(_leaves_distinguishable(program, a, b) for a, b in pairs)


def category(program: Program, type: Type) -> Optional[str]:
    """The row of the standard's table that a resolved, innermost type belongs to; None for promises and any."""
    if isinstance(type, syntax.SimpleType):
        return _SIMPLE_CATEGORIES.get(type.name)
    if isinstance(type, syntax.IdentifierType):
        return _category_of_name(program, type.name)
    if isinstance(type, syntax.RecordType):
        return _DICTIONARY
    if isinstance(type, syntax.GenericType):
        return _GENERIC_CATEGORIES.get(type.name)
    return None


_GENERIC_CATEGORIES = {"sequence": _SEQUENCE, "FrozenArray": _SEQUENCE, "async_sequence": _ASYNC_SEQUENCE}
_SIMPLE_CATEGORIES = {
    **dict.fromkeys(("undefined", "boolean", "bigint", "object", "symbol")),
    **dict.fromkeys(syntax.NUMERIC_TYPES, "numeric"),
    **dict.fromkeys(syntax.STRING_TYPES, "string"),
    **dict.fromkeys(syntax.BUFFER_TYPES, _INTERFACE),
}
_SIMPLE_CATEGORIES.update((name, name) for name, kind in list(_SIMPLE_CATEGORIES.items()) if kind is None)


def _category_of_name(program: Program, name: str) -> Optional[str]:
    definition = program.definitions.get(name)
    if isinstance(definition, linked.Interface):
        return _INTERFACE
    if isinstance(definition, (linked.Dictionary, syntax.CallbackInterface)):
        return _DICTIONARY
    if isinstance(definition, syntax.CallbackFunction):
        return _CALLBACK
    if isinstance(definition, syntax.Enum):
        return "string"
    return None


def _null_is_ambiguous(program: Program, nullable: Type, other: Type) -> bool:
    if not program.includes_nullable(nullable):
        return False
    if program.includes_nullable(other):
        return True
    return any(isinstance(program.denotes(leaf), linked.Dictionary) for leaf in program.leaves(other))


def _leaves_distinguishable(program: Program, one: Type, other: Type) -> bool:
    kinds = category(program, one), category(program, other)
    if None in kinds:
        # A name that means nothing has been reported already.
        return _is_unknown(program, one) or _is_unknown(program, other)
    if kinds == (_INTERFACE, _INTERFACE):
        return _no_object_is_both(program, one, other)
    if kinds[0] == kinds[1] or frozenset(kinds) in _CONFUSED:
        return False
    if set(kinds) == {_CALLBACK, _DICTIONARY}:
        return not any(_treats_objects_as_null(program, type) for type in (one, other))
    return not ("object" in kinds and _OBJECTS.issuperset(kinds))


def _is_unknown(program: Program, type: Type) -> bool:
    return isinstance(type, syntax.IdentifierType) and type.name not in program.definitions


def _treats_objects_as_null(program: Program, type: Type) -> bool:
    definition = program.denotes(type)
    return isinstance(definition, syntax.CallbackFunction) and (
        definition.attribute("LegacyTreatNonObjectAsNull") is not None
    )


def _no_object_is_both(program: Program, one: Type, other: Type) -> bool:
    """Requirement (a) of the table: objects implement an interface and its ancestors, and nothing else."""
    first, second = program.denotes(one), program.denotes(other)
    if isinstance(first, linked.Interface) and isinstance(second, linked.Interface):
        return first not in (second, *second.ancestors()) and second not in first.ancestors()
    if isinstance(one, syntax.SimpleType) and isinstance(other, syntax.SimpleType):
        return one.name != other.name
    return True
