"""The syntax tree as JSON, in the shape that webidl2.js documents, for tools that were made for that.

What stands where follows webidl2.js, not the standard: extended attributes stay in the list they were written in,
numbers are the text of the source, and a type says what it is the type of.
"""

from __future__ import annotations

import json
import re
from typing import Any, Callable, Iterable, Optional, Sequence, Union

import lexer
import syntax
from diagnostics import Sink
from source import SourceFile

Json = dict[str, Any]


def emit_ast(modules: Iterable[syntax.Module]) -> str:
    """The text of a JSON file: an array of the definitions of all modules, in order."""
    return json.dumps(tree(modules), indent=2, ensure_ascii=False) + "\n"


def tree(modules: Iterable[syntax.Module]) -> list[Json]:
    """The definitions of all modules as what json.dumps takes."""
    return [_definition(definition) for module in modules for definition in module.definitions]


# ---------------------------------------------------------------------------
# Definitions


def _definition(definition: syntax.Definition) -> Json:
    return _DEFINITIONS[type(definition)](definition)


def _container(kind: str) -> Callable[[Any], Json]:
    """The shape of every definition that has members in braces."""

    def shape(definition: Any) -> Json:
        inheritance = getattr(definition, "inheritance", None)
        return {
            "type": kind,
            "name": definition.name,
            "inheritance": inheritance.name if inheritance else None,
            "members": [_MEMBERS[type(member)](member) for member in definition.members],
            "extAttrs": _attributes(definition.attributes),
            "partial": getattr(definition, "partial", False),
        }

    return shape


def _enum(enum: syntax.Enum) -> Json:
    values = [{"type": "enum-value", "value": value.name} for value in enum.values]
    return {"type": "enum", "name": enum.name, "values": values, "extAttrs": _attributes(enum.attributes)}


def _typedef(typedef: syntax.Typedef) -> Json:
    written = _type(typedef.type, "typedef-type", typedef.type.attributes)
    return {
        "type": "typedef",
        "name": typedef.name,
        "idlType": written,
        "extAttrs": _attributes(typedef.attributes),
    }


def _callback(callback: syntax.CallbackFunction) -> Json:
    attributes, returned = _typed(callback, callback.type, "return-type")
    return {
        "type": "callback",
        "name": callback.name,
        "idlType": returned,
        "arguments": _arguments(callback.arguments),
        "extAttrs": attributes,
    }


def _includes(includes: syntax.Includes) -> Json:
    return {
        "type": "includes",
        "extAttrs": _attributes(includes.attributes),
        "target": includes.name,
        "includes": includes.mixin,
    }


# ---------------------------------------------------------------------------
# Members


def _constant(constant: syntax.Constant) -> Json:
    attributes, written = _typed(constant, constant.type, "const-type")
    return {
        "type": "const",
        "name": constant.name,
        "idlType": written,
        "extAttrs": attributes,
        "value": _literal(constant.value),
    }


def _attribute(attribute: syntax.Attribute) -> Json:
    attributes, written = _typed(attribute, attribute.type, "attribute-type")
    return {
        "type": "attribute",
        "name": attribute.name,
        "idlType": written,
        "extAttrs": attributes,
        "special": attribute.special,
        "readonly": attribute.readonly,
    }


def _operation(operation: syntax.Operation) -> Json:
    attributes, returned = _typed(operation, operation.type, "return-type")
    shape = {
        "type": "operation",
        "name": operation.name,
        "idlType": returned,
        "arguments": _arguments(operation.arguments),
        "extAttrs": attributes,
        "special": operation.special,
    }
    if operation.special == "stringifier":
        del shape["idlType"]  # `stringifier;` has none in the source
    return shape


def _constructor(constructor: syntax.Constructor) -> Json:
    return {
        "type": "constructor",
        "arguments": _arguments(constructor.arguments),
        "extAttrs": _attributes(constructor.attributes),
    }


def _collection(kind: str) -> Callable[[Any], Json]:
    """The shape of iterable, async_iterable, maplike and setlike."""

    def shape(member: Any) -> Json:
        return {
            "type": kind,
            "idlType": [_type(part, None, part.attributes) for part in syntax.types_of(member)],
            "arguments": _arguments(syntax.arguments_of(member)),
            "extAttrs": _attributes(member.attributes),
            "readonly": getattr(member, "readonly", False),
            "async": False,
        }

    return shape


def _field(field: syntax.DictionaryMember) -> Json:
    attributes, written = _typed(field, field.type, "dictionary-type")
    return {
        "type": "field",
        "name": field.name,
        "extAttrs": attributes,
        "idlType": written,
        "default": _literal(field.default) if field.default else None,
        "required": field.required,
    }


def _arguments(arguments: Sequence[syntax.Argument]) -> list[Json]:
    return [_argument(argument) for argument in arguments]


def _argument(argument: syntax.Argument) -> Json:
    attributes, written = _typed(argument, argument.type, "argument-type")
    return {
        "type": "argument",
        "name": argument.name,
        "extAttrs": attributes,
        "idlType": written,
        "default": _literal(argument.default) if argument.default else None,
        "optional": argument.optional,
        "variadic": argument.variadic,
    }


_DEFINITIONS: dict[type[syntax.Definition], Callable[[Any], Json]] = {
    syntax.Interface: _container("interface"),
    syntax.Mixin: _container("interface mixin"),
    syntax.CallbackInterface: _container("callback interface"),
    syntax.Namespace: _container("namespace"),
    syntax.Dictionary: _container("dictionary"),
    syntax.Enum: _enum,
    syntax.Typedef: _typedef,
    syntax.CallbackFunction: _callback,
    syntax.Includes: _includes,
}

