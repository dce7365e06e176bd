"""The syntax tree of Web IDL: what was written, in the standard's own terms, before names mean anything.

Nodes are compared by identity, so that each may key a dictionary. A `name` is unescaped: the underscore that
keeps an identifier from being a keyword is gone; `name_span.text` is the original. `doc` is the text of the
comment directly above, without its comment signs, or "".

Extended attributes that apply to types ([Clamp] long, but also [Clamp] before an argument or a member of a dictionary)
are found on the type alone: the parser moves them there, as the standard associates them.
"""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Callable, Optional, Sequence, Union

from source import SourceFile, Span

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(frozen, eq):
        """Nodes that mypy knows to be frozen: to be so at run time, too, they would take three times as long to make."""
        assert frozen
        return dataclasses.dataclass(eq=eq)



@dataclass(frozen=True, eq=False)
class Node:
    """Whatever has a place in a file."""

    span: Span


# ---------------------------------------------------------------------------
# Extended attributes and values

# The forms of an extended attribute, by its shape in the source.
NO_ARGS = "no arguments"  # [Throws]
IDENTIFIER = "identifier"  # [PutForwards=name]
IDENTIFIER_LIST = "identifier list"  # [Exposed=(Window,Worker)]
ARGUMENT_LIST = "argument list"  # [Name(long x)]
NAMED_ARGUMENT_LIST = "named argument list"  # [LegacyFactoryFunction=Image(long x)]
STRING = "string"  # [Header="<zlib.h>"]
STRING_LIST = "string list"
INTEGER = "integer"
INTEGER_LIST = "integer list"
DECIMAL = "decimal"
DECIMAL_LIST = "decimal list"
WILDCARD = "wildcard"  # [Exposed=*]
ANY_TOKENS = "any tokens"  # [Example=(a b), {c}]: none of these forms


@dataclass(frozen=True, eq=False)
class ExtendedAttribute(Node):
    """[name], [name=value], [name=(value, value)], [name(arguments)], [name=value(arguments)], [name=*], or any other tokens.

    Of those the name is the identifier that they start with, or all of them.
    """

    name: str
    form: str
    # Identifiers and strings as str, integers as int, decimals as float; the wildcard has none.
    values: tuple[Union[str, int, float], ...] = ()
    arguments: tuple[Argument, ...] = ()

    @property
    def value(self) -> str:
        """The one value of [name=identifier], [name="string"] and [name=identifier(arguments)]."""
        return str(self.values[0])


# The kinds of a Literal.
NULL = "null"
UNDEFINED = "undefined"
BOOLEAN = "boolean"
EMPTY_SEQUENCE = "[]"
EMPTY_DICTIONARY = "{}"
# INTEGER, DECIMAL and STRING, as above


@dataclass(frozen=True, eq=False)
class Literal(Node):
    """A constant's value or a default value."""

    kind: str
    # bool, int, float (Infinity, -Infinity and NaN too) or str by kind; None for the others.
    value: Union[None, bool, int, float, str]


# ---------------------------------------------------------------------------
# Types


@dataclass(frozen=True, eq=False)
class Type(Node):
    """A type as written. `attributes` are the extended attributes associated with it here."""

    attributes: tuple[ExtendedAttribute, ...]

    def attribute(self, name: str) -> Optional[ExtendedAttribute]:
        return find(self.attributes, name) if self.attributes else None


@dataclass(frozen=True, eq=False)
class SimpleType(Type):
    """A type named by keywords: see the sets below. "unrestricted double" and its like are one name."""

    name: str


@dataclass(frozen=True, eq=False)
class IdentifierType(Type):
    """A type that is named by a definition: interface, dictionary, enumeration, callback or typedef."""

    name: str


@dataclass(frozen=True, eq=False)
class GenericType(Type):
    """sequence<T>, async_sequence<T>, FrozenArray<T>, ObservableArray<T> or Promise<T>."""

    name: str
    element: Type


@dataclass(frozen=True, eq=False)
class RecordType(Type):
    """record<K, V>."""

    key: Type
    value: Type


@dataclass(frozen=True, eq=False)
class UnionType(Type):
    """(A or B or ...), not flattened."""

    members: tuple[Type, ...]


@dataclass(frozen=True, eq=False)
class NullableType(Type):
    """T?"""

    inner: Type


