"""Rules about types: which may be put together, and which may stand where."""

from __future__ import annotations

from typing import Callable, Iterator

import program as linked
import syntax
from context import Context, written
from distinguish import distinguishable
from link import names_on_cycles
from source import Span
from syntax import Type


def check_types(context: Context) -> None:
    for module in context.program.modules:
        for declaration in module.declarations:
            for type in syntax.types_of(declaration):
                _check_composition(context, type)
            _check_arguments(context, syntax.arguments_of(declaration))
            for attribute in declaration.attributes:
                _check_arguments(context, attribute.arguments)
            place = _PLACES.get(declaration.__class__)
            if place:
                place(context, declaration)
    _check_dictionary_cycles(context)


def _check_arguments(context: Context, arguments: tuple[syntax.Argument, ...]) -> None:
    for argument in arguments:
        _check_composition(context, argument.type)
        _check_passed(context, argument.type, "an argument")


# ---------------------------------------------------------------------------
# How types are composed


def _check_composition(context: Context, type: Type) -> None:
    """The rules for every type written anywhere, and for the types inside it."""
    if isinstance(type, (syntax.SimpleType, syntax.IdentifierType)):
        return
    for part in syntax.inclusive_parts(type):
        check = _COMPOSED.get(part.__class__)
        if check:
            check(context, part)


def _check_nullable(context: Context, type: Type) -> None:
    assert isinstance(type, syntax.NullableType)
    inner = context.program.resolve(type.inner)
    if isinstance(inner, syntax.SimpleType) and inner.name == "any":
        reason = "any includes null already"
    elif isinstance(inner, syntax.GenericType) and inner.name in ("Promise", "ObservableArray"):
        reason = f"{inner.name} types cannot be nullable"
    elif isinstance(inner, syntax.NullableType):
        reason = "it is nullable already"
    elif isinstance(inner, syntax.UnionType) and context.program.includes_nullable(inner):
        reason = "a member of the union is nullable already"
    elif isinstance(inner, syntax.UnionType) and _has_dictionary(context, inner):
        reason = "null already stands for the dictionary in the union"
    else:
        return
    context.sink.error("nullable-inner", f"'{written(type.inner)}' cannot be made nullable: {reason}", type.span)


def _has_dictionary(context: Context, union: syntax.UnionType) -> bool:
    return any(context.is_dictionary(member) for member in context.program.flattened_members(union))


def _check_union(context: Context, type: Type) -> None:
    assert isinstance(type, syntax.UnionType)
    for member in type.members:
        inner = context.program.innermost(member)
        if isinstance(inner, syntax.SimpleType) and inner.name == "any":
            context.sink.error("union-any", "any cannot be a member of a union", member.span)
        elif isinstance(inner, syntax.GenericType) and inner.name in ("Promise", "ObservableArray"):
            context.sink.error("union-member", f"{inner.name} types cannot be members of a union", member.span)
    nullables = context.program.nullable_members(type)
    if nullables > 1:
        context.sink.error("union-nullable", "more than one member of the union is nullable", type.span)
    elif nullables and _has_dictionary(context, type):
        message = "a union with a dictionary cannot have a nullable member: null stands for the dictionary"
        context.sink.error("union-nullable", message, type.span)
    _check_union_distinguishable(context, type)


def _check_union_distinguishable(context: Context, type: syntax.UnionType) -> None:
    members = context.program.flattened_members(type)
    excluded = ("any", "Promise", "ObservableArray")
    members = tuple(member for member in members if getattr(member, "name", "") not in excluded)
    for index, member in enumerate(members):
        for earlier in members[:index]:
            if not distinguishable(context.program, earlier, member):
                message = f"no value tells '{written(member)}' from '{written(earlier)}' in this union"
                context.sink.error("union-distinguishable", message, type.span)
                return


def _check_record(context: Context, type: Type) -> None:
    assert isinstance(type, syntax.RecordType)
    if not (isinstance(type.key, syntax.SimpleType) and type.key.name in syntax.STRING_TYPES):
        message = f"the keys of a record are DOMString, USVString or ByteString, not '{written(type.key)}'"
        context.sink.error("record-key", message, type.key.span)


