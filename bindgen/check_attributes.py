"""Rules about extended attributes: which exist, in which form and place, and on which types."""

from __future__ import annotations

from difflib import get_close_matches
import syntax
from attributes import DESCRIPTORS, PLACES, TYPE, Descriptor
from check_attribute_use import Bearer, check_use
from context import Context, written
from diagnostics import Diagnostic, Sink
from syntax import ExtendedAttribute, Type


def check_attributes(context: Context) -> None:
    for module in context.program.modules:
        for declaration in module.declarations:
            if declaration.attributes:
                _check_bearer(context, declaration)
            for type in syntax.types_of(declaration):
                _check_types(context, type)
            if isinstance(declaration, syntax.Attribute) and declaration.readonly:
                _check_readonly(context, declaration)
            _check_arguments(context, syntax.arguments_of(declaration))
            _check_c_arrays(context, declaration)
            for attribute in declaration.attributes:
                _check_arguments(context, attribute.arguments)


def _check_arguments(context: Context, arguments: tuple[syntax.Argument, ...]) -> None:
    for argument in arguments:
        if argument.attributes:
            _check_bearer(context, argument)
        _check_types(context, argument.type)


def _check_c_arrays(context: Context, declaration: syntax.Declaration) -> None:
    """[CArray] is about the arguments of functions of C."""
    if isinstance(declaration, (syntax.Constructor, syntax.AsyncIterable)):
        return
    if isinstance(declaration, syntax.Operation) and declaration.special in ("", "static"):
        if not isinstance(context.program.declared_in[declaration], syntax.CallbackInterface):
            return
    for argument in syntax.arguments_of(declaration):
        attribute = argument.attribute("CArray")
        if attribute:
            message = "[CArray] is for arguments of regular and static operations and of constructors"
            context.sink.error("attribute-use", message, attribute.span)


def _check_bearer(context: Context, bearer: Bearer) -> None:
    names: set[str] = set()
    for attribute in bearer.attributes:
        if attribute.name in names and attribute.name != "LegacyFactoryFunction":
            context.sink.error("attribute-twice", f"[{attribute.name}] is given twice", attribute.span)
        names.add(attribute.name)
        if _check_one(context, attribute, PLACES[bearer.__class__]):
            check_use(context, attribute, bearer)
    for one, other in _EXCLUSIVE:
        if one in names and other in names:
            later = [attribute for attribute in bearer.attributes if attribute.name in (one, other)][1]
            message = f"[{one}] and [{other}] exclude each other"
            context.sink.error("attribute-conflict", message, later.span)


_EXCLUSIVE = (
    ("PutForwards", "Replaceable"),
    ("PutForwards", "LegacyLenientSetter"),
    ("Replaceable", "LegacyLenientSetter"),
    ("LegacyNoInterfaceObject", "LegacyNamespace"),
    ("LegacyWindowAlias", "LegacyNoInterfaceObject"),
    ("LegacyWindowAlias", "LegacyNamespace"),
    ("Global", "LegacyFactoryFunction"),
    ("SecureContext", "CrossOriginIsolated"),
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
        message = f"[{attribute.name}] has no meaning on this {place}; {_where_instead(descriptor, place)}"
        context.sink.error("attribute-place", message, attribute.span)
        return False
    if not _check_form(context.sink, attribute, descriptor):
        return False
    if not descriptor.has_effect:
        message = f"[{attribute.name}] is accepted, but has no effect"
        context.sink.note("attribute-no-effect", message, attribute.span)
    return True


def _where_instead(descriptor: Descriptor, place: str) -> str:
    if descriptor.places == (TYPE,) and place == "attribute":
        return f"write 'attribute [{descriptor.name}]', right before the type"
    if descriptor.places == (TYPE,):
        return "it applies to types of arguments, of dictionary members and of attributes"
    return f"it applies to: {', '.join(descriptor.places)}"


def _check_form(sink: Sink, attribute: ExtendedAttribute, descriptor: Descriptor) -> bool:
    if descriptor.forms and attribute.form == syntax.ANY_TOKENS:
        return False  # The parser has said why.
    if descriptor.forms and attribute.form not in descriptor.forms:
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
    if attribute.name == attribute.span.text and attribute.form == syntax.ANY_TOKENS:
        message = "an extended attribute that begins with no name is not known"
    else:
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
    for attribute in type.attributes:
        if _check_one(context, attribute, TYPE):
            allowed, wanted = _ANNOTATES.get(attribute.name, (frozenset(), ""))
            if allowed and not _annotates(context, attribute.name, type, allowed):
                message = f"[{attribute.name}] applies to {wanted}, not to '{written(type)}'"
                context.sink.error("attribute-type-mismatch", message, attribute.span)
    for leaf in context.program.leaves(type):
        if leaf.attribute("Clamp") and leaf.attribute("EnforceRange"):
            message = "[Clamp] and [EnforceRange] exclude each other"
            context.sink.error("attribute-conflict", message, type.attributes[0].span)
            return


def _annotates(context: Context, name: str, type: Type, allowed: frozenset[str]) -> bool:
    if name == "LegacyNullToEmptyString" and context.program.includes_nullable(type):
        return False
    return all(_is_one_of(part, allowed) for part in context.program.leaves(type))


def _check_readonly(context: Context, declaration: syntax.Attribute) -> None:
    """Nothing is converted to the type of a readonly attribute, or to a type inside it."""
    if isinstance(declaration.type, syntax.SimpleType) and not declaration.type.attributes:
        return
    span = declaration.type.span
    for part in context.program.inclusive_parts(declaration.type):
        for attribute in part.attributes:
            if attribute.name in ("Clamp", "EnforceRange"):
                inside = attribute.span.file is span.file and declaration.span.start <= attribute.span.start < span.end
                message = f"[{attribute.name}] is about values that are set, but the attribute is readonly"
                context.sink.error("attribute-use", message, attribute.span if inside else span)


_ANNOTATES: dict[str, tuple[frozenset[str], str]] = {
    "AllowResizable": (syntax.BUFFER_TYPES, "buffers and their views"),
    "AllowShared": (syntax.BUFFER_VIEW_TYPES, "views of buffers"),
    "Clamp": (syntax.INTEGER_TYPES, "integer types"),
    "CString": (syntax.STRING_TYPES, "string types"),
    "EnforceRange": (syntax.INTEGER_TYPES, "integer types"),
    "LegacyNullToEmptyString": (frozenset(("DOMString", "USVString")), "DOMString and USVString without '?'"),
}


def _is_one_of(type: Type, names: frozenset[str]) -> bool:
    return isinstance(type, syntax.SimpleType) and type.name in names