_MEMBERS: dict[type[syntax.Declaration], Callable[[Any], Json]] = {
    syntax.Constant: _constant,
    syntax.Attribute: _attribute,
    syntax.Operation: _operation,
    syntax.Constructor: _constructor,
    syntax.Iterable: _collection("iterable"),
    syntax.AsyncIterable: _collection("async_iterable"),
    syntax.Maplike: _collection("maplike"),
    syntax.Setlike: _collection("setlike"),
    syntax.DictionaryMember: _field,
}


# ---------------------------------------------------------------------------
# Types


def _type(type: syntax.Type, use: Optional[str], attributes: Sequence[syntax.ExtendedAttribute]) -> Json:
    """A type with the extended attributes of its own list. `use` is what it is the type of."""
    nullable = isinstance(type, syntax.NullableType)
    inner = type.inner if isinstance(type, syntax.NullableType) else type
    return {
        "type": use,
        "extAttrs": _attributes(attributes),
        "generic": _generic(inner),
        "nullable": nullable,
        "union": isinstance(inner, syntax.UnionType),
        "idlType": _name_or_parts(inner, use),
    }


def _generic(type: syntax.Type) -> str:
    if isinstance(type, syntax.RecordType):
        return "record"
    return type.name if isinstance(type, syntax.GenericType) else ""


def _name_or_parts(type: syntax.Type, use: Optional[str]) -> Union[str, list[Json]]:
    if isinstance(type, (syntax.SimpleType, syntax.IdentifierType)):
        return type.name
    is_promise = isinstance(type, syntax.GenericType) and type.name == "Promise"
    inner_use = use or "return-type" if is_promise else use
    return [_type(part, inner_use, part.attributes) for part in syntax.parts(type)]


# ---------------------------------------------------------------------------
# Extended attributes


def _typed(
    node: Union[syntax.Declaration, syntax.Argument], type: syntax.Type, use: str
) -> tuple[list[Json], Json]:
    """The extended attributes before a declaration, and its type with those right before the type."""
    every = sorted(node.attributes + type.attributes, key=lambda attribute: attribute.span.start)
    count = _count_in_first_list(node, every)
    return _attributes(every[:count]), _type(type, use, every[count:])


_COMMENT = re.compile(r"//[^\n]*|/\*(?s:.*?)\*/")


def _count_in_first_list(node: syntax.Node, attributes: Sequence[syntax.ExtendedAttribute]) -> int:
    """How many of the attributes stand in the brackets that the node starts with."""
    before, text = node.span.start, node.span.file.text
    for count, attribute in enumerate(attributes):
        between = _COMMENT.sub("", text[before : attribute.span.start]).strip()
        if between != ("," if count else "["):
            return count
        before = attribute.span.end
    return len(attributes)


def _attributes(attributes: Iterable[syntax.ExtendedAttribute]) -> list[Json]:
    return [
        {
            "type": "extended-attribute",
            "name": attribute.name,
            "rhs": _right_hand_side(attribute),
            "arguments": _arguments(attribute.arguments),
        }
        for attribute in attributes
    ]


# The forms whose right-hand side is one value, or a list of values, and the name of that here.
_ONE = {
    syntax.IDENTIFIER: "identifier",
    syntax.NAMED_ARGUMENT_LIST: "identifier",
    syntax.STRING: "string",
    syntax.INTEGER: "integer",
    syntax.DECIMAL: "decimal",
}
_LIST = {
    syntax.IDENTIFIER_LIST: "identifier-list",
    syntax.STRING_LIST: "string-list",
    syntax.INTEGER_LIST: "integer-list",
    syntax.DECIMAL_LIST: "decimal-list",
}


def _right_hand_side(attribute: syntax.ExtendedAttribute) -> Optional[Json]:
    if attribute.form == syntax.WILDCARD:
        return {"type": "*", "value": None}
    if attribute.form in _ONE:
        return {"type": _ONE[attribute.form], "value": _written_values(attribute)[0]}
    if attribute.form in _LIST:
        return {"type": _LIST[attribute.form], "value": [{"value": v} for v in _written_values(attribute)]}
    return None


def _written_values(attribute: syntax.ExtendedAttribute) -> list[str]:
    """The values as the source has them, strings with their quotes; identifiers without their underscore."""
    tokens = lexer.tokenize(SourceFile("", attribute.span.text), Sink())
    values = [text for kind, text in zip(tokens.kinds, tokens.texts) if kind not in _NO_VALUES]
    return [value[1:] if value.startswith("_") else value for value in values[1:]]


_NO_VALUES = frozenset((*lexer.PUNCTUATION, lexer.END))


# ---------------------------------------------------------------------------
# Values


def _literal(literal: syntax.Literal) -> Json:
    text = literal.span.text
    if text in ("Infinity", "-Infinity"):
        return {"type": "Infinity", "negative": text.startswith("-")}
    return _LITERALS.get(literal.kind, _word)(literal)


def _word(literal: syntax.Literal) -> Json:
    """null, NaN and undefined."""
    return {"type": literal.span.text}


def _number(literal: syntax.Literal) -> Json:
    text = literal.span.text
    return _word(literal) if text == "NaN" else {"type": "number", "value": text}


_LITERALS: dict[str, Callable[[syntax.Literal], Json]] = {
    syntax.BOOLEAN: lambda literal: {"type": "boolean", "value": literal.value},
    syntax.STRING: lambda literal: {"type": "string", "value": literal.value},
    syntax.EMPTY_SEQUENCE: lambda literal: {"type": "sequence", "value": []},
    syntax.EMPTY_DICTIONARY: lambda literal: {"type": "dictionary"},
    syntax.INTEGER: _number,
    syntax.DECIMAL: _number,
}
