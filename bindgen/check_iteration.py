"""Rules about interfaces that behave like collections: getters and setters, iterables, maplike and setlike."""

from __future__ import annotations

from typing import Iterator, Optional, Sequence

import syntax
from context import Context
from diagnostics import declared_here
from program import Interface

_DECLARATIONS = (syntax.Iterable, syntax.AsyncIterable, syntax.Maplike, syntax.Setlike)
_INDEXED = "unsigned long"
_NAMED = "DOMString"

# The properties that each declaration makes, which no other member may have the name of.
_MAKES: dict[type[syntax.Member], frozenset[str]] = {
    syntax.Iterable: frozenset(("entries", "forEach", "keys", "values")),
    syntax.AsyncIterable: frozenset(("entries", "keys", "values")),
    syntax.Maplike: frozenset(("entries", "forEach", "get", "has", "keys", "size", "values")),
    syntax.Setlike: frozenset(("entries", "forEach", "has", "keys", "size", "values")),
}
# Those of read-write collections, which operations may replace but attributes and constants may not.
_MAKES_WRITABLE: dict[type[syntax.Member], frozenset[str]] = {
    syntax.Maplike: frozenset(("clear", "delete", "set")),
    syntax.Setlike: frozenset(("add", "clear", "delete")),
}


def check_iteration(context: Context) -> None:
    for interface in context.program.interfaces.values():
        specials = _specials(context, interface)
        declarations = [member for member in interface.members if isinstance(member, _DECLARATIONS)]
        for declaration in declarations:
            _check_names(context, interface, declaration)
        _check_one_declaration(context, interface, declarations)
        if declarations and isinstance(declarations[0], syntax.Iterable):
            _check_iterable(context, declarations[0], specials.get(("getter", _INDEXED)))
        elif declarations and isinstance(declarations[0], (syntax.Maplike, syntax.Setlike)):
            _check_not_indexed(context, declarations[0], interface)


# ---------------------------------------------------------------------------
# Getters, setters and deleters


def _specials(context: Context, interface: Interface) -> dict[tuple[str, str], syntax.Operation]:
    """The special operations by keyword and type of key; checks that they are one of each, and go together."""
    found: dict[tuple[str, str], syntax.Operation] = {}
    for member in interface.members:
        key = _special_key(context, member)
        if key is None or not isinstance(member, syntax.Operation):
            continue
        earlier = found.setdefault(key, member)
        if earlier is not member:
            message = f"'{interface.name}' has such a {member.special} already"
            context.sink.error("duplicate-special", message, member.span, declared_here(earlier.span))
    for (keyword, type), member in found.items():
        if keyword != "getter" and not _has_getter(context, interface, type):
            message = f"a {keyword} by {type} needs a getter by {type} beside it"
            context.sink.error("special-without-getter", message, member.span)
    indexed = found.get(("getter", _INDEXED))
    if indexed and not _has_length(context, interface):
        message = f"an indexed getter needs an integer attribute 'length' in '{interface.name}'"
        context.sink.error("indexed-length", message, indexed.span)
    return found


def _has_getter(context: Context, interface: Interface, type: str) -> bool:
    members = (member for level in (interface, *interface.ancestors()) for member in level.members)
    return any(_special_key(context, member) == ("getter", type) for member in members)


def _special_key(context: Context, member: syntax.Member) -> Optional[tuple[str, str]]:
    if not isinstance(member, syntax.Operation) or member.special not in ("getter", "setter", "deleter"):
        return None
    type = context.program.resolve(member.arguments[0].type) if member.arguments else None
    if not isinstance(type, syntax.SimpleType) or type.name not in (_INDEXED, _NAMED):
        return None
    return member.special, type.name


def _has_length(context: Context, interface: Interface) -> bool:
    for member in (m for level in (interface, *interface.ancestors()) for m in level.members):
        if isinstance(member, syntax.Attribute) and member.name == "length" and not member.static:
            type = context.program.resolve(member.type)
            return isinstance(type, syntax.SimpleType) and type.name in syntax.INTEGER_TYPES
    return False


# ---------------------------------------------------------------------------
# iterable, async_iterable, maplike and setlike


def _keyword(declaration: syntax.Member) -> str:
    return declaration.name_span.text


def _check_one_declaration(context: Context, interface: Interface, own: Sequence[syntax.Member]) -> None:
    """At most one of the four, in the interface and those it inherits from."""
    if not own:
        return
    for declaration in own[1:]:
        message = f"'{interface.name}' is {_keyword(own[0])} already"
        context.sink.error("iteration-conflict", message, declaration.span, declared_here(own[0].span))
    inherited = [m for level in interface.ancestors() for m in level.members if isinstance(m, _DECLARATIONS)]
    for declaration in inherited[:1]:
        message = f"'{interface.name}' inherits from an interface that is {_keyword(declaration)}"
        context.sink.error("iteration-conflict", message, own[0].span, declared_here(declaration.span))


def _check_names(context: Context, interface: Interface, declaration: syntax.Member) -> None:
    made = _MAKES[declaration.__class__]
    writable = frozenset() if getattr(declaration, "readonly", True) else _MAKES_WRITABLE[declaration.__class__]
    for member in _property_members(interface):
        is_operation = isinstance(member, syntax.Operation)
        if member.name in made or (member.name in writable and not is_operation):
            message = f"'{_keyword(declaration)}' makes a property '{member.name}' already"
            context.sink.error("iteration-name", message, member.name_span, declared_here(declaration.span))


def _property_members(interface: Interface) -> Iterator[syntax.Member]:
    """The attributes, constants and regular operations of the interface and those it inherits from."""
    for level in (interface, *interface.ancestors()):
        for member in level.members:
            is_static_operation = isinstance(member, syntax.Operation) and member.static
            if isinstance(member, (syntax.Attribute, syntax.Constant, syntax.Operation)) and not is_static_operation:
                yield member


def _check_iterable(context: Context, declaration: syntax.Iterable, getter: Optional[syntax.Operation]) -> None:
    if declaration.key and getter:
        message = "iterable<key, value> cannot stand beside an indexed getter; write iterable<value>"
        context.sink.error("pair-iterator", message, declaration.span, declared_here(getter.span))
    elif not declaration.key and getter is None:
        message = "iterable<value> needs an indexed getter in the same interface; or write iterable<key, value>"
        context.sink.error("value-iterator", message, declaration.span)
    elif not declaration.key and getter and not _same_values(context, declaration.value, getter.type):
        message = "iterable<value> and the indexed getter are of different types"
        context.sink.error("value-iterator", message, declaration.value.span, declared_here(getter.type.span))


def _same_values(context: Context, value: syntax.Type, got: syntax.Type) -> bool:
    """Whether the getter gives such values; null, with which it may answer for other indices, does not count."""
    return context.same_type(value, got) or context.same_type(value, context.program.innermost(got))


def _check_not_indexed(context: Context, declaration: syntax.Member, interface: Interface) -> None:
    for level in (interface, *interface.ancestors()):
        for member in level.members:
            if _special_key(context, member) == ("getter", _INDEXED):
                message = f"{_keyword(declaration)} cannot stand beside an indexed getter"
                context.sink.error("iteration-conflict", message, declaration.span, declared_here(member.span))
