"""Rules about the members of one definition: which kinds it may have, and what each kind demands."""

from __future__ import annotations

from typing import Callable, Union

import program as linked
import syntax
from context import Context, written
from diagnostics import declared_here
from source import Span

_REGULAR_OPERATION = "regular operations"
_REGULAR_ATTRIBUTE = "regular attributes"
_READONLY_ATTRIBUTE = "readonly attributes"
_CONSTANT = "constants"
_STRINGIFIER = "stringifiers"

# What containers other than interfaces may contain.
_ALLOWED: dict[type[syntax.Definition], tuple[str, tuple[str, ...]]] = {
    syntax.Mixin: (
        "a mixin",
        (_CONSTANT, _READONLY_ATTRIBUTE, _REGULAR_ATTRIBUTE, _REGULAR_OPERATION, _STRINGIFIER),
    ),
    syntax.Namespace: ("a namespace", (_CONSTANT, _READONLY_ATTRIBUTE, _REGULAR_OPERATION)),
    syntax.CallbackInterface: ("a callback interface", (_CONSTANT, _REGULAR_OPERATION)),
}


def check_members(context: Context) -> None:
    for module in context.program.modules:
        for definition in module.definitions:
            for member in syntax.members_of(definition):
                if isinstance(member, syntax.Member):
                    _check_kind(context, definition, member)
                    check = _MEMBERS.get(member.__class__)
                    if check:
                        check(context, member)
            if isinstance(definition, syntax.CallbackInterface):
                _check_callback_interface(context, definition)
    for interface in context.program.interfaces.values():
        _check_inherited_attributes(context, interface)
        _check_stringifiers(context, interface)
    for mixin in context.program.mixins.values():
        _check_stringifiers(context, mixin)


# ---------------------------------------------------------------------------
# Which kinds may stand where


def _check_kind(context: Context, definition: syntax.Definition, member: syntax.Member) -> None:
    allowed = _ALLOWED.get(definition.__class__)
    if allowed and _kind(member) not in allowed[1]:
        message = f"{allowed[0]} can have {', '.join(allowed[1])}, but not {_kind(member)}"
        context.sink.error("member-kind", message, member.span)
    if isinstance(member, syntax.Constructor) and isinstance(definition, syntax.Interface) and definition.partial:
        message = "the standard has constructors in the interface itself, not in a partial one"
        context.sink.warning("partial-constructor", message, member.span)


def _kind(member: syntax.Member) -> str:
    """What the standard calls the member, in the plural."""
    special = getattr(member, "special", "")
    if special == "stringifier":
        return _STRINGIFIER
    if isinstance(member, syntax.Attribute) and not special:
        return _READONLY_ATTRIBUTE if member.readonly else _REGULAR_ATTRIBUTE
    if special in _SPECIAL_SHAPES:
        return f"{special}s"
    if isinstance(member, (syntax.Attribute, syntax.Operation)):
        return f"{special or 'regular'} {member.__class__.__name__.lower()}s"
    return _CONSTANT if isinstance(member, syntax.Constant) else f"{member.__class__.__name__.lower()} declarations"


def _check_callback_interface(context: Context, definition: syntax.CallbackInterface) -> None:
    operations = [member for member in definition.members if isinstance(member, syntax.Operation)]
    if len(operations) != 1:
        message = f"a callback interface has exactly one operation; '{definition.name}' has {len(operations)}"
        context.sink.error("callback-interface-operation", message, definition.name_span)


# ---------------------------------------------------------------------------
# Single members


def _check_attribute(context: Context, member: syntax.Member) -> None:
    assert isinstance(member, syntax.Attribute)
    if member.special != "stringifier":
        return
    type = context.program.resolve(member.type)
    if not (isinstance(type, syntax.SimpleType) and type.name in ("DOMString", "USVString")):
        message = f"a stringifier attribute is a DOMString or a USVString, not '{written(member.type)}'"
        context.sink.error("stringifier-type", message, member.type.span)


def _check_operation(context: Context, member: syntax.Member) -> None:
    assert isinstance(member, syntax.Operation)
    if not member.name and member.special in ("", "static"):
        hint = "; a constructor is written 'constructor()'" if isinstance(member.type, syntax.IdentifierType) else ""
        context.sink.error("operation-name", f"only special operations can go without a name{hint}", member.span)
    if member.special in _SPECIAL_SHAPES:
        _check_special_operation(context, member)
    if member.name == "toJSON" and not member.static:
        _check_to_json(context, member)


