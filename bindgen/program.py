"""The linked program: definitions with their partials and mixins merged and their names resolved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Dict, FrozenSet, Iterator, List, Mapping, Optional, Set, Tuple, Union

import syntax
from source import Span

GLOBAL_SCOPE = "CleatGlobalScope"


@dataclass(frozen=True, eq=False)
class Linked:
    """What every merged definition has. `declaration` is the one that is not partial."""

    name: str
    declaration: syntax.Definition
    # The extended attributes of the declaration, then those of its partials.
    attributes: tuple[syntax.ExtendedAttribute, ...]

    @property
    def doc(self) -> str:
        return self.declaration.doc

    @property
    def span(self) -> Span:
        return self.declaration.span

    @property
    def name_span(self) -> Span:
        return self.declaration.name_span

    def attribute(self, name: str) -> Optional[syntax.ExtendedAttribute]:
        return syntax.find(self.attributes, name) if self.attributes else None


@dataclass(frozen=True, eq=False)
class Interface(Linked):
    """An interface with the members of its declaration, its partials and its mixins, in that order."""

    parent: Optional[Interface]
    members: tuple[syntax.Member, ...]
    # The names of the mixins it includes, in order.
    mixins: tuple[str, ...]

    def ancestors(self) -> Tuple[Interface, ...]:
        """The inherited interfaces, the nearest first."""
        found: List[Interface] = []
        parent = self.parent
        while parent:
            found.append(parent)
            parent = parent.parent
        return tuple(found)


@dataclass(frozen=True, eq=False)
class Mixin(Linked):
    """A mixin with the members of its partials; what to generate is found in the interfaces that include it."""

    members: tuple[syntax.Member, ...]


@dataclass(frozen=True, eq=False)
class Namespace(Linked):
    members: tuple[syntax.Member, ...]


@dataclass(frozen=True, eq=False)
class Dictionary(Linked):
    """A dictionary with its partials; `members` are its own, without those of its parent."""

    parent: Optional[Dictionary]
    members: tuple[syntax.DictionaryMember, ...]

    def levels(self) -> Tuple[Dictionary, ...]:
        """The dictionary and those it inherits from, the most basic first, as they are converted."""
        found: List[Dictionary] = []
        level: Optional[Dictionary] = self
        while level:
            found.append(level)
            level = level.parent
        return tuple(reversed(found))


# What a name may denote. The last four are not merged from parts: they are as they were written.
Named = Union[
    Interface,
    Mixin,
    Namespace,
    Dictionary,
    syntax.CallbackInterface,
    syntax.CallbackFunction,
    syntax.Enum,
    syntax.Typedef,
]


@dataclass(frozen=True)
class Absence:
    """What a program declares and the global object does not have: a definition or, of one that is there, a member."""

    definition: Union[Interface, Namespace, syntax.CallbackInterface]
    member: Optional[syntax.Member] = None


@dataclass(frozen=True, eq=False)
class Program:
    """Every definition of a run by name, in source order, the prelude's first."""

    interfaces: Mapping[str, Interface]
    mixins: Mapping[str, Mixin]
    namespaces: Mapping[str, Namespace]
    dictionaries: Mapping[str, Dictionary]
    callback_interfaces: Mapping[str, syntax.CallbackInterface]
    callbacks: Mapping[str, syntax.CallbackFunction]
    enums: Mapping[str, syntax.Enum]
    typedefs: Mapping[str, syntax.Typedef]
    # All of the above under one roof.
    definitions: Mapping[str, Named]
    # The definition, partial or mixin in whose braces a member was written.
    declared_in: Mapping[syntax.Declaration, syntax.Definition]
    modules: tuple[syntax.Module, ...]
    # What was left out of all of these because it is not exposed.
    absent: tuple[Absence, ...] = ()
    _resolved: Dict[syntax.Type, syntax.Type] = field(default_factory=dict, repr=False)

    @property
    def global_scope(self) -> Interface:
        """The interface whose members are the global functions and attributes."""
        return self.interfaces[GLOBAL_SCOPE]

    @property
    def own_globals(self) -> Tuple[syntax.Member, ...]:
        """Those of its members that no other set of bindings has."""
        return tuple(member for member in self.global_scope.members if not is_elsewhere(member))

    def denotes(self, type: syntax.Type) -> Optional[Named]:
        """The definition that an identifier names, typedefs looked through; None for every other type."""
        resolved = self.resolve(type)
        return self.definitions.get(resolved.name) if isinstance(resolved, syntax.IdentifierType) else None

    def is_plain(self, type: syntax.Type) -> bool:
        """Whether a type stands for itself alone: it is no typedef, and no other types are in it."""
        return isinstance(type, syntax.SimpleType) or (
            isinstance(type, syntax.IdentifierType) and type.name not in self.typedefs
        )

    def resolve(self, type: syntax.Type) -> syntax.Type:
        """The type with its typedef replaced by what it stands for, and extended attributes carried inward.

        The outermost layer is never a typedef and lists every extended attribute associated with it; a
        nullable or union type has handed its own on to the types inside. Types inside are as written: resolve
        them in turn. A union that a typedef put inside a union is still nested: see flattened_members.
        """
        if self.is_plain(type):
            return type
        found = self._resolved.get(type)
        if found is None:
            found = self._resolved[type] = _carry_inward(self._without_typedef(type))
        return found

    def _without_typedef(self, type: syntax.Type) -> syntax.Type:
        while isinstance(type, syntax.IdentifierType) and type.name in self.typedefs:
            type = syntax.annotated(self.typedefs[type.name].type, type.attributes)
        return type

    def innermost(self, type: syntax.Type) -> syntax.Type:
        """The resolved type without its `?`s."""
        type = self.resolve(type)
        while isinstance(type, syntax.NullableType):
            type = self.resolve(type.inner)
        return type

    def named_typedefs(self, type: syntax.Type) -> Iterator[syntax.Typedef]:
        """The typedefs that a type names, the first one first."""
        while isinstance(type, syntax.IdentifierType) and type.name in self.typedefs:
            typedef = self.typedefs[type.name]
            yield typedef
            type = typedef.type

    def buffer_union(self, type: syntax.Type) -> str:
        """Which of the standard's names of several buffer types it stands for, such as BufferSource, that are one type
        in C; "" for other types.
        """
        names = (typedef.name for typedef in self.named_typedefs(type) if from_prelude(typedef))
        return next((name for name in names if name in syntax.BUFFER_UNIONS), "")

    def leaves(self, type: syntax.Type) -> Tuple[syntax.Type, ...]:
        """The flattened member types of a union, or any other type itself, resolved and without `?`."""
        if self.is_plain(type):
            return (type,)
        inner = self.innermost(type)
        return self.flattened_members(inner) if isinstance(inner, syntax.UnionType) else (inner,)

    def flattened_members(self, union: syntax.UnionType) -> Tuple[syntax.Type, ...]:
        """The standard's "flattened member types": resolved, neither nullable nor unions.

        A union that is met again, by way of typedefs, is there with its first member only. That is one that no value
        tells from itself, and so as wrong as all of them; and typedefs that are used twice each would make 2^n of them.
        """
        members: List[syntax.Type] = []
        seen: Set[Span] = set()
        pending = list(reversed(union.members))
        while pending:
            member = self.innermost(pending.pop())
            if isinstance(member, syntax.UnionType):
                pending.extend(reversed(member.members[:1] if member.span in seen else member.members))
                seen.add(member.span)
            else:
                members.append(member)
        return tuple(members)

    def nullable_members(self, union: syntax.UnionType) -> int:
        """The standard's "number of nullable member types", with unions that are met again left out."""
        count = 0
        seen: Set[Span] = set()
        pending = list(union.members)
        while pending:
            member = self.resolve(pending.pop())
            while isinstance(member, syntax.NullableType):
                count += 1
                member = self.resolve(member.inner)
            if isinstance(member, syntax.UnionType) and member.span not in seen:
                seen.add(member.span)
                pending.extend(member.members)
        return count

    def inclusive_parts(self, type: syntax.Type) -> List[syntax.Type]:
        """A type and every type inside it, resolved, each before what is inside it; what is met again is there once."""
        resolved = self.resolve(type)
        if not syntax.parts(resolved):
            return [resolved]
        found: Dict[Tuple[Span, FrozenSet[str]], syntax.Type] = {}
        pending = [resolved]
        while pending:
            part = pending.pop()
            names = frozenset(attribute.name for attribute in part.attributes) if part.attributes else _NO_NAMES
            if (part.span, names) not in found:
                found[part.span, names] = part
                pending.extend(self.resolve(inner) for inner in reversed(syntax.parts(part)))
        return list(found.values())

    def includes_nullable(self, type: syntax.Type) -> bool:
        """The standard's "includes a nullable type"."""
        type = self.resolve(type)
        if isinstance(type, syntax.NullableType):
            return True
        return isinstance(type, syntax.UnionType) and self.nullable_members(type) > 0

    def member_attribute(self, member: syntax.Declaration, name: str) -> Optional[syntax.ExtendedAttribute]:
        """An extended attribute of a member, or else of the definition, partial or mixin it was written in."""
        written_in = self.declared_in.get(member)
        return member.attribute(name) or (written_in.attribute(name) if written_in else None)