_NOT_OBSERVED = ("sequence", "ObservableArray")


def _check_generic(context: Context, type: Type) -> None:
    assert isinstance(type, syntax.GenericType)
    if type.name != "ObservableArray":
        return
    element = context.program.innermost(type.element)
    if (
        context.is_dictionary(element)
        or isinstance(element, syntax.RecordType)
        or (isinstance(element, syntax.GenericType) and element.name in _NOT_OBSERVED)
    ):
        message = f"'{written(type.element)}' cannot be the element type of an ObservableArray"
        context.sink.error("observable-array-element", message, type.element.span)


_COMPOSED: dict[type[Type], Callable[[Context, Type], None]] = {
    syntax.NullableType: _check_nullable,
    syntax.UnionType: _check_union,
    syntax.RecordType: _check_record,
    syntax.GenericType: _check_generic,
}


# ---------------------------------------------------------------------------
# Where types stand


def _check_passed(context: Context, type: Type, what: str) -> None:
    """The rules that arguments and dictionary members share."""
    if context.program.is_plain(type) and getattr(type, "name", "") != "undefined":
        return
    resolved = context.program.resolve(type)
    if _includes_undefined(context, resolved):
        context.sink.error("undefined-type", f"undefined cannot be the type of {what}", type.span)
    if isinstance(resolved, syntax.NullableType) and context.is_dictionary(resolved.inner):
        message = f"a dictionary cannot be nullable as the type of {what}: null stands for the empty one"
        context.sink.error("nullable-dictionary", message, type.span)
    _check_array_place(context, type)


def _includes_undefined(context: Context, type: Type) -> bool:
    leaves = context.program.leaves(type)
    return any(isinstance(leaf, syntax.SimpleType) and leaf.name == "undefined" for leaf in leaves)


def _check_array_place(context: Context, type: Type, attribute: bool = False) -> None:
    """FrozenArray and ObservableArray are for attributes of interfaces only, and not inside other types."""
    if context.program.is_plain(type):
        return
    allowed = context.program.innermost(type) if attribute else None
    for part in context.program.inclusive_parts(type):
        if not isinstance(part, syntax.GenericType) or part is allowed:
            continue
        if part.name == "ObservableArray":
            message = "ObservableArray can only be the type of an attribute of an interface"
            context.sink.error("observable-array-place", message, type.span)
        elif part.name == "FrozenArray":
            message = "FrozenArray is meant for the attributes of interfaces only; write sequence"
            context.sink.warning("frozen-array-place", message, type.span)


def _check_attribute(context: Context, declaration: syntax.Declaration) -> None:
    assert isinstance(declaration, syntax.Attribute)
    type = declaration.type
    if context.program.is_plain(type) and not context.is_dictionary(type):
        return
    inner = context.program.innermost(type)
    if any(_is_copied(context, leaf) for leaf in context.program.leaves(type)):
        message = f"an attribute cannot be of type '{written(type)}', which is passed by value; use operations"
        context.sink.error("attribute-type", message, type.span)
    if isinstance(inner, syntax.GenericType) and inner.name == "async_sequence":
        context.sink.error("attribute-type", "an attribute cannot be an async_sequence; use operations", type.span)
    is_promise = isinstance(inner, syntax.GenericType) and inner.name == "Promise"
    if is_promise and not declaration.readonly:
        context.sink.error("promise-attribute", "an attribute of a promise type must be readonly", type.span)
    _check_array_place(context, type, attribute=_in_interface(context, declaration))
    is_observable = isinstance(inner, syntax.GenericType) and inner.name == "ObservableArray"
    if is_observable and declaration.static:
        message = "ObservableArray can only be the type of a regular attribute of an interface"
        context.sink.error("observable-array-place", message, type.span)


def _in_interface(context: Context, declaration: syntax.Declaration) -> bool:
    return isinstance(context.program.declared_in[declaration], (syntax.Interface, syntax.Mixin))


def _is_copied(context: Context, type: Type) -> bool:
    if isinstance(type, syntax.GenericType):
        return type.name == "sequence"
    return isinstance(type, syntax.RecordType) or context.is_dictionary(type)