def _check_async_iterable(context: Context, member: syntax.Member) -> None:
    assert isinstance(member, syntax.AsyncIterable)
    for argument in member.arguments:
        if not (argument.optional or argument.variadic):
            message = "the arguments of async_iterable must all be optional"
            context.sink.error("async-iterable-arguments", message, argument.span)


# The number of arguments, and the types that the first may have.
_SPECIAL_SHAPES = {
    "getter": (1, ("unsigned long", "DOMString")),
    "setter": (2, ("unsigned long", "DOMString")),
    "deleter": (1, ("DOMString",)),
}


def _check_special_operation(context: Context, member: syntax.Operation) -> None:
    count, keys = _SPECIAL_SHAPES[member.special]
    key = context.program.resolve(member.arguments[0].type) if member.arguments else None
    if len(member.arguments) != count or not isinstance(key, syntax.SimpleType) or key.name not in keys:
        wanted = f"{count} argument{'s' if count > 1 else ''}, {'the first ' if count > 1 else ''}of type"
        message = f"a {member.special} takes {wanted} {' or '.join(keys)}"
        context.sink.error("special-operation", message, member.span)
    for argument in member.arguments:
        if argument.optional or argument.variadic:
            message = f"the arguments of a {member.special} are neither optional nor variadic"
            context.sink.error("special-operation", message, argument.span)


def _check_to_json(context: Context, member: syntax.Operation) -> None:
    if member.arguments:
        context.sink.error("to-json", "toJSON takes no arguments", member.arguments[0].span)
    if not is_json(context.program, member.type):
        message = f"'{written(member.type)}' cannot be converted to JSON"
        context.sink.error("to-json", message, member.type.span)


def is_json(program: linked.Program, type: syntax.Type) -> bool:
    """Whether the type is one of the standard's "JSON types"."""
    seen: set[Union[str, Span]] = set()
    pending = [type]
    while pending:
        part = program.innermost(pending.pop())
        key: Union[str, Span] = part.name if isinstance(part, syntax.IdentifierType) else part.span
        if key in seen:
            continue
        seen.add(key)
        if isinstance(part, syntax.IdentifierType):
            if not _is_json_name(program, part.name):
                return False
            dictionary = program.dictionaries.get(part.name)
            if dictionary:
                pending.extend(member.type for level in dictionary.levels() for member in level.members)
        elif isinstance(part, syntax.SimpleType) and part.name not in _JSON_TYPES:
            return False
        elif isinstance(part, syntax.GenericType) and part.name not in ("sequence", "FrozenArray"):
            return False
        else:
            pending.extend(syntax.parts(part))
    return True


_JSON_TYPES = syntax.NUMERIC_TYPES | syntax.STRING_TYPES | {"boolean", "object"}


def _is_json_name(program: linked.Program, name: str) -> bool:
    """Whether an interface, enumeration or dictionary is one, its members aside."""
    definition = program.definitions.get(name)
    if isinstance(definition, linked.Interface):
        lineage = (definition, *definition.ancestors())
        return any(member.name == "toJSON" for interface in lineage for member in interface.members)
    return definition is None or isinstance(definition, (syntax.Enum, linked.Dictionary))


_MEMBERS: dict[type[syntax.Member], Callable[[Context, syntax.Member], None]] = {
    syntax.Attribute: _check_attribute,
    syntax.Operation: _check_operation,
    syntax.AsyncIterable: _check_async_iterable,
}


# ---------------------------------------------------------------------------
# Members against the rest of their interface


def _check_inherited_attributes(context: Context, interface: linked.Interface) -> None:
    for member in interface.members:
        if not isinstance(member, syntax.Attribute) or member.special != "inherit":
            continue
        ancestors = (m for ancestor in interface.ancestors() for m in ancestor.members)
        attributes = (m for m in ancestors if isinstance(m, syntax.Attribute) and not m.static)
        inherited = next((m for m in attributes if m.name == member.name), None)
        if inherited is None:
            message = f"no interface that '{interface.name}' inherits from has an attribute '{member.name}'"
            context.sink.error("inherit-attribute", message, member.name_span)
        elif not context.same_type(inherited.type, member.type):
            message = f"the inherited attribute is of type '{written(inherited.type)}'"
            context.sink.error("inherit-attribute", message, member.type.span, declared_here(inherited.name_span))


def _check_stringifiers(context: Context, interface: Union[linked.Interface, linked.Mixin]) -> None:
    stringifiers = [
        member
        for member in interface.members
        if isinstance(member, (syntax.Attribute, syntax.Operation)) and member.special == "stringifier"
    ]
    for member in stringifiers[1:]:
        message = f"'{interface.name}' has a stringifier already"
        context.sink.error("duplicate-stringifier", message, member.span, declared_here(stringifiers[0].span))
