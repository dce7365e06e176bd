"""The members of definitions as scripts tell them apart, and the words for them in the list of changes."""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, List, Sequence, Tuple, Type, Union

import program as linked
import syntax
from api_changes import Change, Signature, breaking, compatible, may_break
from idl_text import arguments_text, operation_text
from program import Program
from type_relation import Typed

# Members of one name, which are overloads of one another if there are several.
Group = Tuple[syntax.Member, ...]

# What the group of the stringifier is listed under; it may be an attribute or an operation, which scripts cannot tell.
STRINGIFIER = "(stringifier)"

DEFINITIONS: Dict[Type[object], str] = {
    linked.Interface: "interface",
    linked.Mixin: "mixin",
    linked.Namespace: "namespace",
    linked.Dictionary: "dictionary",
    syntax.CallbackInterface: "callback interface",
    syntax.CallbackFunction: "callback",
    syntax.Enum: "enumeration",
    syntax.Typedef: "typedef",
}

_MEMBERS: Dict[Type[object], str] = {
    syntax.Constant: "constant",
    syntax.Attribute: "attribute",
    syntax.Operation: "operation",
    syntax.Constructor: "constructor",
    syntax.Iterable: "iterable",
    syntax.AsyncIterable: "async_iterable",
    syntax.Maplike: "maplike",
    syntax.Setlike: "setlike",
}


# ---------------------------------------------------------------------------
# Groups


def groups(members: Iterable[syntax.Member]) -> Dict[str, Group]:
    """The members by the name under which they are listed, in order."""
    found: Dict[str, List[syntax.Member]] = {}
    for member in members:
        for key in _keys(member):
            found.setdefault(key, []).append(member)
    return {key: tuple(group) for key, group in found.items()}


def _keys(member: syntax.Member) -> Iterator[str]:
    """Its name; for an operation that is special, (also) what it is special for."""
    if isinstance(member, syntax.Operation) and member.special in ("getter", "setter", "deleter"):
        kind = "indexed" if _is_indexed(member) else "named"
        yield f"({kind} {member.special})"
    elif getattr(member, "special", "") == "stringifier":
        yield STRINGIFIER
    if member.name:
        yield member.name
    elif not isinstance(member, syntax.Operation):
        # An interface has at most one kind of iteration, which may become another.
        yield "constructor" if isinstance(member, syntax.Constructor) else "(iteration)"


def _is_indexed(operation: syntax.Operation) -> bool:
    key = operation.arguments[0].type if operation.arguments else None
    return isinstance(key, syntax.SimpleType) and key.name in syntax.INTEGER_TYPES


def inherited_groups(interface: linked.Interface) -> Dict[str, Group]:
    """The groups of all ancestors; the nearest hides those further away."""
    found: Dict[str, Group] = {}
    for ancestor in reversed(interface.ancestors()):
        found.update(groups(ancestor.members))
    return {key: group for key, group in found.items() if key != "constructor"}


def all_members(dictionary: linked.Dictionary) -> Dict[str, syntax.DictionaryMember]:
    """The members by name, with those that are inherited."""
    return {member.name: member for level in dictionary.levels() for member in level.members}


# ---------------------------------------------------------------------------
# Visibility


def visibility(
    old: Union[linked.Interface, linked.Namespace], new: Union[linked.Interface, linked.Namespace]
) -> Iterator[Change]:
    """Changes of where, and under what names, a definition is found."""
    yield from capability(value_of(old, "Capability"), value_of(new, "Capability"))
    yield from disposal(*(definition.attribute("Dispose") and "Symbol.dispose" or "" for definition in (old, new)))
    before, after = (value_of(definition, "LegacyNamespace") for definition in (old, new))
    if before != after:
        yield breaking(f"moved from {before or 'the global object'} to {after or 'the global object'}")
    hidden_before, hidden = (bool(d.attribute("LegacyNoInterfaceObject")) for d in (old, new))
    if hidden != hidden_before:
        yield breaking("has no interface object now") if hidden else compatible("has an interface object now")
    aliases, aliases_now = (set(linked.aliases(definition)) for definition in (old, new))
    yield from (breaking(f"is no longer {name} as well") for name in sorted(aliases - aliases_now))
    yield from (compatible(f"is {name} as well now") for name in sorted(aliases_now - aliases))
    yield from _told(old, new, _OF_DEFINITIONS)