def _check_operation(context: Context, declaration: syntax.Declaration) -> None:
    assert isinstance(declaration, (syntax.Operation, syntax.CallbackFunction))
    _check_array_place(context, declaration.type)


def _check_collection(context: Context, declaration: syntax.Declaration) -> None:
    for type in syntax.types_of(declaration):
        _check_array_place(context, type)


def _check_typedef(context: Context, declaration: syntax.Declaration) -> None:
    assert isinstance(declaration, syntax.Typedef)
    type = declaration.type
    if isinstance(type, syntax.IdentifierType) and type.name in context.program.typedefs:
        message = f"the standard has no typedef of a typedef; '{type.name}' is one"
        context.sink.warning("typedef-typedef", message, type.span)


def _check_dictionary_member(context: Context, declaration: syntax.Declaration) -> None:
    assert isinstance(declaration, syntax.DictionaryMember)
    _check_passed(context, declaration.type, "a dictionary member")


def _check_constant(context: Context, declaration: syntax.Declaration) -> None:
    assert isinstance(declaration, syntax.Constant)
    type = context.program.resolve(declaration.type)
    primitive = isinstance(type, syntax.SimpleType) and type.name in syntax.PRIMITIVE_TYPES
    if not primitive and not _is_unknown(context, type):
        message = f"a constant is a number, a bigint or a boolean, not '{written(declaration.type)}'"
        context.sink.error("constant-type", message, declaration.type.span)


def _is_unknown(context: Context, type: Type) -> bool:
    return isinstance(type, syntax.IdentifierType) and type.name not in context.program.definitions


_PLACES: dict[type[syntax.Declaration], Callable[[Context, syntax.Declaration], None]] = {
    syntax.Attribute: _check_attribute,
    syntax.Operation: _check_operation,
    syntax.CallbackFunction: _check_operation,
    syntax.DictionaryMember: _check_dictionary_member,
    syntax.Constant: _check_constant,
    syntax.Iterable: _check_collection,
    syntax.AsyncIterable: _check_collection,
    syntax.Maplike: _check_collection,
    syntax.Setlike: _check_collection,
    syntax.Typedef: _check_typedef,
}


# ---------------------------------------------------------------------------
# Dictionaries that contain themselves


def _check_dictionary_cycles(context: Context) -> None:
    """No value of some of them would ever end; the others the standard does not have, and the web uses."""
    dictionaries = context.program.dictionaries
    always = {name: tuple(_always_contained(context, one)) for name, one in dictionaries.items()}
    endless = names_on_cycles(always)
    for name in endless:
        message = f"the dictionary '{name}' contains itself in every value of it"
        context.sink.error("dictionary-cycle", message, dictionaries[name].name_span)
    uses = {name: tuple(dict.fromkeys(_contained(context, one))) for name, one in dictionaries.items()}
    for name in names_on_cycles(uses):
        if name not in endless:
            message = f"the dictionary '{name}' contains itself, which the standard does not have"
            context.sink.warning("dictionary-cycle", message, dictionaries[name].name_span)


def _always_contained(context: Context, dictionary: linked.Dictionary) -> Iterator[str]:
    """The names of the dictionaries that are in each value of it, one step away."""
    if dictionary.parent:
        yield dictionary.parent.name
    for member in dictionary.members:
        type = context.program.resolve(member.type)
        is_there = member.required or (member.default is not None and member.default.kind == syntax.EMPTY_DICTIONARY)
        if is_there and isinstance(type, syntax.IdentifierType) and type.name in context.program.dictionaries:
            yield type.name


def _contained(context: Context, dictionary: linked.Dictionary) -> Iterator[str]:
    """The names of the dictionaries that the standard says it includes, one step away."""
    if dictionary.parent:
        yield dictionary.parent.name
    seen: set[Span] = set()
    pending = [member.type for member in dictionary.members]
    while pending:
        type = context.program.resolve(pending.pop())
        if type.span in seen:
            continue
        seen.add(type.span)
        if isinstance(type, syntax.IdentifierType):
            if type.name in context.program.dictionaries:
                yield type.name
        elif not isinstance(type, syntax.GenericType) or type.name in ("sequence", "FrozenArray"):
            pending.extend(syntax.parts(type))
