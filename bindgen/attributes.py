"""The table of extended attributes: which exist, what forms they take, and where they may stand."""

from __future__ import annotations

from dataclasses import dataclass

import syntax
from syntax import IDENTIFIER, IDENTIFIER_LIST, NAMED_ARGUMENT_LIST, NO_ARGS, STRING, WILDCARD

# The places where an extended attribute may stand.
PLACES: dict[type[syntax.Node], str] = {
    syntax.Interface: "interface",
    syntax.Mixin: "interface mixin",
    syntax.CallbackInterface: "callback interface",
    syntax.Namespace: "namespace",
    syntax.Dictionary: "dictionary",
    syntax.Enum: "enumeration",
    syntax.CallbackFunction: "callback function",
    syntax.Typedef: "typedef",
    syntax.Includes: "includes statement",
    syntax.Constant: "constant",
    syntax.Attribute: "attribute",
    syntax.Operation: "operation",
    syntax.Constructor: "constructor",
    syntax.Iterable: "iterable",
    syntax.AsyncIterable: "async_iterable",
    syntax.Maplike: "maplike",
    syntax.Setlike: "setlike",
    syntax.DictionaryMember: "dictionary member",
    syntax.Argument: "argument",
}
TYPE = "type"

_CONTAINERS = ("interface", "interface mixin", "callback interface", "namespace")
_ITERABLES = ("iterable", "async_iterable", "maplike", "setlike")
_MEMBERS = ("constant", "attribute", "operation", "constructor") + _ITERABLES
_EXPOSABLE = _CONTAINERS + _MEMBERS
# The standard has no extended attributes for these two.
_EXPOSABLE_BY_STANDARD = tuple(place for place in _EXPOSABLE if place not in ("maplike", "setlike"))
_ANYWHERE = tuple(PLACES.values()) + (TYPE,)
_DEFINITIONS = tuple(
    name for node, name in PLACES.items() if issubclass(node, syntax.Definition) and node is not syntax.Includes
)
_CALLED = ("operation", "attribute", "constructor")


@dataclass(frozen=True)
class Descriptor:
    """What is known of one extended attribute."""

    name: str
    # What it does, for the reference that users read.
    summary: str
    places: tuple[str, ...]
    # Any, if there are none here.
    forms: tuple[str, ...] = (NO_ARGS,)
    # The identifiers that may be given; any, if there are none here.
    values: tuple[str, ...] = ()
    # Whether Cleat does anything about it.
    has_effect: bool = True


_NAMES = (IDENTIFIER, IDENTIFIER_LIST)

_OF_STANDARD = (
    Descriptor("AllowResizable", "Takes buffers that can be resized, too.", (TYPE,)),
    Descriptor("AllowShared", "Takes views of shared memory, too.", (TYPE,)),
    Descriptor("Clamp", "Brings numbers out of range to the nearest in range.", (TYPE,)),
    Descriptor("CrossOriginIsolated", "Exposes in isolated contexts only: every runtime is.", _EXPOSABLE_BY_STANDARD),
    Descriptor("Default", "Makes toJSON give the attributes that have JSON types.", ("operation",)),
    Descriptor("EnforceRange", "Throws a TypeError for numbers out of range.", (TYPE,)),
    Descriptor(
        "Exposed",
        "Names the global objects that have it: --expose says which the runtime's is.",
        _EXPOSABLE_BY_STANDARD,
        _NAMES + (WILDCARD,),
    ),
    Descriptor("Global", "Makes objects of the interface global objects.", ("interface",), _NAMES),
    Descriptor(
        "LegacyFactoryFunction", "Adds a constructor of another name.", ("interface",), (NAMED_ARGUMENT_LIST,)
    ),
    Descriptor("LegacyLenientSetter", "Ignores assignments instead of throwing.", ("attribute",)),
    Descriptor("LegacyLenientThis", "Ignores a wrong `this` instead of throwing.", ("attribute",)),
    Descriptor("LegacyNamespace", "Puts the interface into a namespace.", ("interface",), (IDENTIFIER,)),
    Descriptor("LegacyNoInterfaceObject", "Makes no interface object.", ("interface",)),
    Descriptor("LegacyNullToEmptyString", "Takes null for the empty string.", (TYPE,)),
    Descriptor("LegacyOverrideBuiltIns", "Lets named properties hide all others.", ("interface",)),
    Descriptor("LegacyTreatNonObjectAsNull", "Takes all but objects for null.", ("callback function",)),
    Descriptor("LegacyUnenumerableNamedProperties", "Hides named properties from enumeration.", ("interface",)),
    Descriptor("LegacyUnforgeable", "Makes the property unchangeable.", ("attribute", "operation")),
    Descriptor("LegacyWindowAlias", "Gives the interface more names.", ("interface",), _NAMES),
    Descriptor("NewObject", "Promises a new object from every call.", ("operation",)),
    Descriptor("PutForwards", "Sets an attribute of the value instead.", ("attribute",), (IDENTIFIER,)),
    Descriptor("Replaceable", "Lets an assignment replace the property.", ("attribute",)),
    Descriptor("SameObject", "Promises the same object every time.", ("attribute",)),
    Descriptor("SecureContext", "Exposes in secure contexts only: every runtime is.", _EXPOSABLE_BY_STANDARD),
    Descriptor("Unscopable", "Hides the property from `with`.", ("attribute", "operation")),
)