SIGNED_INTEGER_TYPES = frozenset(("byte", "short", "long", "long long"))
UNSIGNED_INTEGER_TYPES = frozenset(("octet", "unsigned short", "unsigned long", "unsigned long long"))
INTEGER_TYPES = SIGNED_INTEGER_TYPES | UNSIGNED_INTEGER_TYPES
FLOAT_TYPES = frozenset(("float", "unrestricted float", "double", "unrestricted double"))
NUMERIC_TYPES = INTEGER_TYPES | FLOAT_TYPES
PRIMITIVE_TYPES = NUMERIC_TYPES | {"bigint", "boolean"}
STRING_TYPES = frozenset(("ByteString", "DOMString", "USVString"))
TYPED_ARRAY_TYPES = frozenset(
    (
        "Int8Array",
        "Int16Array",
        "Int32Array",
        "Uint8Array",
        "Uint16Array",
        "Uint32Array",
        "Uint8ClampedArray",
        "BigInt64Array",
        "BigUint64Array",
        "Float16Array",
        "Float32Array",
        "Float64Array",
    )
)
BUFFER_VIEW_TYPES = TYPED_ARRAY_TYPES | {"DataView"}
BUFFER_TYPES = BUFFER_VIEW_TYPES | {"ArrayBuffer", "SharedArrayBuffer"}
# The standard's typedefs of unions of those.
BUFFER_UNIONS = frozenset(("ArrayBufferView", "BufferSource", "AllowSharedBufferSource"))
OTHER_SIMPLE_TYPES = frozenset(("any", "undefined", "boolean", "bigint", "object", "symbol"))
SIMPLE_TYPES = NUMERIC_TYPES | STRING_TYPES | BUFFER_TYPES | OTHER_SIMPLE_TYPES


# ---------------------------------------------------------------------------
# Members


@dataclass(frozen=True, eq=False)
class Argument(Node):
    attributes: tuple[ExtendedAttribute, ...]
    name: str
    name_span: Span
    type: Type
    optional: bool = False
    variadic: bool = False
    default: Optional[Literal] = None

    def attribute(self, name: str) -> Optional[ExtendedAttribute]:
        return find(self.attributes, name) if self.attributes else None


@dataclass(frozen=True, eq=False)
class Declaration(Node):
    """What may carry extended attributes and documentation: every definition and every member."""

    attributes: tuple[ExtendedAttribute, ...]
    doc: str
    # A member that has no name, such as iterable<T>, has "" and the place of its keyword.
    name: str
    name_span: Span

    def attribute(self, name: str) -> Optional[ExtendedAttribute]:
        return find(self.attributes, name) if self.attributes else None


@dataclass(frozen=True, eq=False)
class Member(Declaration):
    """A member of an interface, mixin, callback interface or namespace."""


@dataclass(frozen=True, eq=False)
class Constant(Member):
    type: Type
    value: Literal


@dataclass(frozen=True, eq=False)
class Attribute(Member):
    type: Type
    readonly: bool = False
    # "", "static", "stringifier" or "inherit".
    special: str = ""

    @property
    def static(self) -> bool:
        return self.special == "static"


@dataclass(frozen=True, eq=False)
class Operation(Member):
    """A regular, static or special operation. A special operation may lack a name.

    The short form `stringifier;` is a nameless operation without arguments that returns DOMString.
    """

    type: Type
    arguments: tuple[Argument, ...]
    # "", "static", "stringifier", "getter", "setter" or "deleter".
    special: str = ""

    @property
    def static(self) -> bool:
        return self.special == "static"


@dataclass(frozen=True, eq=False)
class Constructor(Member):
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, eq=False)
class Iterable(Member):
    """iterable<value> or iterable<key, value>."""

    key: Optional[Type]
    value: Type


@dataclass(frozen=True, eq=False)
class AsyncIterable(Member):
    """async_iterable<value>(arguments) or async_iterable<key, value>(arguments)."""

    key: Optional[Type]
    value: Type
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, eq=False)
class Maplike(Member):
    key: Type
    value: Type
    readonly: bool = False


@dataclass(frozen=True, eq=False)
class Setlike(Member):
    value: Type
    readonly: bool = False


@dataclass(frozen=True, eq=False)
class DictionaryMember(Declaration):
    type: Type
    required: bool = False
    default: Optional[Literal] = None


@dataclass(frozen=True, eq=False)
class EnumValue(Declaration):
    """One value of an enumeration; `name` is the string itself, which may be empty."""


# ---------------------------------------------------------------------------
# Definitions


@dataclass(frozen=True, eq=False)
class Inheritance(Node):
    """The `: name` of an interface or a dictionary."""

    name: str


