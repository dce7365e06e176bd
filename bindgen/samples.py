"""Values of JavaScript to try a type with: one that it takes, and one that it refuses with a TypeError."""

from __future__ import annotations

import json
from typing import Optional

import program as linked
import syntax
from program import Program

_NUMBER = ("0", "Symbol()")
_STRING = ('""', "Symbol()")
_SIMPLE = {
    "any": ("undefined", None),
    "undefined": ("undefined", None),
    "boolean": ("false", None),
    "bigint": ("0n", "Symbol()"),
    "object": ("{}", "1"),
    "symbol": ("Symbol()", "1"),
    **dict.fromkeys(syntax.NUMERIC_TYPES, _NUMBER),
    **dict.fromkeys(syntax.STRING_TYPES, _STRING),
    **{name: (f"new {name}()", "{}") for name in syntax.TYPED_ARRAY_TYPES},
    "ArrayBuffer": ("new ArrayBuffer()", "{}"),
    "SharedArrayBuffer": (None, "{}"),
    "DataView": ("new DataView(new ArrayBuffer())", "{}"),
}
_GENERIC = {"Promise": ("undefined", None), "async_sequence": ("[]", "1")}


def sample(program: Program, type: syntax.Type) -> Optional[str]:
    """A value that can be converted to the type, if one can be written down."""
    return "null" if isinstance(program.resolve(type), syntax.NullableType) else _pair(program, type)[0]


def wrong(program: Program, type: syntax.Type) -> Optional[str]:
    """A value that cannot, if there are any."""
    return _pair(program, type)[1]


def _pair(program: Program, type: syntax.Type) -> tuple[Optional[str], Optional[str]]:
    type = program.innermost(type)
    if isinstance(type, syntax.SimpleType):
        return _SIMPLE[type.name]
    if isinstance(type, syntax.GenericType):
        return _GENERIC.get(type.name, ("[]", "1"))
    if isinstance(type, syntax.RecordType):
        return "{}", "1"
    definition = program.denotes(type)
    if isinstance(definition, linked.Interface):
        return "globalThis" if definition.name == linked.GLOBAL_SCOPE else None, "{}"
    if isinstance(definition, syntax.Enum):
        values = [value.name for value in definition.values]
        return json.dumps(values[0]), json.dumps("not " + " or ".join(values))
    if isinstance(definition, linked.Dictionary):
        required = any(member.required for level in definition.levels() for member in level.members)
        return None if required else "{}", "1"
    if isinstance(definition, syntax.CallbackFunction):
        anything = definition.attribute("LegacyTreatNonObjectAsNull")
        return "() => {}", None if anything else "1"
    if isinstance(definition, syntax.CallbackInterface):
        return "{}", "1"
    # Unions take too much to be refused by rule.
    return None, None
