"""The rules that IDL is held to: what each demands, where the standard says so, and where bindgen departs from it.

`--rules` prints both tables; RULES.md has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator

STANDARD = "https://webidl.spec.whatwg.org/"


@dataclass(frozen=True)
class Rule:
    """What stands in brackets behind `error`, `warning` or `note`."""

    id: str
    demands: str
    # The anchors of the standard's sections that it is in; none for a rule of Cleat's own.
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Departure:
    """A sentence of the standard about IDL that bindgen does not go by, or goes beyond."""

    sections: tuple[str, ...]
    says: str
    does: str


_WRITING = (
    Rule("syntax", "The file matches the standard's grammar.", ("idl-grammar", "idl-extended-attributes")),
    Rule(
        "character",
        "Every character begins a token; strings and comments end; the file is UTF-8.",
        ("idl-grammar",),
    ),
    Rule("nesting", "Types and extended attributes are nested no deeper than 40 levels."),
    Rule("obsolete-async-iterable", "It is written async_iterable.", ("idl-async-iterable-declaration",)),
    Rule("operation-name", "Only special operations go without a name.", ("idl-operations",)),
    Rule("partial-inheritance", "Partial definitions do not inherit.", ("idl-interfaces", "idl-dictionaries")),
    Rule("required-default", "Required members of dictionaries have no default value.", ("idl-dictionaries",)),
    Rule("union-one-member", "A union has two members or more.", ("idl-union",)),
    Rule("unsupported", "bindgen can make C of what is written."),
    Rule("cannot-read", "The files can be read."),
    Rule("cannot-write", "The output can be written; if not, all of it stays as it was."),
)

_NAMES = (
    Rule("duplicate-argument", "Arguments have different names.", ("idl-operations",)),
    Rule("duplicate-definition", "Definitions have different names.", ("idl-names",)),
    Rule("duplicate-includes", "A mixin is included once."),
    Rule(
        "duplicate-name",
        "Members have different names, but for overloads, and static beside regular operations; so have values.",
        ("idl-constants", "idl-attributes", "idl-operations", "idl-dictionaries", "idl-enums"),
    ),
    Rule("imported-partial", "Definitions of an imported set get no members."),
    Rule(
        "reserved-name",
        "Nothing is named constructor or toString, no static member prototype, no constant length, name or prototype.",
        (
            "idl-names",
            "idl-constants",
            "idl-attributes",
            "idl-operations",
            "LegacyFactoryFunction",
            "LegacyWindowAlias",
        ),
    ),
    Rule(
        "global-name",
        "Names of factory functions and aliases are no interface's that has an interface object, nor given twice.",
        ("LegacyFactoryFunction", "LegacyWindowAlias"),
    ),
    Rule("unknown-name", "Names that are used are defined.", ("idl-types", "idl-interface-mixins")),
    Rule("not-a-type", "Mixins and namespaces are no types.", ("idl-interface-mixins", "idl-namespaces")),
    Rule(
        "wrong-kind",
        "What inherits, and what is included, is of the right kind.",
        ("idl-interfaces", "idl-interface-mixins", "idl-dictionaries"),
    ),
    Rule(
        "partial-kind",
        "A partial definition is of the kind of the whole.",
        ("idl-interfaces", "idl-interface-mixins", "idl-namespaces", "idl-dictionaries"),
    ),
    Rule(
        "partial-without-definition",
        "There is a whole to a partial definition.",
        ("idl-interfaces", "idl-interface-mixins", "idl-namespaces", "idl-dictionaries"),
    ),
    Rule("inheritance-cycle", "Nothing inherits from itself.", ("idl-interfaces", "idl-dictionaries")),
    Rule("typedef-cycle", "No typedef is defined by itself.", ("idl-typedefs",)),
    Rule("typedef-typedef", "A typedef is not only another name for a typedef.", ("idl-typedefs",)),
    Rule("c-name", "Names are different in C, too, and mean nothing there already."),
)

_TYPES = (
    Rule(
        "undefined-type",
        "undefined is no type of arguments and dictionary members, nor in their unions.",
        ("idl-undefined",),
    ),
    Rule(
        "nullable-inner",
        "any, promises, ObservableArray, nullable types and unions with null or a dictionary are not made nullable.",
        ("idl-nullable-type",),
    ),
    Rule(
        "nullable-dictionary",
        "Arguments and dictionary members are of no nullable dictionary.",
        ("idl-operations", "idl-dictionaries"),
    ),
    Rule("union-any", "any is no member of a union.", ("idl-union",)),
    Rule(
        "union-member",
        "Promises and ObservableArray are no members of a union.",
        ("idl-union", "idl-observable-array"),
    ),
    Rule(
        "union-nullable",
        "At most one member of a union is nullable, and none beside a dictionary.",
        ("idl-union",),
    ),
    Rule(
        "union-distinguishable",
        "The members of a union can be told apart.",
        ("idl-union", "dfn-distinguishable"),
    ),
    Rule("record-key", "The keys of a record are strings.", ("idl-record",)),
    Rule("frozen-array-place", "FrozenArray is for attributes of interfaces.", ("idl-frozen-array",)),
    Rule(
        "observable-array-place",
        "ObservableArray is for regular attributes of interfaces.",
        ("idl-observable-array",),
    ),
    Rule(
        "observable-array-element",
        "ObservableArray has no dictionaries, sequences, records and ObservableArrays.",
        ("idl-observable-array",),
    ),
    Rule("dictionary-cycle", "Dictionaries do not contain themselves.", ("idl-dictionaries",)),
)

_MEMBERS = (
    Rule(
        "member-kind",
        "Mixins, namespaces and callback interfaces have the members that they may have.",
        ("idl-members", "idl-interface-mixins", "idl-namespaces", "idl-callback-interfaces"),
    ),
    Rule(
        "callback-interface-operation",
        "A callback interface has one operation.",
        ("idl-callback-interfaces",),
    ),
    Rule("partial-constructor", "Constructors are in the interface itself.", ("idl-interfaces",)),
    Rule("constant-type", "Constants are of primitive types.", ("idl-constants",)),
    Rule(
        "constant-value",
        "Constants are numbers or booleans, in the range of their types.",
        ("idl-constants",),
    ),
    Rule(
        "attribute-type",
        "Attributes are of no type that is copied: sequence, record, dictionary; nor async_sequence.",
        ("idl-attributes", "idl-sequence", "idl-async-iterable-type", "idl-record", "idl-dictionaries"),
    ),
    Rule("promise-attribute", "Attributes that are promises are readonly.", ("idl-attributes",)),
    Rule(
        "inherit-attribute",
        "inherit is for attributes of an ancestor, with the same type.",
        ("idl-attributes",),
    ),
    Rule("variadic-last", "Only the last argument is variadic.", ("idl-operations",)),
    Rule("optional-order", "Arguments behind an optional one are optional."),
    Rule(
        "default-value",
        "A default value is a value of the type.",
        ("idl-operations", "idl-dictionaries", "idl-constants"),
    ),
    Rule("any-default", "[] is the default value of sequences only.", ("idl-operations",)),
    Rule("record-default", "{} is the default value of dictionaries only.", ("idl-operations",)),
    Rule(
        "dictionary-optional",
        "Dictionaries without required members are optional, where only optional arguments follow.",
        ("idl-operations",),
    ),
    Rule("dictionary-default", "Such dictionaries have a default value.", ("idl-operations",)),
    Rule(
        "to-json",
        "toJSON is a regular operation without arguments that gives a JSON type, and nothing else is named so.",
        ("idl-names", "idl-tojson-operation"),
    ),
    Rule(
        "stringifier-type",
        "Attributes that are stringifiers are DOMString or USVString.",
        ("idl-stringifiers",),
    ),
    Rule("duplicate-stringifier", "There is one stringifier.", ("idl-stringifiers",)),
    Rule(
        "special-operation",
        "Getters, setters and deleters take an index or a name, and setters a value; nothing optional or variadic.",
        ("idl-special-operations", "idl-indexed-properties", "idl-named-properties"),
    ),
    Rule(
        "duplicate-special",
        "There is one getter, setter and deleter of each kind.",
        ("idl-special-operations",),
    ),
    Rule(
        "special-without-getter",
        "Setters and deleters have a getter beside them.",
        ("idl-special-operations",),
    ),
    Rule(
        "indexed-length",
        "Beside an indexed getter there is an integer attribute length.",
        ("idl-indexed-properties",),
    ),
    Rule(
        "value-iterator",
        "iterable<V> goes with an indexed getter that gives such values.",
        ("idl-iterable",),
    ),
    Rule("pair-iterator", "iterable<K, V> does not go with an indexed getter.", ("idl-iterable",)),
    Rule(
        "iteration-conflict",
        "There is one iterable, async_iterable, maplike or setlike; the last two without an indexed getter.",
        ("idl-iterable", "idl-async-iterable-declaration", "idl-maplike", "idl-setlike"),
    ),
    Rule(
        "iteration-name",
        "No member, ancestors included, has the name of one that they make.",
        ("idl-iterable", "idl-async-iterable-declaration", "idl-maplike", "idl-setlike"),
    ),
    Rule(
        "async-iterable-arguments",
        "The arguments of async_iterable are optional.",
        ("idl-async-iterable-declaration",),
    ),
    Rule(
        "exception-name",
        "What inherits from DOMException has a name in -Error that is in no table.",
        ("idl-DOMException-derived-interfaces",),
    ),
    Rule(
        "exception-constructor",
        "It has a constructor that takes an optional message first.",
        ("idl-DOMException-derived-interfaces",),
    ),
)

_OVERLOADS = (
    Rule(
        "overload-across",
        "Overloads of an interface or a mixin are in one definition.",
        ("idl-overloading",),
    ),
    Rule("overload-promise", "All overloads give promises, or none.", ("idl-overloading",)),
    Rule(
        "overload-distinguishable",
        "For each number of arguments, one of them tells the overloads apart.",
        ("idl-overloading", "dfn-distinguishable"),
    ),
    Rule(
        "overload-bigint",
        "It does not do so by being a bigint or a number.",
        ("limit-bigint-numeric-overloading",),
    ),
    Rule("overload-before-index", "Those before it are the same in all.", ("idl-overloading",)),
    Rule(
        "overload-attribute",
        "[Exposed], [SecureContext], [CrossOriginIsolated], [LegacyUnforgeable] and [Capability] are those of all.",
        ("Exposed", "SecureContext", "CrossOriginIsolated", "LegacyUnforgeable"),
    ),
)

_ATTRIBUTES = (
    Rule("unknown-attribute", "Extended attributes are known."),
    Rule(
        "attribute-place",
        "They stand where they mean something: those of types right before types, arguments, dictionary members.",
        ("idl-extended-attributes", "idl-annotated-types"),
    ),
    Rule(
        "attribute-form",
        "They are written as they may be.",
        ("idl-extended-attributes", "js-extended-attributes"),
    ),
    Rule("attribute-value", "They take one of the values that there are."),
    Rule("attribute-twice", "They are given once.", ("LegacyWindowAlias",)),
    Rule(
        "attribute-conflict",
        "They do not exclude each other.",
        ("js-extended-attributes", "js-legacy-extended-attributes"),
    ),
    Rule(
        "attribute-type-mismatch",
        "Those of types stand on types that they apply to.",
        ("AllowResizable", "AllowShared", "Clamp", "EnforceRange", "LegacyNullToEmptyString"),
    ),
    Rule(
        "attribute-use",
        "What bears them is as they demand.",
        tuple(
            """
            Clamp Default EnforceRange NewObject PutForwards Replaceable SameObject Unscopable LegacyFactoryFunction
            LegacyLenientSetter LegacyLenientThis LegacyNamespace LegacyUnforgeable
            """.split()
        ),
    ),
    Rule("attribute-no-effect", "A note: Cleat does nothing about it."),
    Rule("exposed-name", "[Exposed] names global objects, each once.", ("Exposed",)),
    Rule(
        "exposed-subset",
        "Parts, members and heirs are not exposed where the whole, or the ancestor, is not.",
        ("Exposed",),
    ),
    Rule("exposed-twice", "[Exposed] is on a partial definition or on its members.", ("Exposed",)),
    Rule(
        "exposed-condition",
        "[SecureContext] and [CrossOriginIsolated] say nothing twice, and heirs have them.",
        ("SecureContext", "CrossOriginIsolated"),
    ),
    Rule("not-exposed", "A note: it is left out. An error where an imported set needs a type that is."),
    Rule(
        "constructor-not-allowed",
        "Global objects and interfaces without interface objects have no constructors.",
        ("Global", "LegacyNoInterfaceObject"),
    ),
    Rule("static-not-allowed", "The latter, and the global object, have no static members.", ("LegacyNoInterfaceObject",)),
    Rule("global-special", "Global objects have no indexed properties, and no named setter.", ("Global",)),
    Rule(
        "global-override",
        "They do not have, or inherit, [LegacyOverrideBuiltIns].",
        ("Global", "LegacyOverrideBuiltIns"),
    ),
    Rule("inherit-global", "Nothing inherits from them.", ("Global",)),
    Rule(
        "inherit-hidden",
        "What has an interface object does not inherit from what has none.",
        ("LegacyNoInterfaceObject",),
    ),
    Rule(
        "inherit-unforgeable",
        "Nothing hides an inherited member with [LegacyUnforgeable].",
        ("LegacyUnforgeable",),
    ),
    Rule(
        "inherit-unenumerable",
        "[LegacyUnenumerableNamedProperties] is not repeated by heirs.",
        ("LegacyUnenumerableNamedProperties",),
    ),
    Rule(
        "named-getter",
        "What is about named properties stands beside a named getter, in the same part.",
        ("LegacyOverrideBuiltIns", "LegacyUnenumerableNamedProperties"),
    ),
)

GROUPS = {
    "Files": _WRITING,
    "Names": _NAMES,
    "Types": _TYPES,
    "Members": _MEMBERS,
    "Overloads": _OVERLOADS,
    "Extended attributes": _ATTRIBUTES,
}
RULES = {rule.id: rule for group in GROUPS.values() for rule in group}

DEPARTURES = (
    Departure(
        ("idl-interfaces", "idl-callback-interfaces", "idl-namespaces"),
        "Interfaces, namespaces, and callback interfaces with constants have [Exposed].",
        "What does not have it is for Cleat's own global object.",
    ),
    Departure(
        ("Exposed",),
        "Its names are those of global interfaces.",
        "Any name, unless `--globals` says which there are.",
    ),
    Departure(("idl-interfaces",), "Partial interfaces have no constructors.", "A warning: the web has them."),
    Departure(
        ("idl-dictionaries",),
        "Dictionaries do not contain themselves.",
        "A warning, unless every value would be endless.",
    ),
    Departure(("idl-typedefs",), "A typedef is not another name for a typedef.", "A warning."),
    Departure(("idl-frozen-array",), "FrozenArray is for attributes of interfaces.", "A warning elsewhere."),
    Departure(
        ("idl-operations",),
        "[] is for sequences, {} for dictionaries.",
        "A warning for [] of any and {} of records.",
    ),
    Departure(
        ("SecureContext", "CrossOriginIsolated"),
        "They are not repeated, and heirs have them.",
        "Warnings: every runtime is secure and isolated. [SecureContext] of a mixin is not held against its hosts.",
    ),
    Departure(
        ("NewObject", "SameObject"),
        "[NewObject] is for interfaces and promises, [SameObject] for interfaces and object.",
        "Both are for object, buffers, FrozenArray and null as well.",
    ),
    Departure(
        ("PutForwards",),
        "The attribute is of an interface type, which declares the other one.",
        "That may be nullable, and may inherit it.",
    ),
    Departure(
        ("idl-special-operations", "idl-indexed-properties"),
        "Setters and deleters have a getter, and indexed getters a length, in the same interface.",
        "In an ancestor, too.",
    ),
    Departure(
        ("idl-iterable",),
        "iterable<V> has the type of the indexed getter.",
        "The getter may give null as well.",
    ),
    Departure(
        ("Global",),
        "No two members have one name.",
        "Operations may be overloaded, as those of the web are.",
    ),
    Departure(
        ("LegacyWindowAlias",),
        "The interface is exposed to Window.",
        "Cleat's global object has the aliases.",
    ),
    Departure(
        ("idl-operations",),
        "A dictionary without required members that comes last is optional.",
        "Not if it is variadic.",
    ),
    Departure(
        ("idl-names",),
        "Interface mixins are not said to have names of their own.",
        "Their names are no other definition's.",
    ),
    Departure(
        ("idl-names",),
        "No two definitions have one name.",
        "One of the program's own replaces Cleat's of that name.",
    ),
    Departure(
        ("LegacyNoInterfaceObject",),
        "There are no static operations.",
        "No static attributes either: they would be nowhere.",
    ),
    Departure(
        ("idl-observable-array",),
        "Elements are no dictionary, sequence or record.",
        "No nullable ones either.",
    ),
    Departure(
        ("Default",),
        "[Default] is for regular operations named toJSON.",
        "For those of interfaces and mixins: the others have no attributes to give.",
    ),
)


def documentation() -> Iterator[str]:
    """RULES.md, line by line."""
    yield "# What bindgen checks"
    yield ""
    yield "Printed by `bindgen.py --rules`. A rule's name stands in brackets behind `error`, `warning` or `note`;"
    yield f"`tests/bindgen/diagnostics/` has examples of each. The standard is [Web IDL]({STANDARD}), read as of"
    yield "September 2026 for every sentence that makes IDL invalid: each became a rule, or stands in the last table. Those"
    yield "about the prose of specifications, and about what implementations do, are no business of bindgen's."
    for name, group in GROUPS.items():
        yield ""
        yield f"## {name}"
        yield ""
        yield "| rule | demands | in the standard |"
        yield "|---|---|---|"
        for rule in group:
            yield f"| `{rule.id}` | {rule.demands} | {_links(rule.sections)} |"
    yield ""
    yield "## Where it departs from the standard"
    yield ""
    yield "| in the standard | which says | bindgen |"
    yield "|---|---|---|"
    for departure in DEPARTURES:
        yield f"| {_links(departure.sections)} | {departure.says} | {departure.does} |"


def _links(sections: tuple[str, ...]) -> str:
    return " ".join(f"[{section}]({STANDARD}#{section})" for section in sections)
