"""Rules that the extended attributes of an interface make for its members and for those that inherit from it."""

from __future__ import annotations

from typing import Optional

import syntax
from context import Context
from diagnostics import declared_here
from program import Interface


def check_interfaces(context: Context) -> None:
    _check_factory_names(context)
    for interface in context.program.interfaces.values():
        _check_no_constructor(context, interface)
        _check_global(context, interface)
        _check_named_properties(context, interface)
        _check_parent(context, interface)


def _check_factory_names(context: Context) -> None:
    """A legacy factory function is a property of the global object, under a name of its own."""
    owners: dict[str, Interface] = {}
    for interface in context.program.interfaces.values():
        for attribute in interface.attributes:
            if attribute.name != "LegacyFactoryFunction" or attribute.form != syntax.NAMED_ARGUMENT_LIST:
                continue
            owner = owners.setdefault(attribute.value, interface)
            taken = context.program.interfaces.get(attribute.value, owner)
            if taken is not interface:
                message = f"the name '{attribute.value}' is taken by '{taken.name}'"
                context.sink.error("factory-name", message, attribute.span, declared_here(taken.name_span))


def _check_no_constructor(context: Context, interface: Interface) -> None:
    hidden = interface.attribute("LegacyNoInterfaceObject")
    if not hidden and not interface.attribute("Global"):
        return
    for member in interface.members:
        if isinstance(member, syntax.Constructor):
            name = "LegacyNoInterfaceObject" if hidden else "Global"
            message = f"an interface with [{name}] cannot have a constructor"
            context.sink.error("constructor-not-allowed", message, member.span)
        elif hidden and isinstance(member, (syntax.Attribute, syntax.Operation)) and member.static:
            message = "without an interface object there is no place for static members"
            context.sink.error("static-not-allowed", message, member.span)


def _check_global(context: Context, interface: Interface) -> None:
    if not interface.attribute("Global"):
        return
    for member in interface.members:
        key = _key_type(context, member)
        if key == "unsigned long" or (key and getattr(member, "special", "") == "setter"):
            message = "the global object can have a named getter, but no other getters and setters"
            context.sink.error("global-special", message, member.span)


def _check_named_properties(context: Context, interface: Interface) -> None:
    for name in ("LegacyOverrideBuiltIns", "LegacyUnenumerableNamedProperties"):
        attribute = interface.attribute(name)
        if attribute and not any(_is_named_getter(context, member) for member in interface.members):
            message = f"[{name}] needs a named getter in '{interface.name}'"
            context.sink.error("named-getter", message, attribute.span)


def _is_named_getter(context: Context, member: syntax.Member) -> bool:
    return getattr(member, "special", "") == "getter" and _key_type(context, member) == "DOMString"


def _key_type(context: Context, member: syntax.Member) -> Optional[str]:
    """The type of key of a special operation; None for any other member."""
    is_special = isinstance(member, syntax.Operation) and member.special in ("getter", "setter", "deleter")
    if not is_special or not isinstance(member, syntax.Operation) or not member.arguments:
        return None
    type = context.program.resolve(member.arguments[0].type)
    return type.name if isinstance(type, syntax.SimpleType) else None


def _check_parent(context: Context, interface: Interface) -> None:
    parent = interface.parent
    if parent is None:
        return
    inheritance = getattr(interface.declaration, "inheritance", None)
    span = inheritance.span if inheritance else interface.name_span
    if parent.attribute("Global"):
        message = f"'{parent.name}' is the global object; nothing can inherit from it"
        context.sink.error("inherit-global", message, span, declared_here(parent.name_span))
    if parent.attribute("LegacyNoInterfaceObject") and not interface.attribute("LegacyNoInterfaceObject"):
        message = f"'{parent.name}' has no interface object, so '{interface.name}' cannot have one"
        context.sink.error("inherit-hidden", message, span, declared_here(parent.name_span))
