"""What becomes of a JavaScript value where the IDL wants a type, in words: Web IDL section 3.2, step by step."""

from __future__ import annotations

from typing import Tuple

import program as linked
import syntax
from idl_text import type_text
from program import Program

_BITS = {"byte": 8, "octet": 8, "short": 16, "long": 32, "long long": 64}
_STRINGS = {
    "DOMString": "ToString",
    "USVString": "ToString, lone surrogates replaced by U+FFFD",
    "ByteString": "ToString, a TypeError if a character is above U+00FF",
}
_OTHERS = {
    "any": "as it is",
    "undefined": "undefined",
    "boolean": "ToBoolean",
    "bigint": "ToBigInt",
    "object": "a TypeError unless it is an object",
    "symbol": "a TypeError unless it is a symbol",
}
# The types that take a value without looking into it: any script's code stays out.
_QUIET = frozenset(("any", "undefined", "boolean", "object", "symbol")) | syntax.BUFFER_TYPES


def conversion(program: Program, type: syntax.Type) -> str:
    """How a value is converted to the type, in words."""
    union = program.buffer_union(type)
    if union:
        return _BUFFERS[union]
    type = program.resolve(type)
    if isinstance(type, syntax.NullableType):
        return f"null and undefined become null; else {conversion(program, type.inner)}"
    if isinstance(type, syntax.UnionType):
        members = ", ".join(type_text(member) for member in program.flattened_members(type))
        return f"by the kind of the value, the first that fits of {members}; else a TypeError"
    if isinstance(type, syntax.RecordType):
        key, value = conversion(program, type.key), conversion(program, type.value)
        return f"a TypeError unless it is an object; each own enumerable property: its key {key}; its value {value}"
    if isinstance(type, syntax.GenericType):
        return _generic(program, type)
    if isinstance(type, syntax.SimpleType):
        return _simple(type)
    return _named(program, type)


_BUFFERS = {
    "ArrayBufferView": "a TypeError unless it is a view of an ArrayBuffer",
    "BufferSource": "a TypeError unless it is an ArrayBuffer or a view of one",
    "AllowSharedBufferSource": "a TypeError unless it is an ArrayBuffer, a SharedArrayBuffer, or a view of one of them",
}


def runs_script(program: Program, type: syntax.Type) -> bool:
    """Whether the conversion may run JavaScript, such as a valueOf, a getter or an iterator."""
    type = program.innermost(type)
    if isinstance(type, syntax.SimpleType):
        return type.name not in _QUIET
    if isinstance(type, syntax.UnionType):
        return any(runs_script(program, member) for member in program.flattened_members(type))
    if isinstance(type, syntax.IdentifierType):
        return isinstance(program.denotes(type), (linked.Dictionary, syntax.Enum))
    return True


def may_throw(program: Program, type: syntax.Type) -> bool:
    """Whether there are values that the conversion refuses."""
    type = program.innermost(type)
    return not (isinstance(type, syntax.SimpleType) and type.name in ("any", "boolean", "undefined"))


def _generic(program: Program, type: syntax.GenericType) -> str:
    if type.name == "Promise":
        return "as by Promise.resolve"
    if type.name == "async_sequence":
        return "a TypeError unless it has Symbol.asyncIterator or Symbol.iterator"
    return f"a TypeError unless it has Symbol.iterator; each element: {conversion(program, type.element)}"


def _simple(type: syntax.SimpleType) -> str:
    if type.name in syntax.INTEGER_TYPES:
        return _integer(type)
    if type.name in syntax.FLOAT_TYPES:
        finite = "" if type.name.startswith("unrestricted") else ", a TypeError unless it is finite"
        return f"ToNumber{finite}" + (", rounded to a float" if type.name.endswith("float") else "")
    if type.name in syntax.STRING_TYPES:
        return _string(type)
    if type.name in syntax.BUFFER_TYPES:
        shared = "" if type.attribute("AllowShared") or type.name == "SharedArrayBuffer" else " on memory that is not shared"
        return f"a TypeError unless it is {_article(type.name)}{shared}"
    return _OTHERS[type.name]


def _integer(type: syntax.SimpleType) -> str:
    low, high = integer_range(type.name)
    if type.attribute("EnforceRange"):
        return f"ToNumber, a TypeError unless it is finite and, without its fraction, from {low} to {high}"
    if type.attribute("Clamp"):
        return f"ToNumber, clamped to {low} to {high}, then rounded to the nearest, ties to even"
    bits = _BITS[type.name.replace("unsigned ", "")]
    return f"ToNumber, without its fraction modulo 2^{bits}; NaN and the infinities become 0"


def integer_range(name: str) -> Tuple[int, int]:
    """The least and the greatest value; of the 64-bit types, as far as a number is exact."""
    bits = _BITS[name.replace("unsigned ", "")]
    exact = 2**53 - 1
    if name == "octet" or name.startswith("unsigned"):
        return 0, min(2**bits - 1, exact)
    return max(-(2 ** (bits - 1)), -exact), min(2 ** (bits - 1) - 1, exact)


def _string(type: syntax.SimpleType) -> str:
    text = _STRINGS[type.name]
    if type.attribute("LegacyNullToEmptyString"):
        text = f'null becomes ""; else {text}'
    attribute = type.attribute("CString")
    if attribute and not attribute.values:
        text += ", a TypeError if there is a NUL in it"
    return text


def _named(program: Program, type: syntax.Type) -> str:
    definition = program.denotes(type)
    if isinstance(definition, linked.Interface):
        return f"a TypeError unless it is {_article(definition.name)}"
    if isinstance(definition, syntax.Enum):
        values = ", ".join(f'"{value.name}"' for value in definition.values)
        return f"ToString, a TypeError unless it is one of {values}"
    if isinstance(definition, linked.Dictionary):
        return _dictionary(definition)
    if isinstance(definition, syntax.CallbackFunction) and definition.attribute("LegacyTreatNonObjectAsNull"):
        return "null unless it is an object"
    if isinstance(definition, syntax.CallbackFunction):
        return "a TypeError unless it can be called"
    return "a TypeError unless it is an object"


def _dictionary(dictionary: linked.Dictionary) -> str:
    names = [m.name for level in dictionary.levels() for m in sorted(level.members, key=lambda one: one.name)]
    read = f"; its members are read in the order {', '.join(names)}" if names else ""
    return f"undefined and null have no members; else a TypeError unless it is an object{read}"


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOaeio' else 'a'} {name}"


def argument_conversion(program: Program, argument: syntax.Argument) -> str:
    """The same for an argument, with what stands for it when it is missing."""
    text = conversion(program, argument.type)
    if argument.variadic:
        return f"each, if there are any: {text}"
    if argument.optional:
        default = argument.default.span.text if argument.default else "nothing"
        return f"missing or undefined: {default}; else {text}"
    return text