@dataclass(frozen=True, eq=False)
class Definition(Declaration):
    """What may stand at the top of a file."""


@dataclass(frozen=True, eq=False)
class Interface(Definition):
    members: tuple[Member, ...]
    inheritance: Optional[Inheritance] = None
    partial: bool = False


@dataclass(frozen=True, eq=False)
class Mixin(Definition):
    members: tuple[Member, ...]
    partial: bool = False


@dataclass(frozen=True, eq=False)
class CallbackInterface(Definition):
    members: tuple[Member, ...]


@dataclass(frozen=True, eq=False)
class Namespace(Definition):
    members: tuple[Member, ...]
    partial: bool = False


@dataclass(frozen=True, eq=False)
class Dictionary(Definition):
    members: tuple[DictionaryMember, ...]
    inheritance: Optional[Inheritance] = None
    partial: bool = False


@dataclass(frozen=True, eq=False)
class Enum(Definition):
    values: tuple[EnumValue, ...]


@dataclass(frozen=True, eq=False)
class CallbackFunction(Definition):
    type: Type
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, eq=False)
class Typedef(Definition):
    type: Type


@dataclass(frozen=True, eq=False)
class Includes(Definition):
    """`name includes mixin;`"""

    mixin: str
    mixin_span: Span


@dataclass(frozen=True, eq=False)
class Module:
    """The definitions of one file, in order."""

    file: SourceFile
    definitions: tuple[Definition, ...]
    # False if errors made the parser leave definitions out.
    complete: bool = True

    @cached_property
    def declarations(self) -> Sequence[Declaration]:
        """Every definition, each followed by its members."""
        return [one for definition in self.definitions for one in (definition, *members_of(definition))]


def find(attributes: tuple[ExtendedAttribute, ...], name: str) -> Optional[ExtendedAttribute]:
    """The first extended attribute of that name, or None."""
    for attribute in attributes:
        if attribute.name == name:
            return attribute
    return None


def annotated(type: Type, attributes: tuple[ExtendedAttribute, ...]) -> Type:
    """The same type with more extended attributes, put before those it has."""
    return replace(type, attributes=attributes + type.attributes) if attributes else type


_CALLED = (Operation, Constructor, AsyncIterable, CallbackFunction)


def arguments_of(declaration: Declaration) -> tuple[Argument, ...]:
    """The arguments that a declaration takes; none where it cannot take any."""
    return declaration.arguments if isinstance(declaration, _CALLED) else ()


def types_of(declaration: Declaration) -> tuple[Type, ...]:
    """The types that a declaration names, without those of its arguments."""
    types = _TYPES.get(declaration.__class__)
    return types(declaration) if types else ()


def _type(of: Any) -> tuple[Type, ...]:
    return (of.type,)


def _key_and_value(of: Any) -> tuple[Type, ...]:
    return (of.key, of.value) if of.key else (of.value,)


def _value(of: Any) -> tuple[Type, ...]:
    return (of.value,)


_TYPES: dict[type[Declaration], Callable[[Any], tuple[Type, ...]]] = {
    Constant: _type,
    Attribute: _type,
    Operation: _type,
    DictionaryMember: _type,
    CallbackFunction: _type,
    Typedef: _type,
    Iterable: _key_and_value,
    AsyncIterable: _key_and_value,
    Maplike: _key_and_value,
    Setlike: _value,
}


def members_of(definition: Definition) -> tuple[Declaration, ...]:
    """The members between the braces of a definition."""
    if isinstance(definition, Enum):
        return definition.values
    members: tuple[Declaration, ...] = getattr(definition, "members", ())
    return members


def parts(type: Type) -> tuple[Type, ...]:
    """The types that a type is made of, one level down."""
    found = _PARTS.get(type.__class__)
    return found(type) if found else ()


_PARTS: dict[type[Type], Callable[[Any], tuple[Type, ...]]] = {
    NullableType: lambda nullable: (nullable.inner,),
    GenericType: lambda generic: (generic.element,),
    UnionType: lambda union: tuple(union.members),
    RecordType: _key_and_value,
}


def inclusive_parts(type: Type) -> Sequence[Type]:
    """A type and every type written inside it, each before what is inside it."""
    if type.__class__ not in _PARTS:
        return (type,)
    found = []
    pending = [type]
    while pending:
        part = pending.pop()
        found.append(part)
        pending.extend(reversed(parts(part)))
    return found