_NO_NAMES: FrozenSet[str] = frozenset()


def _carry_inward(type: syntax.Type) -> syntax.Type:
    """The type with the extended attributes of a nullable or union type given to the types inside as well."""
    if type.attributes and isinstance(type, syntax.NullableType):
        return replace(type, inner=syntax.annotated(type.inner, type.attributes))
    if type.attributes and isinstance(type, syntax.UnionType):
        members = tuple(syntax.annotated(member, type.attributes) for member in type.members)
        return replace(type, members=members)
    return type


def is_elsewhere(definition: Union[Linked, syntax.Node]) -> bool:
    """Whether Cleat or another set of bindings has the definition, so that it is only mentioned here."""
    file = definition.span.file
    return file.is_prelude or file.imported is not None


def factories(interface: Linked) -> List[syntax.ExtendedAttribute]:
    """[LegacyFactoryFunction]s: `value` is the name of each."""
    return [one for one in interface.attributes if one.name == "LegacyFactoryFunction"]


def aliases(interface: Linked) -> List[str]:
    """The names of [LegacyWindowAlias]."""
    attribute = interface.attribute("LegacyWindowAlias")
    return [str(name) for name in attribute.values] if attribute else []


def from_prelude(definition: Union[Linked, syntax.Node]) -> bool:
    """Whether Cleat provides the definition to every program."""
    return definition.span.file.is_prelude
