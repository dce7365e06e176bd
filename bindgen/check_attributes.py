"""Rules about extended attributes: which exist, in which form and place, and what each one demands."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Callable, Iterator, Optional, Union

import program as linked
import syntax
from attributes import DESCRIPTORS, PLACES, TYPE, Descriptor
from context import Context, written
from diagnostics import Diagnostic, Sink
from syntax import ExtendedAttribute, Type

_Bearer = Union[syntax.Declaration, syntax.Argument]


def check_attributes(context: Context) -> None:
    for module in context.program.modules:
        for declaration in syntax.declarations(module):
            _check_bearer(context, declaration)
            for type in syntax.types_of(declaration):
                _check_types(context, type)
            if isinstance(declaration, syntax.Attribute) and declaration.readonly:
                _check_readonly(context, declaration)
            for argument in syntax.arguments_of(declaration):
                _check_bearer(context, argument)
                _check_types(context, argument.type)


def _check_bearer(context: Context, bearer: _Bearer) -> None:
    if not bearer.attributes:
        return
    names: set[str] = set()
    for attribute in bearer.attributes:
        if attribute.name in names and attribute.name != "LegacyFactoryFunction":
            context.sink.error("attribute-twice", f"[{attribute.name}] is given twice", attribute.span)
        names.add(attribute.name)
        if _check_one(context, attribute, PLACES[bearer.__class__]):
            rule = _RULES.get(attribute.name)
            message = rule(context, attribute, bearer) if rule else ""
            if message:
                context.sink.error("attribute-use", message, attribute.span)
    for one, other in _EXCLUSIVE:
        if one in names and other in names:
            message = f"[{one}] and [{other}] exclude each other"
            context.sink.error("attribute-conflict", message, bearer.attributes[0].span)


_EXCLUSIVE = (
    ("PutForwards", "Replaceable"),
    ("PutForwards", "LegacyLenientSetter"),
    ("Replaceable", "LegacyLenientSetter"),
    ("LegacyNoInterfaceObject", "LegacyNamespace"),
    ("Global", "LegacyFactoryFunction"),
    ("Global", "LegacyOverrideBuiltIns"),
    ("Throws", "CallWith"),
)


# ---------------------------------------------------------------------------
# The table: name, form, place, value


def _check_one(context: Context, attribute: ExtendedAttribute, place: str) -> bool:
    """Whether the attribute is all right by the table; reports it if not."""
    descriptor = DESCRIPTORS.get(attribute.name)
    if descriptor is None:
        _report_unknown(context, attribute)
        return False
    if place not in descriptor.places:
        places = ", ".join(descriptor.places)
        message = f"[{attribute.name}] has no meaning on this {place}; it applies to: {places}"
        context.sink.error("attribute-place", message, attribute.span)
        return False
    if not descriptor.has_effect:
        message = f"[{attribute.name}] is accepted, but has no effect"
        context.sink.note("attribute-no-effect", message, attribute.span)
        return True
    return _check_form(context.sink, attribute, descriptor)


def _check_form(sink: Sink, attribute: ExtendedAttribute, descriptor: Descriptor) -> bool:
    if attribute.form not in descriptor.forms:
        wanted = " or ".join(_FORMS[form].format(attribute.name) for form in descriptor.forms)
        sink.error("attribute-form", f"write {wanted}", attribute.span)
        return False
    if descriptor.values and attribute.values and attribute.value not in descriptor.values:
        values = " or ".join(descriptor.values)
        sink.error("attribute-value", f"[{attribute.name}] takes {values}, not '{attribute.value}'", attribute.span)
        return False
    return True


_FORMS = {
    syntax.NO_ARGS: "[{}]",
    syntax.IDENTIFIER: "[{}=identifier]",
    syntax.IDENTIFIER_LIST: "[{}=(identifier, ...)]",
    syntax.NAMED_ARGUMENT_LIST: "[{}=identifier(arguments)]",
    syntax.STRING: '[{}="string"]',
    syntax.WILDCARD: "[{}=*]",
}


def _report_unknown(context: Context, attribute: ExtendedAttribute) -> None:
    close = get_close_matches(attribute.name, DESCRIPTORS, n=1, cutoff=0.75)
    hint = f"; did you mean [{close[0]}]?" if close else ""
    message = f"[{attribute.name}] is not known{hint}"
    severity = context.options.unknown_attributes
    context.sink.diagnostics.append(Diagnostic(severity, "unknown-attribute", message, attribute.span))


# ---------------------------------------------------------------------------
# Types


def _check_types(context: Context, type: Type) -> None:
    for part in syntax.inclusive_parts(type):
        if part.attributes:
            _check_annotated(context, part)


def _check_annotated(context: Context, type: Type) -> None:
    names = {attribute.name for attribute in context.program.resolve(type).attributes}
    for attribute in type.attributes:
        if _check_one(context, attribute, TYPE):
            allowed, wanted = _ANNOTATES.get(attribute.name, (frozenset(), ""))
            if allowed and not _annotates(context, attribute.name, type, allowed):
                message = f"[{attribute.name}] applies to {wanted}, not to '{written(type)}'"
                context.sink.error("attribute-type-mismatch", message, attribute.span)
    if {"Clamp", "EnforceRange"} <= names:
        message = "[Clamp] and [EnforceRange] exclude each other"
        context.sink.error("attribute-conflict", message, type.attributes[0].span)


def _annotates(context: Context, name: str, type: Type, allowed: frozenset[str]) -> bool:
    if name == "LegacyNullToEmptyString" and context.program.includes_nullable(type):
        return False
    return all(_is_one_of(part, allowed) for part in _leaves(context, type))


def _check_readonly(context: Context, declaration: syntax.Attribute) -> None:
    """Nothing is converted to the type of a readonly attribute."""
    for name in ("Clamp", "EnforceRange"):
        attribute = declaration.type.attribute(name)
        if attribute:
            message = f"[{name}] is about values that are set, but the attribute is readonly"
            context.sink.error("attribute-use", message, attribute.span)


_ANNOTATES: dict[str, tuple[frozenset[str], str]] = {
    "AllowResizable": (syntax.BUFFER_TYPES, "buffers and their views"),
    "AllowShared": (syntax.BUFFER_VIEW_TYPES, "views of buffers"),
    "Clamp": (syntax.INTEGER_TYPES, "integer types"),
    "CString": (syntax.STRING_TYPES, "string types"),
    "EnforceRange": (syntax.INTEGER_TYPES, "integer types"),
    "LegacyNullToEmptyString": (frozenset(("DOMString", "USVString")), "DOMString and USVString without '?'"),
}


def _leaves(context: Context, type: Type) -> Iterator[Type]:
    """The types that an extended attribute on a type ends up with."""
    inner = context.program.innermost(type)
    yield from context.program.flattened_members(inner) if isinstance(inner, syntax.UnionType) else (inner,)


def _is_one_of(type: Type, names: frozenset[str]) -> bool:
    return isinstance(type, syntax.SimpleType) and type.name in names


# ---------------------------------------------------------------------------
# What single attributes demand of their bearer. Each gives what is wrong, or "".


def _readonly_regular(context: Context, attribute: ExtendedAttribute, bearer: _Bearer) -> str:
    assert isinstance(bearer, syntax.Attribute)
    if not bearer.readonly or bearer.special == "static":
        return f"[{attribute.name}] is for readonly attributes that are not static"
    if _is_promise(context, bearer.type):
        return f"[{attribute.name}] cannot stand on an attribute of a promise type"
    return ""


def _put_forwards(context: Context, attribute: ExtendedAttribute, bearer: _Bearer) -> str:
    assert isinstance(bearer, syntax.Attribute)
    problem = _readonly_regular(context, attribute, bearer)
    if problem:
        return problem
    visited: set[syntax.Attribute] = set()
    while bearer not in visited:
        visited.add(bearer)
        target = context.program.denotes(context.program.innermost(bearer.type))
        if not isinstance(target, linked.Interface):
            return "[PutForwards] is for attributes of an interface type"
        forwarded = _attribute_named(target, attribute.value)
        if forwarded is None:
            return f"'{target.name}' has no attribute '{attribute.value}'"
        bearer, following = forwarded, forwarded.attribute("PutForwards")
        if following is None or following.form != syntax.IDENTIFIER:
            return ""
        attribute = following
    return "following [PutForwards] leads back here"


def _attribute_named(interface: linked.Interface, name: str) -> Optional[syntax.Attribute]:
    for level in (interface, *interface.ancestors()):
        for member in level.members:
            if isinstance(member, syntax.Attribute) and member.name == name:
                return member
    return None


def _same_object(context: Context, attribute: ExtendedAttribute, bearer: _Bearer) -> str:
    assert isinstance(bearer, syntax.Attribute)
    if not bearer.readonly:
        return "[SameObject] is for readonly attributes"
    return "" if _is_object(context, bearer.type) else "[SameObject] is for attributes whose values are objects"


def _new_object(context: Context, attribute: ExtendedAttribute, bearer: _Bearer) -> str:
    assert isinstance(bearer, syntax.Operation)
    if _is_object(context, bearer.type) or _is_promise(context, bearer.type):
        return ""
    return "[NewObject] is for operations that give an object or a promise"


def _default(context: Context, attribute: ExtendedAttribute, bearer: _Bearer) -> str:
    assert isinstance(bearer, syntax.Operation)
    return "" if bearer.name == "toJSON" else "[Default] is for toJSON only"


def _not_static(context: Context, attribute: ExtendedAttribute, bearer: _Bearer) -> str:
    assert isinstance(bearer, (syntax.Attribute, syntax.Operation))
    return f"[{attribute.name}] cannot stand on a static member" if bearer.static else ""


def _not_on_partial(context: Context, attribute: ExtendedAttribute, bearer: _Bearer) -> str:
    is_partial = getattr(bearer, "partial", False)
    return f"[{attribute.name}] belongs on the interface itself, not on a partial one" if is_partial else ""


def _legacy_namespace(context: Context, attribute: ExtendedAttribute, bearer: _Bearer) -> str:
    is_namespace = attribute.value in context.program.namespaces
    return "" if is_namespace else f"'{attribute.value}' is not a namespace"


def _blocking(context: Context, attribute: ExtendedAttribute, bearer: _Bearer) -> str:
    assert isinstance(bearer, syntax.Operation)
    return "" if _is_promise(context, bearer.type) else "[Blocking] is for operations that give a promise"


def _release(context: Context, attribute: ExtendedAttribute, bearer: _Bearer) -> str:
    if isinstance(bearer, syntax.Interface):
        return _not_on_partial(context, attribute, bearer)
    assert isinstance(bearer, (syntax.Attribute, syntax.Operation))
    if any(_owns_memory(context, leaf) for leaf in _leaves(context, _fulfilled(context, bearer.type))):
        return ""
    return "[Release] is for results that are strings, sequences, records or buffers"


_RULES: dict[str, Callable[[Context, ExtendedAttribute, _Bearer], str]] = {
    "Blocking": _blocking,
    "Default": _default,
    "Global": _not_on_partial,
    "LegacyFactoryFunction": _not_on_partial,
    "LegacyLenientSetter": _readonly_regular,
    "LegacyLenientThis": _not_static,
    "LegacyNamespace": _legacy_namespace,
    "LegacyNoInterfaceObject": _not_on_partial,
    "LegacyUnforgeable": _not_static,
    "NewObject": _new_object,
    "PutForwards": _put_forwards,
    "Release": _release,
    "Replaceable": _readonly_regular,
    "SameObject": _same_object,
    "Unscopable": _not_static,
}


def _is_promise(context: Context, type: Type) -> bool:
    inner = context.program.innermost(type)
    return isinstance(inner, syntax.GenericType) and inner.name == "Promise"


def _fulfilled(context: Context, type: Type) -> Type:
    """What a promise is fulfilled with; any other type is itself."""
    inner = context.program.innermost(type)
    return inner.element if isinstance(inner, syntax.GenericType) and inner.name == "Promise" else inner


def _is_object(context: Context, type: Type) -> bool:
    inner = context.program.innermost(type)
    if isinstance(inner, syntax.SimpleType):
        return inner.name == "object" or inner.name in syntax.BUFFER_TYPES
    if isinstance(inner, syntax.GenericType):
        return inner.name in ("FrozenArray", "ObservableArray")
    definition = context.program.denotes(inner)
    return definition is None or isinstance(definition, (linked.Interface, syntax.CallbackInterface))


def _owns_memory(context: Context, type: Type) -> bool:
    if isinstance(type, syntax.SimpleType):
        return type.name in syntax.STRING_TYPES or type.name in syntax.BUFFER_TYPES
    return isinstance(type, (syntax.GenericType, syntax.RecordType))
