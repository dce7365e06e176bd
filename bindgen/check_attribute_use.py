"""What single extended attributes demand of what bears them."""

from __future__ import annotations

from typing import Callable, Optional, Sequence, Union

import program as linked
import syntax
from context import Context
from disposal import is_disposable, symbol_of
from syntax import ExtendedAttribute, Type

Bearer = Union[syntax.Declaration, syntax.Argument]


def check_use(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> None:
    """Reports what is wrong with an attribute that stands in a place, and in a form, that it may have."""
    rule = _RULES.get(attribute.name)
    message = _in_namespace(context, attribute, bearer) or (rule(context, attribute, bearer) if rule else "")
    if message:
        context.sink.error("attribute-use", message, attribute.span)


def _in_namespace(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    """These say what happens to objects that a namespace does not make."""
    if attribute.name not in _NOT_IN_NAMESPACE or not isinstance(bearer, syntax.Attribute):
        return ""
    if not isinstance(context.program.declared_in[bearer], syntax.Namespace):
        return ""
    return f"[{attribute.name}] cannot stand on an attribute of a namespace"


_NOT_IN_NAMESPACE = frozenset(
    """LegacyLenientSetter LegacyLenientThis LegacyUnforgeable PutForwards Replaceable Unscopable""".split()
)


# ---------------------------------------------------------------------------
# Each of these gives what is wrong, or "".


def _readonly_regular(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    assert isinstance(bearer, syntax.Attribute)
    if not bearer.readonly or bearer.special == "static":
        return f"[{attribute.name}] is for readonly attributes that are not static"
    if _is_promise(context, bearer.type):
        return f"[{attribute.name}] cannot stand on an attribute of a promise type"
    return ""


def _put_forwards(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
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
            if isinstance(member, syntax.Attribute) and member.name == name and not member.static:
                return member
    return None


def _same_object(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    assert isinstance(bearer, syntax.Attribute)
    if not bearer.readonly:
        return "[SameObject] is for readonly attributes"
    if _is_promise(context, bearer.type):
        return "[SameObject] cannot stand on an attribute of a promise type"
    return "" if _is_object(context, bearer.type) else "[SameObject] is for attributes whose values are objects"


def _new_object(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    assert isinstance(bearer, syntax.Operation)
    if not bearer.name:
        return _NAMELESS.format(attribute.name)
    if _is_object(context, bearer.type) or _is_promise(context, bearer.type):
        return ""
    return "[NewObject] is for operations that give an object or a promise"


def _default(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    assert isinstance(bearer, syntax.Operation)
    if bearer.name != "toJSON":
        return "[Default] is for toJSON only"
    if not isinstance(context.program.declared_in[bearer], (syntax.Interface, syntax.Mixin)):
        return "[Default] is for toJSON of interfaces: it gives the attributes of an object"
    type = context.program.resolve(bearer.type)
    is_object = isinstance(type, syntax.SimpleType) and type.name == "object"
    return "" if is_object else "toJSON with [Default] gives an object; write '[Default] object toJSON()'"


def _not_static(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    assert isinstance(bearer, (syntax.Attribute, syntax.Operation))
    return f"[{attribute.name}] cannot stand on a static member" if bearer.static else ""


def _unscopable(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    if isinstance(bearer, syntax.Operation) and not bearer.name:
        return _NAMELESS.format(attribute.name)
    return _not_static(context, attribute, bearer)


_NAMELESS = "[{}] is for operations that have a name"


def _regular_member(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    """The standard has these on members of interfaces, mixins and namespaces, and on constants."""
    if isinstance(bearer, syntax.Operation) and isinstance(
        context.program.declared_in[bearer], syntax.CallbackInterface
    ):
        return f"[{attribute.name}] cannot stand on the operation of a callback interface, which scripts implement"
    return ""


def _not_on_partial(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    is_partial = getattr(bearer, "partial", False)
    return f"[{attribute.name}] belongs on the interface itself, not on a partial one" if is_partial else ""


def _legacy_namespace(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    if attribute.value not in context.program.namespaces:
        return f"'{attribute.value}' is not a namespace"
    return _not_on_partial(context, attribute, bearer)


def _blocking(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    assert isinstance(bearer, syntax.Operation)
    return "" if _is_promise(context, bearer.type) else "[Blocking] is for operations that give a promise"


def _implemented_as(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    """An attribute is carried out by as many functions of C as the program has to write for it."""
    functions = _functions(context, bearer)
    if len(attribute.values) == max(1, len(functions)):
        return ""
    if len(functions) > 1:
        return f"this takes two functions: [ImplementedAs=({', '.join(functions)})]"
    return "one name is enough: only attributes that scripts assign have two functions"


def _functions(context: Context, bearer: Bearer) -> Sequence[str]:
    if not isinstance(bearer, syntax.Attribute):
        return ()
    type = context.program.resolve(bearer.type)
    if isinstance(type, syntax.GenericType) and type.name == "ObservableArray":
        return ("set", "delete")
    return () if bearer.readonly or bearer.special == "inherit" else ("getter", "setter")


def _release(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    if isinstance(bearer, syntax.Interface):
        return _not_on_partial(context, attribute, bearer)
    assert isinstance(bearer, (syntax.Attribute, syntax.Operation))
    if any(_owns_memory(context, leaf) for leaf in context.program.leaves(_fulfilled(context, bearer.type))):
        return ""
    return "[Release] is for results that are strings, sequences, records or buffers"


def _c_array(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    assert isinstance(bearer, syntax.Argument)
    if bearer.variadic:
        return ""
    type = context.program.innermost(bearer.type)
    is_sequence = isinstance(type, syntax.GenericType) and type.name in ("sequence", "FrozenArray")
    is_of_bytes = isinstance(type, syntax.SimpleType) and type.name in _OF_BYTES
    if not (is_sequence or is_of_bytes or _is_buffer_source(context, bearer.type)):
        return "[CArray] is for arguments that are strings, buffers or sequences, or variadic"
    string = type.attribute("CString")
    if string is not None and not string.values:
        return "[CString] gives C a pointer already, and no length"
    is_nullable = isinstance(context.program.resolve(bearer.type), syntax.NullableType)
    may_be_missing = bearer.optional and bearer.default is None
    # What C gets a struct of `has` and `value` of.
    if (is_nullable or may_be_missing) if is_sequence else (is_nullable and may_be_missing):
        return "[CArray] has no way to say that nothing was given here; give the argument a default value that is not null"
    return ""


def _is_buffer_source(context: Context, type: Type) -> bool:
    """Whether it is one of the standard's unions of buffer types, or null."""
    if context.program.buffer_union(type):
        return True
    if isinstance(type, syntax.NullableType):
        return _is_buffer_source(context, type.inner)
    typedef = context.program.typedefs.get(type.name) if isinstance(type, syntax.IdentifierType) else None
    return typedef is not None and _is_buffer_source(context, typedef.type)


_OF_BYTES = syntax.STRING_TYPES | syntax.BUFFER_TYPES


def _dispose(context: Context, attribute: ExtendedAttribute, bearer: Bearer) -> str:
    if isinstance(bearer, syntax.Interface):
        problem = _not_on_partial(context, attribute, bearer)
        return problem or _dispose_interface(context.program.interfaces[bearer.name])
    assert isinstance(bearer, syntax.Operation)
    if not bearer.name:
        return _NAMELESS.format(attribute.name)
    if bearer.static:
        return _not_static(context, attribute, bearer)
    if bearer.attribute("LegacyUnforgeable"):
        return "[Dispose] cannot stand on an operation that is not on the prototype: [LegacyUnforgeable]"
    if any(not argument.optional and not argument.variadic for argument in bearer.arguments):
        return "[Dispose] is for operations that can be called without arguments"
    return _dispose_among(context, bearer)


def _dispose_interface(interface: linked.Interface) -> str:
    if interface.attribute("Global"):
        return "[Dispose] cannot stand on a [Global] interface"
    if interface.parent and is_disposable(interface.parent):
        return f"'{interface.name}' inherits it from '{interface.parent.name}'"
    return ""


def _dispose_among(context: Context, operation: syntax.Operation) -> str:
    """Whether something else gives the same method; of several of one interface all but the first are wrong."""
    symbol = symbol_of(context.program, [operation])
    interfaces = [one for one in context.program.interfaces.values() if operation in one.members]
    if not isinstance(context.program.declared_in[operation], (syntax.Interface, syntax.Mixin)):
        return "[Dispose] is for operations of interfaces"
    for interface in interfaces:
        if interface.attribute("Global"):
            return "[Dispose] cannot stand on an operation of a [Global] interface"
        if symbol == "Symbol.dispose" and is_disposable(interface):
            return f"[Symbol.dispose] is that of [Dispose] on the interface '{interface.name}' already"
        first = next(member for member in interface.members if symbol_of(context.program, [member]) == symbol)
        if first.name != operation.name:
            return f"[{symbol}] is '{first.name}' already"
    return ""


_RULES: dict[str, Callable[[Context, ExtendedAttribute, Bearer], str]] = {
    "Blocking": _blocking,
    "CArray": _c_array,
    "CrossOriginIsolated": _regular_member,
    "Default": _default,
    "Dispose": _dispose,
    "ExternalMemory": _not_on_partial,
    "Exposed": _regular_member,
    "Global": _not_on_partial,
    "ImplementedAs": _implemented_as,
    "LegacyFactoryFunction": _not_on_partial,
    "LegacyLenientSetter": _readonly_regular,
    "LegacyLenientThis": _not_static,
    "LegacyNamespace": _legacy_namespace,
    "LegacyNoInterfaceObject": _not_on_partial,
    "LegacyUnenumerableNamedProperties": _not_on_partial,
    "LegacyUnforgeable": _not_static,
    "LegacyWindowAlias": _not_on_partial,
    "NewObject": _new_object,
    "PutForwards": _put_forwards,
    "Release": _release,
    "Replaceable": _readonly_regular,
    "SameObject": _same_object,
    "SecureContext": _regular_member,
    "Unscopable": _unscopable,
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
    is_given = not isinstance(type, syntax.GenericType) or type.name not in ("ObservableArray", "async_sequence")
    return is_given and isinstance(type, (syntax.GenericType, syntax.RecordType))
