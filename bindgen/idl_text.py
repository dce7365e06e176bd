"""Web IDL written out on one line: types, arguments, members, without the attributes that only C is told by."""

from __future__ import annotations

from typing import Callable, Iterable

import syntax

# What to write for a name that a definition has, so that it may become a link.
Name = Callable[[str], str]


def type_text(type: syntax.Type, name: Name = str) -> str:
    """A type with its extended attributes."""
    attributes = f"[{', '.join(a.name for a in type.attributes)}] " if type.attributes else ""
    return attributes + _bare_type(type, name)


def _bare_type(type: syntax.Type, name: Name) -> str:
    if isinstance(type, syntax.NullableType):
        return type_text(type.inner, name) + "?"
    if isinstance(type, syntax.UnionType):
        return f"({' or '.join(type_text(member, name) for member in type.members)})"
    if isinstance(type, syntax.RecordType):
        return f"record<{type_text(type.key, name)}, {type_text(type.value, name)}>"
    if isinstance(type, syntax.GenericType):
        return f"{type.name}<{type_text(type.element, name)}>"
    if isinstance(type, syntax.IdentifierType):
        return name(type.name)
    assert isinstance(type, syntax.SimpleType)
    return type.name


def arguments_text(arguments: Iterable[syntax.Argument], name: Name = str) -> str:
    """A list of arguments in parentheses."""
    return f"({', '.join(argument_text(argument, name) for argument in arguments)})"


def argument_text(argument: syntax.Argument, name: Name = str) -> str:
    optional = "optional " if argument.optional else ""
    dots = "..." if argument.variadic else ""
    default = f" = {argument.default.span.text}" if argument.default else ""
    return f"{optional}{type_text(argument.type, name)}{dots} {argument.name}{default}"


def operation_text(operation: syntax.Operation, name: Name = str, own: Name = str) -> str:
    """An operation; `own` is given the operation's own name."""
    if operation.special == "stringifier":
        return "stringifier"
    special = f"{operation.special} " if operation.special else ""
    own_name = own(operation.name) if operation.name else ""
    return f"{special}{type_text(operation.type, name)} {own_name}{arguments_text(operation.arguments, name)}"


def iteration_text(member: syntax.Member, name: Name = str) -> str:
    """iterable, async_iterable, maplike or setlike."""
    readonly = "readonly " if getattr(member, "readonly", False) else ""
    types = ", ".join(type_text(type, name) for type in syntax.types_of(member))
    arguments = syntax.arguments_of(member)
    return f"{readonly}{member.name_span.text}<{types}>{arguments_text(arguments, name) if arguments else ''}"