_OF_CLEAT = (
    Descriptor("CArray", "Gives C a pointer and a length, two arguments, instead of a struct.", ("argument",)),
    Descriptor("Blocking", "Runs the C function on a pool thread; its result settles the promise.", ("operation",)),
    Descriptor(
        "CString",
        "Gives C a plain NUL-terminated string, or one in UTF-16 or Latin-1.",
        (TYPE,),
        (NO_ARGS, IDENTIFIER),
        ("utf16", "latin1"),
    ),
    Descriptor("CallWith", "Gives the C function the CleatEnv first.", _CALLED + ("async_iterable",), (IDENTIFIER,), ("Env",)),
    Descriptor("Capability", "Exposes where the capability was granted at open.", _EXPOSABLE, (IDENTIFIER,)),
    Descriptor(
        "Dispose",
        "Gives [Symbol.dispose]: the operation, or, of an interface, one that frees the native object.",
        ("interface", "operation"),
    ),
    Descriptor(
        "ExternalMemory",
        "Counts the memory of native objects, which a C function tells.",
        ("interface",),
        (NO_ARGS, IDENTIFIER),
    ),
    Descriptor("Header", "Includes a C header that declares what is named.", _DEFINITIONS + _MEMBERS, (STRING,)),
    Descriptor(
        "ImplementedAs",
        "Names the C function or type; of an attribute that scripts assign, both functions.",
        _DEFINITIONS + _MEMBERS + ("dictionary member",),
        _NAMES,
    ),
    Descriptor(
        "NoFastCall",
        "Keeps optimised code from calling C directly.",
        ("interface", "interface mixin", "namespace", "operation"),
    ),
    Descriptor(
        "Release",
        "Names the C function that frees the result, or the native object of an interface.",
        ("interface", "operation", "attribute"),
        (IDENTIFIER,),
    ),
    Descriptor("ReturnMethod", "Tells C when an asynchronous iteration is left before its end.", ("async_iterable",)),
    Descriptor(
        "Throws",
        "Gives the C function the CleatEnv first, to throw with.",
        _CALLED + ("iterable", "async_iterable"),
    ),
)

# What other specifications define is accepted, so that their IDL can be used.
_OF_OTHERS = tuple(
    Descriptor(name, "Means nothing to Cleat.", _ANYWHERE, forms=(), has_effect=False)
    for name in """
        CEReactions HTMLConstructor InjectionMitigated Reflect ReflectDefault ReflectNonNegative ReflectOnly
        ReflectPositive ReflectPositiveWithFallback ReflectRange ReflectSetter ReflectURL Serializable StringContext
        Transferable WebGLHandlesContextLoss
    """.split()
)

DESCRIPTORS = {descriptor.name: descriptor for descriptor in _OF_STANDARD + _OF_CLEAT + _OF_OTHERS}

# Those that the standard calls applicable to types, Cleat's own among them.
TYPE_ATTRIBUTES = frozenset(d.name for d in DESCRIPTORS.values() if d.places == (TYPE,))
# Those of them that belong to the type of an attribute or of a result even where they stand before the whole member.
RESULT_ATTRIBUTES = TYPE_ATTRIBUTES & {d.name for d in _OF_CLEAT}
