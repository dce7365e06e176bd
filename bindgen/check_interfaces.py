"""Rules that the extended attributes of an interface make for its members and for those that inherit from it."""

from __future__ import annotations

from typing import Dict, Mapping, Optional, Sequence

import syntax
from check_names import RESERVED_NAMES
from context import Context
from diagnostics import declared_here
from program import GLOBAL_SCOPE, Interface


def check_interfaces(context: Context) -> None:
    _check_global_names(context)
    _check_partial_override(context)
    interfaces = context.program.interfaces.values()
    unforgeable = {interface: _unforgeable_members(interface) for interface in interfaces}
    for interface in interfaces:
        _check_no_constructor(context, interface)
        _check_global(context, interface)
        _check_named_properties(context, interface)
        _check_parent(context, interface)
        _check_unforgeable(context, interface, unforgeable)


def _check_global_names(context: Context) -> None:
    """Factory functions and aliases are properties of the global object, each under a name of its own."""
    owners: dict[str, tuple[Interface, syntax.ExtendedAttribute]] = {}
    for interface in context.program.interfaces.values():
        for attribute in interface.attributes:
            names = _global_names(attribute)
            for index, name in enumerate(names):
                owner, first = owners.setdefault(name, (interface, attribute))
                is_shared = owner is interface and attribute.name == first.name == "LegacyFactoryFunction"
                taken = context.program.interfaces.get(name)
                if name in RESERVED_NAMES:
                    context.sink.error("reserved-name", f"'{name}' is a reserved name", attribute.span)
                elif taken and not taken.attribute("LegacyNoInterfaceObject"):
                    message = f"the name '{name}' is that of the interface '{name}'"
                    context.sink.error("global-name", message, attribute.span, declared_here(taken.name_span))
                elif name in names[:index]:
                    context.sink.error("global-name", f"the name '{name}' is given twice", attribute.span)
                elif first is not attribute and not is_shared:
                    message = f"the name '{name}' is given by [{first.name}] of '{owner.name}' already"
                    context.sink.error("global-name", message, attribute.span, declared_here(first.span))


def _global_names(attribute: syntax.ExtendedAttribute) -> Sequence[str]:
    """The names that it adds to the global object."""
    if attribute.name == "LegacyFactoryFunction" and attribute.form == syntax.NAMED_ARGUMENT_LIST:
        return (attribute.value,)
    if attribute.name == "LegacyWindowAlias" and attribute.form in (syntax.IDENTIFIER, syntax.IDENTIFIER_LIST):
        return [str(value) for value in attribute.values]
    return ()


def _check_no_constructor(context: Context, interface: Interface) -> None:
    hidden = interface.attribute("LegacyNoInterfaceObject") or interface.name == GLOBAL_SCOPE
    if not hidden and not interface.attribute("Global"):
        return
    for member in interface.members:
        if isinstance(member, syntax.Constructor):
            name = "Global" if interface.attribute("Global") else "LegacyNoInterfaceObject"
            message = f"an interface with [{name}] cannot have a constructor"
            context.sink.error("constructor-not-allowed", message, member.span)
        elif hidden and isinstance(member, (syntax.Attribute, syntax.Operation)) and member.static:
            message = "without an interface object there is no place for static members"
            if interface.name == GLOBAL_SCOPE:
                message += f", and {GLOBAL_SCOPE} has none; leave 'static' out, and it is a property of the global object"
            context.sink.error("static-not-allowed", message, member.span)


def _check_global(context: Context, interface: Interface) -> None:
    attribute = interface.attribute("Global")
    if not attribute:
        return
    for member in interface.members:
        key = _key_type(context, member)
        if key == "unsigned long" or (key and getattr(member, "special", "") == "setter"):
            message = "the global object can have a named getter, but no other getters and setters"
            context.sink.error("global-special", message, member.span)
    for level in (interface, *interface.ancestors()):
        overriding = level.attribute("LegacyOverrideBuiltIns")
        if overriding:
            message = f"the global object '{interface.name}' cannot have [LegacyOverrideBuiltIns], or inherit it"
            context.sink.error("global-override", message, attribute.span, declared_here(overriding.span))


def _check_named_properties(context: Context, interface: Interface) -> None:
    for name in ("LegacyOverrideBuiltIns", "LegacyUnenumerableNamedProperties"):
        attribute = interface.attribute(name)
        if attribute and not any(_is_named_getter(context, member) for member in interface.members):
            message = f"[{name}] needs a named getter in '{interface.name}'"
            context.sink.error("named-getter", message, attribute.span)
    unenumerable = interface.attribute("LegacyUnenumerableNamedProperties")
    inherited = (level.attribute("LegacyUnenumerableNamedProperties") for level in interface.ancestors())
    earlier = next((found for found in inherited if found), None)
    if unenumerable and earlier:
        message = "[LegacyUnenumerableNamedProperties] is inherited already; leave it out here"
        context.sink.error("inherit-unenumerable", message, unenumerable.span, declared_here(earlier.span))


def _check_partial_override(context: Context) -> None:
    """A partial interface that has [LegacyOverrideBuiltIns] has the named getter as well."""
    for module in context.program.modules:
        for definition in module.definitions:
            if isinstance(definition, syntax.Interface) and definition.partial:
                attribute = definition.attribute("LegacyOverrideBuiltIns")
                if attribute and not any(_is_named_getter(context, member) for member in definition.members):
                    message = "[LegacyOverrideBuiltIns] belongs on the part of the interface that has the named getter"
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


_Members = Dict[str, syntax.Member]


def _check_unforgeable(context: Context, interface: Interface, unforgeable: Mapping[Interface, _Members]) -> None:
    """What cannot be changed cannot be hidden either: it is an own property of each object."""
    inherited: _Members = {}
    for level in interface.ancestors():
        inherited.update(unforgeable[level])
    if not inherited:
        return
    for member in interface.members:
        is_regular = isinstance(member, (syntax.Attribute, syntax.Operation)) and not member.static
        if is_regular and member.name in inherited:
            message = f"'{member.name}' hides what is inherited with [LegacyUnforgeable]; choose another name"
            note = declared_here(inherited[member.name].name_span)
            context.sink.error("inherit-unforgeable", message, member.name_span, note)


def _unforgeable_members(interface: Interface) -> _Members:
    return {m.name: m for m in interface.members if m.attributes and m.name and m.attribute("LegacyUnforgeable")}
