"""Rules about names: reserved ones, and those that are used twice."""

from __future__ import annotations

from typing import Iterable, Union

import program as linked
import syntax
from context import Context
from diagnostics import declared_here

RESERVED_NAMES = frozenset(("constructor", "toString"))
# The properties that every interface object has already.
_OF_INTERFACE_OBJECT = frozenset(("length", "name", "prototype"))

_Container = Union[linked.Interface, linked.Mixin, linked.Namespace, syntax.CallbackInterface]


def check_names(context: Context) -> None:
    for module in context.program.modules:
        for declaration in module.declarations:
            _check_reserved(context, declaration)
            if isinstance(declaration, syntax.Enum):
                _check_unique(context, declaration.values, f"a value of '{declaration.name}'")
    for dictionary in context.program.dictionaries.values():
        members = [member for level in dictionary.levels() for member in level.members]
        _check_unique(context, members, f"a member of '{dictionary.name}'")
    containers: Iterable[_Container] = (
        *context.program.interfaces.values(),
        *context.program.mixins.values(),
        *context.program.namespaces.values(),
        *context.program.callback_interfaces.values(),
    )
    for container in containers:
        _check_members(context, container)


def _check_reserved(context: Context, declaration: syntax.Declaration) -> None:
    name = declaration.name
    if isinstance(declaration, (syntax.EnumValue, syntax.Includes)) or not name:
        return
    if name in RESERVED_NAMES:
        context.sink.error("reserved-name", f"'{name}' is a reserved name", declaration.name_span)
    is_static = isinstance(declaration, (syntax.Attribute, syntax.Operation)) and declaration.static
    if is_static and name == "prototype":
        context.sink.error("reserved-name", "a static member cannot be named 'prototype'", declaration.name_span)
    if isinstance(declaration, syntax.Constant) and name in _OF_INTERFACE_OBJECT:
        message = f"a constant cannot be named '{name}': every interface object has that property"
        context.sink.error("reserved-name", message, declaration.name_span)
    if name == "toJSON" and not _is_regular_operation(declaration):
        context.sink.error("to-json", "only a regular operation can be named 'toJSON'", declaration.name_span)


def _is_regular_operation(declaration: syntax.Declaration) -> bool:
    return isinstance(declaration, syntax.Operation) and not declaration.static


def _check_unique(context: Context, declarations: Iterable[syntax.Declaration], what: str) -> None:
    names: dict[str, syntax.Declaration] = {}
    for declaration in declarations:
        earlier = names.setdefault(declaration.name, declaration)
        if earlier is not declaration:
            text = declaration.name_span.text
            message = f"{text if text[0] == chr(34) else repr(declaration.name)} is already {what}"
            context.sink.error("duplicate-name", message, declaration.name_span, declared_here(earlier.name_span))


def _check_members(context: Context, container: _Container) -> None:
    """Members share one space of names, where operations may be overloaded."""
    names: dict[str, syntax.Member] = {}
    for member in container.members:
        if not member.name:
            continue
        earlier = names.setdefault(member.name, member)
        if earlier is member or (isinstance(earlier, syntax.Operation) and isinstance(member, syntax.Operation)):
            continue
        message = f"'{member.name}' is already a member of '{container.name}'"
        context.sink.error("duplicate-name", message, member.name_span, declared_here(earlier.name_span))