def capability(old: str, new: str) -> Iterator[Change]:
    if new and old != new:
        yield breaking(f"needs the capability {new} now" + (f", not {old}" if old else ""))
    elif old and not new:
        yield compatible(f"no longer needs the capability {old}")


def disposal(old: str, new: str) -> Iterator[Change]:
    """Of the symbols that [Dispose] gives a method."""
    if old and old != new:
        yield breaking(f"has no [{old}] any more")
    if new and old != new:
        yield compatible(f"has a [{new}] now")


# What is said of extended attributes that came and went: who relied on the one or the other may not get on.
_OF_DEFINITIONS = {
    "LegacyOverrideBuiltIns": ("named properties hide all others now", "named properties hide no others any more"),
    "LegacyUnenumerableNamedProperties": ("named properties are not enumerated now", "named properties are enumerated now"),
}
_OF_MEMBERS = {
    "LegacyUnforgeable": ("is on each object now, and cannot be changed", "is on the prototype now"),
    "Unscopable": ("is not seen by `with` any more", "is seen by `with` now"),
}
_PROMISES = {
    "NewObject": ("gives a new object each time now", "may give the same object again"),
    "SameObject": ("gives the same object each time now", "may give another object each time"),
    "LegacyLenientThis": ("takes any `this` now", "throws for a wrong `this` now"),
    "LegacyLenientSetter": ("ignores assignments now", "throws when assigned to now"),
}
_Declared = Union[linked.Linked, syntax.Declaration]


def told(old: syntax.Member, new: syntax.Member) -> Iterator[Change]:
    """Changes of what extended attributes say of a member."""
    yield from _told(old, new, _OF_MEMBERS)
    for name, (came, went) in _PROMISES.items():
        before, after = (one.attribute(name) is not None for one in (old, new))
        if after and not before:
            yield compatible(came)
        elif before and not after and not (name == "LegacyLenientSetter" and is_assigned(new)):
            yield may_break(went)


def _told(old: _Declared, new: _Declared, table: Dict[str, Tuple[str, str]]) -> Iterator[Change]:
    for name, (came, went) in table.items():
        before, after = (one.attribute(name) is not None for one in (old, new))
        if before != after:
            yield may_break(came if after else went)


def value_of(definition: Union[linked.Linked, syntax.Declaration], name: str) -> str:
    """The value of an extended attribute, or ""."""
    attribute = definition.attribute(name)
    return attribute.value if attribute else ""


# ---------------------------------------------------------------------------
# Words


def word(group: Group) -> str:
    """What the members of a group are."""
    member = group[0]
    static = "static " if getattr(member, "static", False) else ""
    return static + _MEMBERS[type(member)]


def article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def overload_text(member: syntax.Member) -> str:
    if isinstance(member, syntax.Operation):
        return operation_text(member)
    return f"constructor{arguments_text(syntax.arguments_of(member))}"


def entries_text(types: Sequence[syntax.Type]) -> str:
    return "pairs" if len(types) == 2 else "values"


def default_text(value: Union[syntax.Argument, syntax.DictionaryMember]) -> str:
    return value.default.span.text if value.default else "undefined"


def is_assigned(member: syntax.Member) -> bool:
    return isinstance(member, syntax.Attribute) and is_writable(member)


def is_writable(attribute: syntax.Attribute) -> bool:
    return not attribute.readonly or bool(attribute.attribute("PutForwards") or attribute.attribute("Replaceable"))


def signature_of(program: Program, member: syntax.Declaration, by_scripts: bool) -> Signature:
    """How an operation, a constructor, a callback or what begins an asynchronous iteration is called."""
    types = syntax.types_of(member) if not isinstance(member, (syntax.Constructor, syntax.AsyncIterable)) else ()
    result = Typed(program, types[0]) if types else None
    return Signature(syntax.arguments_of(member), result, program, by_scripts)
